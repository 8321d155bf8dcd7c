"""Sessions whose member comes with them: one statement for who is there, and always the row as it stands.

Nothing of it is kept between requests, so a session that was ended on the list of devices is over at once.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core import signing
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from quanzi.base import planned, rows
from quanzi.base.media.models import Picture
from quanzi.people.accounts.models import Member


@cache
def _columns(model: type[Member | Picture], alias: str) -> tuple[list[str], str]:
    fields = model._meta.concrete_fields
    return [one.attname for one in fields], ", ".join(f'{alias}."{one.column}"' for one in fields)


class SessionStore(DatabaseStore):
    """Django's sessions in the database; `member` is the row of whoever logged in with it, None before anybody did."""

    member: Member | None = None

    def load(self) -> dict[str, Any]:
        found = planned.rows(_sql(), [self.session_key, timezone.now()])
        if not found:
            self._session_key = None
            return {}
        data, *columns = found[0]
        self.member = _member(columns)
        return self.decode(data)

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """As Django's; the same text is proven and unpacked once."""
        try:
            text = session_data if isinstance(session_data, str) else session_data.decode()
            packed = _unpacked(text, self.key_salt)
        except Exception:  # noqa: BLE001 - Django knows what each of them means
            return super().decode(session_data)
        return dict(self.serializer().loads(packed))


class _Bytes:
    """Leaves a signed text as it is, to be read afresh each time: what is read may be changed by whoever reads it."""

    def dumps(self, obj: bytes) -> bytes:
        return obj

    def loads(self, data: bytes) -> bytes:
        return data


@lru_cache(maxsize=2048)
def _unpacked(session_data: str, salt: str) -> bytes:
    """What was signed, under this process's key. Raises BadSignature, ValueError."""
    found: bytes = signing.loads(session_data, salt=salt, serializer=_Bytes)
    return found


def member_of(request: HttpRequest) -> Member | None:
    """The member that came with the session, when everything that Django asks is so; None leaves the asking to Django."""
    session = request.session
    if not isinstance(session, SessionStore) or SESSION_KEY not in session:  # reads the session
        return None
    member = session.member
    if member is None or str(member.pk) != session[SESSION_KEY] or not member.is_active:
        return None
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    if not constant_time_compare(session.get(HASH_SESSION_KEY, ""), member.get_session_auth_hash()):
        return None
    return member


@cache
def _sql() -> str:
    _, member = _columns(Member, "m")
    _, picture = _columns(Picture, "p")
    return f"""SELECT s.session_data, {member}, {picture} FROM django_session s
        LEFT JOIN accounts_membersession d ON d.session_key = s.session_key LEFT JOIN accounts_member m ON m.id = d.member_id
        LEFT JOIN media_picture p ON p.id = m.avatar_id WHERE s.session_key = %s AND s.expire_date > %s"""


def _member(columns: list[Any]) -> Member | None:
    names, _ = _columns(Member, "m")
    ours, picture = columns[: len(names)], columns[len(names) :]
    if ours[names.index("id")] is None:
        return None
    member = rows.made(Member, names, ours)
    if member.avatar_id is not None and member.avatar_id == picture[0]:
        member.avatar = rows.made(Picture, _columns(Picture, "p")[0], picture)
    return member
