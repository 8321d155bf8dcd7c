"""A store with its shelf, links that ask for money, and which order came through either."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Store(models.Model):
    """A pickup point where people walk in. `code` stands in its address and on the codes at its tables."""

    point = models.OneToOneField("sales.PickupPoint", on_delete=models.PROTECT, related_name="store")
    code = models.CharField(max_length=12, unique=True)
    about = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    takes_amounts = models.BooleanField(default=True, help_text=_("Buyers may type an amount, and the store confirms"))
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class ShelfGood(models.Model):
    """What stood in the store when somebody counted; what was sold there since is not taken off the number."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="shelf")
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="+")
    counted = models.PositiveIntegerField()
    counted_at = models.DateTimeField()
    counted_by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["store", "sku"], name="shelf_good_once"),
            models.CheckConstraint(condition=Q(counted__lte=9_999), name="shelf_good_counted_by_hand"),
        ]


class StoreEvent(models.Model):
    """Something that happens in the store. Shown until it is over; called off rather than deleted."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="events")
    title = models.CharField(max_length=60)
    text = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="store_event_ends_after_start")
        ]
        indexes: ClassVar = [models.Index(fields=["store", "ends_at"], name="store_event_next")]


class LinkState(models.TextChoices):
    ASKED = "asked", _("Waiting for the store")
    OPEN = "open", _("Open")
    DECLINED = "declined", _("Declined")
    CLOSED = "closed", _("Closed")


class PayLink(models.Model):
    """Asks for money for one thing: `quantity` of a SKU, so many times at most, until a time.

    What is no article of the shop gets a product of its own that is sold apart. only_for: the one member who may pay, who typed
    the amount at the counter of the store. store: picked up there, at once.
    """

    code = models.CharField(max_length=16, unique=True)
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="pay_links")
    quantity = models.PositiveIntegerField(default=1)
    store = models.ForeignKey(Store, null=True, blank=True, on_delete=models.PROTECT, related_name="pay_links")
    only_for = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="pay_links_for_me"
    )
    made_by = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="pay_links_made")
    state = models.CharField(max_length=8, choices=LinkState.choices, default=LinkState.OPEN)
    most = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0, help_text=_("Orders through it that were not called off unpaid"))
    expires_at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["made_by", "idempotency_key"], name="pay_link_key_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("most")), name="pay_link_taken_within_most"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1) & Q(most__gte=1) & Q(expires_at__gt=F("created_at")),
                name="pay_link_asks_for_something",
            ),
            models.CheckConstraint(condition=Q(state__in=LinkState.values), name="pay_link_state_known"),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(store__isnull=False, only_for__isnull=False),
                name="pay_link_is_asked_of_a_store",
            ),
            models.UniqueConstraint(
                fields=["store", "only_for"], condition=Q(state="asked"), name="pay_link_one_question_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["store", "-id"], name="pay_link_of_store"),
            models.Index(fields=["made_by", "-id"], name="pay_link_of_maker"),
        ]

    def __str__(self) -> str:
        return self.code


class CounterSale(models.Model):
    """An order that came through a store's counter or a pay link. spot: the table or place where somebody scanned.

    It lives until the order ends unpaid; what was refunded was sold nevertheless.
    """

    order = models.OneToOneField("sales.Order", on_delete=models.PROTECT, related_name="counter_sale")
    store = models.ForeignKey(Store, null=True, blank=True, on_delete=models.PROTECT, related_name="sales")
    link = models.ForeignKey(PayLink, null=True, blank=True, on_delete=models.PROTECT, related_name="sales")
    spot = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(store__isnull=False) | Q(link__isnull=False), name="counter_sale_of_some"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["store", "-id"], name="counter_sale_of_store"),
            models.Index(fields=["link"], name="counter_sale_of_link", condition=Q(ended_at=None)),
        ]
