"""What a phone sends twice is done once: each act comes under a key that the phone made."""

from __future__ import annotations

import hashlib
from datetime import datetime

from quanzi.people.accounts.models import Member
from quanzi.trade.sales.errors import BadKey
from quanzi.trade.sales.rules import is_key
from quanzi.trade.stations.errors import ActReused
from quanzi.trade.stations.models import LeaderAct


def begin(*, member: Member, key: str, what: tuple[object, ...], now: datetime) -> LeaderAct:
    """The act under this key, new or as it was begun before. Raises BadKey, ActReused for another content.

    Whoever sends the same at the same moment waits for the first one's transaction.
    """
    if not is_key(key):
        raise BadKey(field="key")
    asked = hashlib.sha256(repr(what).encode()).hexdigest()
    act, _ = LeaderAct.objects.get_or_create(member=member, key=key, defaults={"request_hash": asked, "begun_at": now})
    if act.request_hash != asked:
        raise ActReused()
    return act


def end(act: LeaderAct, answer: dict[str, object], now: datetime) -> None:
    """Done: sent again, it finds this answer."""
    act.done_at, act.answer = now, answer
    act.save(update_fields=["done_at", "answer"])
