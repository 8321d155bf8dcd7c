"""What the database refuses, however the row is written."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.kernel.clock import Clock
from quanzi.trade.stations import services as stations
from tests.factories.goods import make_lot, make_sku
from tests.factories.stations import make_round, make_station, order_in
from tests.factories.trade import make_order, pay
from tests.trade.stations.conftest import NOW

pytestmark = pytest.mark.django_db

ATTACKS = {
    "a later cut-off": "UPDATE stations_round SET cut_off_at = cut_off_at + interval '1 hour'",
    "a cut-off before its time": "UPDATE stations_round SET state = 'closed', closed_at = cut_off_at - interval '1 ms'",
    "a round is deleted": "DELETE FROM stations_round",
    "another price": "UPDATE stations_roundgood SET price_minor = 1",
    "a lower minimum": "UPDATE stations_roundgood SET minimum = 0",
    "goods decided before the cut-off": "UPDATE stations_roundgood SET is_made = true",
    "more than there is": "UPDATE stations_roundgood SET taken = most + 1",
    "units that nobody ordered": "UPDATE stations_roundgood SET taken = taken + 1",
    "more than the station holds": "UPDATE stations_stop SET taken = capacity + 1",
    "an order that is not there": "UPDATE stations_stop SET taken = taken + 1",
    "a place is deleted": "DELETE FROM stations_entry",
    "a place that was given up though the order lives": "UPDATE stations_entry SET ended_at = entered_at",
    "a place of somebody else": "UPDATE stations_entry SET member_id = %(leader)s",
    "a place for another order": "INSERT INTO stations_entry (stop_id, order_id, member_id, entered_at, to_door)"
    " VALUES (%(stop)s, %(outside)s, %(outsider)s, %(now)s, '')",
    "released before the cut-off": "UPDATE sales_order SET released_at = paid_at WHERE id = %(order)s",
    "a round's price outside of it": "INSERT INTO sales_adjustment (order_id, kind, label_zh, label_en, amount_minor, source)"
    " VALUES (%(outside)s, 'round', '', '', -1, 'round:' || %(round)s)",
    "a count before the cut-off": "INSERT INTO stations_arrival (stop_id, lot_id, arrived, damaged, note, counted_at, counted_by_id)"
    " VALUES (%(stop)s, %(lot)s, 1, 0, '', %(now)s, %(leader)s)",
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses(attack: str) -> None:
    sku, station = make_sku(stock_of=20), make_station()
    made = make_round(station=station, sku=sku, minimum=2)
    order, outside = pay(order_in(made)), make_order()
    names = {
        "leader": station.point.leader_id, "stop": made.stops.get().pk, "outside": outside.pk, "outsider": outside.member_id,
        "now": NOW, "order": order.pk, "round": made.pk, "lot": make_lot(sku=sku).pk,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ATTACKS[attack], names)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_goods_below_their_minimum_cannot_be_called_made(clock: Clock) -> None:
    made = make_round(minimum=2)
    pay(order_in(made))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stations_round SET state = 'closed', closed_at = cut_off_at")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("UPDATE stations_roundgood SET is_made = true")
        cursor.execute("UPDATE stations_roundgood SET is_made = false")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("UPDATE sales_order SET released_at = now()")


def test_an_application_is_decided_once() -> None:
    asked = stations.apply_for_station(
        member=make_station().point.leader, name="东门", area="锦绣", address="锦绣路 8 号", hours="17:00-20:00", capacity=30, now=NOW,
    )  # fmt: skip
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("UPDATE stations_stationapplication SET state = 'approved'")
        cursor.execute(
            "UPDATE stations_stationapplication SET state = 'declined', decided_at = now() WHERE id = %s", [asked.pk]
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("UPDATE stations_stationapplication SET state = 'approved'")
