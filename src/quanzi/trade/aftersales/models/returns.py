"""Goods on their way back, and what is given for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReturnState(models.TextChoices):
    AGREED = "agreed", _("To be sent back")
    SENT = "sent", _("On its way back")
    ARRIVED = "arrived", _("Arrived, being looked at")
    SETTLED = "settled", _("Settled")
    REFUSED = "refused", _("Not taken back")
    ENDED = "ended", _("Not sent back")


class Return(models.Model):
    """What a claim brings back: agreed by the law (seven days) or by the staff (a fault), sent by the buyer, looked at, settled.

    for_sku: another variant is given instead of the money, held under the ref "exchange:<id>" until then; out_lot: of which lot.
    new_order: where it costs more, it is an order of its own instead, for which what the buyer has counts.
    buyer_pays: for the way back, unless the goods are faulty. refund_by: seven days after the goods arrived.
    difference: the refund of what the other variant costs less.
    """

    claim = models.OneToOneField("aftersales.Claim", on_delete=models.PROTECT, related_name="giving_back")
    state = models.CharField(max_length=8, choices=ReturnState.choices, default=ReturnState.AGREED)
    for_sku = models.ForeignKey("catalogue.Sku", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    buyer_pays = models.BooleanField()
    send_by = models.DateTimeField()
    carrier = models.CharField(max_length=40, blank=True)
    tracking = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrived_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    refund_by = models.DateTimeField(null=True, blank=True)
    is_sellable = models.BooleanField(null=True, blank=True)
    out_lot = models.ForeignKey("catalogue.Lot", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    out_carrier = models.CharField(max_length=40, blank=True)
    out_tracking = models.CharField(max_length=60, blank=True)
    difference = models.OneToOneField(
        "sales.OrderRefund", null=True, blank=True, on_delete=models.PROTECT, related_name="exchange"
    )
    new_order = models.OneToOneField(
        "sales.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="exchange_of"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ReturnState.values), name="return_state_known"),
            models.CheckConstraint(
                condition=~Q(state="arrived") | (Q(arrived_at__isnull=False) & Q(refund_by__isnull=False)),
                name="return_arrived_has_a_clock",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["agreed", "sent", "arrived"], ended_at=None)
                | Q(state__in=["settled", "refused", "ended"], ended_at__isnull=False),
                name="return_over_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(new_order=None) | Q(for_sku__isnull=False, difference=None, out_lot=None),
                name="return_dearer_leaves_as_an_order",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["send_by"], condition=Q(state="agreed"), name="return_to_be_sent")]
