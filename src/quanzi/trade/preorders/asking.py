"""Calling a batch off gives much money back: done alone, or asked of a second person above the limit for one refund."""

from __future__ import annotations

from datetime import datetime

from quanzi.people.accounts.models import Member
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.errors import SecondPersonNeeded
from quanzi.people.approvals.models import Approval
from quanzi.trade.preorders.queries import money_of
from quanzi.trade.preorders.services import call_off


def call_off_or_ask(
    *, preorder_id: int, reason: str, staff: Member, idempotency_key: str, now: datetime
) -> Approval | None:
    """Call a batch off; None when it is done, else the request for a second person.

    Raises NoSuchPreorder, Ended, InvalidInput, NotAllowed, KeyReused.
    """
    target, request = f"preorder:{preorder_id}", {"preorder_id": preorder_id, "reason": reason}
    known = approvals.asked(key=idempotency_key, by=staff, target=target, request=request)
    if known is not None:
        return known
    money = money_of(preorder_id=preorder_id)
    try:
        approvals.check_limit(
            name=limits.REFUND_ORDER, before_minor=0, amount_minor=money.minor, currency=money.currency
        )
    except SecondPersonNeeded:
        return approvals.ask(
            deed=CallOffDeed.name, target=target, amount_minor=money.minor, currency=money.currency, reason=reason,
            request=request, asked_by=staff, key=idempotency_key, now=now,
        )  # fmt: skip
    call_off(preorder_id=preorder_id, reason=reason, actor=staff, now=now)
    return None


class CallOffDeed:
    """A batch is called off with a second person's word. Deposits that came since go back too: nobody gains by more of them."""

    name = "preorder.call_off"
    title = "Call off a preorder"
    needs = "goods.edit"

    def gains(self, approval: Approval) -> int | None:
        return None

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        asked = approval.request
        call_off(preorder_id=asked["preorder_id"], reason=asked["reason"], actor=approval.asked_by, now=now)
        return approval.target
