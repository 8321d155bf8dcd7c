"""Compensation: promised in the books, paid by a transfer of its own, or taken back before.

It never travels as a refund: a provider returns at most what was paid, and what it had returned could not be refunded any more.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.base.events.services import record
from quanzi.base.ledger import chart
from quanzi.base.ledger.models import Transaction
from quanzi.base.ledger.queries import balance
from quanzi.base.ledger.services import Leg, post
from quanzi.base.ledger.services import reverse as unbook
from quanzi.kernel import crash
from quanzi.kernel.errors import NotAllowed
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.aftersales import errors, rules
from quanzi.trade.aftersales.events import CompensationGranted, CompensationPaid
from quanzi.trade.aftersales.models import Compensation, CompensationReason, CompensationState, PaidBy
from quanzi.trade.aftersales.policies import may_decide
from quanzi.trade.aftersales.services.limiting import check_limits
from quanzi.trade.aftersales.states import COMPENSATION_MOVES
from quanzi.trade.sales.errors import KeyReused, NoSuchLine, OwnOrder
from quanzi.trade.sales.models import OrderLine, OrderState
from quanzi.trade.sales.rules import clean
from quanzi.trade.sales.services.moving import lock_order


@transaction.atomic
def compensate(
    *,
    line_id: int,
    actor_member: Member,
    reason: str,
    amount_minor: int,
    words: str,
    idempotency_key: str,
    approval_id: int | None = None,
    now: datetime,
) -> Compensation:
    """Promise the buyer money beyond what they paid for a line. The same key finds the first promise.

    approval_id: a second person agreed. Raises NotAllowed, NoSuchLine, OwnOrder, NothingWasPaid, UnknownCompensation,
    BadCompensation, LessThanTheLaw, CompensationWordsNeeded, KeyReused, SecondPersonNeeded.
    """
    line = _line(line_id, actor_member, now)
    known = Compensation.objects.filter(key=idempotency_key).first()
    words = clean(words)
    if known is not None:
        if (known.line_id, known.reason, known.amount_minor, known.words) != (line_id, reason, amount_minor, words):
            raise KeyReused()
        return known
    _check(line, reason, amount_minor, words)
    if approval_id is None:
        check_limits(line.order, amount_minor, actor=actor_member, now=now)
    made: Compensation = Compensation.objects.create(
        line=line, member_id=line.member_id, reason=reason, words=words, amount_minor=amount_minor, currency=line.order.currency,
        key=idempotency_key, granted_by=actor_member, granted_at=now, approval_id=approval_id,
    )  # fmt: skip
    post(
        key=_key(made), kind="compensation", ref=f"order:{line.order_id}", actor=f"staff:{actor_member.pk}", now=now,
        entries=[
            Leg(chart.COST_COMPENSATION, amount_minor, made.currency), Leg(chart.PAYABLE_COMPENSATION, -amount_minor, made.currency),
        ],
    )  # fmt: skip
    crash.point("aftersales.compensate.booked")
    _note(made, "compensate", actor_member, now, amount_minor=amount_minor, reason=reason)
    record(CompensationGranted(**_facts(made)), now=now)
    _tell(made, "compensation_promised", now, reason=words)
    return made


@transaction.atomic
def pay_compensation(
    *, compensation_id: int, staff: Member, paid_how: str, reference: str, now: datetime
) -> Compensation:
    """The money left, under this reference. Paid under the same reference before: nothing changes.

    Raises NotAllowed, NoSuchCompensation, OwnOrder, HowPaidNeeded, PaymentReferenceNeeded, NotEnoughCash, IllegalMove.
    """
    found, reference = _locked(compensation_id, staff), clean(reference)
    if paid_how not in PaidBy.values:
        raise errors.HowPaidNeeded(field="paid_how")
    if not 1 <= len(reference) <= rules.LONGEST_REFERENCE:
        raise errors.PaymentReferenceNeeded(field="reference", most=rules.LONGEST_REFERENCE)
    if found.state == CompensationState.PAID and found.reference == reference:
        return found
    COMPENSATION_MOVES.check(found.state, CompensationState.PAID)
    source = chart.CASH_OFFLINE if paid_how == PaidBy.CASH else chart.CASH_BANK
    if paid_how == PaidBy.CASH and (there := balance(source, currency=found.currency)).minor < found.amount_minor:
        raise errors.NotEnoughCash(there=str(there))
    found.paid_how, found.reference = paid_how, reference
    _end(found, CompensationState.PAID, staff, now)
    post(
        key=f"{_key(found)}:paid", kind="compensation.paid", ref=f"order:{found.line.order_id}", actor=f"staff:{staff.pk}",
        now=now, entries=[
            Leg(chart.PAYABLE_COMPENSATION, found.amount_minor, found.currency), Leg(source, -found.amount_minor, found.currency),
        ],
    )  # fmt: skip
    crash.point("aftersales.compensation.paid")
    _note(found, "pay_compensation", staff, now, paid_how=paid_how, reference=reference)
    record(CompensationPaid(**_facts(found)), now=now)
    _tell(found, "compensation_paid", now, reference=reference)
    return found


@transaction.atomic
def withdraw_compensation(*, compensation_id: int, staff: Member, why: str, now: datetime) -> Compensation:
    """A promise made by mistake, before it is paid; the buyer reads why. Again changes nothing.

    Raises NotAllowed, NoSuchCompensation, OwnOrder, CompensationWordsNeeded, IllegalMove.
    """
    found, why = _locked(compensation_id, staff), clean(why)
    if found.state == CompensationState.WITHDRAWN:
        return found
    if not 1 <= len(why) <= rules.LONGEST_ANSWER:
        raise errors.CompensationWordsNeeded(field="why", most=rules.LONGEST_ANSWER)
    found.why_not = why
    _end(found, CompensationState.WITHDRAWN, staff, now)
    booked = Transaction.objects.only("pk").get(key=_key(found))
    unbook(transaction_id=booked.pk, key=f"{_key(found)}:back", now=now, actor=f"staff:{staff.pk}")
    _note(found, "withdraw_compensation", staff, now, why=why)
    _tell(found, "compensation_withdrawn", now, reason=why)
    return found


@transaction.atomic
def say_where(*, compensation_id: int, member: Member, send_to: str) -> Compensation:
    """The buyer says where they would like it; kept until it is paid. Raises NoSuchCompensation (also for another's), IllegalMove."""
    found = Compensation.objects.select_for_update().filter(pk=compensation_id, member=member).first()
    if found is None:
        raise errors.NoSuchCompensation()
    COMPENSATION_MOVES.check(found.state, CompensationState.PAID)
    found.send_to = clean(send_to)[: rules.LONGEST_SEND_TO]
    found.save(update_fields=["send_to"])
    return found


def _line(line_id: int, actor: Member, now: datetime) -> OrderLine:
    """The line, its order locked."""
    if not may_decide(actor):
        raise NotAllowed()
    line = OrderLine.objects.filter(pk=line_id).first()
    if line is None:
        raise NoSuchLine()
    line.order = lock_order(line.order_id, now=now)
    if line.member_id == actor.pk:
        raise OwnOrder()
    return line


def _check(line: OrderLine, reason: str, amount_minor: int, words: str) -> None:
    if line.order.state in (OrderState.PLACED, OrderState.CANCELLED):
        raise errors.NothingWasPaid()
    if reason not in CompensationReason.values:
        raise errors.UnknownCompensation(field="reason")
    if type(amount_minor) is not int or not 0 < amount_minor <= rules.LARGEST_COMPENSATION:
        raise errors.BadCompensation(field="amount", most=str(Money(rules.LARGEST_COMPENSATION, line.order.currency)))
    least = rules.lawful_minor(reason, paid_minor=line.paid_minor)
    if amount_minor < least:
        raise errors.LessThanTheLaw(field="amount", least=str(Money(least, line.order.currency)))
    if not 1 <= len(words) <= rules.LONGEST_ANSWER:
        raise errors.CompensationWordsNeeded(field="words", most=rules.LONGEST_ANSWER)


def _locked(compensation_id: int, actor: Member) -> Compensation:
    if not may_decide(actor):
        raise NotAllowed()
    rows = Compensation.objects.select_for_update(of=("self",)).select_related("line__order")
    found = rows.filter(pk=compensation_id).first()
    if found is None:
        raise errors.NoSuchCompensation()
    if found.member_id == actor.pk:
        raise OwnOrder()
    return found


def _end(found: Compensation, state: CompensationState, actor: Member, now: datetime) -> None:
    COMPENSATION_MOVES.check(found.state, state)
    found.state, found.ended_by, found.ended_at, found.send_to = state, actor, now, ""
    found.save()


def _key(found: Compensation) -> str:
    return f"compensation:{found.pk}"


def _facts(found: Compensation) -> dict[str, Any]:
    return {
        "compensation_id": found.pk, "line_id": found.line_id, "member_id": found.member_id, "amount_minor": found.amount_minor,
        "currency": found.currency,
    }  # fmt: skip


def _note(found: Compensation, act: str, actor: Member, now: datetime, **after: object) -> None:
    audit(actor=actor, action=f"aftersales.{act}", target=_key(found), after=after, now=now)


def _tell(found: Compensation, kind: str, now: datetime, **more: str) -> None:
    params = {"amount": str(Money(found.amount_minor, found.currency)), "product": found.line.title, **more}
    notify(
        member_id=found.member_id, kind=kind, params=params, link=f"/o/{found.line.order.number}", key=f"{kind}:{found.pk}", now=now
    )  # fmt: skip
