"""The key that opens an empty shop to its first owner, so that nobody takes it who merely came first over the network."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from quanzi.base.shop.errors import OpeningOver
from quanzi.base.shop.models import OpeningKey
from quanzi.kernel.ids import new_token

LASTS = timedelta(days=1)


@transaction.atomic
def issue_key(*, now: datetime) -> str:
    """A new key for whoever sits at this machine; keys from before open nothing any more. Asks no rule: the caller knows that no owner is there."""
    OpeningKey.objects.filter(used_at=None).delete()
    key = new_token(24)
    OpeningKey.objects.create(key_hash=_hash(key), made_at=now, expires_at=now + LASTS)
    return key


def is_open(*, key: str, now: datetime) -> bool:
    """Whether the key would open the shop now."""
    return OpeningKey.objects.filter(key_hash=_hash(key), used_at=None, expires_at__gt=now).exists()


@transaction.atomic
def spend_key(*, key: str, now: datetime) -> None:
    """Use the key up; of two who hold it, one passes. Raises OpeningOver."""
    if not OpeningKey.objects.filter(key_hash=_hash(key), used_at=None, expires_at__gt=now).update(used_at=now):
        raise OpeningOver()


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
