"""Products, variants, prices, lots: what is written, what is refused, what leaves a trace."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.audit.models import AuditEntry
from quanzi.base.doctor import run
from quanzi.base.events.models import Event
from quanzi.goods.catalogue import queries, services
from quanzi.goods.catalogue.errors import (
    BadOptions,
    BadPrice,
    BadSlug,
    CodeTaken,
    LastVariant,
    LotEndsBeforeItBegins,
    Missing,
    NothingToSell,
    SlugTaken,
    TooFewReturnDays,
    TooLong,
)
from quanzi.goods.catalogue.models import PriceChange, Product, ProductPicture, Sku
from quanzi.goods.pricing.queries import wares
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, Errors, IllegalMove
from quanzi.kernel.money import UnknownCurrency
from tests.factories.goods import make_lot, make_maker, make_picture, make_product, make_sku

pytestmark = pytest.mark.django_db
NOW = clock.now()


def test_a_product_begins_as_a_draft_and_is_on_sale_when_published() -> None:
    product = make_product()
    assert product.state == "draft"
    with pytest.raises(NothingToSell):
        services.publish(product=product, actor="staff:0", now=NOW)
    make_sku(product=product)
    published = services.publish(product=product, actor="staff:0", now=NOW)
    services.publish(product=product, actor="staff:0", now=NOW)
    assert published.state == "on_sale"
    assert services.pause(product=product, actor="staff:0", now=NOW).state == "paused"
    services.pause(product=product, actor="staff:0", now=NOW)
    assert list(Event.objects.order_by("id").values_list("name", flat=True)) == [
        "catalogue.ProductPublished",
        "catalogue.ProductPaused",
    ]


def test_many_products_are_published_and_paused_together_or_none_of_them() -> None:
    one, other = make_sku().product, make_sku(product=make_product()).product
    ids = [one.pk, other.pk]
    with pytest.raises(NothingToSell):
        services.publish_all(product_ids=[*ids, make_product().pk], actor="staff:0", now=NOW)
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    services.publish_all(product_ids=ids, actor="staff:0", now=NOW)
    services.pause_all(product_ids=ids, actor="staff:0", now=NOW)
    services.pause_all(product_ids=ids, actor="staff:0", now=NOW)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, other.state) == ("paused", "paused")
    told = AuditEntry.objects.exclude(pk__in=before).order_by("pk").values_list("target", "after__state")
    assert (f"product:{other.pk}", "on_sale") in told and list(told)[-2:] == [(f"product:{pk}", "paused") for pk in ids]
    with pytest.raises(IllegalMove):
        services.pause_all(product_ids=[make_product().pk], actor="staff:0", now=NOW)


def test_a_draft_cannot_be_paused() -> None:
    with pytest.raises(IllegalMove):
        services.pause(product=make_product(), actor="staff:0", now=NOW)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": "  "}, Missing),
        ({"name": "x" * 81}, TooLong),
        ({"story": "nul\x00"}, Missing),
        ({"slug": "Big Slug"}, BadSlug),
        ({"slug": "桃"}, BadSlug),
        ({"slug": "x" * 81}, TooLong),
        ({"slug": ""}, BadSlug),
        ({"return_days": 6}, TooFewReturnDays),
        ({"return_days": -1}, Errors),
        ({"return_days": 10**9}, DomainError),
        ({"claim_hours": "48"}, DomainError),
        ({"return_rule": "never"}, DomainError),
    ],
)
def test_a_product_that_cannot_be_shown_is_refused_with_its_field(
    fields: dict[str, Any], error: type[DomainError]
) -> None:
    with pytest.raises(error) as refused:
        services.create_product(**{"name": "水蜜桃", "slug": "peach", **fields}, actor="staff:0", now=NOW)
    assert set(refused.value.fields) == set(fields)
    assert refused.value.status == 422


def test_every_field_to_repair_is_told_at_once() -> None:
    with pytest.raises(Errors) as refused:
        services.create_product(name="", slug="?", summary="x" * 201, actor="staff:0", now=NOW)
    assert set(refused.value.fields) == {"name", "slug", "summary"}


def test_an_address_is_used_once() -> None:
    first, second = make_product(slug="peach"), make_product()
    with pytest.raises(SlugTaken):
        make_product(slug="peach")
    with pytest.raises(SlugTaken):
        services.update_product(product=second, slug="peach", actor="staff:0", now=NOW)
    services.update_product(product=first, slug="peach", name="黄桃", actor="staff:0", now=NOW)
    assert Product.objects.get(slug="peach").name == "黄桃"


def test_only_named_fields_can_be_changed() -> None:
    product = make_product()
    with pytest.raises(TypeError, match="state"):
        services.update_product(product=product, state="on_sale", actor="staff:0", now=NOW)
    with pytest.raises(TypeError, match="price_minor"):
        services.update_sku(sku=make_sku(), price_minor=1, actor="staff:0", now=NOW)


@pytest.mark.parametrize("price", [-1, 10**10, 10**15, 2**63, 0.5, "12", None, True])
def test_prices_nobody_can_charge_are_refused_with_their_field(price: Any) -> None:
    product, sku = make_product(), make_sku()
    with pytest.raises(BadPrice) as refused:
        services.add_sku(product=product, code="X", price_minor=price, now=NOW)
    assert list(refused.value.fields) == ["price_minor"]
    with pytest.raises(BadPrice):
        services.change_price(sku=sku, price_minor=price, actor="staff:0", now=NOW)


@pytest.mark.parametrize(
    "options", [{"size": ""}, {"": "5"}, {"size": 5}, {"size": "x" * 41}, {str(n): "x" for n in range(6)}, ["size"]]
)
def test_options_are_a_few_pairs_of_short_texts(options: Any) -> None:
    with pytest.raises(BadOptions):
        make_sku(options=options)


def test_options_stay_in_the_order_in_which_they_were_written() -> None:
    written = {"颜色分类": "红", "尺寸": "M", "a": "1"}
    sku = make_sku(options=written)
    assert list(Sku.objects.get(pk=sku.pk).options) == list(written)
    (row,) = queries.product_page_by_id(sku.product_id, for_staff=True).skus
    assert row.label == "红 · M · 1"
    assert wares([sku.pk], at=[NOW])[sku.pk].title.endswith("红 · M · 1")
    turned = dict(reversed(written.items()))
    services.update_sku(sku=sku, options=turned, actor="staff:0", now=NOW)
    assert list(Sku.objects.values_list("options", flat=True).get(pk=sku.pk)) == list(turned)


def test_a_code_is_used_once_and_a_currency_is_a_known_one() -> None:
    make_sku(code="PEACH-5")
    with pytest.raises(CodeTaken):
        make_sku(code="PEACH-5")
    with pytest.raises(UnknownCurrency):
        make_sku(currency="XXX")


def test_a_changed_price_leaves_its_history_an_audit_row_and_an_event() -> None:
    sku = make_sku(price_minor=3_990)
    changed = services.change_price(sku=sku, price_minor=3_490, actor="staff:0", now=NOW)
    services.change_price(sku=sku, price_minor=3_490, actor="staff:0", now=NOW)
    assert changed.price_minor == 3_490
    assert [(point.price.minor, point.actor) for point in queries.price_history(sku.id)] == [
        (3_490, "staff:0"),
        (3_990, "system"),
    ]
    entry = AuditEntry.objects.get(action="catalogue.change_price")
    assert (entry.before, entry.after) == ({"sku": sku.id, "price_minor": 3_990}, {"sku": sku.id, "price_minor": 3_490})
    assert Event.objects.filter(name="catalogue.PriceChanged").count() == 1
    assert all(result.is_well for result in run(only={"A1", "A2.prices"}))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalogue_pricechange SET price_minor = 1",
        "DELETE FROM catalogue_pricechange",
        "UPDATE catalogue_sku SET price_minor = 1",
        "UPDATE catalogue_sku SET currency = 'USD'",
        "UPDATE catalogue_sku SET price_minor = -1",
        "INSERT INTO catalogue_pricechange (sku_id, price_minor, currency, changed_at, actor) SELECT id, -1, 'CNY', now(), '' FROM catalogue_sku",
    ],
)
def test_the_database_keeps_prices_and_their_history_together(statement: str) -> None:
    make_sku(price_minor=3_990)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_doctor_finds_a_price_that_was_changed_behind_everybodys_back() -> None:
    sku = make_sku(price_minor=3_990)
    PriceChange.objects.create(sku=sku, price_minor=1, changed_at=NOW, actor="someone")
    results = {result.id: result for result in run(only={"A1", "A2.prices"})}
    assert (results["A1"].violations, results["A2.prices"].violations) == (1, 1)


def test_a_variant_can_be_changed_but_not_its_price() -> None:
    sku = make_sku()
    make_sku(product=sku.product, options={"规格": "10 斤"})
    changed = services.update_sku(sku=sku, is_active=False, unit_note="约 7.98 元一斤", actor="staff:0", now=NOW)
    assert (changed.is_active, changed.unit_note) == (False, "约 7.98 元一斤")


def test_pictures_stand_in_order_and_once() -> None:
    product, first, second = make_product(), make_picture(), make_picture()
    services.add_picture(product=product, picture=first, actor="staff:0", now=NOW)
    services.add_picture(product=product, picture=second, actor="staff:0", now=NOW)
    services.add_picture(product=product, picture=first, actor="staff:0", now=NOW)
    assert list(ProductPicture.objects.values_list("picture_id", "position")) == [(first.id, 0), (second.id, 1)]
    services.remove_picture(product=product, picture=first, actor="staff:0", now=NOW)
    services.remove_picture(product=product, picture=first, actor="staff:0", now=NOW)
    assert list(ProductPicture.objects.values_list("picture_id", flat=True)) == [second.id]


def test_a_lot_is_recalled_once_and_for_good() -> None:
    lot = make_lot(sku=make_sku())
    services.recall_lot(lot=lot, reason="mould found", actor="staff:0", now=NOW)
    again = services.recall_lot(lot=lot, reason="again", actor="staff:0", now=NOW + timedelta(days=1))
    assert (again.recalled_at, again.note) == (NOW, "mould found")
    assert Event.objects.filter(name="catalogue.LotRecalled").count() == 1
    with pytest.raises(Missing):
        services.recall_lot(lot=make_lot(sku=make_sku()), reason=" ", actor="staff:0", now=NOW)


def test_a_lot_has_its_own_code_and_ends_after_it_begins() -> None:
    sku = make_sku()
    make_lot(sku=sku, code="L1")
    with pytest.raises(CodeTaken):
        make_lot(sku=sku, code="L1")
    with pytest.raises(LotEndsBeforeItBegins):
        make_lot(sku=sku, made_on=date(2026, 11, 21), expires_at=NOW.replace(year=2026, month=11, day=10))
    with pytest.raises(DomainError):
        make_lot(sku=sku, storage="warm")


def test_makers_and_categories_are_refused_with_their_fields_too() -> None:
    make_maker(slug="wang")
    with pytest.raises(SlugTaken):
        make_maker(slug="wang")
    with pytest.raises(Errors) as refused:
        services.create_category(name="", slug="-", position=-1, actor="staff:0", now=NOW)
    assert set(refused.value.fields) == {"name", "slug", "position"}
    services.create_category(name="水果", name_en="Fruit", slug="fruit", actor="staff:0", now=NOW)
    with pytest.raises(SlugTaken):
        services.create_category(name="果", slug="fruit", actor="staff:0", now=NOW)


def test_the_audit_log_keeps_no_words_about_a_maker() -> None:
    maker = make_maker(name="王师傅", story="…since 1998")
    services.update_maker(maker=maker, story="another", actor="staff:0", now=NOW)
    kept = str(list(AuditEntry.objects.filter(target=f"maker:{maker.id}").values("before", "after")))
    assert "王师傅" not in kept
    assert "another" not in kept


def test_a_sku_with_a_history_is_never_deleted() -> None:
    sku = make_sku()
    with pytest.raises(IntegrityError), transaction.atomic():
        Sku.objects.filter(id=sku.id).delete()


def test_the_last_variant_on_sale_is_not_taken_off() -> None:
    sku = make_sku(stock_of=1)
    with pytest.raises(LastVariant):
        services.update_sku(sku=sku, is_active=False, actor="staff:0", now=NOW)
    other = make_sku(product=sku.product, options={"规格": "10 斤"})
    assert not services.update_sku(sku=sku, is_active=False, actor="staff:0", now=NOW).is_active
    with pytest.raises(LastVariant):
        services.update_sku(sku=other, is_active=False, actor="staff:0", now=NOW)
    services.pause(product=Product.objects.get(pk=sku.product_id), actor="staff:0", now=NOW)
    assert not services.update_sku(sku=other, is_active=False, actor="staff:0", now=NOW).is_active


def test_doctor_finds_goods_on_sale_that_nobody_can_buy() -> None:
    sku = make_sku(stock_of=1)
    assert [result.violations for result in run(only={"CA1"})] == [0]
    Sku.objects.filter(pk=sku.pk).update(is_active=False)
    assert [result.violations for result in run(only={"CA1"})] == [1]
