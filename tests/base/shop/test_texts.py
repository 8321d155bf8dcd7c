"""Rules of the shop: shown first, never edited, and known for any moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.shop.errors import HoldsTooSoon, NothingChanged
from quanzi.base.shop.invariants import rules_shown_first
from quanzi.base.shop.queries import text_at, texts
from quanzi.base.shop.services import publish_text
from quanzi.kernel.clock import SITE_ZONE

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=SITE_ZONE)


def test_the_first_text_holds_at_once_and_a_change_after_seven_days() -> None:
    publish_text(kind="returns", body="七天", actor="test", now=NOW)
    later = NOW + timedelta(days=30)
    changed = publish_text(kind="returns", body="十五天", actor="test", now=later)
    assert changed.effective_at == datetime(2026, 12, 30, tzinfo=SITE_ZONE)
    held = [
        text_at("returns", at) for at in (NOW, later, changed.effective_at - timedelta(seconds=1), changed.effective_at)
    ]
    assert [text.body for text in held if text] == ["七天", "七天", "七天", "十五天"]
    assert text_at("returns", NOW - timedelta(seconds=1)) is None
    assert [text.version for text in texts("returns")] == [2, 1]


def test_a_correction_that_holds_earlier_than_the_one_before_takes_its_place() -> None:
    publish_text(kind="terms", body="一", actor="test", now=NOW)
    far = NOW + timedelta(days=60)
    publish_text(kind="terms", body="二", effective_at=far, actor="test", now=NOW)
    publish_text(kind="terms", body="三", effective_at=NOW + timedelta(days=20), actor="test", now=NOW)
    body = {days: text.body for days in (0, 19, 20, 59, 61) if (text := text_at("terms", NOW + timedelta(days=days)))}
    assert body == {0: "一", 19: "一", 20: "三", 59: "三", 61: "三"}


def test_too_early_and_unchanged_are_refused() -> None:
    publish_text(kind="terms", body="一", actor="test", now=NOW)
    with pytest.raises(HoldsTooSoon) as refused:
        publish_text(kind="terms", body="二", effective_at=NOW + timedelta(days=6), actor="test", now=NOW)
    assert "2026-11-30" in refused.value.text
    with pytest.raises(NothingChanged):
        publish_text(kind="terms", body=" 一\n", actor="test", now=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shop_ruletext SET body = 'other'",
        "DELETE FROM shop_ruletext",
        "INSERT INTO shop_ruletext (kind, version, body, body_en, published_at, effective_at)"
        " SELECT kind, 2, 'b', '', published_at, published_at + interval '6 days' FROM shop_ruletext",
        "INSERT INTO shop_ruletext (kind, version, body, body_en, published_at, effective_at)"
        " SELECT kind, 1, 'b', '', published_at, published_at FROM shop_ruletext",
    ],
)
def test_the_database_refuses_to_edit_to_hurry_and_to_repeat(statement: str) -> None:
    publish_text(kind="terms", body="一", actor="test", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert rules_shown_first() == []
