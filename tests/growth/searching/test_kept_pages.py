"""A page of the search that was kept for visitors is never an old one, and shows nobody what they may not find."""

from __future__ import annotations

import pytest
from django.test import Client

from quanzi.community.posts.models import Post
from quanzi.faces.ui.remembered import pieces
from quanzi.goods.catalogue.models import ProductPicture, Sku
from quanzi.growth.searching import looking, queries
from quanzi.growth.searching.models import Miss, Past
from quanzi.kernel import clock
from quanzi.trade.experiences.services import write_experience
from quanzi.trade.sales.services import say_kept
from tests.faces.storefront.browsing import browser
from tests.factories.community import make_circle, make_person, make_post
from tests.factories.deals import make_buyer, make_deal
from tests.factories.goods import make_maker, make_picture, make_product, make_sku
from tests.factories.people import log_in, make_member
from tests.factories.trade import make_received_order
from tests.growth.discovery.test_editions import by_sql, drawn_anew, plain, statements, tables_in

pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = {
    "a price": """INSERT INTO catalogue_pricechange (sku_id, price_minor, currency, changed_at, actor)
        SELECT id, 9901, 'CNY', now(), 'sql' FROM catalogue_sku; UPDATE catalogue_sku SET price_minor = 9901""",
    "a name": "UPDATE catalogue_product SET name = name || '，换了名'",
    "goods that are no longer sold": "UPDATE catalogue_product SET state = 'retired'",
    "the maker": "UPDATE catalogue_maker SET name = name || '，换了名'",
    "the deal": "UPDATE deals_groupdeal SET stopped_at = now()",
    "the picture": "DELETE FROM catalogue_productpicture",
    "a title": "UPDATE posts_post SET title = title || '，改了'",
    "hidden posts": "UPDATE posts_post SET hidden_at = now(), hidden_reason = 'test'",
    "an author": "UPDATE accounts_member SET name = name || '换'",
    "a kept line": "UPDATE sales_orderline SET kept_at = NULL, said_kept_at = NULL, released_at = NULL, released_minor = 0",
    "a circle": "UPDATE circles_circle SET name = name || '，换了名'",
    "who belongs to it": "UPDATE circles_membership SET state = 'left'",
}


@pytest.fixture
def goods() -> Sku:
    """Something of every kind that holds 桃."""
    pieces.clear()
    from quanzi.goods.catalogue.services import publish

    sku = make_sku(product=make_product(name="水蜜桃", maker=make_maker(name="桃师傅")), stock_of=40)
    publish(product=sku.product, actor="test", now=clock.now())
    ProductPicture.objects.create(product=sku.product, picture=make_picture())
    make_deal(sku=sku)
    order = make_received_order(member=make_buyer(), sku=sku)
    say_kept(line_id=order.lines.get().pk, member=order.member, now=clock.now())
    write_experience(
        member=order.member, line_id=order.lines.get().pk, title="桃好吃", body="真的", stars=5, now=clock.now()
    )
    circle = make_circle(name="桃友会")
    make_post(author=circle.founder, circle=circle, kind="question", title="桃甜不甜")
    return sku


def results(client: Client, words: str = "桃", **more: str) -> str:
    answer = client.get("/search", {"q": words, **more})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_by_sql_is_on_the_next_page_of_results(goods: Sku, change: str) -> None:
    client = browser()
    before = results(client)
    by_sql(change)
    after = results(client)
    assert plain(after) != plain(before)
    assert plain(after) == plain(drawn_anew(lambda: results(client)))


def test_a_kept_page_of_results_is_found_and_not_drawn(goods: Sku) -> None:
    client = browser()
    first = results(client)
    with statements() as drawing:
        pieces.clear()
        assert plain(results(client)) == plain(first)
    with statements() as kept:
        assert plain(results(client)) == plain(first)
    # What the shop was asked for: whether somebody wrote, the state of the index, the edition of what is shown.
    assert len(kept) <= 4 < len(drawing)
    assert tables_in(drawing) - tables_in(kept) <= {"shop_shop"}


def test_every_search_has_a_page_of_its_own(goods: Sku) -> None:
    client = browser()
    asked: tuple[dict[str, str], ...] = (
        {},
        {"kind": "product"},
        {"kind": "question"},
        {"price": "3"},
        {"page": "2", "kind": "maker"},
    )
    for _ in range(2):
        pages = {plain(results(client, **more)) for more in asked} | {plain(results(client, "水蜜桃"))}
        assert len(pages) == len(asked) + 1


def test_what_only_a_circle_may_read_is_on_no_kept_page(goods: Sku) -> None:
    closed = make_circle(name="老邻居", admission="invitation")
    make_post(author=closed.founder, circle=closed, title="桃树下见")
    visitor, inside = browser(), log_in(browser(), closed.founder)
    assert "树下见" not in results(visitor)
    assert "树下见" in results(inside)
    assert "树下见" not in results(visitor)
    Post.objects.filter(circle=closed).update(circle=None)
    assert "树下见" in results(visitor), "now everybody may"


def test_words_that_nothing_holds_are_counted_each_time(goods: Sku) -> None:
    for _ in range(3):
        results(browser(), "螃蟹")
    assert Miss.objects.get(words="螃蟹").times == 3


def test_what_a_member_looked_for_is_remembered_for_them_also_where_visitors_find_a_kept_page(goods: Sku) -> None:
    results(browser())
    me = make_member("王小桃")
    answer = log_in(browser(), me).get("/search", {"q": "桃"})
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert Past.objects.get().member == me


@pytest.mark.parametrize("every", [1, 2, 7, 40])
def test_however_common_words_are_the_newest_posts_that_hold_them_are_found(
    monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    for name, number in {"WINDOW": 4, "COMMON": 2, "WIDEST": 9, "MOST_POSTS": 5}.items():
        monkeypatch.setattr(looking, name, number)
    authors = [make_person() for _ in range(9)]
    posts = [make_post(author=authors[number % 9], title="桃" if number % every == 0 else "梨") for number in range(41)]
    held = posts[::every]
    found = queries.search(asked=queries.Asked(words="桃"), reader=queries.Reader(None), now=clock.now())
    assert sorted(found.ids["note"], reverse=True) == [one.pk for one in held[:-6:-1]]
