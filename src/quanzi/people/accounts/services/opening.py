"""How an empty shop gets its first owner."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from quanzi.base.shop.errors import OpeningOver
from quanzi.base.shop.services import spend_key
from quanzi.people.accounts.errors import WeakPassword
from quanzi.people.accounts.models import Member, StaffRole
from quanzi.people.accounts.queries import has_owner
from quanzi.people.accounts.services.members import create_member, set_staff_role


@transaction.atomic
def become_first_owner(*, key: str, name: str, email: str, password: str, now: datetime) -> Member:
    """Whoever holds the opening key of a shop without an owner becomes it; a refused form leaves the key as it was.

    Raises OpeningOver, WeakPassword, and what create_member raises.
    """
    spend_key(key=key, now=now)
    if has_owner():
        raise OpeningOver()
    try:
        validate_password(password)
    except ValidationError as weak:
        raise WeakPassword(field="password") from weak
    member = create_member(name=name, email=email, password=password, how="opening", now=now)
    return set_staff_role(member=member, role=StaffRole.OWNER, actor="opening", now=now)
