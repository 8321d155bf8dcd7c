"""A member's own list, alerts in fair order, and what was seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quanzi.base.events.services import deliver_pending
from quanzi.base.jobs.services import run_due
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.services import pause, publish, update_sku
from quanzi.goods.stock import services as stock
from quanzi.goods.wishes import queries, rules, services
from quanzi.goods.wishes.errors import ListFull, StillInStock
from quanzi.goods.wishes.models import StockAlert
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Notice
from tests.factories.goods import bring_in, make_product, make_sku
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db
NOW = clock.now()


def told(member: Member) -> list[str]:
    return [
        str(params["product"])
        for params in Notice.objects.filter(member=member, kind="back_in_stock").values_list("params", flat=True)
    ]


def waiting(sku: Sku, count: int) -> list[Member]:
    """Members who asked about the goods, the first one first."""
    members = [make_member() for _ in range(count)]
    for member in members:
        services.ask_alert(member=member, sku_id=sku.pk, now=NOW)
    return members


def deliver() -> None:
    while deliver_pending(now=clock.now()):
        pass


def test_goods_stand_once_on_a_list_until_they_are_taken_off() -> None:
    member, sku = make_member(), make_sku(stock_of=2)
    slug = sku.product.slug
    first = services.add(member=member, slug=slug, now=NOW)
    assert services.add(member=member, slug=slug, now=NOW).pk == first.pk
    assert [row.card.slug for row in queries.wishes(member.pk)] == queries.marks(member.pk) == [slug]
    assert queries.wishes(member.pk)[0].can_be_bought
    assert services.remove(member=member, slug=slug) and not services.remove(member=member, slug=slug)
    assert queries.marks(member.pk) == []


def test_a_list_is_nobody_elses() -> None:
    sku = make_sku()
    services.add(member=make_member(), slug=sku.product.slug, now=NOW)
    assert queries.wishes(make_member().pk) == []


def test_drafts_cannot_be_wished_for_and_a_full_list_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    member = make_member()
    with pytest.raises(NotFound):
        services.add(member=member, slug=make_product().slug, now=NOW)
    monkeypatch.setattr(services, "MOST_WISHES", 1)
    services.add(member=member, slug=make_sku().product.slug, now=NOW)
    with pytest.raises(ListFull):
        services.add(member=member, slug=make_sku().product.slug, now=NOW)


def test_the_list_costs_as_many_queries_for_twenty_rows_as_for_one() -> None:
    member = make_member()
    counts = []
    for more in (1, 19):
        for _ in range(more):
            services.add(member=member, slug=make_sku(stock_of=1).product.slug, now=NOW)
        with CaptureQueriesContext(connection) as caught:
            assert queries.wishes(member.pk)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 4


def test_an_alert_is_for_goods_that_are_sold_out() -> None:
    with pytest.raises(StillInStock):
        services.ask_alert(member=make_member(), sku_id=make_sku(stock_of=1).pk, now=NOW)
    with pytest.raises(NotFound):
        services.ask_alert(member=make_member(), sku_id=make_sku(product=make_product()).pk, now=NOW)


def test_who_asked_first_is_told_first_and_no_more_than_can_buy() -> None:
    sku = make_sku()
    first, second, third = waiting(sku, 3)
    bring_in(sku, 2)
    deliver()
    assert [len(told(member)) for member in (first, second, third)] == [1, 1, 0]
    run_due(clock.now() + rules.WAVE - timedelta(minutes=1))
    assert told(third) == []
    run_due(clock.now() + rules.WAVE + timedelta(minutes=1))
    assert told(third) == [sku.product.name]


def test_one_return_is_told_once_and_the_next_return_needs_a_new_question() -> None:
    sku = make_sku()
    (member,) = waiting(sku, 1)
    bring_in(sku, 1)
    deliver()
    services.tell_back(sku_id=sku.pk, now=clock.now())
    assert len(told(member)) == 1
    hold = (sku.pk, 1, "order_line:1")
    stock.reserve(lines=[hold], expires_at=None, now=NOW)
    stock.release(refs=["order_line:1"], now=NOW)
    deliver()
    assert len(told(member)) == 1
    stock.reserve(lines=[(sku.pk, 1, "order_line:2")], expires_at=None, now=NOW)
    services.ask_alert(member=member, sku_id=sku.pk, now=clock.now())
    stock.release(refs=["order_line:2"], now=NOW)
    deliver()
    assert len(told(member)) == 2


def test_more_of_what_is_there_already_is_no_return() -> None:
    sku = make_sku(stock_of=1)
    deliver()
    before = _events()
    bring_in(sku, 5)
    assert _events() == before


def test_nobody_is_told_about_goods_that_are_not_on_sale_or_gone_again() -> None:
    sku, gone = make_sku(), make_sku()
    (member,), (late,) = waiting(sku, 1), waiting(gone, 1)
    pause(product=sku.product, actor="test", now=NOW)
    bring_in(sku, 1)
    bring_in(gone, 1)
    stock.reserve(lines=[(gone.pk, 1, "order_line:9")], expires_at=None, now=NOW)
    deliver()
    assert told(member) == told(late) == []
    assert StockAlert.objects.filter(told_at=None).count() == 2


@pytest.mark.parametrize("way", ["product", "variant"])
def test_goods_that_came_in_while_they_were_not_on_sale_are_told_when_they_are(way: str) -> None:
    sku = make_sku()
    member = waiting(sku, 1)[0]
    if way == "product":
        pause(product=sku.product, actor="test", now=NOW)
    else:
        make_sku(product=sku.product, options={"规格": "10 斤"})
        update_sku(sku=sku, is_active=False, actor="test", now=NOW)
    bring_in(sku, 3)
    deliver()
    assert told(member) == []
    if way == "product":
        publish(product=sku.product, actor="test", now=NOW)
    else:
        update_sku(sku=sku, is_active=True, actor="test", now=NOW)
    deliver()
    assert told(member) == [sku.product.name]


def test_goods_that_came_in_while_somebody_asked_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sku, looks = make_sku(stock_of=3), [0]
    monkeypatch.setattr(services, "free", lambda ids: {ids[0]: looks.pop() if looks else 3})
    member = waiting(sku, 1)[0]
    assert told(member) == [sku.product.name]


def test_an_alert_can_be_taken_back() -> None:
    sku = make_sku()
    (member,) = waiting(sku, 1)
    assert [row.sku_id for row in queries.alerts(member.pk)] == [sku.pk] and queries.waits_for(member.pk, sku.pk)
    assert services.withdraw_alert(member=member, sku_id=sku.pk)
    bring_in(sku, 1)
    deliver()
    assert told(member) == []


def test_what_was_seen_is_newest_first_limited_and_forgotten_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_SEEN", 2)
    member = make_member()
    slugs = [make_sku().product.slug for _ in range(3)]
    for step, slug in enumerate([*slugs, slugs[1]]):
        services.note_seen(member=member, slug=slug, now=NOW + timedelta(seconds=step))
    assert [card.slug for card in queries.seen(member.pk)] == [slugs[1], slugs[2]]
    assert services.forget_seen(member=member) == 2
    assert queries.seen(member.pk) == []


def _events() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM events_event WHERE name = 'stock.BackInStock'")
        return int(cursor.fetchone()[0])
