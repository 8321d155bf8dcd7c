"""Writes of the room: making tokens, taking them back, recognising them."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from quanzi.base.audit.services import write as audit
from quanzi.faces.api import errors
from quanzi.faces.api.models import ApiToken
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.rules import visible

PREFIX = "qz_"
"""Lets programs that look for leaked secrets find ours."""

SECRET_BYTES = 32
NAME_LIMIT = 60
TOKEN_LIMIT = 20
USUAL_DAYS, MOST_DAYS = 90, 365
NOTE_USE_EVERY = timedelta(minutes=10)


@transaction.atomic
def make_token(
    *, member: Member, name: str, is_read_only: bool = False, days: int = USUAL_DAYS, now: datetime
) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can read again. days: how long it lives.

    Raises TokenNameNeeded, BadLifetime, TooManyTokens.
    """
    name = visible(name)
    if not 1 <= len(name) <= NAME_LIMIT:
        raise errors.TokenNameNeeded(field="name", limit=NAME_LIMIT)
    if not 1 <= days <= MOST_DAYS:
        raise errors.BadLifetime(field="days", most=MOST_DAYS)
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # two requests count one after the other
    if ApiToken.objects.filter(member=member, revoked_at=None, expires_at__gt=now).count() >= TOKEN_LIMIT:
        raise errors.TooManyTokens(limit=TOKEN_LIMIT)
    secret = PREFIX + new_token(SECRET_BYTES)
    token = ApiToken.objects.create(
        member=member, name=name, digest=digest_of(secret), is_read_only=is_read_only, made_at=now,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    audit(actor=member, action="token.make", target=f"api_token:{token.pk}", after={"days": days}, now=now)
    return token, secret


@transaction.atomic
def revoke_token(*, member: Member, token_id: int, now: datetime) -> None:
    """The token opens nothing from this moment. Raises TokenNotFound, also for somebody else's."""
    if not ApiToken.objects.filter(pk=token_id, member=member, revoked_at=None).update(revoked_at=now):
        raise errors.TokenNotFound
    audit(actor=member, action="token.revoke", target=f"api_token:{token_id}", now=now)


def recognise(*, secret: str, now: datetime) -> ApiToken:
    """The token that a request carries, with its member. Raises BadToken, also for a member who is locked or erased."""
    found = ApiToken.objects.select_related("member").filter(
        digest=digest_of(secret), revoked_at=None, expires_at__gt=now
    )
    token = found.filter(member__is_active=True, member__erased_at=None).first()
    if token is None:
        raise errors.BadToken
    stale = Q(used_at=None) | Q(used_at__lt=now - NOTE_USE_EVERY)
    if token.used_at is None or token.used_at < now - NOTE_USE_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(used_at=now)
    return token


def tokens_of(*, member: Member, now: datetime) -> list[ApiToken]:
    """A member's tokens that still open something, newest first."""
    return list(ApiToken.objects.filter(member=member, revoked_at=None, expires_at__gt=now).order_by("-id"))


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
