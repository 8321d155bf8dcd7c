"""A leader's phone: what to do today, who comes, counting and handing over, once whatever the network does."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from quanzi.base.events.services import deliver_pending
from quanzi.base.media.models import Picture
from quanzi.kernel import clock
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState
from quanzi.trade.sales.models import Order
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Arrival, Entry, Station
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.stations import HOUR, make_round, make_station, order_in
from tests.factories.trade import make_buyer, pay

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def station() -> Station:
    """With one order of two units, cut off an hour ago."""
    sku = make_sku()
    bring_in(sku, 9, lot=make_lot(sku=sku, storage="chilled"))
    made, now = make_station(brings_to_door=True), clock.now() - 3 * HOUR
    round_ = make_round(station=made, sku=sku, now=now)
    pay(order_in(round_, quantity=2, now=now, to_door="3 幢 502"), now=now)
    stations.close_due(clock.now())
    deliver_pending()
    return made


def _form(station: Station, **more: object) -> dict[str, Any]:
    lot = station.stops.get().round.goods.get().sku.lots.get()
    return {"station": station.pk, "lot": lot.pk, "arrived": "2", "damaged": "0", "key": "a", **more}


def _photo() -> BytesIO:
    data = BytesIO()
    Image.new("RGB", (40, 40), "green").save(data, "JPEG")
    data.seek(0)
    data.name = "box.jpg"
    return data


def test_what_a_phone_sends_again_is_done_once_and_answered_alike(client: Client, station: Station) -> None:
    client.force_login(station.point.leader)
    assert station.stops.get().round.title in client.get("/leader/station").text
    first = client.post("/leader/arrivals", _form(station, photos=_photo()), **JSON)
    again = client.post("/leader/arrivals", _form(station, photos=_photo()), **JSON)
    assert first.json() == again.json() and first.json()["done"] is True
    assert (Arrival.objects.get().pictures.count(), Picture.objects.filter(purpose="arrival").count()) == (1, 1)

    code = Fulfilment.objects.get().pickup_code
    given = {"station": station.pk, "code": f"{code[:3]} {code[3:]}", "key": "g"}
    done = [client.post("/leader/give", given, **JSON) for _ in range(2)]
    assert [one.json()["done"] for one in done] == [True, True]
    refused = client.post("/leader/give", {**given, "key": "other"}, **JSON)
    assert (refused.status_code, refused.json()["done"], refused.json()["code"]) == (
        422,
        False,
        "fulfilment_code_used",
    )
    assert Fulfilment.objects.get().state == FulfilmentState.HANDED_OVER


def test_the_list_shows_the_door_and_who_did_not_come(client: Client, station: Station) -> None:
    client.force_login(station.point.leader)
    client.post("/leader/arrivals", _form(station))
    page = client.get("/leader/people").text
    buyer = Order.objects.get().member
    assert "3 幢 502" in page and buyer.name in page and (buyer.phone or "–") not in page

    stations.note_missed(station.stops.get().round.pickup_until + timedelta(minutes=1))
    entry = Entry.objects.get()
    assert client.post("/leader/people/remind", {"station": station.pk, "entry": entry.pk}).status_code == 302
    assert client.post("/leader/people/remind", {"entry": entry.pk}, **JSON).json()["done"] is True
    entry.refresh_from_db()
    assert entry.reminded_at is not None


@pytest.mark.parametrize("page", ["station", "people", "give", "arrivals"])
def test_pages_of_a_leader_are_not_there_for_others(client: Client, page: str) -> None:
    client.force_login(make_buyer())
    assert client.get(f"/leader/{page}").status_code == 404
    assert client.post("/leader/people/remind", {"entry": 1}).status_code == 404


@pytest.mark.parametrize(("page", "most"), [("station", 14), ("people", 14), ("arrivals", 14)])
def test_a_days_pages_cost_the_same_for_many_orders(
    client: Client, station: Station, page: str, most: int, django_assert_max_num_queries: Any
) -> None:
    now = clock.now() - 3 * HOUR
    made = make_round(station=station, now=now)
    for _ in range(6):
        pay(order_in(made, now=now), now=now)
    stations.close_due(clock.now())
    client.force_login(station.point.leader)
    client.get(f"/leader/{page}")
    with django_assert_max_num_queries(most):
        assert client.get(f"/leader/{page}").status_code == 200


def test_somebody_applies_and_reads_the_answer(client: Client) -> None:
    member = make_buyer()
    client.force_login(member)
    form = {"name": "东门", "area": "锦绣", "address": "锦绣路 8 号", "hours": "17:00-20:00", "capacity": "30"}
    asked = client.get("/leader/apply")
    assert (
        "geolocation=(self)" in asked.headers["Permissions-Policy"]
        and "camera=()" in asked.headers["Permissions-Policy"]
    )
    assert client.post("/leader/apply", {**form, "capacity": "many", "latitude": "north"}).status_code == 422
    assert client.post("/leader/apply", {**form, "latitude": "31.2", "longitude": "121.4"}).status_code == 302
    assert "锦绣路 8 号" in client.get("/leader/apply").text
    assert client.post("/leader/apply", form).status_code == 409


def test_a_typed_district_finds_its_stations_and_what_runs_there(client: Client) -> None:
    near, far = make_station(area="锦绣花园", name="东门站"), make_station(area="古荡新村", name="西门站")
    made = make_round(station=far)
    found = client.get("/stations", {"q": "古荡 锦绣路"}).text
    assert far.point.name in found and near.point.name not in found and made.title in found
