"""Claims, exchanges, disputes, recalls and compensation above a limit: a second person agrees before money goes out."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.errors import SecondPersonNeeded
from quanzi.people.approvals.models import Approval
from quanzi.people.approvals.queries import waiting_of
from quanzi.trade.aftersales import services
from quanzi.trade.aftersales.errors import LotIsStopped
from quanzi.trade.aftersales.models import Claim, Compensation, Dispute, Recall
from quanzi.trade.aftersales.policies import may_decide
from quanzi.trade.aftersales.queries.holding import owed_for_lot
from quanzi.trade.sales.errors import NoSuchLine, OwnOrder
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.services.limiting import check_given


@transaction.atomic
def accept_or_ask(
    *, claim_id: int, staff: Member, amount_minor: int | None, goods_back: bool, answer: str, now: datetime
) -> Claim | Approval:
    """Give the money back, or ask a second person when it is above a limit; the claim stays open until then, and what
    waits for it is found again.

    Raises what `accept` raises.
    """
    claim = services.locked(claim_id, staff, now=now)
    target = f"order:{claim.line.order_id}"
    for waiting in waiting_of(target):
        if waiting.deed == ClaimDeed.name and waiting.request["claim_id"] == claim_id:
            return waiting
    request: dict[str, Any] = {
        "claim_id": claim_id,
        "amount_minor": amount_minor,
        "goods_back": goods_back,
        "answer": answer,
    }
    try:
        with transaction.atomic():
            return services.accept(actor_member=staff, now=now, **request)
    except SecondPersonNeeded as needed:
        return approvals.ask(
            deed=ClaimDeed.name, target=target, amount_minor=needed.amount_minor,
            currency=claim.line.order.currency, reason=claim.get_reason_display(), request=request, asked_by=staff,
            key=f"claim:{claim_id}:{now:%Y%m%d%H%M%S%f}", now=now,
        )  # fmt: skip


@transaction.atomic
def decide_or_ask(
    *, dispute_id: int, staff: Member, amount_minor: int, words: str, now: datetime
) -> Dispute | Approval:
    """Decide a dispute, or ask a second person when what goes back is above a limit. Raises what `decide_dispute` raises."""
    request: dict[str, Any] = {"dispute_id": dispute_id, "amount_minor": amount_minor, "words": words}
    try:
        with transaction.atomic():
            return services.decide_dispute(actor_member=staff, now=now, **request)
    except SecondPersonNeeded as needed:
        order = Dispute.objects.select_related("claim__line__order").get(pk=dispute_id).claim.line.order
        return approvals.ask(
            deed=DisputeDeed.name, target=f"order:{order.pk}", amount_minor=needed.amount_minor, currency=order.currency,
            reason=words[:80], request=request, asked_by=staff, key=f"dispute:{dispute_id}:{now:%Y%m%d%H%M%S%f}", now=now,
        )  # fmt: skip


@transaction.atomic
def exchange_or_ask(
    *, claim_id: int, staff: Member, is_sellable: bool, lot_id: int | None = None, carrier: str = "", tracking: str = "",
    now: datetime,
) -> Claim | Approval:  # fmt: skip
    """Give the other variant, or ask a second person when what it costs less is above a limit; nothing is given until then.

    Raises what `exchange` raises.
    """
    claim = services.locked(claim_id, staff, now=now)
    target = f"order:{claim.line.order_id}"
    for waiting in waiting_of(target):
        if waiting.deed == ExchangeDeed.name and waiting.request["claim_id"] == claim_id:
            return waiting
    request: dict[str, Any] = {
        "claim_id": claim_id, "is_sellable": is_sellable, "lot_id": lot_id, "carrier": carrier, "tracking": tracking,
    }  # fmt: skip
    try:
        with transaction.atomic():
            return services.exchange(actor_member=staff, now=now, **request)
    except SecondPersonNeeded as needed:
        return approvals.ask(
            deed=ExchangeDeed.name, target=target, amount_minor=needed.amount_minor,
            currency=claim.line.order.currency, reason=claim.get_reason_display(), request=request, asked_by=staff,
            key=f"exchange:{claim_id}:{now:%Y%m%d%H%M%S%f}", now=now,
        )  # fmt: skip


@transaction.atomic
def recall_or_ask(*, lot_id: int, reason: str, staff: Member, now: datetime) -> Recall | Approval:
    """Recall a lot, or ask a second person when all of what goes back is above the limit for one refund, or some of it is
    one's own. Meanwhile the lot is paused: the danger ends at once, the money waits.

    Raises what `recall` raises.
    """
    if not may_decide(staff):
        raise NotAllowed()
    for waiting in waiting_of(f"lot:{lot_id}"):
        if waiting.deed == RecallDeed.name:
            return waiting
    owed, buyers = owed_for_lot(lot_id)
    is_known = Recall.objects.filter(lot_id=lot_id).exists()
    if is_known or not (staff.pk in buyers or _is_much(owed)):
        return services.recall(lot_id=lot_id, reason=reason, actor=staff, now=now)
    with suppress(LotIsStopped):
        services.pause(lot_id=lot_id, reason=reason, actor=staff, now=now)
    return approvals.ask(
        deed=RecallDeed.name, target=f"lot:{lot_id}", amount_minor=owed, reason=reason,
        request={"lot_id": lot_id, "reason": reason}, asked_by=staff, key=f"recall:{lot_id}:{now:%Y%m%d%H%M%S%f}", now=now,
    )  # fmt: skip


@transaction.atomic
def compensate_or_ask(
    *, line_id: int, staff: Member, reason: str, amount_minor: int, words: str, idempotency_key: str, now: datetime
) -> Compensation | Approval:
    """Promise compensation, or ask a second person when it is above a limit. The same key finds what came of it.

    Raises what `compensate` raises.
    """
    order = OrderLine.objects.filter(pk=line_id).values_list("order_id", "order__currency").first()
    if order is None:
        raise NoSuchLine()
    request: dict[str, Any] = {"line_id": line_id, "reason": reason, "amount_minor": amount_minor, "words": words}
    target, key = f"order:{order[0]}", f"compensate:{idempotency_key}"
    known = approvals.asked(key=key, by=staff, target=target, request=request)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return services.compensate(
                actor_member=staff, idempotency_key=f"{staff.pk}:{idempotency_key}", now=now, **request
            )
    except SecondPersonNeeded as needed:
        return approvals.ask(
            deed=CompensationDeed.name, target=target, amount_minor=needed.amount_minor, currency=order[1], reason=words,
            request=request, asked_by=staff, key=key, now=now,
        )  # fmt: skip


def _is_much(amount_minor: int) -> bool:
    try:
        approvals.check_limit(name=limits.REFUND_ORDER, before_minor=0, amount_minor=amount_minor)
    except SecondPersonNeeded:
        return True
    return False


class RecallDeed:
    """A recall to which a second person agrees, who gets nothing by it. More lines that came since are paid back too."""

    name = "lot.recall"
    title = "Recall a lot"
    needs = "orders.refund"

    def gains(self, approval: Approval) -> int | None:
        return None

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        _, buyers = owed_for_lot(approval.request["lot_id"])
        if approval.decided_by_id in buyers:
            raise OwnOrder()
        done = services.recall(actor=approval.asked_by, now=now, **approval.request)
        return f"lot:{done.lot_id}"


class ExchangeDeed:
    """Giving another variant, to whose difference a second person agrees."""

    name = "claim.exchange"
    title = "Exchange with a refund of the difference"
    needs = "orders.refund"

    def gains(self, approval: Approval) -> int | None:
        return Claim.objects.values_list("member_id", flat=True).get(pk=approval.request["claim_id"])

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        claim = services.exchange(actor_member=approval.asked_by, approval_id=approval.pk, now=now, **approval.request)
        check_given(approval, member_id=self.gains(approval))
        return f"claim:{claim.pk}"


class CompensationDeed:
    """Compensation to which a second person agrees."""

    name = "order.compensate"
    title = "Compensation beyond what was paid"
    needs = "orders.refund"

    def gains(self, approval: Approval) -> int | None:
        return OrderLine.objects.values_list("member_id", flat=True).get(pk=approval.request["line_id"])

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        made = services.compensate(
            actor_member=approval.asked_by, idempotency_key=f"approval:{approval.pk}", approval_id=approval.pk, now=now,
            **approval.request,
        )  # fmt: skip
        return f"compensation:{made.pk}"


class DisputeDeed:
    """Deciding a dispute to which a second person agrees."""

    name = "dispute.decide"
    title = "Refund after a dispute"
    needs = "orders.refund"

    def gains(self, approval: Approval) -> int | None:
        return Dispute.objects.values_list("claim__member_id", flat=True).get(pk=approval.request["dispute_id"])

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        done = services.decide_dispute(
            actor_member=approval.asked_by, approval_id=approval.pk, now=now, **approval.request
        )
        return f"dispute:{done.pk}"


class ClaimDeed:
    """Accepting a claim to which a second person agrees."""

    name = "claim.accept"
    title = "Refund of a request"
    needs = "orders.refund"

    def gains(self, approval: Approval) -> int | None:
        return Claim.objects.values_list("member_id", flat=True).get(pk=approval.request["claim_id"])

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        claim = services.accept(actor_member=approval.asked_by, approval_id=approval.pk, now=now, **approval.request)
        check_given(approval, member_id=self.gains(approval))
        return f"claim:{claim.pk}"
