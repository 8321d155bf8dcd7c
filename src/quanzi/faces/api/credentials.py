"""Recognising who sent a secret: a personal token, or an app that a member let in. One statement each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.idp.oidc.models import Token
from django.db.models import Q

from quanzi.faces.api.errors import BadToken
from quanzi.faces.api.models import ApiToken
from quanzi.faces.api.scopes import STAFF
from quanzi.people.accounts import second_step
from quanzi.people.accounts.models import Member

PREFIX = "qz_"
"""Lets programs that look for leaked secrets find ours; without it, it is an app's."""

NOTE_USE_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Credential:
    """Whom a program speaks for, and for what. who: the name under which its calls are counted."""

    member: Member
    scopes: frozenset[str]
    who: str


def recognise(*, secret: str, waking: frozenset[str] = STAFF, now: datetime) -> Credential:
    """What a secret opens. Raises BadToken, also for a member who is locked or erased.

    It is looked up by its SHA-256, so nothing that is compared tells how near a guess was. Without a scope of `waking`, or
    when its member has no second step any more, the member's role sleeps, as in a session before that step.
    """
    found = _personal(secret, now) if secret.startswith(PREFIX) else _of_app(secret, now)
    member = found.member
    if member.is_staff:
        is_sure = second_step.is_excused(member) or second_step.is_set(member)
        member.staff_locked = not (found.scopes & waking and is_sure)
    return found


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _personal(secret: str, now: datetime) -> Credential:
    found = ApiToken.objects.select_related("member").filter(
        digest=digest_of(secret), revoked_at=None, expires_at__gt=now
    )
    token = found.filter(member__is_active=True, member__erased_at=None).first()
    if token is None:
        raise BadToken
    if token.used_at is None or token.used_at < now - NOTE_USE_EVERY:
        stale = Q(used_at=None) | Q(used_at__lt=now - NOTE_USE_EVERY)
        ApiToken.objects.filter(stale, pk=token.pk).update(used_at=now)
    return Credential(token.member, frozenset(token.scopes.split()), f"token {token.pk}")


def _of_app(secret: str, now: datetime) -> Credential:
    found = Token.objects.select_related("user").filter(
        type=Token.Type.ACCESS_TOKEN, hash=digest_of(secret), expires_at__gt=now
    )
    token = found.filter(user__is_active=True, user__erased_at=None).first()
    if token is None or not isinstance(token.user, Member):
        raise BadToken
    return Credential(token.user, frozenset(token.get_scopes()), f"app {token.client_id} {token.user_id}")
