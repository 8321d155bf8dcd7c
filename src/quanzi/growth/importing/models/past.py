"""Orders from before, at another shop. Tables of their own: what counts here cannot see them by mistake."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class PastBuyer(models.Model):
    """Who bought there. `member` is a stand-in without contact or login until the person proves a contact here.

    The contacts of the sheet are not stored: only keyed digests, by which a proven contact is recognised.
    """

    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="past_buyers")
    outside_id = models.CharField(max_length=64)
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="past_buyers")
    phone_digest = models.CharField(max_length=64, blank=True)
    email_digest = models.CharField(max_length=64, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "outside_id"], name="past_buyer_once")]
        indexes: ClassVar = [
            models.Index(fields=["phone_digest"], condition=~Q(phone_digest=""), name="past_buyer_phone"),
            models.Index(fields=["email_digest"], condition=~Q(email_digest=""), name="past_buyer_email"),
        ]


class PastOrder(models.Model):
    """One order or one cancellation, as the other shop wrote it down. Amounts in minor units, both at least zero.

    A cancellation under a number of its own has bought nothing and returned something. `buyer` is empty when the record
    names nobody.
    """

    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="past_orders")
    number = models.CharField(max_length=60)
    buyer = models.ForeignKey(PastBuyer, null=True, on_delete=models.PROTECT, related_name="orders")
    sheet = models.ForeignKey("importing.Sheet", null=True, on_delete=models.SET_NULL, related_name="past_orders")
    placed_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    bought_minor = models.BigIntegerField()
    returned_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "number"], name="past_order_once"),
            models.CheckConstraint(
                condition=Q(bought_minor__gte=0) & Q(returned_minor__gte=0), name="past_order_not_negative"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["buyer", "-placed_at"], name="past_order_of_buyer")]

    def __str__(self) -> str:
        return self.number


class PastLine(models.Model):
    """What was in it. quantity and amount_minor are negative for what was given back. `sku`: ours of the same code."""

    order = models.ForeignKey(PastOrder, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200, blank=True)
    sku = models.ForeignKey("catalogue.Sku", null=True, on_delete=models.SET_NULL, related_name="+")
    quantity = models.BigIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "position"], name="past_line_once"),
            models.CheckConstraint(condition=~Q(quantity=0), name="past_line_of_something"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, amount_minor__gte=0) | Q(quantity__lt=0, amount_minor__lte=0),
                name="past_line_signs_agree",
            ),
        ]
