"""How many codes a number may be sent on one day, and how often one may be guessed.

A text message costs money and may bother a stranger; a code of six digits must not be tried often.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from quanzi.kernel.clock import today
from quanzi.people.accounts.errors import TooManyCodes
from quanzi.people.accounts.models import CodesSent, CodeTries


@transaction.atomic
def note_code_sent(*, recipient: str, now: datetime) -> int:
    """Spend one of today's codes before sending it; returns how many were sent. Raises TooManyCodes.

    One statement decides, so that parallel requests cannot pass the limit together.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO accounts_codessent (recipient, day, sent) VALUES (%s, %s, 1)
               ON CONFLICT (recipient, day) DO UPDATE SET sent = accounts_codessent.sent + 1
               WHERE accounts_codessent.sent < %s RETURNING sent""",
            [recipient, today(now), CodesSent.LIMIT],
        )
        row = cursor.fetchone()
    if row is None:
        raise TooManyCodes(limit=CodesSent.LIMIT)
    return int(row[0])


def may_try_code(*, process: str, now: datetime) -> bool:
    """Spend one of the tries of a code before comparing it; False when all are spent.

    process: stands for one code sent to one browser. Commits with the request, whatever becomes of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO accounts_codetries (process, tried, first_at) VALUES (%s, 1, %s)
               ON CONFLICT (process) DO UPDATE SET tried = accounts_codetries.tried + 1
               WHERE accounts_codetries.tried < %s RETURNING tried""",
            [process, now, CodeTries.LIMIT],
        )
        return cursor.fetchone() is not None
