"""Claims and disputes whose refund is above a limit: a second person agrees before the buyer is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.errors import AmountGrew, SecondPersonNeeded
from quanzi.people.approvals.models import Approval
from quanzi.people.approvals.queries import waiting_of
from quanzi.trade.aftersales import services
from quanzi.trade.aftersales.models import Claim, Dispute


@transaction.atomic
def accept_or_ask(
    *, claim_id: int, staff: Member, amount_minor: int | None, goods_back: bool, answer: str, now: datetime
) -> Claim | Approval:
    """Give the money back, or ask a second person when it is above a limit; the claim stays open until then, and what
    waits for it is found again.

    Raises what `accept` raises.
    """
    claim = services.locked(claim_id, staff)
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
        if claim.refund is not None and claim.refund.amount_minor > approval.amount_minor:
            raise AmountGrew(amount=str(Money(claim.refund.amount_minor, approval.currency)))
        return f"claim:{claim.pk}"
