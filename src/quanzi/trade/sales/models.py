"""Cart and order: what was agreed, at what price and why, and how far it has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CartLine(models.Model):
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="cart_lines")
    sku = models.ForeignKey("catalogue.Sku", on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "sku"], name="cart_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1) & Q(quantity__lte=999), name="cart_line_quantity"),
        ]


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
    refunded_minor = models.BigIntegerField(default=0)
    method = models.CharField(max_length=10, choices=DeliveryMethod.choices)
    pickup_point = models.ForeignKey("sales.PickupPoint", null=True, blank=True, on_delete=models.PROTECT, related_name="orders")
    ship_to = models.JSONField(default=dict, blank=True, help_text=_("Recipient, phone, region and address as they stood when ordered"))
    note = models.CharField(max_length=200, blank=True)
    waits_for = models.CharField(max_length=40, blank=True)
    idempotency_key = models.CharField(max_length=80)
    placed_at = models.DateTimeField()
    pay_by = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was cancelled or refunded whole"))
    end_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "idempotency_key"], name="order_key_once"),
            models.CheckConstraint(
                condition=Q(amount_minor=F("goods_minor") + F("freight_minor") - F("discount_minor"), amount_minor__gte=0), name="order_amount_adds_up"
            ),
            models.CheckConstraint(condition=Q(refunded_minor__gte=0) & Q(refunded_minor__lte=F("amount_minor")), name="order_refund_within_amount"),
            models.CheckConstraint(condition=~Q(method="pickup") | Q(pickup_point__isnull=False), name="order_pickup_has_a_point"),
            models.CheckConstraint(condition=Q(state__in=["placed", "cancelled"]) | Q(paid_at__isnull=False), name="order_paid_has_a_time"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["member", "-id"], name="order_of_member"),
            models.Index(fields=["state", "-id"], name="order_by_state"),
            models.Index(fields=["pay_by"], condition=Q(state="placed"), name="order_unpaid_until"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One SKU of an order. `unit_minor` is the price charged; `paid_minor` its share of the order after discounts, without freight.

    A line is kept when goods are handed over and received, nothing is disputed or refunded, and the windows closed or the buyer said so.
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
    refunded_minor = models.BigIntegerField(default=0)
    lot = models.ForeignKey("catalogue.Lot", null=True, blank=True, on_delete=models.PROTECT, related_name="order_lines")
    handed_over_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    claim_closes_at = models.DateTimeField(null=True, blank=True)
    return_closes_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    said_kept_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_line_of_something"),
            models.CheckConstraint(condition=Q(paid_minor__gte=0) & Q(unit_minor__gte=0), name="order_line_not_negative"),
            models.CheckConstraint(condition=Q(refunded_minor__gte=0) & Q(refunded_minor__lte=F("paid_minor")), name="order_line_refund_within_paid"),
            models.CheckConstraint(
                condition=Q(kept_at=None) | (Q(received_at__isnull=False) & Q(handed_over_at__isnull=False) & Q(disputed_at=None) & Q(returned_at=None)),
                name="order_line_kept_was_received",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["product"], condition=Q(kept_at__isnull=False), name="order_line_kept"),
            models.Index(fields=["product"], condition=Q(returned_at__isnull=False), name="order_line_returned"),
            models.Index(fields=["member", "product"], name="order_line_of_member"),
        ]


class Adjustment(models.Model):
    """One explained step from list price to what is paid. Signed: a discount is negative. `line` None: of the whole order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="adjustments")
    line = models.ForeignKey(OrderLine, null=True, blank=True, on_delete=models.CASCADE, related_name="adjustments")
    kind = models.CharField(max_length=20)
    label_zh = models.CharField(max_length=80)
    label_en = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    source = models.CharField(max_length=40, blank=True, help_text=_("The rule that made it, like deal:3"))


class OrderMove(models.Model):
    """Append-only log of states; O3 reads it as a path through the state table."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="moves")
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    cause = models.CharField(max_length=60)
    actor = models.CharField(max_length=80, blank=True)
    moved_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["order", "id"])]


class PickupPoint(models.Model):
    """Where a leader hands goods over. Rounds, areas and scans of a station build on it later."""

    name = models.CharField(max_length=40)
    leader = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="pickup_points")
    circle = models.ForeignKey("circles.Circle", null=True, blank=True, on_delete=models.SET_NULL, related_name="pickup_points")
    address = models.CharField(max_length=120)
    hours = models.CharField(max_length=60)
    hours_en = models.CharField(max_length=80, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_open = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
