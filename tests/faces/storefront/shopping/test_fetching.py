"""An order of a round says when it is picked up: in the round's window, then until when it waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from quanzi.base.events.services import deliver_pending
from quanzi.kernel.clock import Clock, frozen
from quanzi.people.contact.models import Notice
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Entry
from tests.faces.storefront.browsing import browser, page
from tests.trade.stations.conftest import NOW
from tests.trade.stations.test_leading import Day

pytestmark = pytest.mark.django_db


@pytest.fixture
def day() -> Iterator[Day]:
    with frozen(NOW) as clock:
        yield Day(clock)


def said(day: Day, language: str = "zh-hans") -> str:
    return page(browser(day.first.member, language=language), "order", day.first.number)


def at(day: Day, clock: Clock, **more: int) -> str:
    clock.at = day.round.pickup_until + timedelta(**more)
    return said(day)


def test_the_window_of_the_round_stands_for_the_hours_of_the_point(day: Day) -> None:
    PickupPoint.objects.update(hours="周五 16:00–20:00 来取")
    assert "今天 14:00–18:00 来取" in said(day).replace("今晚", "今天")
    day.count(5)
    drawn = said(day)
    assert "货到站了，今天 14:00–18:00 来取" in drawn and "周五" not in drawn
    assert "Your goods are here: pick them up today 14:00–18:00" in said(day, "en")


def test_after_the_window_it_says_until_when_the_goods_wait(day: Day) -> None:
    day.count(5)
    assert "还给你留着，明天 18:00 前来取" in at(day, day.clock, minutes=1).replace("明晚", "明天")
    stations.note_missed(day.clock.at)
    deliver_pending()
    told = Notice.objects.get(kind="pickup_kept", member=day.first.member)
    assert told.params["until"] == "11-21 18:00"
    assert "没有人来取" in at(day, day.clock, hours=25)


def test_what_the_leader_carries_to_the_door_is_not_to_be_fetched(day: Day) -> None:
    Entry.objects.update(to_door="3 幢 502")
    day.count(5)
    assert "团长会送到 3 幢 502" in said(day)
