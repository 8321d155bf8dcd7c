"""Disputes: contest, say, decide, appeal, close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.base.audit.services import write as audit
from quanzi.base.events.services import record
from quanzi.base.media.models import Picture
from quanzi.kernel import crash
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.aftersales import errors, rules
from quanzi.trade.aftersales.events import DisputeDecided, DisputeOpened
from quanzi.trade.aftersales.models import Dispute, DisputeState, Side, Statement, StatementPicture
from quanzi.trade.aftersales.policies import may_decide
from quanzi.trade.aftersales.queries.holding import left_with_behind
from quanzi.trade.aftersales.services.holding import let_go, lock_claim
from quanzi.trade.aftersales.services.swapping import refund
from quanzi.trade.aftersales.states import DISPUTE_MOVES
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import OwnOrder
from quanzi.trade.sales.models import OrderRefund
from quanzi.trade.sales.rules import clean
from quanzi.trade.sales.services.moving import lock_order


@transaction.atomic
def contest(*, claim_id: int, member: Member, words: str, pictures: Sequence[Picture] = (), now: datetime) -> Dispute:
    """The buyer does not accept the answer to a claim. The line's money stays in escrow from now on.

    Raises NoSuchClaim (also for another's), CannotContest, AlreadyContested, WordsNeeded, TooManyPictures.
    """
    claim = lock_claim(claim_id, now=now)
    if claim.member_id != member.pk:
        raise errors.NoSuchClaim()
    left = left_with_behind(claim.line)
    if not rules.may_contest(state=claim.state, left_minor=left, decided_at=claim.decided_at, now=now):
        raise errors.CannotContest()
    try:
        with transaction.atomic():
            made: Dispute = Dispute.objects.create(
                claim=claim, opened_at=now, evidence_until=now + rules.EVIDENCE_FOR, decide_by=now + rules.DECIDE_WITHIN
            )
    except IntegrityError as twice:
        raise errors.AlreadyContested() from twice
    _say(made, Side.BUYER, member, words, pictures, now)
    sales.dispute_line(line_id=claim.line_id, now=now)
    crash.point("aftersales.contest.held")
    record(DisputeOpened(dispute_id=made.pk, claim_id=claim.pk, line_id=claim.line_id, member_id=member.pk), now=now)
    return made


@transaction.atomic
def say(*, dispute_id: int, author: Member, words: str, pictures: Sequence[Picture] = (), now: datetime) -> Statement:
    """One side adds what it knows, until the time for it is over. Raises NoSuchDispute, TooLateToSay, WordsNeeded, TooManyPictures."""
    found = _locked(dispute_id, now)
    if author.pk != found.claim.member_id and not may_decide(author):
        raise errors.NoSuchDispute()
    if found.state != DisputeState.OPEN or now >= found.evidence_until:
        raise errors.TooLateToSay()
    side = Side.BUYER if author.pk == found.claim.member_id else Side.SHOP
    return _say(found, side, author, words, pictures, now)


@transaction.atomic
def decide_dispute(
    *,
    dispute_id: int,
    actor_member: Member,
    amount_minor: int,
    words: str,
    approval_id: int | None = None,
    now: datetime,
) -> Dispute:
    """A person decides, with words that both sides read: `amount_minor` goes back (0: nothing). Also for an appeal.

    Somebody who did not answer the claim; an appeal is for somebody who did neither. Raises NotAllowed, NoSuchDispute, OwnOrder,
    SomebodyElse, TooEarlyToDecide, WordsNeeded, IllegalMove, and what refund_line raises.
    """
    found = _locked(dispute_id, now)
    _check_decider(found, actor_member)
    words = _words(words)
    again = found.state == DisputeState.APPEALED
    if not again:
        DISPUTE_MOVES.check(found.state, DisputeState.DECIDED)
        if not _may_decide_now(found, now):
            raise errors.TooEarlyToDecide()
    given = _give(found, amount_minor, actor_member, approval_id, again, now) if amount_minor else None
    crash.point("aftersales.dispute.refunded")
    if again:
        found.appeal_decided_at, found.appeal_decided_by = now, actor_member
        found.appeal_outcome, found.appeal_refund = words, given
    else:
        found.decided_at, found.decided_by, found.outcome, found.refund = now, actor_member, words, given
        found.state, found.appeal_until = DisputeState.DECIDED, now + rules.APPEAL_WITHIN
    is_over = again or _left(found) == 0
    if is_over:
        _close(found, now)
    found.save()
    if is_over:
        let_go(found.claim.line_id, now=now)
    after = {"amount_minor": amount_minor, "appeal": again}
    audit(actor=actor_member, action="aftersales.decide_dispute", target=f"dispute:{found.pk}", after=after, now=now)
    record(
        DisputeDecided(dispute_id=found.pk, claim_id=found.claim_id, line_id=found.claim.line_id,
                       member_id=found.claim.member_id, amount_minor=amount_minor, is_final=again), now=now,
    )  # fmt: skip
    _tell(found, words, now)
    return found


@transaction.atomic
def appeal(*, dispute_id: int, member: Member, words: str, now: datetime) -> Dispute:
    """The buyer asks somebody else to look again. Raises NoSuchDispute (also for another's), CannotContest, WordsNeeded."""
    found = _locked(dispute_id, now)
    if found.claim.member_id != member.pk:
        raise errors.NoSuchDispute()
    if found.state != DisputeState.DECIDED or found.appeal_until is None or now >= found.appeal_until:
        raise errors.CannotContest()
    _say(found, Side.BUYER, member, words, (), now)
    found.state, found.appealed_at, found.decide_by = DisputeState.APPEALED, now, now + rules.DECIDE_WITHIN
    found.save(update_fields=["state", "appealed_at", "decide_by"])
    return found


def close_disputes(now: datetime, *, limit: int = 200) -> int:
    """Decided ones that nobody appealed in time are closed, and the money is free again; returns how many."""
    due = Dispute.objects.filter(state=DisputeState.DECIDED, appeal_until__lte=now).order_by("appeal_until")
    return sum(_close_due(dispute_id, now) for dispute_id in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _close_due(dispute_id: int, now: datetime) -> bool:
    found = _locked(dispute_id, now)
    if found.state != DisputeState.DECIDED or found.appeal_until is None or found.appeal_until > now:
        return False
    _close(found, now)
    found.save(update_fields=["state", "closed_at"])
    let_go(found.claim.line_id, now=now)
    return True


def _close(found: Dispute, now: datetime) -> None:
    DISPUTE_MOVES.check(found.state, DisputeState.CLOSED)
    found.state, found.closed_at = DisputeState.CLOSED, now


def _give(
    found: Dispute, amount_minor: int, actor: Member, approval_id: int | None, again: bool, now: datetime
) -> OrderRefund:
    key = f"approval:{approval_id}" if approval_id else f"dispute:{found.pk}:{2 if again else 1}"
    return refund(
        line_id=found.claim.line_id, amount_minor=amount_minor, reason="dispute", actor=f"staff:{actor.pk}",
        idempotency_key=key, is_approved=approval_id is not None, now=now,
    )  # fmt: skip


def _left(found: Dispute) -> int:
    found.claim.line.refresh_from_db(fields=["paid_minor", "refunded_minor"])
    return left_with_behind(found.claim.line)


def _check_decider(found: Dispute, actor: Member) -> None:
    if not may_decide(actor):
        raise NotAllowed()
    if found.claim.member_id == actor.pk:
        raise OwnOrder()
    if actor.pk in found.had_a_say:
        raise errors.SomebodyElse()


def _may_decide_now(found: Dispute, now: datetime) -> bool:
    """When both sides have spoken, or the time for it is over."""
    spoken = set(Statement.objects.filter(dispute=found).values_list("side", flat=True))
    return now >= found.evidence_until or spoken >= {Side.BUYER, Side.SHOP}


def _say(
    found: Dispute, side: Side, author: Member, words: str, pictures: Sequence[Picture], now: datetime
) -> Statement:
    if len(pictures) > rules.MOST_PICTURES:
        raise errors.TooManyPictures(field="pictures", most=rules.MOST_PICTURES)
    said: Statement = Statement.objects.create(
        dispute=found, side=side, author=author, words=_words(words), said_at=now
    )
    StatementPicture.objects.bulk_create(StatementPicture(statement=said, picture=one) for one in set(pictures))
    return said


def _words(text: str) -> str:
    text = clean(text)
    if not 1 <= len(text) <= rules.LONGEST_WORDS:
        raise errors.WordsNeeded(field="words", most=rules.LONGEST_WORDS)
    return text


def _locked(dispute_id: int, now: datetime) -> Dispute:
    """The order first, as refunds do."""
    order_id = Dispute.objects.filter(pk=dispute_id).values_list("claim__line__order_id", flat=True).first()
    if order_id is None:
        raise errors.NoSuchDispute()
    lock_order(order_id, now=now)
    return Dispute.objects.select_for_update(of=("self",)).select_related("claim__line__order").get(pk=dispute_id)


def _tell(found: Dispute, words: str, now: datetime) -> None:
    line = found.claim.line
    notify(
        member_id=found.claim.member_id, kind="dispute_decided", params={"product": line.title, "reason": words},
        link=f"/o/{line.order.number}/dispute/{found.claim_id}", key=f"dispute:{found.pk}:{now.isoformat()}", now=now,
    )  # fmt: skip
