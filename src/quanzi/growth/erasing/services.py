"""Asking for it, thinking better of it, and doing it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.base.films.services import remove_films
from quanzi.base.media import services as media
from quanzi.base.shop.queries import shop
from quanzi.growth.erasing import letters, tombstones
from quanzi.growth.erasing.errors import AskedAlready, ReasonNeeded, StaffStays, StillOpen
from quanzi.growth.erasing.events import MemberErased
from quanzi.growth.erasing.fates import FATES, LATER, Gone
from quanzi.growth.erasing.models import Erasure
from quanzi.growth.erasing.notices import quiet_notices
from quanzi.growth.erasing.openings import openings_of
from quanzi.growth.erasing.pictures import films_of, goods_stay, pictures_of
from quanzi.kernel import crash
from quanzi.kernel.clock import local
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.models import Member, MemberSession
from quanzi.people.accounts.policies import can
from quanzi.people.accounts.services import end_other_sessions
from quanzi.people.contact.services import withdraw_all

THINK = timedelta(days=7)
"""So long may somebody think better of it."""

WHY_MOST = 200


@transaction.atomic
def ask(*, member: Member, keeps_words: bool, now: datetime) -> Erasure:
    """A member asks to be erased in seven days; every device is logged out, and logging in again takes it back.

    Raises StaffStays, StillOpen, AskedAlready. A letter says until when.
    """
    member = _locked(member.pk)
    return _ask(member, keeps_words=keeps_words, due_at=now + THINK, by=None, why="", now=now)


@transaction.atomic
def ask_for(*, member_id: int, keeps_words: bool, at_once: bool, why: str, by: Member, now: datetime) -> Erasure:
    """An owner writes down that a member asked by letter or telephone. at_once: without the days to think.

    Raises NotAllowed, NotFound, ReasonNeeded, StaffStays, StillOpen, AskedAlready.
    """
    if not can(by, "members.erase") or by.pk == member_id:
        raise NotAllowed()
    why = " ".join(why.split())[:WHY_MOST]
    if not why:
        raise ReasonNeeded(field="why")
    member = _locked(member_id)
    found = _ask(member, keeps_words=keeps_words, due_at=now if at_once else now + THINK, by=by, why=why, now=now)
    if at_once:
        erase(member_id=member_id, now=now)
        found.refresh_from_db()
    return found


def _locked(member_id: int) -> Member:
    """The member's row, held: nobody orders while it is decided. Raises NotFound."""
    found = Member.objects.select_for_update().filter(pk=member_id, erased_at=None, confirmed_at__isnull=False).first()
    if found is None:
        raise NotFound()
    return found


def _ask(member: Member, *, keeps_words: bool, due_at: datetime, by: Member | None, why: str, now: datetime) -> Erasure:
    _check(member)
    waiting = open_request(member.pk)
    if waiting is not None:
        raise AskedAlready(day=f"{local(waiting.due_at):%Y-%m-%d}")
    found = Erasure.objects.create(
        member=member, keeps_words=keeps_words, asked_by=by, why=why, asked_at=now, due_at=due_at
    )
    audit.write(
        actor=by or member,
        action="erasure.ask",
        target=f"member:{member.pk}",
        after={"due_at": due_at.isoformat()},
        now=now,
    )
    end_other_sessions(member=member, current_key="", now=now)
    if due_at > now:
        transaction.on_commit(partial(letters.asked, found.pk))
    return found


def _check(member: Member) -> None:
    if member.is_staff:
        raise StaffStays()
    found = openings_of(member.pk)
    if found:
        raise StillOpen(openings=found, what=gettext(", ").join(opening.words for opening in found))


def open_request(member_id: int) -> Erasure | None:
    """The request that waits, if there is one."""
    return Erasure.objects.filter(member=member_id, withdrawn_at=None, done_at=None).first()


@transaction.atomic
def withdraw(*, member_id: int, by: Member | None = None, now: datetime) -> bool:
    """The member thought better of it, or told the shop so (by). Says whether there was anything to take back."""
    Member.objects.select_for_update(no_key=True).filter(pk=member_id).first()
    found = Erasure.objects.filter(member=member_id, withdrawn_at=None, done_at=None, asked_at__lt=now)
    if not found.update(withdrawn_at=now):
        return False
    audit.write(actor=by or f"member:{member_id}", action="erasure.withdraw", target=f"member:{member_id}", now=now)
    return True


def erase_due(*, now: datetime) -> int:
    """Carry out what is due, each in a transaction of its own; returns how many. What is still open is tried again."""
    waiting = Erasure.objects.filter(withdrawn_at=None, done_at=None, due_at__lte=now).order_by("due_at", "pk")
    return sum(_erase_one(found, now=now) for found in waiting)


def _erase_one(found: Erasure, *, now: datetime) -> bool:
    logged_in = MemberSession.objects.filter(member=found.member_id, created_at__gt=found.asked_at)
    if logged_in.exists():  # the word of it is still on its way
        withdraw(member_id=found.member_id, now=now)
        return False
    try:
        erase(member_id=found.member_id, now=now)
    except (StillOpen, StaffStays):
        Erasure.objects.filter(pk=found.pk, held_at=None).update(held_at=now)
        return False
    return True


@transaction.atomic
def erase(*, member_id: int, now: datetime, again: tombstones.Stone | None = None) -> bool:
    """Carry out everything that `fates` says, in one transaction; doing it twice changes nothing. Says whether it was done now.

    again: the shop came back from an older copy, and this one was erased already: whatever is open does not matter then.
    Raises StillOpen, StaffStays. Announces MemberErased.
    """
    member = Member.objects.select_for_update().filter(pk=member_id, erased_at=None).first()
    if member is None:
        return False
    request = open_request(member_id)
    if again is None:
        _check(member)
    keeps_words = again.keeps_words if again else bool(request and request.keeps_words)
    gone = Gone(member_id, tuple(one for one in (member.email, member.phone) if one), keeps_words, _former(), now)
    withdraw_all(member=member, where="erased", now=now)
    quiet_notices(gone)
    end_other_sessions(member=member, current_key="", now=now)
    pictures, films = pictures_of(gone), films_of(gone)
    _empty_member(member, gone)
    for fate in FATES:
        fate.apply(gone)
    crash.point("erasing.erase.emptied")
    goods_stay(member_id)
    remove_films(film_ids=films)
    media.remove_pictures(picture_ids=pictures)
    Erasure.objects.filter(member=member_id, withdrawn_at=None, done_at=None).update(done_at=now)
    record(MemberErased(member_id=member_id), now=now)
    audit.write(
        actor="restore" if again else None, action="erasure.done", target=f"member:{member_id}",
        after={"keeps_words": keeps_words}, now=now,
    )  # fmt: skip
    crash.point("erasing.erase.written")
    stone = tombstones.Stone(member_id, member.joined_at, now, keeps_words)
    transaction.on_commit(partial(tombstones.add, [stone]))
    transaction.on_commit(partial(letters.done, gone))
    return True


def _former() -> str:
    """The name of somebody who left, in the shop's language."""
    with translation.override(shop().language or "zh-hans"):
        return gettext("A former member")


def _empty_member(member: Member, gone: Gone) -> None:
    Member.objects.filter(pk=member.pk).update(
        name=gone.former, email=None, phone=None, email_verified_at=None, phone_verified_at=None, avatar=None, bio="", language="",
        password=make_password(None), is_active=False, is_leader=False, last_login=None, erased_at=gone.now,
    )  # fmt: skip


def forget_later(*, now: datetime) -> dict[str, int]:
    """Empty what nobody needs any more, of whomever; returns how many rows of each table."""
    found: dict[str, int] = {}
    for rule in LATER:
        found[rule.model] = found.get(rule.model, 0) + rule.apply(now)
    return found
