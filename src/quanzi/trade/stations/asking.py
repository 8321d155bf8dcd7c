"""Acts by which the money of many goes back: done alone, or asked of a second person above the limit for one refund."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.errors import AmountGrew, SecondPersonNeeded
from quanzi.people.approvals.models import Approval
from quanzi.trade.stations import errors, rules
from quanzi.trade.stations.models import Stop
from quanzi.trade.stations.queries import fit_units, round_row, waiting_lines
from quanzi.trade.stations.services.closing import call_off
from quanzi.trade.stations.services.earning import settle_leader
from quanzi.trade.stations.services.shortening import end_wait


def call_off_or_ask(
    *, round_id: int, staff: Member, reason: str, idempotency_key: str, now: datetime
) -> Approval | None:
    """Call a round off; None when it is done, else the request for a second person.

    Raises NoSuchRound, IllegalMove, NotAllowed, KeyReused.
    """
    money = round_row(round_id).money
    request = {"round_id": round_id}
    return _do_or_ask(
        CallOffDeed.name, money, lambda: call_off(round_id=round_id, actor=staff, now=now), target=f"round:{round_id}",
        request=request, reason=reason, staff=staff, key=idempotency_key, now=now,
    )  # fmt: skip


def end_wait_or_ask(
    *, stop_id: int, staff: Member, reason: str, idempotency_key: str, now: datetime
) -> Approval | None:
    """Refund what a short delivery does not fill; None when it is done, else the request for a second person.

    Raises NoSuchStation, NotCutOff, NothingCounted, NotAllowed, KeyReused. Do not wrap it in a transaction.
    """
    stop = Stop.objects.select_related("round").filter(pk=stop_id).first()
    if stop is None:
        raise errors.NoSuchStation()
    lines = {line.line_id: line.paid_minor for line in waiting_lines(stop_id=stop_id)}
    missing = rules.unfilled(waiting_lines(stop_id=stop_id), fit_units(stop_id=stop_id, now=now))
    money = Money(sum(lines[line_id] for line_id in missing), "CNY")
    return _do_or_ask(
        EndWaitDeed.name, money, lambda: end_wait(stop_id=stop_id, actor=staff, now=now), target=f"round:{stop.round_id}",
        request={"stop_id": stop_id}, reason=reason, staff=staff, key=idempotency_key, now=now,
    )  # fmt: skip


def _do_or_ask(
    deed: str, money: Money, act: Callable[[], object], *, target: str, request: dict[str, Any], reason: str,
    staff: Member, key: str, now: datetime,
) -> Approval | None:  # fmt: skip
    return approvals.do_or_ask(
        act, deed=deed, limit=limits.REFUND_ORDER, money=money, target=target, request=request, reason=reason,
        asked_by=staff, key=key, now=now,
    )  # fmt: skip


def settle_or_ask(*, leader_id: int, reference: str, staff: Member, key: str, now: datetime) -> Approval | None:
    """Write a transfer to a leader down; None when it is done, else the request for a second person.

    Raises NotAllowed, InvalidInput, NothingDue, KeyReused.
    """
    request = {"leader_id": leader_id, "reference": reference}
    known = approvals.asked(key=key, by=staff, target=f"member:{leader_id}", request=request)
    if known is not None:
        return known
    try:
        settle_leader(leader_id=leader_id, reference=reference, staff=staff, key=key, now=now)
    except SecondPersonNeeded as needed:
        return approvals.ask(
            deed=SettleDeed.name, target=f"member:{leader_id}", amount_minor=needed.amount_minor, reason=reference,
            request=request, asked_by=staff, key=key, now=now,
        )  # fmt: skip
    return None


class SettleDeed:
    """A leader's settlement to which a second person agrees."""

    name = "leader.settle"
    title = "Settlement of a leader"
    needs = "payouts.make"

    def gains(self, approval: Approval) -> int | None:
        return int(approval.request["leader_id"])

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        made = settle_leader(
            leader_id=approval.request["leader_id"], reference=approval.request["reference"], staff=approval.asked_by,
            key=f"approval:{approval.pk}", approved_by=approval.decided_by, now=now,
        )  # fmt: skip
        if made.amount_minor > approval.amount_minor:
            raise AmountGrew(amount=str(Money(made.amount_minor, made.currency)))
        return f"leader_settlement:{made.pk}"


class CallOffDeed:
    """A round is called off with a second person's word. Orders that came since go back too: nobody gains by more of them."""

    name = "round.call_off"
    title = "Call off a round"
    needs = "goods.edit"

    def gains(self, approval: Approval) -> int | None:
        return None

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        call_off(round_id=approval.request["round_id"], actor=approval.asked_by, now=now)
        return approval.target


class EndWaitDeed:
    """What a short delivery does not fill goes back, with a second person's word."""

    name = "round.end_wait"
    title = "Refund what did not come"
    needs = "goods.edit"

    def gains(self, approval: Approval) -> int | None:
        return None

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        end_wait(stop_id=approval.request["stop_id"], actor=approval.asked_by, now=now)
        return approval.target
