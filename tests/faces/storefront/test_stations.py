"""Pages of stations: the round, the ordinary checkout, and a leader who counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quanzi.base.events.services import deliver_pending
from quanzi.kernel import clock
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState
from quanzi.trade.sales.models import Order
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Arrival, Entry
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.people import make_address
from tests.factories.stations import HOUR, make_round, make_station, order_in
from tests.factories.trade import make_buyer, pay

pytestmark = pytest.mark.django_db


def test_somebody_orders_from_the_round_of_a_station_through_the_ordinary_checkout(client: Client) -> None:
    station, member = make_station(brings_to_door=True, latitude=31.2, longitude=121.4), make_buyer()
    made = make_round(station=station)
    sku_id = made.goods.get().sku_id
    assert station.point.name in client.get("/stations?at=31.2,121.41").text
    assert made.title in client.get(f"/station/{station.code}").text

    client.force_login(member)
    led = client.get(f"/station/{station.code}", {"round": made.pk, f"n{sku_id}": "2"})
    page = client.get(led.headers["Location"])
    assert page.status_code == 200 and "60.00" in page.text
    answer = client.post(
        "/checkout",
        {
            "line": f"{sku_id}:2", "round": made.pk, "station": station.code, "point": station.point_id, "method": "pickup",
            "key": "k1", "expected": "6000", "provider": "offline", "to_door": "3 幢 502",
        },
    )  # fmt: skip

    assert answer.status_code in (200, 302)
    order = Order.objects.get()
    assert (order.amount_minor, order.waits_for) == (6_000, f"round:{made.pk}")
    assert Entry.objects.get().to_door == "3 幢 502"


def test_a_leader_counts_a_lot_and_the_buyer_gets_the_code(client: Client) -> None:
    sku = make_sku()
    lot = make_lot(sku=sku, storage="chilled")
    bring_in(sku, 9, lot=lot)
    station = make_station()
    now = clock.now() - 3 * HOUR
    made = make_round(station=station, sku=sku, now=now)
    order = pay(order_in(made, quantity=2, now=now), now=now)
    stations.close_due(clock.now())
    deliver_pending()
    client.force_login(station.point.leader)
    assert lot.code in client.get("/leader/arrivals").text

    form = {"lot": lot.pk, "arrived": "2", "damaged": "0", "temperature": "3.5", "key": "a"}
    assert client.post("/leader/arrivals", form).status_code == 302
    assert client.post("/leader/arrivals", form).status_code == 302

    arrival = Arrival.objects.get()
    assert (arrival.arrived, arrival.temperature_tenths) == (2, 35)
    assert Fulfilment.objects.get(order=order).state == FulfilmentState.READY
    assert client.post("/leader/arrivals", {**form, "key": "b", "damaged": "3"}).status_code == 422
    for unread in ("warm", "95", "℃"):  # never counted as if nothing had been measured
        assert client.post("/leader/arrivals", {**form, "key": "c", "temperature": unread}).status_code == 422
    for unread in ("two", "-1", "1.5", "10000"):
        answer = client.post("/leader/arrivals", {**form, "key": "c", "arrived": unread})
        assert answer.status_code == 422 and "请用整数填写数量" in answer.content.decode()
    assert client.post("/leader/arrivals", {**form, "key": "c", "temperature": "−1，5 ℃"}).status_code == 302
    arrival.refresh_from_db()
    assert arrival.temperature_tenths == -15


def test_who_leads_no_station_finds_no_list(client: Client) -> None:
    client.force_login(make_buyer())
    assert client.get("/leader/arrivals").status_code == 404
    assert client.get("/station/nothing").status_code == 404


def test_a_station_costs_as_many_queries_for_many_rounds_goods_as_for_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    station = make_station()
    make_round(station=station, goods=[stations.GoodPlan(make_sku(stock_of=5).pk, 3_000, 5) for _ in range(8)])
    client.get(f"/station/{station.code}")
    with django_assert_max_num_queries(12):
        client.get(f"/station/{station.code}")


def test_a_round_is_seen_where_people_are_and_for_a_member_it_is_the_nearest(client: Client) -> None:
    sku = make_sku(stock_of=50)
    first = make_round(station=make_station(name="城西站", area="云栖小镇"), sku=sku)
    near = make_station(name="锦绣站", area="锦绣花园、东门")
    make_round(station=near, sku=sku, cut_off_at=clock.now() + 3 * HOUR)
    far = first.stops.get().station.code
    pages = ("/", "/feed", "/discover", "/deals", f"/p/{sku.product.slug}")
    for where in pages:
        shown = client.get(where, follow=True).text
        assert f"/station/{far}" in shown and f"/station/{near.code}" not in shown, where

    member = make_buyer()
    make_address(member, detail="锦绣花园 3 幢 502")
    client.force_login(member)
    for where in pages:
        shown = client.get(where, follow=True).text
        assert f"/station/{near.code}" in shown and f"/station/{far}" not in shown, where
    order_in(first, member=member)  # where somebody fetches counts more than where they live
    assert f"/station/{far}" in client.get("/discover").text
