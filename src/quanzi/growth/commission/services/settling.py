"""A payout is made: everything payable to one person becomes one statement."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from quanzi.base.audit.services import write as audit
from quanzi.growth.commission import errors
from quanzi.growth.commission.models import LineKind, Payout, PayoutAccount, PayoutLine, PayoutState
from quanzi.growth.commission.models.payouts import OPEN
from quanzi.growth.commission.queries.due import Due, due_to
from quanzi.kernel import crash
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.models import Approval
from quanzi.people.approvals.queries import limit_minor

DEED = "commission.payout"


@transaction.atomic
def make_payout(*, member_id: int, staff: Member, idempotency_key: str, now: datetime) -> Payout:
    """Settle what is payable to somebody, what went back since the last time taken off; above the limit a second person is asked.

    Under the limit it is approved at once. The same key finds the first payout.
    Raises NotAllowed, NoPayoutAccount, NothingToPay (also when less than nothing is: that is carried forward),
    PayoutOpen, PayoutKeyReused.
    """
    if not can(staff, "payouts.make") or staff.pk == member_id:
        raise NotAllowed()
    lock_person(member_id)
    key = f"{staff.pk}:{idempotency_key}"[:120]
    known = Payout.objects.filter(key=key).first()
    if known is not None:
        if known.beneficiary_id != member_id:
            raise errors.PayoutKeyReused()
        return known
    if Payout.objects.filter(beneficiary_id=member_id, state__in=OPEN).exists():
        raise errors.PayoutOpen()
    account = PayoutAccount.objects.filter(member_id=member_id, retired_at=None).first()
    if account is None:
        raise errors.NoPayoutAccount()
    made = _write(account, due_to(member_id, lock=True), staff=staff, key=key, now=now)
    if made.needs_second:
        made.approval = _ask(made, now=now)
        made.save(update_fields=["approval"])
    else:
        approve(made, by=staff, now=now)
    return made


def approve(payout: Payout, *, by: Member, now: datetime) -> None:
    payout.state, payout.approved_by, payout.approved_at = PayoutState.APPROVED, by, now
    payout.save(update_fields=["state", "approved_by", "approved_at"])


def lock_person(member_id: int) -> None:
    """Payouts to one person are made, and their account changes, one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payouts'), hashtext(%s))", [str(member_id)])


class PayoutDeed:
    """A payout to which a second person agrees."""

    name = DEED
    title = "Payout of commission"
    needs = "payouts.make"

    def gains(self, approval: Approval) -> int | None:
        return Payout.objects.values_list("beneficiary_id", flat=True).get(pk=approval.request["payout_id"])

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        payout = Payout.objects.select_for_update().get(pk=approval.request["payout_id"], approval=approval)
        if payout.state != PayoutState.ASKED:
            raise errors.NoSuchPayout()
        assert approval.decided_by is not None
        approve(payout, by=approval.decided_by, now=now)
        return f"payout:{payout.pk}"


def _write(account: PayoutAccount, due: list[Due], *, staff: Member, key: str, now: datetime) -> Payout:
    amount = sum(one.minor for one in due)
    if amount <= 0:
        raise errors.NothingToPay()
    made = Payout.objects.create(
        beneficiary_id=account.member_id, account=account, amount_minor=amount, key=key, made_by=staff, made_at=now,
        needs_second=limits.needs_second(before_minor=0, amount_minor=amount, limit_minor=limit_minor(limits.PAYOUT)),
    )  # fmt: skip
    PayoutLine.objects.bulk_create(
        PayoutLine(
            payout=made, accrual_id=one.accrual_id, kind=LineKind.EARNED if one.minor > 0 else LineKind.BACK,
            amount_minor=one.minor, reversed_minor=one.reversed_minor,
        )
        for one in due
    )  # fmt: skip
    crash.point("commission.payout.written")
    audit(
        actor=staff, action="payout.made", target=f"payout:{made.pk}",
        after={"member": account.member_id, "amount_minor": amount, "lines": len(due), "second": made.needs_second}, now=now,
    )  # fmt: skip
    return made


def _ask(made: Payout, *, now: datetime) -> Approval:
    return approvals.ask(
        deed=DEED, target=f"payout:{made.pk}", amount_minor=made.amount_minor, reason=f"payout:{made.pk}",
        request={"payout_id": made.pk}, asked_by=made.made_by, key=f"payout:{made.pk}", now=now,
    )  # fmt: skip
