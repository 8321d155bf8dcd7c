"""Calling a batch off gives much money back: done alone, or asked of a second person above the limit for one refund."""

from __future__ import annotations

from datetime import datetime

from quanzi.people.accounts.models import Member
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.models import Approval
from quanzi.trade.preorders.queries import money_of
from quanzi.trade.preorders.services import call_off


def call_off_or_ask(
    *, preorder_id: int, reason: str, staff: Member, idempotency_key: str, now: datetime
) -> Approval | None:
    """Call a batch off; None when it is done, else the request for a second person.

    Raises NoSuchPreorder, Ended, InvalidInput, NotAllowed, KeyReused.
    """
    return approvals.do_or_ask(
        lambda: call_off(preorder_id=preorder_id, reason=reason, actor=staff, now=now),
        deed=CallOffDeed.name, limit=limits.REFUND_ORDER, money=money_of(preorder_id=preorder_id), target=f"preorder:{preorder_id}",
        request={"preorder_id": preorder_id, "reason": reason}, reason=reason, asked_by=staff, key=idempotency_key, now=now,
    )  # fmt: skip


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
