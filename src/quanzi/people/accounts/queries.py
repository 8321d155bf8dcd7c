"""Reads of the room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.base.media.shown import SHOWN, ShownPicture, shown
from quanzi.base.rows import Select
from quanzi.kernel.clock import today
from quanzi.people.accounts.models import Address, CodesSent, Member, StaffRole
from quanzi.people.accounts.policies import ROLE_PERMISSIONS

AVATAR_PX = 96

_book = Select(
    Address, "WHERE t.member_id = %s AND t.removed_at IS NULL ORDER BY t.is_default DESC, t.created_at DESC, t.id DESC"
)


@dataclass(frozen=True)
class MemberCard:
    """Who somebody is, as pages show it. avatar_url: empty when there is no picture."""

    id: int
    name: str
    avatar_url: str
    is_demo: bool
    is_leader: bool


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody's name and picture."""

    id: int
    name: str
    avatar: ShownPicture | None


FACES = f"""SELECT a.id, a.name, {SHOWN.format(m="m")} FROM accounts_member a LEFT JOIN media_picture m ON m.id = a.avatar_id
    WHERE a.id = ANY(%s::bigint[])"""


def faces(ids: Iterable[int]) -> dict[int, Face]:
    """Names and pictures of these people, in one statement."""
    wanted = list(ids)
    found = planned.rows(FACES, [wanted]) if wanted else []
    return {member_id: Face(member_id, name, shown(avatar)) for member_id, name, avatar in found}


def cards(ids: Iterable[int]) -> dict[int, MemberCard]:
    """Cards of many members in one query; erased people are left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = Member.objects.filter(pk__in=wanted, erased_at=None).select_related("avatar")
    return {row.pk: card_of(row) for row in rows}


def ids_called(name: str, *, limit: int = 200) -> list[int]:
    """Who has this in their name, the staff first."""
    found = Member.objects.filter(name__icontains=name, erased_at=None).order_by("-is_staff", "id")
    return list(found.values_list("pk", flat=True)[:limit])


def card_of(member: Member) -> MemberCard:
    """The card of a member at hand."""
    avatar = member.avatar.url(AVATAR_PX) if member.avatar else ""
    return MemberCard(member.pk, member.name, avatar, member.is_demo, member.is_leader)


def addresses(member: Member) -> list[Address]:
    """The address book, the default first, then the newest."""
    return _book([member.pk])


def address_of(member: Member, address_id: int) -> Address | None:
    """One address of the member's own book."""
    return Address.objects.filter(member=member, removed_at=None, pk=address_id).first()


def staff_who_may(permission: str) -> list[Member]:
    """Everybody of the staff whose role holds it, by name."""
    roles = [role for role, granted in ROLE_PERMISSIONS.items() if permission in granted]
    return list(Member.objects.filter(is_staff=True, is_active=True, staff_role__in=roles).order_by("name", "pk"))


def has_owner() -> bool:
    """Whether somebody can already give roles here."""
    return Member.objects.filter(staff_role=StaffRole.OWNER, is_staff=True, is_active=True).exists()


def member_by_contact(contact: str) -> Member | None:
    """The member whose own phone number (E.164) or e-mail address this is; None also for a locked one."""
    if not contact:
        return None
    which = {"email__iexact": contact} if "@" in contact else {"phone": contact}
    return Member.objects.filter(is_active=True, **which).first()


def unfinished_attempt(contact: str) -> Member | None:
    """A sign-up with this contact whose code was never entered."""
    member = member_by_contact(contact)
    return member if member is not None and member.confirmed_at is None and member.last_login is None else None


def codes_left(*, recipient: str, now: datetime) -> int:
    """How many codes may still be sent to this number today."""
    row = CodesSent.objects.filter(recipient=recipient, day=today(now)).first()
    return CodesSent.LIMIT - (row.sent if row else 0)
