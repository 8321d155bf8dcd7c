"""What goes before a review and beside it: help from a person, and the buyer's word that it was solved. Neither holds a review up."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.base.audit.services import write as audit
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.aftersales import errors, rules
from quanzi.trade.aftersales.models import Claim, Dispute, HelpAsk, Solved
from quanzi.trade.aftersales.policies import may_answer_help
from quanzi.trade.sales.errors import NoSuchLine
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.rules import clean


@transaction.atomic
def say_solved(*, claim_id: int, member: Member, is_solved: bool, now: datetime) -> bool:
    """The buyer says that what the shop did solved it, or takes that back. Again changes nothing.

    Raises NoSuchClaim (also for another's), NotMadeGood where the shop gave neither money nor other goods.
    """
    claim = Claim.objects.select_for_update().filter(pk=claim_id, member=member).first()
    if claim is None:
        raise errors.NoSuchClaim()
    if not is_solved:
        Solved.objects.filter(claim=claim).delete()
        return False
    dispute = Dispute.objects.filter(claim=claim).first()
    was_given_more = dispute is not None and (dispute.refund_id is not None or dispute.appeal_refund_id is not None)
    if not rules.was_made_good(
        state=claim.state, dispute_state=dispute.state if dispute else None, was_given_more=was_given_more
    ):
        raise errors.NotMadeGood()
    Solved.objects.get_or_create(claim=claim, defaults={"said_at": now})
    return True


@transaction.atomic
def ask_help(
    *,
    line_id: int,
    member: Member,
    words: str,
    stars: int | None = None,
    title: str = "",
    body: str = "",
    now: datetime,
) -> HelpAsk:
    """Ask a person of the shop about goods one received; the draft of the review is kept for later.

    Raises NoSuchLine (also for another's), HelpNotYet, HelpWordsNeeded, HelpAsked.
    """
    line = OrderLine.objects.select_related("order").filter(pk=line_id, member=member).first()
    if line is None:
        raise NoSuchLine()
    if line.received_at is None:
        raise errors.HelpNotYet()
    words = clean(words)
    if not 1 <= len(words) <= rules.LONGEST_WORDS:
        raise errors.HelpWordsNeeded(field="words", most=rules.LONGEST_WORDS)
    try:
        with transaction.atomic():
            made: HelpAsk = HelpAsk.objects.create(
                line=line, member=member, words=words, stars=stars if stars in range(1, 6) else None, title=clean(title)[:60],
                body=body.replace("\x00", "")[:5000], asked_at=now, promised_by=now + rules.HELP_WITHIN,
            )  # fmt: skip
    except IntegrityError as twice:
        raise errors.HelpAsked() from twice
    return made


@transaction.atomic
def answer_help(*, ask_id: int, actor_member: Member, answer: str, now: datetime) -> HelpAsk:
    """A person of the shop answers, once. Raises NotAllowed, NoSuchHelp, HelpAnswered, HelpWordsNeeded."""
    if not may_answer_help(actor_member):
        raise NotAllowed()
    found = HelpAsk.objects.select_for_update(of=("self",)).select_related("line__order").filter(pk=ask_id).first()
    if found is None:
        raise errors.NoSuchHelp()
    if found.member_id == actor_member.pk:
        raise NotAllowed()
    if found.answered_at is not None:
        raise errors.HelpAnswered()
    answer = clean(answer)
    if not 1 <= len(answer) <= rules.LONGEST_WORDS:
        raise errors.HelpWordsNeeded(field="answer", most=rules.LONGEST_WORDS)
    found.answer, found.answered_at, found.answered_by = answer, now, actor_member
    found.save(update_fields=["answer", "answered_at", "answered_by"])
    audit(actor=actor_member, action="aftersales.answer_help", target=f"help:{found.pk}", now=now)
    notify(
        member_id=found.member_id, kind="help_answered", params={"product": found.line.title, "answer": answer},
        link=f"/o/{found.line.order.number}", key=f"help:{found.pk}", now=now,
    )  # fmt: skip
    return found
