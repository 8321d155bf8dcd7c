"""What a leader is asked to count and hears of, and what counts against them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue.services import recall_lot
from quanzi.kernel.clock import Clock
from quanzi.people.contact.models import Notice
from quanzi.trade.aftersales.scoring import RETURNS
from quanzi.trade.sales import services as sales
from quanzi.trade.stations import queries
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Stop
from quanzi.trade.stations.queries import ArrivalSheet
from tests.factories.goods import bring_in, make_lot
from tests.factories.stations import make_round, order_in
from tests.factories.trade import make_staff, pay
from tests.trade.stations.conftest import NOW
from tests.trade.stations.test_leading import Day

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(clock: Clock) -> Day:
    return Day(clock)


def test_several_lots_of_one_good_are_asked_for_once(day: Day) -> None:
    other = make_lot(sku=day.sku, expires_at=NOW + timedelta(days=30))
    bring_in(day.sku, 9, lot=other)
    sheet = sheet_of(day)
    assert [(one.lot_id, one.suggested, one.to_come, one.is_one_of_several) for one in sheet.asked] == [
        (day.lot.pk, 5, 5, True), (other.pk, 0, 5, True),
    ]  # fmt: skip
    day.count(4, damaged=1)
    assert [(one.lot_id, one.suggested) for one in sheet_of(day).asked if one.arrived is None] == [(other.pk, 2)]
    day.count(5, key="b")
    sheet = sheet_of(day)
    assert ([one.lot_id for one in sheet.asked], [one.lot_id for one in sheet.others]) == ([day.lot.pk], [other.pk])
    assert sheet.done == len(sheet.asked) == 1


def test_goods_that_stopped_are_wanting_again(day: Day) -> None:
    day.count(5)
    recall_lot(lot=day.lot, reason="spoiled", actor="test", now=day.clock.at)
    other = make_lot(sku=day.sku, expires_at=NOW + timedelta(days=30))
    bring_in(day.sku, 9, lot=other)
    assert [(one.lot_id, one.suggested) for one in sheet_of(day).asked if one.arrived is None] == [(other.pk, 5)]


def test_what_came_too_warm_is_seen_by_leader_and_shop(day: Day) -> None:
    day.count(5, temperature_tenths=90)
    assert [one.is_warm for one in sheet_of(day).lots] == [True]
    (row,) = queries.stop_rows(day.round.pk)
    assert (row.lots, row.warm) == (1, 1)
    day.count(5, temperature_tenths=30, key="b")
    (row,) = queries.stop_rows(day.round.pk)
    assert (row.lots, row.warm) == (1, 0)


def test_a_round_still_tells_what_was_ordered_when_money_went_back(day: Day) -> None:
    day.count(5)
    day.hand(day.code(day.first))
    sales.refund_order(
        order_id=day.first.pk, reason="spoiled", actor="staff:0", idempotency_key="r", is_approved=True, now=day.clock.at
    )  # fmt: skip
    row, (stop,) = queries.round_row(day.round.pk), queries.stop_rows(day.round.pk)
    assert (row.orders, row.paid, row.back) == (1, 2, 1)
    assert (stop.taken + stop.back, stop.handed, stop.waiting) == (2, 1, 1)


def sheet_of(day: Day) -> ArrivalSheet:
    found = queries.arrival_sheet(station_id=day.stop.station_id, now=day.clock.at)
    assert found is not None
    return found


def told(day: Day, kind: str) -> list[dict[str, object]]:
    deliver_pending()
    return [notice.params for notice in Notice.objects.filter(kind=kind, member=day.leader)]


def test_a_leader_with_goods_of_a_recalled_lot_is_told_and_one_without_is_not(day: Day) -> None:
    day.count(5, damaged=1)
    day.hand(day.code(day.first))
    other = make_lot(sku=day.sku)
    recall_lot(lot=other, reason="spoiled", actor="test", now=day.clock.at)
    assert told(day, "lot_recalled_here") == []
    recall_lot(lot=day.lot, reason="spoiled", actor="test", now=day.clock.at)
    assert [(one["lot"], one["units"]) for one in told(day, "lot_recalled_here")] == [(day.lot.code, 3)]


def test_a_leader_hears_that_a_round_is_called_off(clock: Clock) -> None:
    made = make_round()
    pay(order_in(made, quantity=1))
    stop = Stop.objects.select_related("station__point__leader").get()
    stations.call_off(round_id=made.pk, actor=make_staff(), now=clock.at)
    deliver_pending()
    (notice,) = Notice.objects.filter(kind="round_cancelled", member=stop.station.point.leader)
    assert notice.params == {"title": made.title, "count": 1}


def test_what_the_shop_recalled_is_not_counted_as_a_leaders_return(day: Day) -> None:
    day.count(5)
    day.hand(day.code(day.first), "one")
    day.hand(day.code(day.second), "two")
    for order in (day.first, day.second):
        sales.refund_order(
            order_id=order.pk, reason="r", actor="staff:0", idempotency_key=f"r{order.pk}", is_approved=True, now=day.clock.at
        )  # fmt: skip

    def returned() -> tuple[int, int, int]:
        since = day.clock.at - timedelta(days=1)
        score = queries.leader_score(day.stop.station_id, since=since, now=day.clock.at)
        returns = next(one.rate.count for one in score.facts if one.measure is RETURNS)
        seen = queries.day_of(station_id=day.stop.station_id, now=day.clock.at, since=since)
        return queries.pay_of(leader_id=day.leader.pk, now=day.clock.at).record.returned, returns, seen.returned

    assert returned() == (2, 2, 2)
    recall_lot(lot=day.lot, reason="spoiled", actor="test", now=day.clock.at)
    assert returned() == (0, 0, 0)
