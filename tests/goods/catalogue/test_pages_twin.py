"""The page of a product is one statement; here stands what it means, written plainly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.goods.catalogue import services
from quanzi.goods.catalogue.models import Lot, Product, ProductPicture, Sku
from quanzi.goods.catalogue.queries import LotNote, ProductPage, SkuChoice, product_page, product_page_by_id
from quanzi.goods.catalogue.queries.makers import maker_card
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from tests.factories.goods import make_lot, make_maker, make_picture, make_product, make_sku

pytestmark = pytest.mark.django_db


def plainly(product: Product, *, for_staff: bool) -> ProductPage:
    skus = [sku for sku in Sku.objects.filter(product=product).order_by("position", "id") if for_staff or sku.is_active]
    lots = Lot.objects.filter(sku__in=skus).order_by("-id")
    prices = [Money(sku.price_minor, sku.currency) for sku in skus if sku.is_active]
    shown = ProductPicture.objects.filter(product=product).order_by("position", "id")
    shelf = product.category
    return ProductPage(
        id=product.pk, slug=product.slug, name=product.name, summary=product.summary, story=product.story,
        origin=product.origin, state=product.state, is_on_sale=product.state == "on_sale", is_demo=product.is_demo,
        maker=maker_card(product.maker) if product.maker else None, category_slug=shelf.slug if shelf else "",
        category_name=shelf.name if shelf else "", category_name_en=shelf.name_en if shelf else "",
        return_rule=product.return_rule, return_days=product.return_days, claim_hours=product.claim_hours,
        pictures=tuple(one.picture for one in shown),
        skus=tuple(
            SkuChoice(
                id=sku.pk, code=sku.code, options=sku.options, label=" · ".join(sku.options.values()),
                title=variant_title(product.name, sku.options), price=Money(sku.price_minor, sku.currency),
                cost=Money(sku.cost_minor, sku.currency) if for_staff else None, unit_note=sku.unit_note,
                weight_g=sku.weight_g, is_active=sku.is_active,
            )
            for sku in skus
        ),
        lots=tuple(
            LotNote(lot.pk, lot.sku_id, lot.code, lot.made_on, lot.expires_at, lot.storage, lot.recalled_at)
            for lot in (lots if for_staff else lots.filter(recalled_at=None))[:50]
        ),
        price_from=min(prices, default=None), price_to=max(prices, default=None), created_at=product.created_at,
    )  # fmt: skip


@pytest.fixture
def goods() -> list[Product]:
    """Bare goods, and goods with everything that a page can hold: variants in the merchant's order, lots, pictures, a maker with a portrait."""
    now = clock.now()
    maker = make_maker(portrait=make_picture())
    shelf = services.create_category(name="水果", name_en="Fruit", slug="fruit", actor="test", now=now)
    full = make_product(
        name='"桃"\\ 100% 甜', on_sale=True, maker=maker, category=shelf, story="第一行\n第二行", now=now
    )
    for number in range(4):
        sku = make_sku(product=full, price_minor=900 - number, options={"规格": f"{number} 斤", "Box": "it's"})
        Sku.objects.filter(pk=sku.pk).update(position=9 - number, is_active=number != 2, unit_note="约 6 个")
        for day in (None, now + timedelta(days=number)):
            made = make_lot(sku=sku)
            Lot.objects.filter(pk=made.pk).update(expires_at=day, made_on=now.date() if number else None)
        ProductPicture.objects.create(product=full, picture=make_picture(), position=5 - number // 2)
    services.recall_lot(lot=Lot.objects.filter(sku__product=full).latest("id"), reason="mould", actor="test", now=now)
    return [full, make_product(name="草稿"), make_product(name="无规格", maker=make_maker(), on_sale=False)]


def test_the_statement_shows_what_the_plain_way_shows(goods: list[Product]) -> None:
    for one in goods:
        product = Product.objects.get(pk=one.pk)
        assert product_page_by_id(product.pk, for_staff=True) == plainly(product, for_staff=True)
        if product.state != "draft":
            assert product_page(product.slug) == plainly(product, for_staff=False)
    assert len(product_page(goods[0].slug).lots) < len(product_page(goods[0].slug, for_staff=True).lots)


def test_pictures_of_the_page_are_whole(goods: list[Product]) -> None:
    """Equal rows of the ORM only have the same id."""
    for drawn, stored in zip(
        product_page(goods[0].slug).pictures, plainly(goods[0], for_staff=False).pictures, strict=True
    ):
        assert vars(drawn) | {"_state": None} == vars(stored) | {"_state": None}


def test_no_more_than_fifty_lots_stand_on_the_page_the_newest(goods: list[Product]) -> None:
    sku = goods[0].skus.filter(is_active=True).first()
    assert sku is not None
    for _ in range(52):
        make_lot(sku=sku)
    assert product_page(goods[0].slug) == plainly(Product.objects.get(pk=goods[0].pk), for_staff=False)
