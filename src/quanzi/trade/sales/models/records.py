"""What is written beside an order and never changed: why it costs that, how it moved, what went back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from quanzi.trade.sales.models.orders import Order, OrderLine


class Adjustment(models.Model):
    """One explained step from list price to what is paid. Signed: a discount is negative. `line` None: of the order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="adjustments")
    line = models.ForeignKey(OrderLine, null=True, blank=True, on_delete=models.CASCADE, related_name="adjustments")
    kind = models.CharField(max_length=20)
    label_zh = models.CharField(max_length=80)
    label_en = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    source = models.CharField(max_length=40, blank=True, help_text=_("The rule that made it, like deal:3"))


class OrderRefund(models.Model):
    """One request to give money back, for one line or a whole order.

    `payment_refund` is the money on its way; None when only goods came back. `credit_refund`: what went back of a payment
    that had counted ahead, when more goes back than the order's own payment holds. `lowers_price`: this is no goodwill but the
    price itself, which was agreed to fall (a ladder's step).
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=80)
    actor = models.CharField(max_length=80, blank=True)
    goods_back = models.BooleanField(default=False)
    lowers_price = models.BooleanField(default=False, db_default=False)
    idempotency_key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    payment_refund = models.OneToOneField(
        "payments.Refund", null=True, blank=True, on_delete=models.PROTECT, related_name="order_refund"
    )
    credit_refund = models.OneToOneField(
        "payments.Refund", null=True, blank=True, on_delete=models.PROTECT, related_name="order_refund_ahead"
    )
    refunded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "idempotency_key"], name="order_refund_key_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="order_refund_not_negative"),
        ]


class RefundPart(models.Model):
    """A line's share of a refund (`line` None: the freight). `from_income_minor` had been earned and was taken back.

    Append-only; its trigger adds to `refunded_minor` of the line and the order, whose checks are the limit.
    """

    refund = models.ForeignKey(OrderRefund, on_delete=models.PROTECT, related_name="parts")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refund_parts")
    line = models.ForeignKey(OrderLine, null=True, blank=True, on_delete=models.PROTECT, related_name="refund_parts")
    amount_minor = models.BigIntegerField()
    from_income_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="refund_part_not_negative"),
            models.CheckConstraint(
                condition=Q(from_income_minor__gte=0) & Q(from_income_minor__lte=F("amount_minor")),
                name="refund_part_from_income_within",
            ),
        ]


class OrderMove(models.Model):
    """Append-only log of states, written by the database alone; O3 reads it as a path through the state table."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="moves")
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    cause = models.CharField(max_length=60, blank=True)
    actor = models.CharField(max_length=80, blank=True)
    moved_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["order", "id"])]
