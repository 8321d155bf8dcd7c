"""The smallest valid members, addresses and ties."""

from __future__ import annotations

import time
from datetime import datetime
from itertools import count
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import encrypt
from django.test import Client

from quanzi.kernel import clock
from quanzi.people.accounts import services as accounts
from quanzi.people.accounts.invitations import link_of
from quanzi.people.accounts.models import Address, Member, StaffInvitation, StaffRole
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
    """A member with a role of the staff and a second step; `log_in` takes it."""
    at = now or clock.now()
    member = make_member(now=now, **fields)
    give_authenticator(member, now=at)
    return accounts.set_staff_role(member=member, role=role, actor="system", now=at)


def give_authenticator(member: Member, *, now: datetime | None = None) -> str:
    """The member has an authenticator app; returns its secret."""
    secret = generate_totp_secret()
    Authenticator.objects.create(
        user=member, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)}, created_at=now or clock.now()
    )
    return secret


def log_in(client: Client, member: Member, *, second_step: bool = True) -> Client:
    """A browser with a session of the member's; the second step of staff is taken unless a test says otherwise."""
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    if member.is_staff and second_step:
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(member.pk)
        session.save()
    return client


def make_invitation(*, by: Member | None = None, now: datetime | None = None, **words: Any) -> StaffInvitation:
    """An invitation to the staff, by an owner; for whoever holds the link unless a contact is named."""
    return accounts.invite_staff(
        **{"role": StaffRole.SUPPORT, "site": "http://testserver/"} | words,
        by=by or make_staff("owner"),
        now=now or clock.now(),
    )


def invitation_link(invitation: StaffInvitation) -> str:
    """Its address on the test's own host."""
    return link_of(invitation, site="")


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
