"""The key of an empty shop: once, for a day, for one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.base.shop.errors import OpeningOver
from quanzi.base.shop.models import OpeningKey
from quanzi.base.shop.services import is_open, issue_key, spend_key
from quanzi.kernel import clock

pytestmark = pytest.mark.django_db


def test_a_key_opens_once_within_a_day() -> None:
    now = clock.now()
    key = issue_key(now=now)
    assert is_open(key=key, now=now + timedelta(hours=23))
    assert not is_open(key=key, now=now + timedelta(hours=24))
    spend_key(key=key, now=now)
    with pytest.raises(OpeningOver):
        spend_key(key=key, now=now)


def test_a_newer_key_ends_the_older_and_neither_stands_in_the_database() -> None:
    now = clock.now()
    old, new = issue_key(now=now), issue_key(now=now)
    with pytest.raises(OpeningOver):
        spend_key(key=old, now=now)
    assert not OpeningKey.objects.filter(key_hash__in=[old, new]).exists()
    spend_key(key=new, now=now)
