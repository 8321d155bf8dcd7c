"""Inviting somebody to the staff: a link that is good once, made by an owner, accepted by whoever it is meant for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from quanzi.base.audit.services import write
from quanzi.base.jobs.services import enqueue
from quanzi.kernel.errors import InvalidInput, NotAllowed
from quanzi.kernel.ids import new_token
from quanzi.people.accounts import errors, invitations
from quanzi.people.accounts.models import Member, StaffInvitation, StaffRole
from quanzi.people.accounts.policies import can
from quanzi.people.accounts.rules import clean_email, clean_phone, masked
from quanzi.people.accounts.services.members import set_staff_role

USUAL_DAYS, MOST_DAYS = 3, 14
A_DAY, LIMIT_A_DAY = timedelta(days=1), 20
KEPT = timedelta(days=30)


@transaction.atomic
def invite_staff(
    *, role: str, contact: str = "", days: int = USUAL_DAYS, by: Member, site: str, now: datetime
) -> StaffInvitation:
    """Offer a role. An older invitation of the same contact ends; an e-mail address gets a letter with the link.

    contact: e-mail address or phone number that must be proved to accept, or empty; site: the shop's address, like
    "https://shop.example". Raises NotAllowed, UnknownRole, NotAContact, BadInvitationDays, TooManyInvitations.
    """
    if not can(by, "staff.manage"):
        raise NotAllowed()
    if role not in StaffRole.values:
        raise errors.UnknownRole(field="role")
    if not 1 <= days <= MOST_DAYS:
        raise errors.BadInvitationDays(field="days", most=MOST_DAYS)
    contact = _contact(contact)
    Member.objects.select_for_update(no_key=True).get(pk=by.pk)  # two tabs invite one after the other
    if StaffInvitation.objects.filter(made_at__gt=now - A_DAY).count() >= LIMIT_A_DAY:
        raise errors.TooManyInvitations(limit=LIMIT_A_DAY)
    if contact:
        for older in StaffInvitation.objects.select_for_update().filter(contact=contact, ended_as="").order_by("pk"):
            _end(older, by=by, now=now)
    made = StaffInvitation.objects.create(
        role=role, contact=contact, nonce=new_token(), made_by=by, made_at=now, expires_at=now + timedelta(days=days)
    )
    after = {"role": role, "for": masked(contact), "days": days}
    write(actor=by, action="staff.invited", target=f"staff_invitation:{made.pk}", after=after, now=now)
    if "@" in contact:
        enqueue("accounts.send_invitation", invitation_id=made.pk, site=site)
    return made


@transaction.atomic
def withdraw_invitation(*, invitation_id: int, by: Member, now: datetime) -> None:
    """The link leads nowhere from this moment. Raises NotAllowed, InvitationOver when it is used or withdrawn already."""
    if not can(by, "staff.manage"):
        raise NotAllowed()
    found = StaffInvitation.objects.select_for_update().filter(pk=invitation_id, ended_as="").first()
    if found is None:
        raise errors.InvitationOver()
    _end(found, by=by, now=now)


@transaction.atomic
def accept_invitation(*, token: str, member: Member, now: datetime) -> Member:
    """The member takes the role that the link offers; it opens nothing before the second step.

    Raises InvitationOver, NotTheInvited, StaffAlready. Of two who hold the link, one passes.
    """
    member = Member.objects.select_for_update().get(pk=member.pk)
    found = invitations.open_by_token(token, now=now, lock=True)
    if found is None:
        raise errors.InvitationOver()
    if not invitations.is_for(found, member):
        raise errors.NotTheInvited(contact=masked(found.contact))
    if member.is_staff:
        raise errors.StaffAlready()
    found.ended_as, found.ended_at, found.accepted_by = StaffInvitation.End.ACCEPTED, now, member
    found.save(update_fields=["ended_as", "ended_at", "accepted_by"])
    after = {"role": found.role, "invited_by": found.made_by_id}
    write(actor=member, action="staff.invitation_accepted", target=f"staff_invitation:{found.pk}", after=after, now=now)
    return set_staff_role(member=member, role=found.role, actor=member, now=now)


@transaction.atomic
def forget_invitations(*, now: datetime) -> int:
    """Delete invitations that ended or expired a month ago, with their contacts; what was done stays in the audit log."""
    return StaffInvitation.objects.filter(expires_at__lt=now - KEPT).delete()[0]


def _end(found: StaffInvitation, *, by: Member, now: datetime) -> None:
    found.ended_as, found.ended_at = StaffInvitation.End.WITHDRAWN, now
    found.save(update_fields=["ended_as", "ended_at"])
    write(actor=by, action="staff.invitation_withdrawn", target=f"staff_invitation:{found.pk}", now=now)


def _contact(text: str) -> str:
    text = text.strip()
    try:
        return "" if not text else clean_email(text) if "@" in text else clean_phone(text)
    except InvalidInput:
        raise errors.NotAContact(field="contact") from None
