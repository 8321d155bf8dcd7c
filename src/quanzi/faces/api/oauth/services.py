"""Apps: registering them, letting them go, and ending what a stolen refresh token could do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.db import transaction
from django.db.models import Max, Min

from quanzi.base.audit.services import write as audit
from quanzi.faces.api.errors import ScopesNeeded
from quanzi.faces.api.models import SpentRefresh
from quanzi.faces.api.oauth import errors
from quanzi.faces.api.scopes import known
from quanzi.kernel.errors import DomainError, Errors
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.rules import visible

NAME_LIMIT = 60
MOST_ADDRESSES = 5
OWN_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")
"""Of an app on a phone: its own name, with a dot in it, so that nobody takes a common scheme."""

LASTING = (Token.Type.ACCESS_TOKEN, Token.Type.REFRESH_TOKEN)
KEPT_SPENT = timedelta(days=90)


@dataclass(frozen=True)
class AppRow:
    """An app that a member let in. until: when its access ends by itself."""

    id: str
    name: str
    scopes: list[str]
    since: datetime
    until: datetime | None


@transaction.atomic
def register_app(
    *, name: str, redirect_uris: Sequence[str], scopes: Iterable[str], is_public: bool, actor: Member, now: datetime
) -> tuple[Client, str]:
    """An app that members may let in, and its secret, which nobody can read again; empty for an app that cannot keep one.

    Raises Errors with AppNameNeeded, RedirectNeeded, RedirectUnsafe, ScopesNeeded.
    """
    name, addresses, chosen = visible(name), [one.strip() for one in redirect_uris if one.strip()], known(scopes)
    Errors.raise_any(_problems(name, addresses, chosen))
    secret = "" if is_public else get_adapter().generate_client_secret()
    client = Client(
        name=name, type=Client.Type.PUBLIC if is_public else Client.Type.CONFIDENTIAL, owner=None, created_at=now
    )
    client.set_redirect_uris(addresses)
    client.set_scopes(chosen)
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN])
    client.set_response_types([Client.ResponseType.CODE])
    client.set_secret(secret or get_adapter().generate_client_secret())
    client.save(force_insert=True)
    audit(
        actor=actor, action="app.register", target=f"app:{client.pk}",
        after={"name": name, "scopes": chosen, "redirect_uris": addresses, "is_public": is_public}, now=now,
    )  # fmt: skip
    return client, secret


def _problems(name: str, addresses: list[str], chosen: Sequence[str]) -> list[DomainError]:
    found: list[DomainError] = []
    if not 1 <= len(name) <= NAME_LIMIT:
        found.append(errors.AppNameNeeded(field="name", limit=NAME_LIMIT))
    if not 1 <= len(addresses) <= MOST_ADDRESSES:
        found.append(errors.RedirectNeeded(field="redirect_uris", most=MOST_ADDRESSES))
    unsafe = [one for one in addresses if not is_safe_return(one)]
    if unsafe:
        found.append(errors.RedirectUnsafe(field="redirect_uris", address=unsafe[0][:100]))
    if not chosen:
        found.append(ScopesNeeded(field="scopes"))
    return found


def is_safe_return(address: str) -> bool:
    """Whether a code may be sent there."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if len(address) > 500 or not address.isascii() or not address.isprintable() or " " in address:
        return False
    if "*" in address or parts.fragment or "#" in address or parts.username is not None:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    if parts.scheme == "http":
        return parts.hostname in ("127.0.0.1", "::1")
    return OWN_SCHEME.fullmatch(parts.scheme) is not None


@transaction.atomic
def remove_app(*, client_id: str, actor: Member, now: datetime) -> None:
    """The app and every access that members gave it. Raises AppNotFound."""
    if not Client.objects.filter(pk=client_id).delete()[0]:
        raise errors.AppNotFound
    audit(actor=actor, action="app.remove", target=f"app:{client_id}", now=now)


@transaction.atomic
def take_back(*, member: Member, client_id: str, now: datetime) -> None:
    """The app speaks for the member no more, from this moment. Raises AppNotFound."""
    if not end_access(client_id=client_id, member_id=member.pk):
        raise errors.AppNotFound
    audit(actor=member, action="app.take_back", target=f"app:{client_id}", now=now)


def end_access(*, client_id: str, member_id: int) -> int:
    """Delete every token of the two; how many there were."""
    return int(Token.objects.filter(client_id=client_id, user_id=member_id).delete()[0])


def apps_of(*, member: Member, now: datetime) -> list[AppRow]:
    """The apps that speak for a member, by name."""
    alive = Token.objects.filter(user=member, type__in=LASTING, expires_at__gt=now, client__isnull=False)
    rows = alive.values("client_id", "client__name").annotate(since=Min("created_at"), until=Max("expires_at"))
    scopes: dict[str, set[str]] = {}
    for token in alive:
        scopes.setdefault(token.client_id, set()).update(token.get_scopes())
    return [
        AppRow(row["client_id"], row["client__name"], list(known(scopes[row["client_id"]])), row["since"], row["until"])
        for row in rows.order_by("client__name", "client_id")
    ]


def registered() -> list[Client]:
    """Every app, the newest first."""
    return list(Client.objects.order_by("-created_at", "pk"))


def note_spent(*, digest: str, client_id: str, member_id: int, now: datetime) -> None:
    """A code, or a refresh token, was turned over into tokens."""
    SpentRefresh.objects.get_or_create(
        digest=digest, defaults={"client_id": client_id, "member_id": member_id, "spent_at": now}
    )


def end_if_spent(*, digest: str, now: datetime) -> bool:
    """Whether a code or refresh token had been turned over already: then two hold it, and all access of app and member ends."""
    spent = SpentRefresh.objects.filter(digest=digest).first()
    if spent is None:
        return False
    end_access(client_id=spent.client_id, member_id=spent.member_id)
    audit(actor="oauth", action="app.refresh_seen_twice", target=f"app:{spent.client_id}", now=now)
    return True


def forget_spent(*, now: datetime) -> None:
    """Every night: tokens that are over, and refresh tokens spent long ago."""
    Token.objects.filter(expires_at__lte=now).delete()
    SpentRefresh.objects.filter(spent_at__lt=now - KEPT_SPENT).delete()
