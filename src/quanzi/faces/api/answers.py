"""Answers that are kept for a day under the caller's own key."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

from django.db import connection

from quanzi.faces.api.models import KeptAnswer
from quanzi.people.accounts.models import Member

KEPT_FOR = timedelta(days=1)
KEY = re.compile(r"[A-Za-z0-9_.:-]{8,64}")

CLAIM = """
INSERT INTO api_keptanswer (member_id, key, request_digest, body, made_at) VALUES (%s, %s, %s, '', %s)
ON CONFLICT (member_id, key) DO NOTHING
"""


def claim(*, member: Member, key: str, request_digest: str, now: datetime) -> KeptAnswer | None:
    """Take the key for this request (None), or find what it was answered before; waits for one that is being answered.

    Inside the transaction of what is done, so that the key and the deed stand or fall together.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [member.pk, key, request_digest, now])
        if cursor.rowcount:
            return None
    return KeptAnswer.objects.get(member=member, key=key)


def keep(*, member: Member, key: str, status: int, body: str) -> None:
    """Note the answer of a request whose key was claimed in this transaction."""
    KeptAnswer.objects.filter(member=member, key=key).update(status=status, body=body)


def forget(*, now: datetime) -> int:
    """Throw away answers that are older than a day; how many."""
    return KeptAnswer.objects.filter(made_at__lt=now - KEPT_FOR).delete()[0]


def digest_of(method: str, path: str, body: bytes) -> str:
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()
