"""What a member is offered, why, and that the switch switches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quanzi.base import doctor
from quanzi.community.circles.services import ask_to_join
from quanzi.growth.recommending import invariants, queries, services, training
from quanzi.growth.recommending.models import Shelf
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Permission
from quanzi.people.contact.services import decide
from quanzi.trade.sales.models import Order, OrderLine
from quanzi.trade.sales.services import say_kept
from tests.factories.community import make_circle
from tests.factories.goods import make_sku
from tests.factories.people import befriend, log_in, make_member, make_staff
from tests.factories.trade import make_paid_order, make_received_order

pytestmark = pytest.mark.django_db
NOW = clock.now()


@pytest.fixture
def world() -> Any:
    """Three kinds of goods; three people kept the first and the second, the reader the first alone."""
    apples, pears, tea = (make_sku(stock_of=50) for _ in range(3))
    reader = make_member("读者")
    for member, goods in [*((make_member(), (apples, pears)) for _ in range(3)), (reader, (apples,))]:
        for sku in goods:
            keep(member, sku)
    return reader, apples.product, pears.product, tea.product


def keep(member, sku):
    order = make_received_order(member=member, sku=sku)
    say_kept(line_id=order.lines.get().pk, member=member, now=clock.now())


def offered(member):
    return [row.card.id for row in queries.offers_for(member, now=clock.now()).rows]


def test_goods_are_offered_that_others_kept_beside_ones_own_and_the_reason_is_a_fact(world):
    reader, apples, pears, _ = world
    done = services.train(now=NOW, seconds=5)
    assert done.lines == 7 and done.carve_out["people"] == 0
    found = queries.offers_for(reader, now=NOW)
    assert found.from_engine and [row.card.id for row in found.rows] == [pears.pk]
    assert found.rows[0].because.id == apples.pk


def test_what_was_put_away_is_not_offered_until_it_may_be_again(world):
    reader, _, pears, _ = world
    services.train(now=NOW, seconds=5)
    services.not_this(member=reader, slug=pears.slug, now=NOW)
    assert pears.pk not in offered(reader)
    services.offer_again(member=reader, slug=pears.slug)
    assert offered(reader) == [pears.pk]


def test_off_ends_it_at_once_and_nothing_of_theirs_is_read(world):
    reader, _, pears, _ = world
    services.train(now=NOW, seconds=5)
    services.not_this(member=reader, slug=pears.slug, now=NOW)
    services.choose(member=reader, is_personal=False, now=NOW)
    found = queries.offers_for(reader, now=NOW)
    assert not found.is_personal and not found.from_engine
    assert offered(reader) == offered(None) != [], "the same for everybody, with what they have and what they put away"
    services.offer_again(member=reader, slug=pears.slug)
    assert services.train(now=NOW, seconds=5).lines == 6 and not Shelf.objects.filter(member=reader).exists()
    services.choose(member=reader, is_personal=True, now=NOW)
    assert services.train(now=NOW, seconds=5).lines == 7 and offered(reader) == [pears.pk]


def test_a_newcomer_gets_what_their_people_kept_first_and_a_visitor_what_most_did(world):
    _, apples, pears, tea = world
    friend, newcomer = make_member("朋友"), make_member("新人")
    keep(friend, tea.skus.get())
    befriend(newcomer, friend)
    assert offered(newcomer) == [tea.pk, apples.pk, pears.pk]
    assert offered(None)[0] == apples.pk


def test_goods_that_are_sold_out_are_not_offered(world):
    reader, _, pears, _ = world
    services.train(now=NOW, seconds=5)
    stock = pears.skus.get().stock
    make_paid_order(member=make_member(), sku=stock.sku, quantity=stock.on_hand - stock.reserved)
    assert offered(reader) == []


def test_ties_are_read_where_both_agreed(world):
    reader, *_ = world
    friend = make_member("朋友")
    befriend(reader, friend)
    agreed = Permission.objects.filter(purpose="recommendation", granted=True)
    agreed.delete()
    assert services.train(now=NOW, seconds=5).ties == 0


def test_the_page_costs_as_many_statements_for_many_goods_as_for_one(world):
    reader, *_ = world
    services.train(now=NOW, seconds=5)
    client = log_in(Client(), reader)
    client.get("/for-you")
    with CaptureQueriesContext(
        connection,
    ) as one:
        page = client.get("/for-you").content.decode()
    assert "kept this too" in page or "也留下了" in page
    for _ in range(6):
        keep(make_member(), make_sku(stock_of=9))
    with CaptureQueriesContext(connection) as many:
        client.get("/for-you")
    assert len(many) <= len(one) + 1
    answer = client.post("/for-you", {"personal": "off"})
    assert answer.status_code == 302 and not queries.is_personal(reader.pk)


def test_the_console_says_honestly_how_little_there_is_to_go_by(world):
    client = log_in(Client(), make_staff())
    assert client.get("/console/recommending", headers={"accept-language": "en"}).status_code == 200
    services.train(now=NOW, seconds=5)
    page = client.get("/console/recommending", headers={"accept-language": "en"}).content.decode()
    assert "Too few people" in page


def test_who_looks_after_a_circle_sees_what_fits_it_and_nobody_else_does(world):
    reader, *_ = world
    founder = make_member("圈主")
    circle = make_circle(founder=founder)
    for member in [reader, *Member.objects.filter(pk__in=OrderLine.objects.values("member_id")).exclude(pk=reader.pk)]:
        ask_to_join(circle=circle, member=member, now=clock.now())
    services.train(now=NOW, seconds=5)
    assert queries.offers_for_circle(circle.pk)
    assert log_in(Client(), founder).get(f"/for-circle/{circle.slug}").status_code == 200
    assert log_in(Client(), reader).get(f"/for-circle/{circle.slug}").status_code == 403


def test_contacts_are_named_for_goods_only_when_they_agreed_to_both(world):
    reader, _, pears, _ = world
    friend = make_member("友")
    befriend(friend, reader)
    services.train(now=NOW, seconds=5)
    assert not Permission.objects.filter(member=reader, purpose="deals", granted=True).exists()
    assert queries.who_might_want(friend, pears.pk, now=clock.now()) == []
    for purpose in ("recommendation", "deals"):
        channel = "none" if purpose == "recommendation" else "in_app"
        decide(member=reader, purpose=purpose, channel=channel, granted=True, where="test", now=clock.now())
    assert [one.id for one in queries.who_might_want(friend, pears.pk, now=clock.now())] == [reader.pk]
    assert log_in(Client(), friend).get(f"/for-contacts/{pears.slug}").status_code == 200


def test_who_came_or_bought_since_need_not_wait_for_the_night(world):
    reader, apples, pears, _tea = world
    services.train(now=NOW, seconds=5)
    newcomer = make_member("新人")
    keep(newcomer, apples.skus.get())
    assert services.fold_in(now=clock.now())
    found = queries.offers_for(newcomer, now=clock.now())
    assert found.from_engine and found.rows[0].card.id == pears.pk and found.rows[0].because.id == apples.pk
    training._made.clear()  # as after a restart: fitted again, with the same setting
    keep(reader, pears.skus.get())
    assert services.fold_in(now=clock.now()) and pears.pk not in offered(reader)


def test_a_friend_alone_is_enough_for_a_first_shelf(world):
    _reader, *_, tea = world
    friend, newcomer = make_member("朋友"), make_member("新人")
    keep(friend, tea.skus.get())
    services.train(now=NOW, seconds=5)
    befriend(newcomer, friend)
    for one in (friend, newcomer):
        decide(member=one, purpose="recommendation", channel="none", granted=True, where="test", now=clock.now())
    services.fold_in(now=clock.now())
    place = queries.offers_for(newcomer, now=clock.now())
    assert place.from_engine and place.rows[0].card.id == tea.pk and place.rows[0].tied > 0


def test_what_is_used_up_by_now_comes_again_and_says_why(world):
    reader, apples, _pears, _ = world
    sku = apples.skus.get()
    for member in Member.objects.filter(pk__in=OrderLine.objects.values("member_id")):
        keep(member, sku)
    first = Order.objects.filter(
        pk__in=OrderLine.objects.order_by("member_id", "product_id", "pk")
        .distinct("member_id", "product_id")
        .values("order_id")
    )
    first.filter(lines__product=apples).update(paid_at=NOW - timedelta(days=60))
    Order.objects.filter(lines__product=apples, paid_at__gt=NOW - timedelta(days=9)).update(
        paid_at=NOW - timedelta(days=30)
    )
    services.train(now=NOW, seconds=5)
    row = queries.offers_for(reader, now=NOW).rows[0]
    assert (row.card.id, row.since_days, row.usual_days, row.because) == (apples.pk, 30, 30, None)
    later = queries.offers_for(reader, now=NOW + timedelta(days=70)).rows
    assert apples.pk not in [row.card.id for row in later], "whoever has not come back in three times as long will not"
    services.not_this(member=reader, slug=apples.slug, now=NOW)
    assert apples.pk not in offered(reader)


def test_the_doctor_finds_shelves_that_name_no_goods_or_no_true_reason(world):
    reader, _apples, pears, tea = world
    services.train(now=NOW, seconds=5)
    assert doctor.run(only=["RC1"])[0].is_well
    for places in ([[0, 0, 0]], [[pears.pk, tea.pk, 0]]):
        Shelf.objects.filter(member=reader).update(places=places)
        assert not doctor.run(only=["RC1"])[0].is_well
    invariants.take_away()
    assert doctor.run(only=["RC1"])[0].is_well and not Shelf.objects.filter(member=reader).exists()


def test_a_reason_ends_with_what_it_names(world):
    reader, _apples, pears, _ = world
    services.train(now=NOW, seconds=5)
    OrderLine.objects.filter(member=reader).update(kept_at=None, returned_at=NOW)
    (row,) = [one for one in queries.offers_for(reader, now=NOW).rows if one.card.id == pears.pk]
    assert row.because is None


def test_a_program_asks_for_a_circle_and_for_contacts_as_pages_do(world):
    reader, _, pears, _ = world
    founder = make_member("圈主")
    circle = make_circle(founder=founder)
    services.train(now=NOW, seconds=5)
    assert log_in(Client(), founder).get(f"/api/v1/circles/{circle.slug}/recommendations").json() == []
    assert log_in(Client(), reader).get(f"/api/v1/circles/{circle.slug}/recommendations").status_code == 403
    assert log_in(Client(), founder).get(f"/api/v1/products/{pears.slug}/contacts").json() == []
