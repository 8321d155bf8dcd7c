"""Who somebody is, how they log in, what they allowed, whom they know."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from quanzi.growth.erasing.fates.vocabulary import Empty, Erase, Fate, Gone, Keep, Later

_STAFF = "an act of the staff: it is the shop's"
_PROOF = "proof of what was allowed, and when"

SHOPS = {
    "accounts.codetries": "keyed fingerprints, a day old at most",
    "approvals.approval": "what the staff asked for and decided: numbers, and reasons of the staff",
    "approvals.limit": "limits of money",
    "contact.consenttext": "the shop's own wording",
}


def _codes_to(gone: Gone) -> Q:
    return Q(recipient__in=gone.contacts)


def _invited(gone: Gone) -> Q:
    return Q(accepted_by=gone.member_id) | Q(contact__in=gone.contacts)


def _reported(gone: Gone) -> Q:
    return Q(subject=f"member:{gone.member_id}")


FATES: tuple[Fate, ...] = (
    # the member's own row is written by services.erase
    Erase("accounts.member_groups", "member"),
    Erase("accounts.member_user_permissions", "member"),
    Erase("accounts.address", "member"),
    Erase("accounts.membersession", "member"),
    Erase("accounts.codessent", _codes_to),
    Empty("accounts.staffinvitation", _invited, {"contact": ""}, why=_STAFF),
    Keep("accounts.staffinvitation", {"accepted_by": _STAFF, "made_by": _STAFF, "nonce": "opens nothing by itself"}),
    Erase("account.emailaddress", "user"),
    Erase("account.emailconfirmation", "email_address__user"),
    Erase("mfa.authenticator", "user"),
    Keep("approvals.approval", {"asked_by": _STAFF, "decided_by": _STAFF}),
    Keep("contact.consent", {"member": _PROOF, "where": "the page on which it was said"}),
    Keep("contact.permission", {"member": "follows the consents, all of which are withdrawn"}),
    Erase("contact.push", "notice__member"),
    Erase("contact.device", "member"),
    Erase("contact.notice", "member"),
    Erase("safety.block", "member"),
    Erase("safety.block", "other"),
    Erase("safety.mute", "member"),
    Erase("safety.mute", "other"),
    Empty("safety.report", "member", {"note": ""}, why="what a moderator decided can be looked up"),
    Empty("safety.report", _reported, {"note": ""}, why="what a moderator decided can be looked up"),
    Keep("safety.report", {"decided_by": _STAFF, "subject": "a number"}),
    Erase("trust.tie", "source"),
    Erase("trust.edge", "source"),
    Erase("trust.edge", "target"),
    Erase("trust.tie", "target"),
    Erase("trust.ringmember", "member"),
    Keep(
        "trust.ring",
        {
            "decided_by": _STAFF,
            "reason": "a moderator's own words",
            "signs": "numbers of people",
            "key": "numbers of people",
        },
    ),
    Erase("trust.tierequest", "source"),
    Erase("trust.tierequest", "target"),
)

LATER: tuple[Later, ...] = (
    Later("accounts.codessent", lambda moment: Q(day__lt=moment.date()), {}, timedelta(days=30),
          why="counts of codes guard single days", gone=True),
    Later("sessions.session", lambda moment: Q(expire_date__lt=moment), {}, timedelta(days=1), why="these logins are over", gone=True),
)  # fmt: skip

MEMBER = {
    "name": "the name of a former member", "email": None, "phone": None, "bio": "", "language": "", "staff_role": "",
    "password": "one that nothing opens",
}  # fmt: skip
"""What becomes of the words in the member's own row; services.erase writes them."""
