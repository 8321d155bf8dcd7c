"""Logins of the staff, made from the command line."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from quanzi.base.audit.services import write
from quanzi.kernel.clock import now as clock_now
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.services import create_member


@transaction.atomic
def appoint(*, email: str, name: str, role: str, password: str) -> bool:
    """Give the member with this address a role of the staff; returns whether the member was made for it.

    Raises ValidationError for a weak password.
    """
    now = clock_now()
    member = Member.objects.select_for_update().filter(email__iexact=email).first()
    before = {"staff_role": member.staff_role} if member else None
    made = member is None
    if member is None:
        validate_password(password)
        member = create_member(name=name, email=email, password=password, now=now)
        member.email_verified_at = now
    member.is_staff = True
    member.staff_role = role
    member.is_superuser = role == "owner"
    member.save()
    write(
        actor=None,
        action="staff.appointed",
        target=f"member:{member.pk}",
        before=before,
        after={"staff_role": role},
        now=now,
    )
    return made
