"""The staff calls a list off: done alone, or asked of a second person above the limit for one refund."""

from __future__ import annotations

from datetime import datetime

from quanzi.people.accounts.models import Member
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.models import Approval
from quanzi.trade.chains.models import Chain
from quanzi.trade.chains.queries.watching import chain_row, money_in
from quanzi.trade.chains.services import call_off


def call_off_or_ask(
    *, chain_id: int, reason: str, staff: Member, idempotency_key: str, now: datetime
) -> Approval | None:
    """Call a list off; None when it is done, else the request for a second person.

    Raises NoSuchChain, NotOfTheChain, ChainClosed, NotAllowed, KeyReused.
    """
    chain = chain_row(chain_id=chain_id).chain
    return approvals.do_or_ask(
        lambda: call_off(chain=chain, actor=staff, reason=reason, now=now),
        deed=CallOffDeed.name, limit=limits.REFUND_ORDER, money=money_in(chain_id=chain_id), target=f"chain:{chain_id}",
        request={"chain_id": chain_id, "reason": reason}, reason=reason, asked_by=staff, key=idempotency_key, now=now,
    )  # fmt: skip


class CallOffDeed:
    """A list is called off with a second person's word. What was paid since goes back too: nobody gains by more of it."""

    name = "chain.call_off"
    title = "Call off a sign-up chain"
    needs = "orders.refund"

    def gains(self, approval: Approval) -> int | None:
        return None

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        asked = approval.request
        chain = Chain.objects.select_related("circle").get(pk=asked["chain_id"])
        call_off(chain=chain, actor=approval.asked_by, reason=asked["reason"], now=now)
        return approval.target
