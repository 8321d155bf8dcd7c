"""Rounds over the API: planned by the staff, ordered by a member, counted and handed over by a leader."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.base.events.services import deliver_pending
from quanzi.kernel import clock
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.stations import services as stations
from tests.faces.api.conftest import Caller
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.people import make_staff
from tests.factories.stations import make_round, make_station, order_in
from tests.factories.trade import make_buyer, pay

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_round_is_planned_ordered_in_and_called_off() -> None:
    shop, station, sku, now = Caller(make_staff("operator")), make_station(), make_sku(), clock.now()
    times = {"opens_at": now, "cut_off_at": now + HOUR, "pickup_from": now + 2 * HOUR, "pickup_until": now + 3 * HOUR}
    body = {
        "title": "周五", "station_ids": [station.pk], **{name: at.isoformat() for name, at in times.items()},
        "goods": [{"sku_id": sku.pk, "price_minor": 3_000, "most": 9, "leader_bp": 500, "comes_later": True}],
    }  # fmt: skip
    made = shop.send("POST", "/staff/rounds", body, key="round-0001", status=201)
    assert shop.send("POST", "/staff/rounds", body, key="round-0001", status=201)["id"] == made["id"]

    member = Caller(make_buyer())
    (good,) = member.get(f"/stations/{station.code}")["rounds"][0]["goods"]
    assert (good["left"], good["comes_later"]) == (9, True)
    order = {
        "station_id": station.pk, "lines": [{"sku_id": sku.pk, "quantity": 2}], "method": "pickup", "expected_amount_minor": 6_000,
        "provider": "offline",
    }  # fmt: skip
    placed = member.send("POST", f"/rounds/{made['id']}/orders", order, key="order-0001", status=201)
    assert placed["amount"]["minor"] == 6_000
    assert member.problem("POST", "/staff/rounds", body, key="round-0002")[0] == 403

    called = shop.send("POST", f"/staff/rounds/{made['id']}/call-off", {"reason": "no truck"}, key="off-00001")
    assert called["state"] == "cancelled"


def test_a_leader_counts_and_hands_over_once() -> None:
    sku, now = make_sku(), clock.now() - 3 * HOUR
    lot, station = make_lot(sku=sku), make_station()
    bring_in(sku, 9, lot=lot)
    order = pay(order_in(make_round(station=station, sku=sku, now=now), quantity=2, now=now), now=now)
    stations.close_due(clock.now())
    deliver_pending()
    leader = Caller(station.point.leader)
    (day,) = [leader.get(f"/me/stations/{one['id']}/day") for one in leader.get("/me/stations")]
    sheet = leader.get(f"/me/stations/{station.pk}/arrivals")
    assert (day["at_work"]["waiting"], sheet["lots"][0]["expected"]) == (1, 2)

    count = {"stop_id": sheet["stop_id"], "lot_id": lot.pk, "arrived": 2, "temperature_tenths": 40}
    first = leader.send("POST", "/me/arrivals", count, key="count-0001")
    assert (first, first["told"]) == (leader.send("POST", "/me/arrivals", count, key="count-0001"), 1)
    assert Caller(make_buyer()).problem("POST", "/me/arrivals", count, key="count-0001")[0] == 404
    code = {"code": Fulfilment.objects.get(order=order).pickup_code}
    where = f"/me/stations/{station.pk}/hand-over"
    assert [leader.send("POST", where, code, key="hand-0001")["order_number"] for _ in range(2)] == [order.number] * 2
    assert leader.problem("POST", where, code, key="hand-0002") == (422, "fulfilment_code_used")
    assert leader.get(f"/me/stops/{sheet['stop_id']}/people")[0]["state"] == "handed_over"
    assert leader.get("/me/station-pay")["level"] == "new"


def test_an_application_is_decided_by_the_staff() -> None:
    member, shop = Caller(make_buyer()), Caller(make_staff("operator"))
    asked = {"name": "东门", "area": "锦绣", "address": "锦绣路 8 号", "hours": "17:00", "capacity": 30}
    made = member.send("POST", "/me/station-application", asked, key="apply-001", status=201)
    (waiting,) = shop.get("/staff/station-applications")
    assert waiting["id"] == made["id"]
    opened = shop.send("POST", f"/staff/station-applications/{made['id']}/approve", {"answer": ""})
    changed = shop.send("PUT", f"/staff/stations/{opened['id']}", {**asked, "brings_to_door": True, "is_open": False})
    assert (changed["is_open"], member.get("/me/station-application")["state"]) == (False, "approved")
    assert [one["id"] for one in member.get("/me/stations")] == [opened["id"]]
