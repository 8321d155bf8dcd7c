"""A leader's day: counting what came, handing over, who did not come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue.models import Lot, Product, ReturnRule, StorageCondition
from quanzi.goods.catalogue.rules import is_warm
from quanzi.goods.catalogue.services import recall_lot
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.queries import levels
from quanzi.kernel.clock import Clock, between
from quanzi.kernel.errors import DomainError
from quanzi.people.contact.models import Notice
from quanzi.trade.fulfilment.errors import CodeUsed, WrongCode
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, LineLot
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, PickupPoint
from quanzi.trade.stations import errors, queries, rules
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Arrival, FreshWait, Round, Stop
from quanzi.trade.stations.queries import FreshRow
from quanzi.trade.stations.services import GoodPlan, acts
from quanzi.trade.stations.services.arriving import Counted
from quanzi.trade.stations.services.handing import Handed
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.stations import assert_rounds_add_up, make_round, make_station, order_in
from tests.factories.trade import make_address, make_buyer, make_staff, pay
from tests.trade.stations.conftest import NOW

pytestmark = pytest.mark.django_db


class Day:
    """A round of one SKU that is cut off: two orders of two and three units, one lot on the shelf."""

    def __init__(self, clock: Clock, *, is_fresh: bool = False) -> None:
        self.sku = make_sku()
        if is_fresh:
            Product.objects.filter(pk=self.sku.product_id).update(return_rule=ReturnRule.FRESH)
        self.lot: Lot = make_lot(sku=self.sku, expires_at=NOW + timedelta(days=20), storage=StorageCondition.CHILLED)
        bring_in(self.sku, 20, lot=self.lot)
        self.round: Round = make_round(sku=self.sku)
        self.first = pay(order_in(self.round, quantity=2))
        self.second = pay(order_in(self.round, quantity=3))
        clock.at = self.round.cut_off_at
        stations.close_due(clock.at)
        deliver_pending()
        clock.at = self.round.pickup_from
        self.clock, self.stop = clock, Stop.objects.select_related("station__point__leader").get()
        self.leader = self.stop.station.point.leader

    def count(self, arrived: int, damaged: int = 0, key: str = "a", **more: object) -> Counted:
        return stations.count_arrival(
            stop_id=self.stop.pk, lot_id=self.lot.pk, arrived=arrived, damaged=damaged, actor=self.leader, key=key,
            now=self.clock.at, **more,
        )  # fmt: skip

    def code(self, order: Order) -> str:
        return Fulfilment.objects.get(order=order).pickup_code

    def hand(self, code: str, key: str = "h") -> Handed:
        return stations.hand_over(
            station_id=self.stop.station_id, code=code, actor=self.leader, key=key, now=self.clock.at
        )


@pytest.fixture
def day(clock: Clock) -> Day:
    return Day(clock)


def test_everybody_whose_goods_are_here_gets_a_code_and_the_lot_that_was_counted(day: Day) -> None:
    assert [row.quantity for row in queries.expected(stop_id=day.stop.pk)] == [5]
    counted = day.count(5, temperature_tenths=35)
    assert (counted.missing, counted.told) == (0, 2)

    handed = day.hand(day.code(day.first))

    assert handed.order_number == day.first.number
    assert LineLot.objects.get().lot == day.lot
    assert_rounds_add_up()


def test_a_short_delivery_serves_who_paid_first_and_the_rest_waits(day: Day) -> None:
    counted = day.count(4, damaged=1)
    assert (counted.missing, counted.told) == (2, 1)
    assert Fulfilment.objects.get(order=day.first).state == FulfilmentState.READY
    assert Fulfilment.objects.get(order=day.second).state == FulfilmentState.WAITING

    again = day.count(5, key="b")
    assert (again.missing, again.told, Arrival.objects.count()) == (0, 1, 1)


def test_the_same_count_sent_twice_is_one_count(day: Day) -> None:
    assert day.count(5) == day.count(5)
    assert Arrival.objects.count() == 1
    with pytest.raises(errors.ActReused):
        day.count(4)


def test_a_code_works_once_and_the_same_act_finds_its_answer(day: Day) -> None:
    day.count(5)
    code = day.code(day.first)
    assert day.hand(code, "one") == day.hand(code, "one")
    with pytest.raises(CodeUsed, match=day.first.number):
        day.hand(code, "two")
    with pytest.raises(WrongCode) as unknown:
        day.hand("000000", "three")
    assert not isinstance(unknown.value, CodeUsed)
    assert LineLot.objects.count() == 1


def test_goods_and_answer_are_noted_together_or_not_at_all(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    day.count(5)
    code = day.code(day.first)
    with monkeypatch.context() as broken:
        broken.setattr(acts, "end", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            day.hand(code, "one")
    assert not LineLot.objects.exists()
    assert day.hand(code, "one") == day.hand(code, "one")
    assert LineLot.objects.count() == 1


def test_a_recalled_lot_is_not_handed_over(day: Day) -> None:
    day.count(5)
    recall_lot(lot=day.lot, reason="spoiled", actor="test", now=day.clock.at)
    with pytest.raises(DomainError):
        day.hand(day.code(day.first))
    assert queries.fit_units(stop_id=day.stop.pk, now=day.clock.at) == {}


def test_what_was_given_out_of_a_lot_that_stopped_takes_nothing_from_the_next_lot(day: Day) -> None:
    day.count(2)
    day.hand(day.code(day.first))
    recall_lot(lot=day.lot, reason="spoiled", actor="test", now=day.clock.at)
    day.lot = make_lot(sku=day.sku, expires_at=NOW + timedelta(days=20))
    bring_in(day.sku, 3, lot=day.lot)

    counted = day.count(3, key="b")

    assert (counted.missing, counted.told) == (0, 1)
    assert stations.end_wait(stop_id=day.stop.pk, actor=make_staff(), now=day.clock.at) == 0


def test_goods_that_are_gone_are_promised_to_nobody_else_when_their_order_is_refunded(day: Day) -> None:
    day.count(2)
    day.hand(day.code(day.first))
    sales.refund_order(
        order_id=day.first.pk,
        reason="spoiled",
        actor="staff:0",
        idempotency_key="r",
        is_approved=True,
        now=day.clock.at,
    )
    assert queries.fit_units(stop_id=day.stop.pk, now=day.clock.at) == {day.sku.pk: 0}
    assert stations.end_wait(stop_id=day.stop.pk, actor=make_staff(), now=day.clock.at) == 1
    day.second.refresh_from_db()
    assert day.second.state == "refunded"


def test_only_its_leader_and_the_staff_work_at_a_station(day: Day) -> None:
    stranger = make_buyer()
    with pytest.raises(errors.NoSuchStation):
        stations.hand_over(station_id=day.stop.station_id, code="1", actor=stranger, key="x", now=day.clock.at)
    with pytest.raises(errors.NoSuchStation):
        stations.count_arrival(
            stop_id=day.stop.pk, lot_id=day.lot.pk, arrived=1, actor=stranger, key="x", now=day.clock.at
        )


@pytest.mark.parametrize(
    ("arrived", "damaged", "refusal"), [(1, 2, errors.BadCount), (-1, 0, errors.BadCount), (3, -1, errors.BadCount)]
)
def test_counts_are_whole_and_within_what_came(day: Day, arrived: int, damaged: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        day.count(arrived, damaged)


def test_a_lot_of_other_goods_is_not_counted(day: Day) -> None:
    day.lot = make_lot(sku=make_sku())
    with pytest.raises(errors.NotOfRound):
        day.count(1)


def test_who_did_not_come_is_told_once_and_may_be_reminded_once(day: Day) -> None:
    day.count(5)
    day.hand(day.code(day.first))
    assert stations.note_missed(day.round.pickup_until - timedelta(milliseconds=1)) == 0
    day.clock.at = day.round.pickup_until
    assert (stations.note_missed(day.clock.at), stations.note_missed(day.clock.at)) == (1, 0)
    (row,) = [row for row in queries.pick_rows(stop_id=day.stop.pk) if row.missed_at]
    assert row.order_number == day.second.number
    remind = {"entry_id": row.entry_id, "actor": day.leader, "now": day.clock.at}
    assert (stations.remind(**remind), stations.remind(**remind)) == (True, False)
    deliver_pending()
    assert {n.kind for n in Notice.objects.filter(member_id=day.second.member_id)} >= {"pickup_kept", "pickup_waits"}
    assert_rounds_add_up()


def test_an_application_becomes_a_station_by_somebody_elses_word() -> None:
    member, staff = make_buyer(), make_staff("owner")
    fields = {"name": "东门", "area": "锦绣", "address": "锦绣路 8 号", "hours": "17:00-20:00", "capacity": 30}
    asked = stations.apply_for_station(member=member, now=NOW, **fields)
    with pytest.raises(errors.AppliedAlready):
        stations.apply_for_station(member=member, now=NOW, **fields)
    with pytest.raises(errors.OwnApplication):
        stations.approve(application_id=asked.pk, actor=member, now=NOW)

    station = stations.approve(application_id=asked.pk, actor=staff, now=NOW)

    member.refresh_from_db()
    assert (station.point.leader_id, station.capacity, member.is_leader) == (member.pk, 30, True)
    deliver_pending()
    assert Notice.objects.get(kind="station_approved").member_id == member.pk
    second = stations.apply_for_station(member=member, now=NOW, **fields)
    stations.decline(application_id=second.pk, actor=staff, answer="太近", now=NOW)
    assert_rounds_add_up()


def test_a_round_in_ones_own_district_comes_before_one_that_is_cut_off_sooner() -> None:
    member = make_buyer(now=NOW)
    make_address(member, now=NOW)  # 上海市黄浦区
    here, far = make_station(name="近", now=NOW), make_station(name="远", now=NOW)
    PickupPoint.objects.filter(pk=here.point_id).update(address="黄浦区学院路 3 号")
    make_round(station=here, now=NOW, cut_off_at=NOW + timedelta(hours=3))
    make_round(station=far, now=NOW)
    nearest = queries.round_near(member_id=member.pk, now=NOW + timedelta(minutes=1))
    assert nearest is not None and nearest.station_name == "近"


def test_the_nearest_station_comes_first() -> None:
    far = make_station(latitude=31.30, longitude=121.50)
    near = make_station(latitude=31.2005, longitude=121.40)
    nowhere = make_station()
    found = queries.nearest(here=(31.20, 121.40))
    assert [card.id for card in found] == [near.pk, far.pk, nowhere.pk]
    assert (found[0].distance_m, found[2].distance_m) == (56, None)


def test_goods_on_the_table_fill_whole_orders_first_come_first_served() -> None:
    baskets = [rules.Basket(1, {7: 2}, True), rules.Basket(2, {7: 3, 8: 1}, False), rules.Basket(3, {7: 1}, False)]
    assert rules.complete(baskets, {7: 4, 8: 1}) == [3]
    assert rules.complete(baskets, {7: 6, 8: 1}) == [2, 3]
    assert rules.complete(baskets, {}) == []


@pytest.mark.parametrize(
    ("storage", "tenths", "warm"),
    [("chilled", 40, False), ("chilled", 41, True), ("frozen", -179, True), ("ambient", 300, False), ("chilled", None, False)],
)  # fmt: skip
def test_each_storage_condition_has_its_range(storage: str, tenths: int | None, warm: bool) -> None:
    assert is_warm(storage, tenths) is warm


@pytest.fixture
def fresh_day(clock: Clock) -> Day:
    return Day(clock, is_fresh=True)


def missed_fresh(day: Day) -> FreshRow:
    """Both orders are ready, the window is over, and nobody came."""
    day.count(5)
    day.clock.at = day.round.pickup_until
    stations.note_missed(day.clock.at)
    return queries.fresh_rows(station_id=day.stop.station_id)[0]


def test_fresh_goods_are_decided_by_how_they_are_stored_and_wait_on_the_shops_word(fresh_day: Day) -> None:
    day = fresh_day
    row = missed_fresh(day)
    assert (row.storage, row.decide_by) == ("chilled", day.round.pickup_until + timedelta(hours=12))
    until, boss = day.clock.at + timedelta(hours=30), make_staff()
    with pytest.raises(errors.BadWait):
        stations.keep_fresh(line_id=row.line_id, until=day.clock.at + timedelta(hours=73), actor=boss, now=day.clock.at)
    stations.keep_fresh(line_id=row.line_id, until=until, note="在冰箱里", actor=boss, now=day.clock.at)
    [first, second] = queries.fresh_rows()
    assert (first.line_id != row.line_id, second.waits_until, second.decide_by) == (True, until, until)
    assert Notice.objects.filter(member_id=row.member_id, kind="fresh_waits").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        FreshWait.objects.update(until=until + timedelta(hours=1))


def test_fresh_goods_that_go_are_refunded_and_leave_the_stock_and_at_last_by_themselves(fresh_day: Day) -> None:
    day = fresh_day
    row = missed_fresh(day)
    there = levels([day.sku.pk])[day.sku.pk].on_hand
    stations.let_fresh_go(line_id=row.line_id, actor=make_staff("owner"), now=day.clock.at)
    assert levels([day.sku.pk])[day.sku.pk].on_hand == there - row.quantity
    deliver_pending()
    assert (
        Notice.objects.filter(kind="station_not_fetched", member=day.leader, params__number=row.order_number).count()
        == 1
    )
    with pytest.raises(errors.NothingMissed):
        stations.let_fresh_go(line_id=row.line_id, actor=None, now=day.clock.at)
    day.clock.at = day.round.pickup_until + timedelta(hours=71)
    assert stations.end_missed(day.clock.at) == 0
    day.clock.at = day.round.pickup_until + timedelta(hours=72)
    assert stations.end_missed(day.clock.at) == 1 and queries.fresh_rows() == []
    assert levels([day.sku.pk])[day.sku.pk].on_hand == there - 5
    assert_rounds_add_up()


@pytest.mark.parametrize("thrown", [16, 20])
def test_money_goes_back_for_fresh_goods_that_were_thrown_away_with_their_lot(fresh_day: Day, thrown: int) -> None:
    day = fresh_day
    missed_fresh(day)
    bring_in(day.sku, 9, lot=make_lot(sku=day.sku, expires_at=NOW + timedelta(days=30)))
    day.clock.at = day.round.pickup_until + timedelta(hours=72)
    stock.scrap(
        sku_id=day.sku.pk, quantity=thrown, lot_id=day.lot.pk, key="old", reason="", actor="system", now=day.clock.at
    )
    assert stations.end_missed(day.clock.at) == 2 and queries.fresh_rows() == []
    assert levels([day.sku.pk])[day.sku.pk].on_hand == 9
    assert_rounds_add_up()


def test_a_leaders_part_in_another_currency_is_refused_when_the_round_opens() -> None:
    sku = make_sku(stock_of=9, currency="USD")
    with pytest.raises(errors.LeaderPartCurrency):
        make_round(goods=[GoodPlan(sku.pk, 100, 5, 0, 500)])
    round = make_round(goods=[GoodPlan(sku.pk, 100, 5)])
    with pytest.raises(IntegrityError), transaction.atomic():
        round.goods.update(leader_bp=500)


def test_whoever_waits_is_told_when_to_come_or_that_it_comes(day: Day) -> None:
    entry = day.second.round_entry
    type(entry).objects.filter(pk=entry.pk).update(to_door="3 幢 502")
    day.count(5)
    deliver_pending()
    window = between(day.round.pickup_from, day.round.pickup_until)
    told = {notice.kind: notice.params for notice in Notice.objects.filter(kind__startswith="order_ready")}
    assert set(told) == {"order_ready_window", "order_ready_door"}
    for kind, order in (("order_ready_window", day.first), ("order_ready_door", day.second)):
        assert told[kind] == {
            "number": order.number, "point": day.stop.station.point.name, "code": day.code(order), "window": window,
        }  # fmt: skip
