"""Members come to be, change their profile, take a role."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction

from quanzi.base.audit.services import write
from quanzi.base.events.services import record
from quanzi.base.media.models import Picture
from quanzi.kernel.errors import DomainError, Errors, InvalidInput, NotAllowed, NotFound
from quanzi.people.accounts import errors
from quanzi.people.accounts.events import MemberJoined, SecondStepReset, StaffRoleChanged
from quanzi.people.accounts.models import CodeTries, Member, StaffRole
from quanzi.people.accounts.naming import check_name
from quanzi.people.accounts.policies import can
from quanzi.people.accounts.rules import clean_email, clean_name, clean_phone, clean_text
from quanzi.people.accounts.services.sessions import end_other_sessions

BIO_LIMIT = 200
ATTEMPT_LASTS = timedelta(days=1)


@transaction.atomic
def create_member(
    *,
    name: str,
    email: str | None = None,
    phone: str | None = None,
    password: str | None = None,
    is_demo: bool = False,
    how: str = "staff",
    now: datetime,
) -> Member:
    """Make a member without the sign-up form (demo, import, staff); whoever calls vouches for the contact.

    Raises NameNeeded, NotAPhone, InvalidInput (e-mail), ContactTaken. Announces MemberJoined.
    """
    name = clean_name(name)
    email = clean_email(email) if email else None
    phone = clean_phone(phone) if phone else None
    try:
        with transaction.atomic():
            member = Member.objects.create_user(
                name=name, email=email, phone=phone, password=password, is_demo=is_demo,
                joined_at=now, confirmed_at=None,
                email_verified_at=now if email else None, phone_verified_at=now if phone else None,
            )  # fmt: skip
            if email:
                EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
    except IntegrityError:
        raise errors.ContactTaken(field="email" if email else "phone") from None
    welcome(member=member, how="demo" if is_demo else how, now=now)
    return member


@transaction.atomic
def welcome(*, member: Member, how: str = "", now: datetime) -> bool:
    """The first time somebody is known to be who they say: they are a member now. Says whether it was the first."""
    how = how or ("phone" if member.phone_verified_at else "email")
    if not Member.objects.filter(pk=member.pk, confirmed_at=None).update(confirmed_at=now, joined_at=now):
        return False
    member.confirmed_at = member.joined_at = now
    record(MemberJoined(member_id=member.pk, how=how), now=now)
    return True


@transaction.atomic
def confirm_contact(*, member: Member, email: str = "", phone: str = "", now: datetime) -> None:
    """The member entered the code that was sent there. Raises ContactTaken when somebody else has it by now."""
    values = {"email": email, "email_verified_at": now} if email else {"phone": phone, "phone_verified_at": now}
    try:
        with transaction.atomic():
            Member.objects.filter(pk=member.pk).update(**values)
    except IntegrityError:
        raise errors.ContactTaken(field="email" if email else "phone") from None
    for field, value in values.items():
        setattr(member, field, value)


@transaction.atomic
def set_phone(*, member: Member, phone: str, is_verified: bool, now: datetime) -> None:
    """Write a phone number down, proved or not. Raises ContactTaken."""
    try:
        with transaction.atomic():
            Member.objects.filter(pk=member.pk).update(phone=phone, phone_verified_at=now if is_verified else None)
    except IntegrityError:
        raise errors.ContactTaken(field="phone") from None
    member.phone, member.phone_verified_at = phone, now if is_verified else None


@transaction.atomic
def update_profile(
    *, member: Member, name: str, bio: str, avatar: Picture | None, language: str, now: datetime
) -> Member:
    """Change what others see of a member, all at once.

    avatar: a picture that the member uploaded, or None for none; language: "", "zh-hans" or "en".
    Raises NameNeeded, NameSpeaksForOthers, TextTooLong, PictureNotYours, UnknownLanguage, together when several apply.
    """
    found: list[DomainError] = []
    try:
        name = clean_name(name)
        check_name(name, member=member)
    except InvalidInput as error:
        found.append(error)
    try:
        bio = clean_text(bio, field="bio", limit=BIO_LIMIT)
    except InvalidInput as error:
        found.append(error)
    if avatar is not None and avatar.owner_id != member.pk:
        found.append(errors.PictureNotYours(field="avatar"))
    if language and language not in dict(settings.LANGUAGES):
        found.append(errors.UnknownLanguage(field="language"))
    Errors.raise_any(found)
    member.name, member.bio, member.avatar, member.language = name, bio, avatar, language
    member.save(update_fields=["name", "bio", "avatar", "language"])
    return member


@transaction.atomic
def set_staff_role(*, member: Member, role: str, actor: Member | str, now: datetime) -> Member:
    """Give a role of the staff, or take it ("" for none). Raises UnknownRole. Writes the audit log.

    Whoever had another role is logged out everywhere. Announces StaffRoleChanged.
    """
    if role and role not in StaffRole.values:
        raise errors.UnknownRole(field="role")
    member = Member.objects.select_for_update().get(pk=member.pk)
    before = member.staff_role
    member.staff_role, member.is_staff, member.is_superuser = role, bool(role), role == StaffRole.OWNER
    member.save(update_fields=["staff_role", "is_staff", "is_superuser"])
    write(
        actor=actor, action="staff.role", target=f"member:{member.pk}",
        before={"staff_role": before}, after={"staff_role": role}, now=now,
    )  # fmt: skip
    if before and before != role:
        end_other_sessions(member=member, current_key="", now=now)
        record(StaffRoleChanged(member_id=member.pk, before=before, after=role), now=now)
    return member


@transaction.atomic
def reset_second_step(*, member_id: int, by: Member, now: datetime) -> Member:
    """Take every factor of somebody of the staff away (a lost phone); they are logged out and set a new one at the next login.

    Never one's own. Raises NotAllowed, NotFound. Writes the audit log. Announces SecondStepReset.
    """
    if not can(by, "staff.manage") or by.pk == member_id:
        raise NotAllowed()
    member = Member.objects.select_for_update().filter(pk=member_id, is_staff=True, erased_at=None).first()
    if member is None:
        raise NotFound()
    kinds = sorted(Authenticator.objects.filter(user=member).values_list("type", flat=True))
    Authenticator.objects.filter(user=member).delete()
    end_other_sessions(member=member, current_key="", now=now)
    row = write(
        actor=by, action="factor.reset_by_owner", target=f"member:{member.pk}", before={"kinds": kinds}, after={"kinds": []}, now=now
    )  # fmt: skip
    record(SecondStepReset(member_id=member.pk, by_id=by.pk, entry_id=row.pk), now=now)
    return member


@transaction.atomic
def forget_attempts(*, now: datetime) -> int:
    """Delete sign-ups whose code was never entered, and counts of tries, after a day; returns how many sign-ups."""
    CodeTries.objects.filter(first_at__lt=now - ATTEMPT_LASTS).delete()
    old = Member.objects.filter(confirmed_at=None, last_login=None, joined_at__lt=now - ATTEMPT_LASTS)
    return old.delete()[1].get("accounts.Member", 0)
