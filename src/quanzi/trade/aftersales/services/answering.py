"""Claims are answered: money back, other goods, no; or the goods are asked for first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.base.events.services import record
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel import crash
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.aftersales import errors, rules
from quanzi.trade.aftersales.events import ClaimDecided
from quanzi.trade.aftersales.models import (
    Claim,
    ClaimReason,
    ClaimState,
    Return,
    ReturnState,
)
from quanzi.trade.aftersales.policies import may_decide
from quanzi.trade.aftersales.services.holding import let_go, lock_claim
from quanzi.trade.aftersales.services.returning import agree, follow, give_other
from quanzi.trade.aftersales.services.swapping import refund
from quanzi.trade.aftersales.states import CLAIM_MOVES
from quanzi.trade.sales.errors import OwnOrder
from quanzi.trade.sales.models import OrderRefund


@transaction.atomic
def accept(
    *,
    claim_id: int,
    actor_member: Member,
    amount_minor: int | None = None,
    goods_back: bool = False,
    answer: str = "",
    approval_id: int | None = None,
    now: datetime,
) -> Claim:
    """Give the money back: all that is left of the line, or `amount_minor`. The refund is told by sales.

    goods_back: they came back and go on sale again; approval_id: a second person agreed. Raises NotAllowed, NoSuchClaim,
    IllegalMove, and what refund_line raises.
    """
    claim = locked(claim_id, actor_member, now=now)
    given = refund(
        line_id=claim.line_id, amount_minor=amount_minor, reason=claim.reason, actor=f"staff:{actor_member.pk}",
        goods_back=goods_back, idempotency_key=f"approval:{approval_id}" if approval_id else f"claim:{claim.pk}",
        is_approved=approval_id is not None, now=now,
    )  # fmt: skip
    crash.point("aftersales.accept.refunded")
    return decide(
        claim, ClaimState.ACCEPTED, by=actor_member, answer=answer, refund=given, is_sellable=goods_back, now=now
    )


@transaction.atomic
def exchange(
    *,
    claim_id: int,
    actor_member: Member,
    is_sellable: bool,
    lot_id: int | None = None,
    carrier: str = "",
    tracking: str = "",
    approval_id: int | None = None,
    now: datetime,
) -> Claim:
    """The goods came back and the other variant goes out; what it costs less is refunded.

    Raises NotAllowed, NoSuchClaim, IllegalMove, OwnOrder, NothingToExchange, NotArrived, DifferenceNotPaid, and what stock and refunds raise.
    """
    claim = locked(claim_id, actor_member, now=now)
    found = (
        Return.objects.select_for_update(of=("self",)).select_related("for_sku__product").filter(claim=claim).first()
    )
    if found is None:
        raise errors.NothingToExchange()
    found.claim = claim
    give_other(
        found,
        is_sellable=is_sellable,
        lot_id=lot_id,
        carrier=carrier,
        tracking=tracking,
        actor=actor_member,
        approval_id=approval_id,
        now=now,
    )
    done = decide(claim, ClaimState.EXCHANGED, by=actor_member, answer="", now=now)
    if found.new_order is None:  # what is an order of its own is told of when that leaves
        _tell_sent(found, now)
    return done


def _tell_sent(found: Return, now: datetime) -> None:
    assert found.for_sku is not None
    given = variant_title(found.for_sku.product.name, found.for_sku.options)
    kind = "exchange_out" if found.out_carrier else "exchange_given"
    notify(
        member_id=found.claim.member_id, kind=kind, link=f"/o/{found.claim.line.order.number}", key=f"exchange:{found.claim.pk}",
        params={"product": given, "carrier": found.out_carrier, "tracking": found.out_tracking}, now=now,
    )  # fmt: skip


@transaction.atomic
def ask_back(*, claim_id: int, actor_member: Member, now: datetime) -> Return:
    """A fault whose goods the shop would like to see: they are sent back at the shop's cost. Raises NotAllowed, NoSuchClaim, BackAlready."""
    claim = locked(claim_id, actor_member, now=now)
    if Return.objects.filter(claim=claim).exists():
        raise errors.BackAlready()
    made = agree(claim, for_sku=None, now=now)
    audit(actor=actor_member, action="aftersales.ask_back", target=f"claim:{claim_id}", now=now)
    notify(
        member_id=claim.member_id, kind="return_asked", params={"product": claim.line.title},
        link=f"/o/{claim.line.order.number}", key=f"return_asked:{claim.pk}", now=now,
    )  # fmt: skip
    return made


@transaction.atomic
def decline(*, claim_id: int, actor_member: Member, answer: str, now: datetime) -> Claim:
    """Say no, and why. A lawful return is refused only for what was seen when the goods came: raises NotArrived before.

    Raises NotAllowed, NoSuchClaim, IllegalMove, AnswerNeeded.
    """
    claim = locked(claim_id, actor_member, now=now)
    if not 1 <= len(answer.strip()) <= rules.LONGEST_ANSWER:
        raise errors.AnswerNeeded(field="answer", most=rules.LONGEST_ANSWER)
    if claim.reason == ClaimReason.RETURN and not came_back(claim):
        raise errors.NotArrived()
    claim = decide(claim, ClaimState.DECLINED, by=actor_member, answer=answer, now=now)
    notify(
        member_id=claim.member_id, kind="claim_declined", params={"product": claim.line.title, "reason": claim.answer},
        link=f"/o/{claim.line.order.number}", key=f"claim:{claim.pk}", now=now,
    )  # fmt: skip
    return claim


def answer_with(refund: OrderRefund, *, line_id: int, by: Member | None, answer: str, now: datetime) -> None:
    """A line was paid back for another reason: a claim about it that waits is answered by that. The order is locked."""
    claim = Claim.objects.select_for_update(of=("self",)).filter(line_id=line_id, state=ClaimState.OPEN).first()
    if claim is not None:
        decide(claim, ClaimState.ACCEPTED, by=by, answer=answer, refund=refund, now=now)


def came_back(claim: Claim) -> bool:
    return Return.objects.filter(claim=claim, state=ReturnState.ARRIVED).exists()


def locked(claim_id: int, actor: Member, *, now: datetime) -> Claim:
    """A claim that can be decided, under its lock. Raises NotAllowed, NoSuchClaim, OwnOrder, IllegalMove."""
    if not may_decide(actor):
        raise NotAllowed()
    claim = lock_claim(claim_id, now=now)
    if claim.member_id == actor.pk:
        raise OwnOrder()
    CLAIM_MOVES.check(claim.state, ClaimState.ACCEPTED)
    return claim


def decide(
    claim: Claim,
    state: ClaimState,
    *,
    by: Member | None,
    answer: str,
    refund: OrderRefund | None = None,
    is_sellable: bool | None = None,
    now: datetime,
) -> Claim:
    CLAIM_MOVES.check(claim.state, state)
    claim.state, claim.decided_at, claim.decided_by = state, now, by
    claim.answer, claim.refund = answer.strip()[: rules.LONGEST_ANSWER], refund
    claim.save(update_fields=["state", "decided_at", "decided_by", "answer", "refund"])
    follow(claim, is_sellable=is_sellable, now=now)
    let_go(claim.line_id, now=now)
    if state != ClaimState.WITHDRAWN:
        after = {"state": state.value, "amount_minor": refund.amount_minor if refund else 0}
        audit(actor=by or "system", action=f"claim.{state.value}", target=f"claim:{claim.pk}", after=after, now=now)
    record(
        ClaimDecided(claim_id=claim.pk, line_id=claim.line_id, member_id=claim.member_id, state=state.value), now=now
    )
    return claim
