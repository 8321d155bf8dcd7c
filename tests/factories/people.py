"""The smallest valid members, addresses and ties."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from quanzi.kernel import clock
from quanzi.people.accounts import services as accounts
from quanzi.people.accounts.models import Address, Member, StaffRole
from quanzi.people.trust import services as trust
from quanzi.people.trust.models import TieKind

WEST_LAKE = "330106"
"""浙江省杭州市西湖区"""

_numbers = count(1)


def make_member(name: str = "", *, now: datetime | None = None, **fields: Any) -> Member:
    """A confirmed member with a phone number and an e-mail address of their own."""
    number = next(_numbers)
    contact = {"email": f"m{number}@people.example", "phone": f"+86138{number:08d}"}
    return accounts.create_member(name=name or f"会员{number}", now=now or clock.now(), **{**contact, **fields})


def make_staff(role: str = StaffRole.OPERATOR, *, now: datetime | None = None, **fields: Any) -> Member:
    """A member with a role of the staff."""
    member = make_member(now=now, **fields)
    return accounts.set_staff_role(member=member, role=role, actor="system", now=now or clock.now())


def make_address(member: Member, *, now: datetime | None = None, **fields: Any) -> Address:
    given = {
        "recipient": "林小雨",
        "phone": "13800000001",
        "region_code": WEST_LAKE,
        "detail": "文三路 90 号 3 幢 1 单元",
    }
    return accounts.add_address(member=member, now=now or clock.now(), **{**given, **fields})


def befriend(
    one: Member, other: Member, *, kind: str = TieKind.FRIEND, now: datetime | None = None, **words: str
) -> None:
    """Two people agree to be tied. words: `label`, the first one's word; `answer`, the second one's."""
    at = now or clock.now()
    asked = trust.ask_tie(source=one, target=other, kind=kind, label=words.get("label", ""), now=at)
    trust.answer_tie(request_id=asked.pk, member=other, accept=True, label=words.get("answer", ""), now=at)


def bought_together(one: Member, other: Member, *, times: int = 1, now: datetime | None = None) -> None:
    """Two people were in the same complete teams."""
    number = next(_numbers)
    facts = [trust.TieFact(one.pk, other.pk, TieKind.BOUGHT_TOGETHER, f"team:{number}-{time}") for time in range(times)]
    trust.record_ties(facts, now=now or clock.now())
