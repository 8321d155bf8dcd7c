"""The list of products is one statement; here stands what it means, written plainly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q

from quanzi.goods.catalogue import services
from quanzi.goods.catalogue.models import Product, ProductPicture, ProductState
from quanzi.goods.catalogue.queries import ProductCard, cards, product_cards
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from tests.factories.goods import make_maker, make_picture, make_product, make_sku

pytestmark = pytest.mark.django_db


def plain_card(product: Product) -> ProductCard:
    active = [sku for sku in product.skus.order_by("id") if sku.is_active]
    prices = [Money(sku.price_minor, sku.currency) for sku in active]
    first = product.product_pictures.order_by("position", "id").first()
    return ProductCard(
        id=product.pk, slug=product.slug, name=product.name, summary=product.summary, picture=first.picture if first else None,
        price_from=min(prices, default=None), price_to=max(prices, default=None),
        maker_name=product.maker.name if product.maker else "", maker_slug=product.maker.slug if product.maker else "",
        origin=product.origin, category_slug=product.category.slug if product.category else "", skus=len(active),
        sku_id=active[0].pk if len(active) == 1 else None, state=product.state, is_demo=product.is_demo, created_at=product.created_at,
    )  # fmt: skip


def plainly(**which: Any) -> list[ProductCard]:
    found = Product.objects.filter(state=ProductState.ON_SALE).order_by("-created_at", "-id")
    if "category" in which:
        found = found.filter(category__slug=which["category"])
    if "maker" in which:
        found = found.filter(maker__slug=which["maker"])
    for word in which.get("words", "").split():
        found = found.filter(Q(name__icontains=word) | Q(summary__icontains=word) | Q(origin__icontains=word))
    rows = list(found)
    if "before" in which:
        places = [product.pk for product in Product.objects.order_by("-created_at", "-id")]
        rows = [product for product in rows if places.index(product.pk) > places.index(which["before"])]
    return [plain_card(product) for product in rows[: which.get("limit", 20)]]


@pytest.fixture
def shelf() -> list[Product]:
    """Goods of two makers and two shelves, some made at the same moment, with and without pictures, a draft and a pause among them."""
    now = clock.now()
    makers, shelves = (
        [make_maker(), make_maker()],
        [services.create_category(name=n, slug=n, actor="test", now=now) for n in ("tea", "nuts")],
    )
    made = []
    for number in range(12):
        product = make_product(
            name=("100% 蜂蜜", "大米", "a_b 茶")[number % 3], on_sale=True, now=now - timedelta(days=number // 2), maker=makers[number % 2],
            category=shelves[number % 2] if number % 5 else None, origin="浙江" if number % 4 else "Yunnan",
        )  # fmt: skip
        if number % 3:
            make_sku(product=product, price_minor=5_000 + number)
        for position in range(number % 3):
            ProductPicture.objects.create(product=product, picture=make_picture(), position=5 - position)
        made.append(product)
    Product.objects.filter(pk=made[3].pk).update(state=ProductState.PAUSED)
    made[4].skus.update(is_active=False)
    return made


@pytest.mark.parametrize(
    "which",
    [
        {}, {"limit": 3}, {"category": "tea"}, {"category": "none"}, {"words": "蜂蜜"}, {"words": "%"}, {"words": "_"},
        {"words": "yunNAN 大米"}, {"words": "'; --"}, {"words": "浙江"}, {"words": "茶大"}, {"words": "米浙"}, {"words": "a_ 浙江", "limit": 2},
        {"words": "浙江", "category": "tea"}, {"words": "0%"}, {"words": "蜂"},
    ],
    ids=str,
)  # fmt: skip
def test_the_statement_finds_what_the_plain_way_finds(shelf: list[Product], which: dict[str, Any]) -> None:
    assert product_cards(**which) == plainly(**which)


@pytest.mark.parametrize("window", [1, 2, 5, 11, 12, 200])
@pytest.mark.parametrize("words", ["蜂蜜", "大米 浙江", "100%", "茶", "螃蟹", "yunnan"])
def test_words_are_found_among_the_newest_and_beyond_them(
    shelf: list[Product], monkeypatch: pytest.MonkeyPatch, words: str, window: int
) -> None:
    monkeypatch.setattr(cards, "WINDOW", window)
    for which in (
        {},
        {"limit": 2},
        {"category": "tea"},
        {"before": shelf[4].pk, "limit": 3},
        {"maker": shelf[0].maker.slug},
    ):  # type: ignore[union-attr]
        assert product_cards(words=words, **which) == plainly(words=words, **which)  # type: ignore[arg-type]


def test_pages_go_on_where_the_last_one_ended(shelf: list[Product]) -> None:
    whole = product_cards(limit=50)
    for place in (0, 3, len(whole) - 1):
        assert (
            product_cards(before=whole[place].id, limit=4)
            == plainly(before=whole[place].id, limit=4)
            == whole[place + 1 : place + 5]
        )
    assert product_cards(before=10**12) == []


def test_chosen_goods_come_in_the_order_asked_for(shelf: list[Product]) -> None:
    ids = [shelf[5].pk, shelf[0].pk, shelf[3].pk, shelf[7].pk]
    assert [card.id for card in product_cards(ids=ids)] == [shelf[5].pk, shelf[0].pk, shelf[7].pk]
    assert [card.id for card in product_cards(ids=ids, states=["on_sale", "paused"])] == ids
    assert product_cards(maker=shelf[0].maker.slug) == plainly(maker=shelf[0].maker.slug)  # type: ignore[union-attr]
