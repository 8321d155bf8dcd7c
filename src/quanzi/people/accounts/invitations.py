"""Reading invitations to the staff, and the links that open them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer

from quanzi.people.accounts.models import Member, StaffInvitation
from quanzi.people.accounts.policies import can

_signer = Signer(salt="accounts.staff_invitation", sep=".")

PAGE = "/invited/"
"""Where links lead; the page draws it."""


def link_of(invitation: StaffInvitation, *, site: str) -> str:
    """The link as people get it. site: the shop's address, like "https://shop.example"."""
    return f"{site.rstrip('/')}{PAGE}{_signer.sign(invitation.nonce)}"


def open_by_token(token: str, *, now: datetime, lock: bool = False) -> StaffInvitation | None:
    """The invitation that a link opens now; None for every other, also when whoever invited may not invite any more."""
    try:
        nonce = _signer.unsign(token)
    except BadSignature:
        return None
    rows = StaffInvitation.objects.select_related("made_by").filter(nonce=nonce, ended_as="", expires_at__gt=now)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    return found if found is not None and can(found.made_by, "staff.manage") else None


def is_for(invitation: StaffInvitation, member: Member) -> bool:
    """Whether the member has proved the contact that was invited; anybody has when none was named."""
    proved = {
        (member.email or "").lower() if member.email_verified_at else "",
        member.phone if member.phone_verified_at else "",
    }
    return not invitation.contact or invitation.contact in proved


def latest(*, limit: int = 50) -> list[StaffInvitation]:
    """Those that wait or ended lately, newest first."""
    return list(StaffInvitation.objects.select_related("made_by", "accepted_by").order_by("-pk")[:limit])


def state_of(invitation: StaffInvitation, *, now: datetime) -> str:
    """open, accepted, withdrawn, expired, or void: whoever made it is no owner any more."""
    if invitation.ended_as:
        return str(invitation.ended_as)
    if now >= invitation.expires_at:
        return "expired"
    return "open" if can(invitation.made_by, "staff.manage") else "void"


def sends_letters() -> bool:
    """Whether letters reach people; without a mail server they lie in the data folder."""
    return bool(settings.MAILERS["default"]["BACKEND"].endswith("smtp.EmailBackend"))
