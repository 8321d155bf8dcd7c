"""Lists and pages of the catalogue, with what they may cost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.goods.catalogue import queries, services
from quanzi.goods.catalogue.errors import UnknownMaker, UnknownProduct
from quanzi.goods.catalogue.models import Maker, Product
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from tests.factories.goods import make_lot, make_maker, make_picture, make_product, make_sku

pytestmark = pytest.mark.django_db
NOW = clock.now()


def full_product(number: int, maker: Maker | None = None) -> Product:
    """On sale, with two variants, two pictures and a lot."""
    now = NOW + timedelta(minutes=number)
    product = make_product(name=f"水蜜桃 {number}", slug=f"peach-{number}", maker=maker, now=now)
    cheap = make_sku(product=product, price_minor=2_000, options={"规格": "3 斤"})
    make_sku(product=product, price_minor=3_000, position=1)
    make_lot(sku=cheap)
    for _ in range(2):
        services.add_picture(product=product, picture=make_picture(), actor="staff:0", now=now)
    return services.publish(product=product, actor="staff:0", now=now)


def test_a_card_tells_the_price_range_and_shows_the_first_picture() -> None:
    maker = make_maker(name="王师傅", slug="wang")
    product = full_product(1, maker)
    (card,) = queries.product_cards()
    assert (card.id, card.slug, card.maker_name, card.maker_slug, card.skus, card.sku_id) == (
        product.id,
        "peach-1",
        "王师傅",
        "wang",
        2,
        None,
    )
    assert (card.price_from, card.price_to) == (Money(2_000), Money(3_000))
    assert card.picture is not None and card.picture.id == product.product_pictures.earliest("position").picture_id


def test_cards_come_newest_first_page_by_page() -> None:
    for number in range(5):
        full_product(number)
    first = queries.product_cards(limit=2)
    second = queries.product_cards(limit=2, before=first[-1].id)
    third = queries.product_cards(limit=2, before=second[-1].id)
    assert [card.slug for card in first + second + third] == [f"peach-{number}" for number in (4, 3, 2, 1, 0)]
    assert queries.product_cards(before=2**40) == []


def test_cards_can_be_asked_for_by_maker_category_words_and_ids() -> None:
    maker = make_maker(slug="wang")
    fruit = services.create_category(name="水果", slug="fruit", actor="staff:0", now=NOW)
    first, second = full_product(1, maker), full_product(2)
    services.update_product(product=second, category=fruit, origin="无锡 100%", actor="staff:0", now=NOW)
    assert [card.id for card in queries.product_cards(maker="wang")] == [first.id]
    assert [card.id for card in queries.product_cards(category="fruit")] == [second.id]
    assert [card.id for card in queries.product_cards(words="100% 水蜜桃")] == [second.id]
    assert queries.product_cards(words="%%%") == []
    assert [card.id for card in queries.product_cards(ids=[first.id, 2**40, second.id])] == [first.id, second.id]


def test_drafts_and_paused_products_are_not_listed_for_members() -> None:
    draft, paused = make_product(name="草稿"), full_product(1)
    services.pause(product=paused, actor="staff:0", now=NOW)
    assert queries.product_cards() == []
    assert {card.id for card in queries.product_cards(states=("draft", "paused"))} == {draft.id, paused.id}


@pytest.mark.parametrize("products", [1, 20])
def test_a_list_costs_one_query_however_long(products: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    maker = make_maker()
    for number in range(products):
        full_product(number, maker)
    with django_assert_num_queries(1):
        assert len(queries.product_cards()) == products


@pytest.mark.parametrize("variants", [1, 20])
def test_a_page_costs_one_query_however_many_variants(variants: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    product = full_product(1, make_maker())
    for number in range(variants):
        make_lot(sku=make_sku(product=product, options={"规格": f"{number} 号"}))
    with django_assert_num_queries(1):
        page = queries.product_page("peach-1")
    assert (len(page.skus), len(page.pictures), len(page.lots)) == (2 + variants, 2, 1 + variants)


def test_a_page_hides_costs_and_recalled_lots_from_members() -> None:
    product = full_product(1)
    lot = make_lot(sku=product.skus.earliest("id"))
    services.recall_lot(lot=lot, reason="mould", actor="staff:0", now=NOW)
    ours, theirs = queries.product_page_by_id(product.id, for_staff=True), queries.product_page("peach-1")
    assert {sku.cost for sku in theirs.skus} == {None}
    assert {sku.cost for sku in ours.skus} == {Money(2_000)}
    assert (len(theirs.lots), len(ours.lots)) == (1, 2)
    assert [sku.label for sku in theirs.skus] == ["3 斤", "5 斤"]


def test_members_see_paused_products_but_no_drafts() -> None:
    product = full_product(1)
    services.pause(product=product, actor="staff:0", now=NOW)
    assert not queries.product_page("peach-1").is_on_sale
    make_product(slug="draft")
    for slug in ("draft", "nothing", "x" * 500, "'; drop table"):
        with pytest.raises(UnknownProduct):
            queries.product_page(slug)
    assert queries.product_page("draft", for_staff=True).state == "draft"


@pytest.mark.parametrize("makers", [1, 20])
def test_makers_and_categories_count_what_is_on_sale_in_few_queries(makers: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    fruit = services.create_category(name="水果", name_en="Fruit", slug="fruit", actor="staff:0", now=NOW)
    for number in range(makers):
        product = full_product(number, make_maker(slug=f"wang-{number}"))
        services.update_product(product=product, category=fruit, actor="staff:0", now=NOW)
    with django_assert_num_queries(1):
        assert [card.products for card in queries.makers()] == [1] * makers
    with django_assert_num_queries(2):
        (shelf,) = queries.categories()
    assert (shelf.name_en, shelf.products) == ("Fruit", makers)
    assert shelf.icon is not None, "a shelf without a picture shows its newest product's"
    assert queries.maker_page("wang-0").products == 1
    with pytest.raises(UnknownMaker):
        queries.maker_page("nobody")
