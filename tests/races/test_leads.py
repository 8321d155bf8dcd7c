"""Many commercial messages at once from one person to another are still as many as the brake allows."""

from __future__ import annotations

import pytest
from django.db import connection

from quanzi.growth.leads import errors
from quanzi.growth.leads.models import Approach
from quanzi.growth.leads.services import approaching, opening
from quanzi.people.contact.services import decide
from tests.factories.goods import make_product
from tests.factories.people import befriend, make_member
from tests.races.conftest import NOW, Race

pytestmark = pytest.mark.django_db(transaction=True)
LINE = "PERFORM FROM accounts_member WHERE id = NEW.recipient_id FOR NO KEY UPDATE;"


def _write_together(race: Race) -> int:
    """How many of 64 messages went."""
    sender, reader, goods = make_member(now=NOW), make_member(now=NOW), make_product(on_sale=True, now=NOW)
    befriend(sender, reader, now=NOW)
    for purpose, channel in (("recommendation", "none"), ("deals", "in_app")):
        decide(member=reader, purpose=purpose, channel=channel, granted=True, where="test", now=NOW)
    opening.want_at_most(member=reader, per_week=7)
    race(
        lambda number: approaching.suggest(
            sender=sender, recipient_id=reader.pk, product_id=goods.pk, words=f"第{number}次", now=NOW
        )
    ).only(errors.TooMuch, errors.BeyondAttention)
    return Approach.objects.count()


def test_of_sixty_four_messages_at_once_two_go(race: Race) -> None:
    assert _write_together(race) == 2


def test_control_without_the_line_in_which_they_stand_more_go(race: Race) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('leads_guard_approach'::regproc)")
        [(whole,)] = cursor.fetchall()
        assert LINE in whole
        slow = whole.replace(LINE, "").replace("RETURN NEW;\nEND", "PERFORM pg_sleep(0.3);\n    RETURN NEW;\nEND")
        cursor.execute(slow)
        try:
            assert _write_together(race) > 2
        finally:
            cursor.execute(whole)
