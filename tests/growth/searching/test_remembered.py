"""What visitors found is found again as soon as the index is another one, and not before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quanzi.community.circles.models import Circle
from quanzi.community.posts.models import Post
from quanzi.goods.catalogue.models import Product, Sku
from quanzi.goods.catalogue.services import change_price
from quanzi.growth.searching import remembered
from quanzi.growth.searching.indexing import catch_up, forget_changes, rebuild
from quanzi.growth.searching.models import Change, Entry
from quanzi.growth.searching.queries import Asked, Found, Reader, reader_of, search
from quanzi.growth.searching.services import add_words
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.factories.community import make_circle, make_person, make_post
from tests.factories.goods import make_product

pytestmark = pytest.mark.django_db

NOW = clock.now().replace(minute=10, second=10, microsecond=0)


@pytest.fixture(autouse=True)
def _begin() -> Iterator[None]:
    remembered.forget()
    yield
    remembered.forget()


@pytest.fixture
def peaches() -> Circle:
    make_product(name="水蜜桃", on_sale=True)
    circle = make_circle(name="桃友会")
    make_post(author=circle.founder, circle=circle, title="桃甜不甜")
    make_post(author=make_person(), title="水蜜桃真甜")
    catch_up()
    return circle


def look(words: str = "桃", *, reader: Reader | None = None, now: datetime = NOW) -> tuple[Found, bool]:
    """What is found, and whether it was looked for."""
    with CaptureQueriesContext(connection) as asked:
        found = search(asked=Asked(words=words), reader=reader or Reader(None), now=now)
    return found, any("FROM searching_entry" in query["sql"] for query in asked.captured_queries)


def test_it_is_looked_for_once_while_others_write_other_things(peaches: Circle) -> None:
    first, was_looked_for = look()
    assert was_looked_for and first.total == 4
    make_person()
    Sku.objects.update(unit_note="约 6 个")
    assert look() == (first, False)
    assert look("水蜜")[1], "other words"
    assert look(now=NOW + timedelta(minutes=9)) == (first, False)
    assert look(now=NOW + timedelta(minutes=10)) == (first, True), "what is fresh is another question by then"


CHANGES: dict[str, Callable[[Circle], object]] = {
    "goods are no longer sold": lambda circle: Product.objects.update(state="paused"),
    "a name": lambda circle: Product.objects.update(name="黄桃"),
    "a price": lambda circle: change_price(sku=Sku.objects.get(), price_minor=77, actor="test", now=NOW),
    "a title": lambda circle: Post.objects.update(title="梨甜不甜"),
    "a post is hidden": lambda circle: Post.objects.update(hidden_at=NOW, hidden_reason="x"),
    "a door closes": lambda circle: Circle.objects.update(admission="invitation"),
    "a new post": lambda circle: make_post(author=circle.founder, title="桃"),
    "words of the merchant": lambda circle: add_words(words="桃,蜜蜂", actor="test", now=NOW),
    "everything is made anew": lambda circle: (Entry.objects.all().delete(), rebuild()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_changes_in_the_index_is_in_the_next_search(
    peaches: Circle, change: Callable[[Circle], object]
) -> None:
    look()
    change(peaches)
    found, was_looked_for = look()
    assert was_looked_for
    remembered.forget()
    assert look()[0] == found


def test_what_changed_while_it_was_looked_for_is_not_remembered(peaches: Circle) -> None:
    def find() -> Found:
        found = look()[0]
        Entry.objects.filter(kind="product").delete()
        return found

    remembered.forget()
    early = remembered.once("key", find)
    assert "product" in early.ids
    assert "product" not in remembered.once("key", lambda: look()[0]).ids


def test_members_have_nothing_of_it(peaches: Circle) -> None:
    me: Member = peaches.founder
    for _ in range(2):
        assert look(reader=reader_of(me, NOW))[1]
    look()
    assert look(reader=reader_of(me, NOW))[1]


def test_the_worker_keeps_the_newest_numbers_and_a_process_no_more_than_its_share(
    peaches: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = list(Change.objects.order_by("-id").values_list("pk", flat=True)[:2])
    assert forget_changes(most=2) > 0
    assert list(Change.objects.order_by("-id").values_list("pk", flat=True)) == newest
    monkeypatch.setattr(remembered, "MOST", 3)
    for words in ("水蜜", "友会", "甜", "不甜", "真甜"):
        look(words)
    assert (look("真甜")[1], look("水蜜")[1]) == (False, True)
