"""Purchase orders, what arrived of them, and which supplier a lot came from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PurchaseState(models.TextChoices):
    DRAFT = "draft", _("A draft")
    SENT = "sent", _("Waits for the supplier")
    CONFIRMED = "confirmed", _("Confirmed by the supplier")
    SHIPPED = "shipped", _("On its way to us")
    RECEIVED = "received", _("Goods received")
    CANCELLED = "cancelled", _("Called off")


class Purchase(models.Model):
    """What we order of one supplier at once. ref: whose demand it answers, like "round:12"; one purchase for each supplier and ref."""

    number = models.CharField(max_length=20, unique=True)
    supplier = models.ForeignKey("supply.Supplier", on_delete=models.PROTECT, related_name="purchases")
    state = models.CharField(max_length=10, choices=PurchaseState.choices, default=PurchaseState.DRAFT)
    ref = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=80, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    due_at = models.DateTimeField(null=True, blank=True, help_text="When the goods must be here")
    promised_at = models.DateTimeField(null=True, blank=True, help_text="When the supplier said they will be")
    note = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=200, blank=True, help_text="What the supplier said")
    tracking = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    sent_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Received as far as it comes, or called off")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier", "ref"], condition=~Q(ref="") & ~Q(state="cancelled"), name="purchase_once_for_ref"
            ),
            models.CheckConstraint(condition=Q(state__in=PurchaseState.values), name="purchase_state_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-id"], name="purchase_by_state"),
            models.Index(fields=["supplier", "-id"], name="purchase_of_supplier"),
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseLine(models.Model):
    """One variant of a purchase. received, damaged: kept by the database, the sums of its receipts.

    confirmed: what the supplier said they will send (None: no answer yet); never more arrives than was ordered.
    """

    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="lines")
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="purchase_lines")
    offer = models.ForeignKey(
        "supply.Offer", null=True, blank=True, on_delete=models.PROTECT, related_name="purchase_lines"
    )
    title = models.CharField(max_length=120)
    quantity = models.PositiveIntegerField()
    wanted = models.PositiveIntegerField(help_text="What the demand asked for, before it was rounded up to whole packs")
    confirmed = models.PositiveIntegerField(null=True, blank=True)
    cost_minor = models.BigIntegerField(help_text="Of one unit")
    received = models.PositiveIntegerField(default=0)
    damaged = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purchase", "sku"], name="purchase_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0) & Q(cost_minor__gte=0), name="purchase_of_something"),
            models.CheckConstraint(
                condition=Q(confirmed=None) | Q(confirmed__lte=F("quantity")), name="purchase_confirmed_within_order"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("received") + F("damaged")), name="purchase_received_within_order"
            ),
        ]


class Receipt(models.Model):
    """Goods of a line that arrived together: `quantity` went on the shelf as `lot`, `damaged` units did not. Never edited."""

    line = models.ForeignKey(PurchaseLine, on_delete=models.PROTECT, related_name="receipts")
    lot = models.ForeignKey("catalogue.Lot", null=True, blank=True, on_delete=models.PROTECT, related_name="receipts")
    quantity = models.PositiveIntegerField()
    damaged = models.PositiveIntegerField(default=0)
    temperature_tenths = models.SmallIntegerField(
        null=True, blank=True, help_text="Measured at arrival, in tenths of a degree Celsius"
    )
    picture = models.ForeignKey("media.Picture", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=80, unique=True)
    received_at = models.DateTimeField()
    actor = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0) | Q(damaged__gt=0), name="receipt_of_something"),
            models.CheckConstraint(condition=Q(quantity=0) | Q(lot__isnull=False), name="receipt_names_its_lot"),
        ]


class LotOrigin(models.Model):
    """Which supplier a lot came from. at_supplier: it lies there and goes from there straight to buyers. Never edited."""

    lot = models.OneToOneField("catalogue.Lot", primary_key=True, on_delete=models.PROTECT, related_name="supplied")
    supplier = models.ForeignKey("supply.Supplier", on_delete=models.PROTECT, related_name="lots")
    offer = models.OneToOneField("supply.Offer", null=True, blank=True, on_delete=models.PROTECT, related_name="origin")
    cost_minor = models.BigIntegerField(help_text="Of one unit")
    at_supplier = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(at_supplier=False) | Q(offer__isnull=False), name="lot_at_supplier_is_of_an_offer"
            )
        ]
