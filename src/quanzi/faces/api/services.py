"""Making tokens, taking them back, recognising them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.idp.oidc.models import Token
from django.db import transaction
from django.db.models import Q

from quanzi.base.audit.services import write as audit
from quanzi.faces.api import errors
from quanzi.faces.api.credentials import PREFIX, digest_of
from quanzi.faces.api.models import ApiToken
from quanzi.faces.api.scopes import SCOPES, STAFF, known
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import may_use_console
from quanzi.people.accounts.rules import visible

SECRET_BYTES = 32
NAME_LIMIT = 60
TOKEN_LIMIT = 20
USUAL_DAYS, MOST_DAYS = 90, 365


@transaction.atomic
def make_token(
    *, member: Member, name: str, scopes: Iterable[str] = SCOPES, days: int = USUAL_DAYS, now: datetime
) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can read again. days: how long it lives.

    scopes: what it may be used for; rights of the staff only from whoever has them now (the second step taken), and
    left out of the default for everybody else. Raises TokenNameNeeded, BadLifetime, ScopesNeeded, StaffOnlyScopes, TooManyTokens.
    """
    name = visible(name)
    chosen = _chosen(member, scopes)
    if not 1 <= len(name) <= NAME_LIMIT:
        raise errors.TokenNameNeeded(field="name", limit=NAME_LIMIT)
    if not 1 <= days <= MOST_DAYS:
        raise errors.BadLifetime(field="days", most=MOST_DAYS)
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # two requests count one after the other
    if ApiToken.objects.filter(member=member, revoked_at=None, expires_at__gt=now).count() >= TOKEN_LIMIT:
        raise errors.TooManyTokens(limit=TOKEN_LIMIT)
    secret = PREFIX + new_token(SECRET_BYTES)
    token = ApiToken.objects.create(
        member=member, name=name, digest=digest_of(secret), scopes=" ".join(chosen), made_at=now,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    audit(
        actor=member,
        action="token.make",
        target=f"api_token:{token.pk}",
        after={"days": days, "scopes": chosen},
        now=now,
    )
    return token, secret


def _chosen(member: Member, scopes: Iterable[str]) -> list[str]:
    is_staff = may_use_console(member)
    chosen: list[str] = [*known(scopes)]
    if scopes is SCOPES and not is_staff:
        chosen = [scope for scope in chosen if scope not in STAFF]
    if not chosen:
        raise errors.ScopesNeeded(field="scopes")
    if not is_staff and STAFF & set(chosen):
        raise errors.StaffOnlyScopes(field="scopes")
    return chosen


@transaction.atomic
def revoke_token(*, member: Member, token_id: int, now: datetime) -> None:
    """The token opens nothing from this moment. Raises TokenNotFound, also for somebody else's."""
    if not ApiToken.objects.filter(pk=token_id, member=member, revoked_at=None).update(revoked_at=now):
        raise errors.TokenNotFound
    audit(actor=member, action="token.revoke", target=f"api_token:{token_id}", now=now)


@transaction.atomic
def revoke_for_staff(*, token_id: int, actor: Member, now: datetime) -> None:
    """Take back a token of somebody of the staff; the caller has the right to. Raises TokenNotFound."""
    if not ApiToken.objects.filter(pk=token_id, member__is_staff=True, revoked_at=None).update(revoked_at=now):
        raise errors.TokenNotFound
    audit(actor=actor, action="token.revoke_for_staff", target=f"api_token:{token_id}", now=now)


@transaction.atomic
def end_staff_tokens(*, member_id: int, now: datetime) -> int:
    """Take back what a member let programs do as staff, their own tokens and apps; returns how many. Writes the audit log."""
    rights = Q()
    for scope in STAFF:
        rights |= Q(scopes__contains=scope)
    ended = ApiToken.objects.filter(rights, member_id=member_id, revoked_at=None, made_at__lte=now).update(
        revoked_at=now
    )
    ended += int(Token.objects.filter(rights, user_id=member_id).delete()[0])
    if ended:
        audit(actor=None, action="token.end_of_staff", target=f"member:{member_id}", after={"tokens": ended}, now=now)
    return ended


def tokens_of(*, member: Member, now: datetime) -> list[ApiToken]:
    """A member's tokens that still open something, newest first."""
    return list(ApiToken.objects.filter(member=member, revoked_at=None, expires_at__gt=now).order_by("-id"))
