"""Deposits, as payments sees them (`payments.ports.Payable`)."""

from __future__ import annotations

from datetime import datetime

from quanzi.kernel.money import Money
from quanzi.trade.payments.models import Payment, Refund
from quanzi.trade.payments.ports import PayableInfo
from quanzi.trade.preorders.errors import NoSuchPlace
from quanzi.trade.preorders.models import Place, PlaceState
from quanzi.trade.preorders.rules import DEPOSIT
from quanzi.trade.preorders.services import joining
from quanzi.trade.preorders.services.moving import lock_place


class DepositPayable:
    """The deposit of a place; its id is the place's."""

    kind = DEPOSIT

    def describe(self, payable_id: int, locked: Place | None = None) -> PayableInfo:
        place = locked or Place.objects.select_related("preorder").filter(pk=payable_id).first()
        if place is None:
            raise NoSuchPlace()
        return PayableInfo(
            title=place.preorder.title,
            amount=Money(place.deposit_minor, place.currency),
            member_id=place.member_id,
            is_payable=place.state == PlaceState.ASKED,
            pay_by=place.pay_by,
        )

    def lock(self, *, payable_id: int) -> Place:
        """The batch, then the place: higher rooms lock first."""
        return lock_place(payable_id)

    def on_captured(self, *, payable_id: int, payment: Payment, locked: Place | None = None, now: datetime) -> bool:
        """The place counts, if the window is open and there is still room; else all of it goes back by itself."""
        place = locked or lock_place(payable_id)
        if (payment.amount_minor, payment.currency) != (place.deposit_minor, place.currency):
            return False
        return joining.take(place, now=now)

    def on_refunded(self, *, payable_id: int, refund: Refund, now: datetime) -> None:
        """The provider confirmed it. Nothing changes: the place ended when the money was sent back."""
