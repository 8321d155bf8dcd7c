"""The order: what was agreed, at what price and why, and how far it has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class OrderState(models.TextChoices):
    PLACED = "placed", _("Waiting for payment")
    PAID = "paid", _("Paid")
    HANDED_OVER = "handed_over", _("On its way or ready")
    RECEIVED = "received", _("Received")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    REFUNDED = "refunded", _("Refunded")


class OrderOrigin(models.TextChoices):
    SHOP = "shop"
    DEMO = "demo"
    REPLAY = "replay"


class DeliveryMethod(models.TextChoices):
    DELIVERY = "delivery", _("Delivery")
    PICKUP = "pickup", _("Pickup")


class Order(models.Model):
    """amount = sum of lines + freight - discounts (all in adjustments); see invariant O2.

    `waits_for` names what must happen before goods are prepared (like "team:12"), empty when nothing.
    """

    number = models.CharField(max_length=20, unique=True)
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="orders")
    state = models.CharField(max_length=12, choices=OrderState.choices, default=OrderState.PLACED)
    origin = models.CharField(max_length=8, choices=OrderOrigin.choices, default=OrderOrigin.SHOP)
    currency = models.CharField(max_length=3, default="CNY")
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField(default=0)
    discount_minor = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0, help_text=_("Kept by the database: the sum of the refund parts"))
    freight_refunded_minor = models.BigIntegerField(
        default=0, help_text=_("Kept by the database: the freight's part of the refunds")
    )
    freight_released_minor = models.BigIntegerField(
        default=0, help_text=_("Freight earned, net of what was taken back from income")
    )
    freight_released_at = models.DateTimeField(null=True, blank=True)
    method = models.CharField(max_length=10, choices=DeliveryMethod.choices)
    pickup_point = models.ForeignKey(
        "sales.PickupPoint", null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    ship_to = models.JSONField(
        default=dict, blank=True, help_text=_("Recipient, phone, region and address as they stood when ordered")
    )
    note = models.CharField(max_length=200, blank=True)
    waits_for = models.CharField(max_length=40, blank=True)
    idempotency_key = models.CharField(max_length=80)
    request_hash = models.CharField(
        max_length=64,
        blank=True,
        help_text=_("What was asked for under the key, so that the same key cannot ask for something else"),
    )
    placed_at = models.DateTimeField()
    pay_by = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When preparing the goods may begin: paid, and what it waits for is done")
    )
    handed_over_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was cancelled or refunded whole"))
    end_reason = models.CharField(max_length=60, blank=True)
    # The last change of state and whose it was; the database copies them into OrderMove.
    moved_at = models.DateTimeField()
    moved_by = models.CharField(max_length=80, blank=True)
    move_cause = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "idempotency_key"], name="order_key_once"),
            models.CheckConstraint(
                condition=Q(
                    amount_minor=F("goods_minor") + F("freight_minor") - F("discount_minor"), amount_minor__gte=0
                ),
                name="order_amount_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0) & Q(refunded_minor__lte=F("amount_minor")),
                name="order_refund_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(freight_refunded_minor__gte=0) & Q(freight_refunded_minor__lte=F("freight_minor")),
                name="order_freight_refund_within_freight",
            ),
            models.CheckConstraint(
                condition=Q(freight_released_minor__gte=0)
                & Q(freight_released_minor__lte=F("freight_minor") - F("freight_refunded_minor")),
                name="order_freight_released_within_paid",
            ),
            models.CheckConstraint(
                condition=Q(goods_minor__gte=0) & Q(freight_minor__gte=0) & Q(discount_minor__gte=0),
                name="order_parts_not_negative",
            ),
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="order_state_known"),
            models.CheckConstraint(
                condition=~Q(method="pickup") | Q(pickup_point__isnull=False), name="order_pickup_has_a_point"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["placed", "cancelled"]) | Q(paid_at__isnull=False), name="order_paid_has_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["member", "-id"], name="order_of_member"),
            models.Index(fields=["state", "-id"], name="order_by_state"),
            models.Index(fields=["pay_by"], condition=Q(state="placed"), name="order_unpaid_until"),
            models.Index(fields=["handed_over_at"], condition=Q(state="handed_over"), name="order_under_way"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One SKU of an order. `unit_minor` is the price of one after rules for this line; `paid_minor` what the whole line
    costs after its share of all discounts, without freight.

    A line is kept when its goods are handed over and received, it did not come back, nothing is disputed, and the windows
    closed or the buyer said so (rules.is_kept).
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="order_lines")
    product = models.ForeignKey("catalogue.Product", on_delete=models.PROTECT, related_name="order_lines")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120, help_text=_("Product and options as they stood when ordered"))
    quantity = models.PositiveIntegerField()
    list_minor = models.BigIntegerField()
    unit_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    cost_minor = models.BigIntegerField(default=0, help_text=_("Cost of the whole line when ordered"))
    refunded_minor = models.BigIntegerField(
        default=0, help_text=_("Kept by the database: the sum of this line's refund parts")
    )
    released_minor = models.BigIntegerField(
        default=0, help_text=_("Earned: what left the escrow for income, net of what was taken back")
    )
    return_rule = models.CharField(
        max_length=20, blank=True, help_text=_("Written by the database: the product's rule when it was ordered")
    )
    return_days = models.PositiveSmallIntegerField(null=True, blank=True)
    gave_up_return = models.BooleanField(
        default=False,
        help_text=_("The buyer confirmed, for this purchase, that it cannot be sent back without a reason"),
    )
    lot = models.ForeignKey(
        "catalogue.Lot", null=True, blank=True, on_delete=models.PROTECT, related_name="order_lines"
    )
    handed_over_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    claim_closes_at = models.DateTimeField(null=True, blank=True)
    return_closes_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    said_kept_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("Refunded whole before it was handed over: these goods never leave the house"),
    )
    released_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When its share of the escrow was settled, once")
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_line_of_something"),
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0) & Q(unit_minor__gte=0), name="order_line_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0) & Q(refunded_minor__lte=F("paid_minor")),
                name="order_line_refund_within_paid",
            ),
            models.CheckConstraint(
                condition=Q(released_minor__gte=0) & Q(released_minor__lte=F("paid_minor") - F("refunded_minor")),
                name="order_line_released_within_paid",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | Q(handed_over_at=None), name="order_line_dropped_never_left"
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None) | Q(handed_over_at__isnull=False), name="order_line_returned_had_left"
            ),
            models.CheckConstraint(
                condition=Q(received_at=None) | Q(handed_over_at__isnull=False), name="order_line_received_had_left"
            ),
            models.CheckConstraint(
                condition=Q(kept_at=None)
                | (
                    Q(received_at__isnull=False)
                    & Q(handed_over_at__isnull=False)
                    & Q(disputed_at=None)
                    & Q(returned_at=None)
                ),
                name="order_line_kept_was_received",
            ),
            models.CheckConstraint(
                condition=Q(received_at=None)
                | Q(return_closes_at__isnull=False)
                | Q(gave_up_return=True)
                | Q(return_rule__in=["fresh", "made_to_order", "digital", "press"]),
                name="order_line_return_refused_by_law_only",
            ),
            models.CheckConstraint(
                condition=Q(gave_up_return=False) | Q(return_rule__in=["opened", "activated", "near_expiry", "flawed"]),
                name="order_line_word_where_it_counts",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["product"], condition=Q(kept_at__isnull=False), name="order_line_kept"),
            models.Index(
                fields=["member", "product", "kept_at"],
                condition=Q(kept_at__isnull=False),
                name="order_line_kept_by",
            ),
            models.Index(fields=["product"], condition=Q(returned_at__isnull=False), name="order_line_returned"),
            models.Index(fields=["member", "product"], name="order_line_of_member"),
            models.Index(
                fields=["claim_closes_at"],
                condition=Q(received_at__isnull=False, kept_at=None, returned_at=None, disputed_at=None),
                name="order_line_window_open",
            ),
        ]
