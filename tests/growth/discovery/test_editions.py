"""A page that was kept is never an old one: whatever changes, by whatever means, is on the next page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quanzi.base import unwritten
from quanzi.faces.ui.remembered import pieces
from quanzi.goods.catalogue.models import ProductPicture, Sku
from quanzi.kernel import clock
from quanzi.trade.experiences.services import write_experience
from quanzi.trade.sales.services import say_kept
from tests.faces.storefront.browsing import browser, page
from tests.factories.community import make_post
from tests.factories.deals import make_buyer, make_deal, open_team
from tests.factories.deals import pay as pay_seat
from tests.factories.goods import bring_in, make_lot, make_maker, make_picture, make_product, make_sku
from tests.factories.stations import make_round
from tests.factories.trade import make_received_order

pytestmark = pytest.mark.django_db(transaction=True)

PRICED = """
INSERT INTO catalogue_pricechange (sku_id, price_minor, currency, changed_at, actor) SELECT id, {price}, 'CNY', now(), 'sql' FROM catalogue_sku;
UPDATE catalogue_sku SET price_minor = {price}
"""

DAY = """
INSERT INTO launches_brandday (slug, maker_id, title, story, starts_at, ends_at, is_demo)
    SELECT 'tag', min(id), '开窑', '', now() - interval '1 hour', now() + interval '5 hours', false FROM catalogue_maker;
INSERT INTO launches_daygood (day_id, sku_id, price_minor, currency) SELECT d.id, s.id, 100, 'CNY' FROM launches_brandday d, catalogue_sku s;
INSERT INTO pricing_timedprice (sku_id, price_minor, starts_at, ends_at, source, label_zh, label_en)
    SELECT g.sku_id, g.price_minor, d.starts_at, d.ends_at, 'day:' || d.id, '专场价', 'Brand day price'
      FROM launches_daygood g JOIN launches_brandday d ON d.id = g.day_id
"""

# What a page shows, and statements after which it must show something else.
CHANGES = {
    "a price": PRICED.format(price=9_901),
    "a name": "UPDATE catalogue_product SET name = name || '，换了名'",
    "a variant": 'UPDATE catalogue_sku SET options = \'{"规格": "换了"}\'',
    "the maker": "UPDATE catalogue_maker SET name = name || '，换了名'",
    "the deal": "UPDATE deals_groupdeal SET stopped_at = now()",
    "a seat's person": "UPDATE accounts_member SET name = name || '换'",
    "a round": "UPDATE stations_round SET cut_off_at = cut_off_at + interval '1 hour'",
    "a station": "UPDATE sales_pickuppoint SET name = name || '，换了名'",
    "the picture": "DELETE FROM catalogue_productpicture",
    "an experience": "UPDATE posts_post SET title = title || '，改了'",
    "a hidden experience": "UPDATE posts_post SET hidden_at = now(), hidden_reason = 'test'",
    "a kept line": "UPDATE sales_orderline SET kept_at = NULL, said_kept_at = NULL, released_at = NULL, released_minor = 0",
}
SOLVED = """
INSERT INTO aftersales_claim (line_id, member_id, reason, note, state, opened_at, answer)
    SELECT l.id, l.member_id, 'spoiled', '', 'open', now(), '' FROM sales_orderline l WHERE l.kept_at IS NOT NULL;
UPDATE aftersales_claim SET state = 'exchanged', decided_at = now();
INSERT INTO aftersales_solved (claim_id, said_at) SELECT id, now() FROM aftersales_claim
"""
OF_PRODUCT = {
    "a solved complaint": SOLVED,
    "a brand day": DAY,
    "stock": "UPDATE stock_stock SET reserved = on_hand - 1",
    "the last one": "UPDATE stock_stock SET reserved = on_hand",
    "a lot": "UPDATE catalogue_lot SET recalled_at = now()",
    "a point": "UPDATE sales_pickuppoint SET address = address || '，搬了'",
}


@pytest.fixture
def sku() -> Sku:
    """Goods with everything that a page can show: maker, picture, lot, deal, an open team, a kept line, an experience."""
    pieces.clear()
    goods = make_sku(product=make_product(maker=make_maker()), stock_of=40)
    from quanzi.goods.catalogue.services import publish

    publish(product=goods.product, actor="test", now=clock.now())
    ProductPicture.objects.create(product=goods.product, picture=make_picture())
    bring_in(goods, 5, lot=make_lot(sku=goods))
    pay_seat(open_team(make_deal(sku=goods), make_buyer())[1])
    order = make_received_order(member=make_buyer(), sku=goods)
    say_kept(line_id=order.lines.get().pk, member=order.member, now=clock.now())
    write_experience(
        member=order.member, line_id=order.lines.get().pk, title="好吃", body="真的", stars=5, now=clock.now()
    )
    make_post(author=order.member, kind="question", title="甜不甜")
    make_round(sku=goods)
    return goods


def by_sql(statements: str) -> None:
    """Written past every service and guard, as a hand in the database would."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statements)
        cursor.execute("SET session_replication_role = origin")


def plain(html: str) -> str:
    return re.sub(r"[A-Za-z0-9]{64}", "", html)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked when somebody has just written, besides whether they have."""
    unwritten.forget()
    found: list[str] = []
    with CaptureQueriesContext(connection) as asked:
        yield found
    found += [one["sql"] for one in asked if one["sql"] != unwritten.MARK]


def tables_in(asked: list[str]) -> set[str]:
    said = {word for one in asked for word in re.findall(r'(?:FROM|JOIN|,) "?([a-z_]+)"?', one)}
    return said & set(connection.introspection.table_names())


def drawn_anew(draw: Callable[[], str]) -> str:
    pieces.clear()
    return draw()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_by_sql_is_on_the_next_page_of_goods(sku: Sku, change: str) -> None:
    client = browser()
    before = page(client, "discover")
    by_sql(change)
    after = page(client, "discover")
    assert plain(after) != plain(before)
    assert plain(after) == plain(drawn_anew(lambda: page(client, "discover")))


@pytest.mark.parametrize("change", [*CHANGES.values(), *OF_PRODUCT.values()], ids=[*CHANGES, *OF_PRODUCT])
def test_a_change_by_sql_is_on_the_next_page_of_a_product(sku: Sku, change: str) -> None:
    client = browser()
    before = page(client, "product", sku.product.slug)
    by_sql(change)
    after = page(client, "product", sku.product.slug)
    assert plain(after) != plain(before)
    assert plain(after) == plain(drawn_anew(lambda: page(client, "product", sku.product.slug)))


@pytest.mark.parametrize("name", ["discover", "product"])
def test_a_kept_page_costs_its_edition(sku: Sku, name: str) -> None:
    client, where = browser(), [sku.product.slug] if name == "product" else []
    first = page(client, name, *where)
    with statements() as asked:
        second = page(client, name, *where)
    assert len(asked) == 1
    assert plain(second) == plain(first)


def test_each_visitor_gets_a_form_token_of_their_own(sku: Sku) -> None:
    tokens = {
        re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page(browser(), "discover")).group(1) for _ in range(3)
    }  # type: ignore[union-attr]
    assert len(tokens) == 3


def test_languages_and_themes_have_pages_of_their_own(sku: Sku) -> None:
    chinese, english, dark = browser(), browser(language="en"), browser()
    dark.cookies["theme"] = "dark"
    pages = {plain(page(client, "product", sku.product.slug)) for client in (chinese, english, dark, chinese, english)}
    assert len(pages) == 3


@pytest.mark.parametrize("name", ["discover", "product"])
def test_an_edition_knows_every_table_that_its_page_reads(sku: Sku, name: str) -> None:
    """Whoever lets a page show something else must name it in the edition, or visitors would see yesterday's."""
    where = [sku.product.slug] if name == "product" else []
    client = browser()
    page(client, name, *where)  # what is noted of a new visitor is no part of the page
    pieces.clear()
    with statements() as drawing:
        page(client, name, *where)
    with statements() as edition:
        page(client, name, *where)
    assert len(edition) == 1
    # What pages say of the shop itself they take from its identity, which makes pages of its own.
    assert tables_in(drawing) - tables_in(edition) <= {"shop_shop"}


def test_words_that_no_page_knows_make_no_page_more(sku: Sku) -> None:
    client = browser()
    page(client, "discover")
    first = page(client, "discover")
    client.cookies["unknown"] = "x" * 500
    with statements() as asked:
        second = client.get(reverse("storefront:discover") + "?who=me@example.com")
    assert len(asked) == 1
    assert plain(second.content.decode()) == plain(first)
    assert "example.com" not in page(browser(), "discover")


def test_a_message_for_one_visitor_is_kept_for_nobody(sku: Sku) -> None:
    told = browser()
    told.cookies["messages"] = CookieStorage(HttpRequest())._encode([Message(20, "only for one")])
    assert "only for one" in page(told, "discover")
    assert "only for one" not in page(browser(), "discover")
    told.cookies["messages"] = CookieStorage(HttpRequest())._encode([Message(20, "only for one")])
    assert "only for one" in page(told, "discover")


@pytest.mark.parametrize("address", ["/api/v1/products", "/api/v1/products/{slug}"])
def test_the_same_as_json_costs_its_edition_and_follows_every_change(sku: Sku, address: str) -> None:
    client, where = browser(), address.format(slug=sku.product.slug)
    first = client.get(where)
    assert first.status_code == 200
    with statements() as asked:
        second = client.get(where)
    assert (len(asked), second.content) == (1, first.content)
    by_sql(CHANGES["a price"])
    third = client.get(where)
    pieces.clear()
    assert first.content != third.content == client.get(where).content
    assert b"9901" in third.content
