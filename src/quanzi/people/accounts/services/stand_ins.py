"""Members who stand for people of another shop's records: no contact, no login, nobody who joined here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from quanzi.base.events.services import record_history
from quanzi.base.rows import InsertMany
from quanzi.people.accounts.events import MemberJoined
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.rules import clean_name

AT_ONCE = 2_000

_insert = InsertMany(Member)


@transaction.atomic
def create_stand_ins(*, names: Sequence[str], now: datetime) -> list[Member]:
    """One member for each name, in this order. Announces nothing, since nobody joined. Raises NameNeeded."""
    nobody = make_password(None)
    rows = [Member(name=clean_name(name), password=nobody, joined_at=now, confirmed_at=now) for name in names]
    return Member.objects.bulk_create(rows, batch_size=AT_ONCE)


@transaction.atomic
def create_newcomers(*, people: Sequence[tuple[str, datetime]], how: str) -> list[Member]:
    """One member without contact for each name, who joined at that moment. Announces MemberJoined. Raises NameNeeded."""
    nobody = make_password(None)
    rows = [Member(name=clean_name(name), password=nobody, joined_at=at, confirmed_at=at) for name, at in people]
    _insert(rows)
    record_history([(MemberJoined(member_id=row.pk, how=how), row.joined_at) for row in rows])
    return rows


@transaction.atomic
def remove_stand_ins(*, ids: Collection[int]) -> int:
    """Delete those of them that are stand-ins still, once nothing points at them; returns how many."""
    found = Member.objects.filter(pk__in=ids, email=None, phone=None, last_login=None, is_staff=False)
    return found.delete()[1].get("accounts.Member", 0)
