"""A payout leaves by a transfer outside, arrives, or comes back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, Sum

from quanzi.base.audit.services import write as audit
from quanzi.base.ledger.chart import CASH_BANK, PAYABLE_COMMISSION
from quanzi.base.ledger.models import Transaction
from quanzi.base.ledger.services import Leg, post, reverse
from quanzi.growth.commission import errors, rules
from quanzi.growth.commission.models import Accrual, AccrualState, LineKind, Payout, PayoutLine, PayoutState
from quanzi.growth.commission.states import PAYOUT_MOVES
from quanzi.kernel import crash
from quanzi.kernel.errors import NotAllowed
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.people.contact.services import notify


@transaction.atomic
def mark_sent(*, payout_id: int, reference: str, staff: Member, now: datetime) -> Payout:
    """The transfer was made, under this reference; the books say so. Sent under the same reference before: nothing changes.

    Raises NotAllowed, NoSuchPayout, ReferenceNeeded, IllegalMove, AccountChanged, AccountTooNew, StatementChanged.
    """
    payout, reference = _locked(payout_id, staff), reference.replace("\x00", "").strip()
    if not 1 <= len(reference) <= rules.LONGEST_REFERENCE:
        raise errors.ReferenceNeeded(field="reference", most=rules.LONGEST_REFERENCE)
    if payout.state == PayoutState.SENT and payout.reference == reference:
        return payout
    PAYOUT_MOVES.check(payout.state, PayoutState.SENT)
    _check_account(payout, now)
    _check_statement(payout)
    payout.state, payout.reference, payout.sent_at = PayoutState.SENT, reference, now
    payout.save(update_fields=["state", "reference", "sent_at"])
    _earned(payout).filter(state=AccrualState.PAYABLE).update(state=AccrualState.PAID)
    post(
        key=_key(payout), kind="commission.payout", ref=f"payout:{payout.pk}", actor=f"staff:{staff.pk}", now=now,
        entries=[Leg(PAYABLE_COMMISSION, payout.amount_minor), Leg(CASH_BANK, -payout.amount_minor)],
    )  # fmt: skip
    crash.point("commission.payout.booked")
    _note(payout, "payout.sent", staff, now, reference=reference)
    _tell(payout, "payout_sent", now, reference=reference)
    return payout


@transaction.atomic
def mark_done(*, payout_id: int, staff: Member, now: datetime) -> Payout:
    """It has arrived. Again changes nothing. Raises NotAllowed, NoSuchPayout, IllegalMove."""
    payout = _locked(payout_id, staff)
    if payout.state == PayoutState.DONE:
        return payout
    PAYOUT_MOVES.check(payout.state, PayoutState.DONE)
    payout.state, payout.ended_at = PayoutState.DONE, now
    payout.save(update_fields=["state", "ended_at"])
    _note(payout, "payout.done", staff, now)
    return payout


@transaction.atomic
def fail_payout(*, payout_id: int, reason: str, staff: Member, now: datetime) -> Payout:
    """It was dropped, or the transfer came back: what it settled is payable again. Again changes nothing.

    Raises NotAllowed, NoSuchPayout, PayoutReasonNeeded, IllegalMove.
    """
    payout, reason = _locked(payout_id, staff), reason.replace("\x00", "").strip()
    if payout.state == PayoutState.FAILED:
        return payout
    if not 1 <= len(reason) <= rules.LONGEST_REASON:
        raise errors.PayoutReasonNeeded(field="reason", most=rules.LONGEST_REASON)
    PAYOUT_MOVES.check(payout.state, PayoutState.FAILED)
    before = payout.state
    list(_accruals(payout))  # held before they change
    _earned(payout).filter(state=AccrualState.PAID).update(state=AccrualState.PAYABLE)
    payout.state, payout.reason, payout.ended_at = PayoutState.FAILED, reason, now
    payout.save(update_fields=["state", "reason", "ended_at"])
    payout.lines.update(is_live=False)
    if before == PayoutState.SENT:
        booked = Transaction.objects.only("pk").get(key=_key(payout))
        reverse(transaction_id=booked.pk, key=f"{_key(payout)}:back", now=now, actor=f"staff:{staff.pk}")
        crash.point("commission.payout.unbooked")
        _tell(payout, "payout_failed", now, reason=reason)
    _note(payout, "payout.failed", staff, now, reason=reason, before=before)
    return payout


def _locked(payout_id: int, staff: Member) -> Payout:
    if not can(staff, "payouts.make"):
        raise NotAllowed()
    found = Payout.objects.select_for_update().filter(pk=payout_id).first()
    if found is None:
        raise errors.NoSuchPayout()
    if found.beneficiary_id == staff.pk:
        raise NotAllowed()
    return found


def _check_account(payout: Payout, now: datetime) -> None:
    if payout.account.retired_at is not None:
        raise errors.AccountChanged()
    if payout.account.added_at + rules.ACCOUNT_HOLD > now:
        raise errors.AccountTooNew(hours=int(rules.ACCOUNT_HOLD.total_seconds() // 3600))


def _check_statement(payout: Payout) -> None:
    """Each accrual, held still, owes what its live lines say together."""
    held = list(_accruals(payout))
    lines = PayoutLine.objects.filter(accrual__in=held, is_live=True)
    said = dict(lines.values_list("accrual_id").annotate(sum=Sum("amount_minor")))
    if any(said.get(one.pk, 0) != one.amount_minor - one.reversed_minor for one in held):
        raise errors.StatementChanged()


def _accruals(payout: Payout) -> QuerySet[Accrual]:
    """Held until the end, in the order in which a refund would hold them."""
    return Accrual.objects.select_for_update(of=("self",)).filter(payout_lines__payout=payout).order_by("pk")


def _earned(payout: Payout) -> QuerySet[Accrual]:
    return Accrual.objects.filter(pk__in=payout.lines.filter(kind=LineKind.EARNED).values("accrual_id"))


def _key(payout: Payout) -> str:
    return f"payout:{payout.pk}"


def _note(payout: Payout, action: str, staff: Member, now: datetime, **after: object) -> None:
    audit(
        actor=staff, action=action, target=f"payout:{payout.pk}",
        after={"amount_minor": payout.amount_minor, "member": payout.beneficiary_id, **after}, now=now,
    )  # fmt: skip


def _tell(payout: Payout, kind: str, now: datetime, **params: str) -> None:
    notify(
        member_id=payout.beneficiary_id, kind=kind, params={"amount": str(Money(payout.amount_minor)), **params},
        link="/me/commission", key=f"{kind}:{payout.pk}", now=now,
    )  # fmt: skip
