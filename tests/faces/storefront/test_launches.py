"""Pages of launches and brand days, from the calendar to the order."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.test import Client

from quanzi.kernel import clock
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.models import Place, Reminder
from quanzi.trade.launches.rules import ticket_of
from quanzi.trade.sales.models import Order
from quanzi.trade.sales.services import mark_handed_over
from tests.factories.launches import MINUTE, enter, make_day, make_edition, make_launch, order_piece
from tests.factories.trade import make_buyer, make_point, pay

pytestmark = pytest.mark.django_db


def test_somebody_enters_has_a_turn_and_orders_through_the_ordinary_checkout(client: Client) -> None:
    before = clock.now() - 11 * MINUTE
    launch, point, member = make_launch(units=1, stock_of=1, now=before), make_point(), make_buyer()
    assert launch.title in client.get("/days").text
    assert launch.seed_hash in client.get(f"/launch/{launch.code}").text
    assert "/login" in client.post(f"/launch/{launch.code}/enter").headers["Location"]

    client.force_login(member)
    client.post(f"/launch/{launch.code}/enter", {"wanted": "1"})
    page = client.get(f"/launch/{launch.code}").text
    assert "/checkout" in page and 'name="launch"' in page
    page = client.get("/checkout", {"launch": launch.code, "quantity": "1"})
    assert page.status_code == 200 and "30.00" in page.text
    client.post(
        "/checkout",
        {"launch": launch.code, "quantity": "1", "point": point.pk, "method": "pickup", "key": "k", "expected": "3000", "provider": "offline"},
    )  # fmt: skip

    order = Order.objects.get()
    assert (order.amount_minor, order.waits_for) == (3_000, f"launch:{launch.pk}")
    assert order.number in client.get(f"/launch/{launch.code}").text


def test_the_lot_can_be_drawn_again_from_what_the_page_tells(client: Client) -> None:
    now = clock.now()
    launch = make_launch(now=now - 20 * MINUTE)
    for _ in range(6):
        enter(launch, now=now - 15 * MINUTE)
    assert "seed " + "0" not in client.get(f"/launch/{launch.code}/lot?as=text").text
    launches.run(launch_id=launch.pk, now=now)

    seal, seed, *rows = client.get(f"/launch/{launch.code}/lot?as=text").text.splitlines()
    codes = [row.split()[1] for row in rows]

    assert hashlib.sha256(seed.split()[1].encode()).hexdigest() == seal.split()[1] == launch.seed_hash
    assert len(codes) == 6 and codes == sorted(codes, key=lambda code: ticket_of(seed.split()[1], code))
    page = client.get(f"/launch/{launch.code}/lot").text
    assert all(code in page for code in codes)


def test_what_waits_asks_again_by_itself_and_says_how_many_are_before(
    client: Client, django_assert_max_num_queries
) -> None:
    now = clock.now()
    launch = make_launch(units=1, now=now - 20 * MINUTE)
    for _ in range(3):
        enter(launch, now=now - 15 * MINUTE)
    launches.run(launch_id=launch.pk, now=now)
    last = Place.objects.select_related("member").get(position=3)
    client.force_login(last.member)
    with django_assert_max_num_queries(12):
        page = client.get(f"/launch/{launch.code}").text
    assert 'hx-trigger="every 5s"' in page and '<noscript><meta http-equiv="refresh"' in page
    client.post(f"/launch/{launch.code}/leave")
    last.refresh_from_db()
    assert last.state == "left"


def test_when_the_turn_comes_whoever_waits_gets_the_whole_page_with_its_button(client: Client) -> None:
    now = clock.now()
    launch = make_launch(units=1, now=now - 20 * MINUTE)
    for _ in range(2):
        enter(launch, now=now - 15 * MINUTE)
    launches.run(launch_id=launch.pk, now=now)
    first, last = Place.objects.select_related("member").order_by("position")
    client.force_login(last.member)
    page = client.get(f"/launch/{launch.code}").text
    again = re.search(r'id="place" hx-get="([^"]+)"', page)
    assert again is not None and "/checkout" not in page.split('id="place"')[1]
    waits = client.get(again[1], headers={"HX-Request": "true"})
    assert "HX-Refresh" not in waits.headers and 'id="place"' in waits.text

    launches.leave(launch_id=launch.pk, member=first.member, now=now)
    launches.run(launch_id=launch.pk, now=now)
    assert client.get(again[1], headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert 'action="/checkout"' in client.get(f"/launch/{launch.code}").text


def test_somebody_is_reminded_of_a_brand_day_and_orders_at_its_price(client: Client) -> None:
    now, member, point = clock.now(), make_buyer(), make_point()
    ahead, day = make_day(), make_day(now=now - 61 * MINUTE)
    sku_id = day.goods.get().sku_id
    client.force_login(member)
    client.post(f"/days/{ahead.slug}/remind")
    assert Reminder.objects.get().day == ahead
    client.post(f"/days/{ahead.slug}/remind", {"off": "1"})
    assert not Reminder.objects.exists()

    led = client.get(f"/days/{day.slug}", {"day": day.slug, f"n{sku_id}": "2"})
    page = client.get(led.headers["Location"])
    assert page.status_code == 200 and "60.00" in page.text
    client.post(
        "/checkout",
        {"line": f"{sku_id}:2", "day": day.slug, "point": point.pk, "method": "pickup", "key": "k", "expected": "6000", "provider": "offline"},
    )  # fmt: skip
    assert Order.objects.get().amount_minor == 6_000
    assert client.get("/days").status_code == 200


def test_the_calendar_costs_as_much_for_many_as_for_one(client: Client, django_assert_max_num_queries) -> None:
    for _ in range(6):
        make_day()
        make_launch()
    with django_assert_max_num_queries(10):
        assert client.get("/days").status_code == 200


def test_somebody_orders_a_number_keeps_its_record_and_hands_it_on(client: Client) -> None:
    edition, me, friend, point = make_edition(size=2), make_buyer(), make_buyer(), make_point()
    client.force_login(me)
    assert 'value="2"' in client.get(f"/edition/{edition.code}").text
    page = client.get("/checkout", {"piece": edition.code, "number": "2"})
    assert "多一个" not in page.text, "a number exists once"
    assert page.status_code == 200 and "40.00" in page.text
    assert "第 2 号，共 2 件" in page.text or "No. 2 of 2" in page.text
    client.post(
        "/checkout",
        {"piece": edition.code, "number": "2", "point": point.pk, "method": "pickup", "key": "k", "expected": "4000", "provider": "offline"},
    )  # fmt: skip
    pay(Order.objects.get())
    piece = edition.pieces.get(number=2)
    assert piece.code in client.get("/me/pieces").text
    assert f"/piece/{piece.code}" in client.get(f"/o/{Order.objects.get().number}").text
    assert client.post(f"/piece/{piece.code}", {"kind": "care", "text": "上了一遍油"}).status_code == 302
    assert client.post(f"/piece/{piece.code}", {"kind": "care", "text": ""}).status_code == 422
    mark_handed_over(order_id=Order.objects.get().pk, now=clock.now())
    client.post(f"/piece/{piece.code}/hand-on")
    token = piece.handings.get().token
    assert token in client.get(f"/piece/{piece.code}").text

    client.force_login(friend)
    assert client.post(f"/piece/{piece.code}", {"kind": "care", "text": "x"}).status_code == 404
    assert client.get(f"/take/{token}").status_code == 200
    client.post(f"/take/{token}")
    page = client.get(f"/piece/{piece.code}").text
    assert "上了一遍油" in page and me.name not in page
    piece.refresh_from_db()
    assert piece.owner == friend
    assert client.get("/take/nothing").status_code == 404


def test_who_wants_a_piece_that_is_gone_waits_in_line(client: Client) -> None:
    edition = make_edition(size=1)
    pay(order_piece(edition))
    client.force_login(make_buyer())
    client.post(f"/edition/{edition.code}/wait")
    assert edition.asks.get().state == "waiting"
    assert "/wait" in client.get(f"/edition/{edition.code}").text
    client.post(f"/edition/{edition.code}/wait", {"off": "1"})
    assert edition.asks.get().state == "left"


def test_a_makers_page_leads_to_their_days_and_numbered_pieces(client: Client) -> None:
    edition, day = make_edition(), make_day()
    assert f"/edition/{edition.code}" in client.get(f"/m/{edition.sku.product.maker.slug}").text
    page = client.get(f"/m/{day.maker.slug}").text
    assert f"/days/{day.slug}" in page and "/edition/" not in page
