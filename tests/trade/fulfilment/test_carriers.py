"""Numbers and news from a carrier, over real HTTP, with its faults; and many orders sent off in one act."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.test import Client

from carriersim.app import Application, signature
from quanzi.base.events.services import deliver_pending
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.carriers import signed_http
from quanzi.trade.fulfilment.models import DispatchBatch, Fulfilment, Parcel
from quanzi.trade.fulfilment.queries.dispatching import batch_page
from quanzi.trade.fulfilment.queries.parcels import parcels_of
from quanzi.trade.fulfilment.services import batches, booking, pack, ship_parcel
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_sku
from tests.factories.trade import make_paid_order, make_staff, open_fulfilment

pytestmark = pytest.mark.django_db
KEY = "k-carrier"


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def time() -> Iterator[None]:
    """Signatures have a moment, which is the real one here."""
    yield


@pytest.fixture
def sim(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    application = Application(KEY, slow_seconds=0.6)
    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    monkeypatch.setattr(signed_http, "SECONDS", 0.4)
    url = f"http://127.0.0.1:{server.server_port}"
    settings.CARRIERS = [{"code": "swift", "name": "快运", "url": url, "key": KEY}]
    yield application
    server.shutdown()
    server.server_close()


@pytest.fixture
def staff() -> Member:
    return make_staff()


def to_send() -> tuple[Order, Fulfilment]:
    order = make_paid_order(sku=make_sku(stock_of=9))
    return order, open_fulfilment(order)


def booked(staff: Member) -> Parcel:
    _, found = to_send()
    parcel = pack(fulfilment_id=found.pk, actor_member=staff, now=clock.now())
    booking.ask_number(parcel_id=parcel.pk, actor_member=staff, service="swift", now=clock.now())
    booking.book(parcel_id=parcel.pk, now=clock.now())
    parcel.refresh_from_db()
    return parcel


def test_a_carrier_gives_a_number_once(sim: Application, staff: Member) -> None:
    parcel = booked(staff)
    assert (parcel.booking, parcel.carrier, parcel.tracking) == ("booked", "快运", "PS00000001")
    booking.ask_number(parcel_id=parcel.pk, actor_member=staff, service="swift", now=clock.now())
    booking.book(parcel_id=parcel.pk, now=clock.now())
    assert len(sim.parcels) == 1
    assert sim.parcels["PS00000001"].facts["units"] == 1


@pytest.mark.parametrize("fault", ["slow", "broken"])
def test_without_an_answer_nobody_books_twice(sim: Application, staff: Member, fault: str) -> None:
    sim.plan = {fault}
    parcel = booked(staff)
    assert (parcel.booking, parcel.tracking) == ("unknown", "")
    sim.plan = set()
    assert booking.book(parcel_id=parcel.pk, now=clock.now()) == "booked"
    parcel.refresh_from_db()
    assert (parcel.tracking, len(sim.parcels)) == ("PS00000001", 1)


def test_a_refusal_is_told_and_can_be_asked_again(sim: Application, staff: Member) -> None:
    sim.plan = {"refuse"}
    parcel = booked(staff)
    assert (parcel.booking, parcel.carrier_says) == ("refused", "we do not serve this address")
    sim.plan = set()
    booking.ask_number(parcel_id=parcel.pk, actor_member=staff, service="swift", now=clock.now())
    assert booking.book(parcel_id=parcel.pk, now=clock.now()) == "booked"


def test_what_the_carrier_tells_when_asked_is_written_once_and_moves_the_parcel(
    sim: Application, staff: Member
) -> None:
    parcel = booked(staff)
    ship_parcel(
        parcel_id=parcel.pk, actor_member=staff, carrier=parcel.carrier, tracking=parcel.tracking, now=clock.now()
    )
    sim.tell(parcel.tracking, "in_transit", "到达分拨中心", "杭州")
    sim.tell(parcel.tracking, "delivered", "已签收")
    assert booking.ask_about(parcel_id=parcel.pk, now=clock.now()) == 2
    assert booking.ask_about(parcel_id=parcel.pk, now=clock.now()) == 0
    [row] = parcels_of(parcel.fulfilment.order_id)
    assert (row.state, [one.code for one in row.events], row.events[1].place) == (
        "arrived",
        ["delivered", "in_transit"],
        "杭州",
    )
    while deliver_pending(now=clock.now()):
        continue
    assert parcel.fulfilment.order.member.notices.filter(kind="parcel_arrived").count() == 1


def test_a_carrier_that_is_quicker_than_the_word_that_it_left_still_delivers(sim: Application, staff: Member) -> None:
    parcel = booked(staff)
    sim.tell(parcel.tracking, "delivered", "已签收")
    assert booking.ask_about(parcel_id=parcel.pk, now=clock.now()) == 1
    parcel.refresh_from_db()
    assert parcel.state == "packed"
    sent = ship_parcel(
        parcel_id=parcel.pk, actor_member=staff, carrier=parcel.carrier, tracking=parcel.tracking, now=clock.now()
    )
    assert sent.state == "arrived"


def test_the_carrier_of_the_demo_walks_by_itself_and_remembers(tmp_path: Path) -> None:
    first = Application(KEY, pace=60, home=tmp_path)
    first._book({"reference": "A-1", "address": "文三路9号"})
    begun = first.parcels["PS00000001"].moved
    assert [first.walk(begun + seconds) for seconds in (59, 60, 61, 120, 180, 240, 300)] == [0, 1, 0, 1, 1, 1, 0]
    again = Application(KEY, pace=60, home=tmp_path)
    assert [one["code"] for one in again.parcels["PS00000001"].events][-1] == "delivered"
    assert again._book({"reference": "A-1", "address": "文三路9号"}) == (201, {"tracking": "PS00000001"})


def push(said: object, *, key: str = KEY, moment: int | None = None) -> Any:
    body = json.dumps(said).encode()
    at = int(datetime.now(UTC).timestamp()) if moment is None else moment
    proof = signature(key, at, "POST", "/carriers/swift/notify", body)
    return Client().post("/carriers/swift/notify", body, content_type="application/json", headers={"Signature": proof})


def test_a_push_is_proven_and_counts_once(sim: Application, staff: Member) -> None:
    parcel = booked(staff)
    event = {"id": "e1", "code": "accepted", "at": datetime.now(UTC).isoformat()}
    said = {"tracking": parcel.tracking, "events": [event]}
    assert [push(said).json(), push(said).json()] == [{"news": 1}, {"news": 0}]
    assert push(said, key="other").status_code == 401
    assert push(said, moment=1_000_000).status_code == 401
    assert push({"tracking": "PS9", "events": [event]}).json() == {"news": 0}
    assert push({"tracking": parcel.tracking, "events": [{**event, "code": "eaten"}]}).status_code == 422
    assert Client().post("/carriers/nobody/notify", b"{}", content_type="application/json").status_code == 404


def dispatch(rows: list[batches.Sending], staff: Member, service: str = "", key: str = "b") -> DispatchBatch:
    made = batches.start(rows=rows, service=service, actor_member=staff, key=key, now=clock.now())
    batches.work(batch_id=made.pk, now=clock.now())
    made.refresh_from_db()
    return made


def test_many_orders_leave_in_one_act_each_with_its_number(sim: Application, staff: Member) -> None:
    found = [to_send() for _ in range(3)]
    made = dispatch([batches.Sending(one.pk) for _, one in found], staff, "swift")
    assert sorted(made.rows.values_list("state", "tracking")) == [("done", f"PS0000000{n}") for n in (1, 2, 3)]
    assert made.done_at is not None
    for order, _ in found:
        order.refresh_from_db()
        assert order.state == "handed_over"
    assert dispatch([batches.Sending(found[0][1].pk)], staff, "swift").pk == made.pk


def test_one_refused_row_does_not_stop_the_others_and_an_unanswered_one_waits(sim: Application, staff: Member) -> None:
    (_, first), (_, second) = to_send(), to_send()
    dispatch([batches.Sending(first.pk, "自送", "1")], staff, key="before")
    made = dispatch([batches.Sending(first.pk, "自送", "2"), batches.Sending(second.pk, "顺丰", "SF7")], staff)
    assert sorted(made.rows.values_list("state", flat=True)) == ["done", "refused"]
    [said] = [row.says for row in batch_page(made.pk).rows if row.state == "refused"]  # type: ignore[union-attr]
    assert said in (errors.NothingToPack().text, "这个订单的货都已经打包了。")

    _, third = to_send()
    sim.plan = {"broken"}
    waiting = dispatch([batches.Sending(third.pk)], staff, "swift", key="c")
    assert (waiting.done_at, waiting.rows.get().state) == (None, "waiting")
    sim.plan = set()
    batches.work(batch_id=waiting.pk, now=clock.now())
    assert (waiting.rows.get().state, len(sim.parcels)) == ("done", 1)


def test_a_batch_says_what_it_lacks(staff: Member) -> None:
    with pytest.raises(errors.NothingToSend):
        batches.start(rows=[], actor_member=staff, key="a", now=clock.now())
    _, found = to_send()
    with pytest.raises(errors.CarrierNeeded):
        batches.start(rows=[batches.Sending(found.pk)], actor_member=staff, key="a", now=clock.now())
    with pytest.raises(errors.NoSuchService):
        batches.start(rows=[batches.Sending(found.pk)], service="ufo", actor_member=staff, key="a", now=clock.now())
