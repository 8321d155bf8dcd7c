"""Where a member's commission goes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.growth.commission import errors, rules
from quanzi.growth.commission.models import PayoutAccount, PayoutMethod
from quanzi.growth.commission.queries.statements import number_of
from quanzi.growth.commission.services.settling import lock_person
from quanzi.kernel.errors import DomainError, Errors
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.sealing import sealer
from quanzi.people.contact.services import notify


@transaction.atomic
def set_account(*, member: Member, method: str, holder: str, number: str, now: datetime) -> PayoutAccount:
    """Enter the account, or another one in its place; money follows it after a day, and the member is told.

    The same account again changes nothing. Raises BadMethod, HolderNeeded, BadAccount, together when several apply.
    """
    holder, clean = holder.replace("\x00", "").strip(), rules.clean_account(method, number.replace("\x00", ""))
    _check(method, holder, clean)
    lock_person(member.pk)
    old = PayoutAccount.objects.filter(member=member, retired_at=None).first()
    if old is not None:
        if (old.method, old.holder, number_of(old)) == (method, holder, clean):
            return old
        old.retired_at = now
        old.save(update_fields=["retired_at"])
    new = PayoutAccount.objects.create(
        member=member, method=method, holder=holder, sealed=sealer(rules.SEAL).encrypt(clean.encode()).decode(),
        tail=clean[-4:], added_at=now,
    )  # fmt: skip
    audit(
        actor=member, action="payout.account", target=f"member:{member.pk}",
        before={"account": old.pk, "method": old.method} if old else None, after={"account": new.pk, "method": method}, now=now,
    )  # fmt: skip
    notify(
        member_id=member.pk, kind="payout_account", params={"tail": new.tail}, link="/me/commission",
        key=f"payout_account:{new.pk}", now=now,
    )  # fmt: skip
    return new


def _check(method: str, holder: str, number: str) -> None:
    found: list[DomainError] = []
    if method not in PayoutMethod.values:
        found.append(errors.BadMethod(field="method"))
    if not 1 <= len(holder) <= rules.LONGEST_HOLDER:
        found.append(errors.HolderNeeded(field="holder", most=rules.LONGEST_HOLDER))
    if not number:
        found.append(errors.BadAccount(field="number"))
    Errors.raise_any(found)
