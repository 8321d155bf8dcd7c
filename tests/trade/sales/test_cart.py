"""The cart: one statement adds, one reads; both against the plain models."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quanzi.goods.catalogue.models import ProductState
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.stock.queries import free
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.sales import errors, rules, services
from quanzi.trade.sales.models import CartLine
from quanzi.trade.sales.queries import cart_view
from quanzi.trade.sales.services.cart import cart_quote
from tests.factories.goods import make_sku
from tests.factories.trade import make_buyer, make_order

pytestmark = pytest.mark.django_db


def add(member: Member, sku_id: int, quantity: int = 1) -> CartLine:
    return services.add_to_cart(member=member, sku_id=sku_id, quantity=quantity, now=clock.now())


def test_adding_takes_one_statement_and_what_comes_again_is_added_up() -> None:
    member, sku = make_buyer(), make_sku()
    with CaptureQueriesContext(connection) as seen:
        first = add(member, sku.pk, 2)
        again = add(member, sku.pk, 3)
    assert len(seen) == 2
    stored = CartLine.objects.get()
    assert (first.pk, again.pk) == (stored.pk, stored.pk)
    assert (first.quantity, again.quantity, stored.quantity, stored.added_at) == (2, 5, 5, clock.now())


def test_what_cannot_be_bought_is_not_added() -> None:
    member, sku = make_buyer(), make_sku()
    paused = make_sku()
    paused.product.state = ProductState.PAUSED
    paused.product.save()
    with pytest.raises(errors.NotOnSale):
        add(member, paused.pk)
    for nothing in (sku.pk + 1_000_000, 2**63):
        with pytest.raises(errors.NoSuchGoods):
            add(member, nothing)
    assert not CartLine.objects.exists()


def test_a_line_and_a_cart_have_their_limits() -> None:
    member, sku = make_buyer(), make_sku()
    add(member, sku.pk, rules.MOST_OF_ONE)
    with pytest.raises(errors.BadQuantity):
        add(member, sku.pk)
    others = [make_sku() for _ in range(3)]
    for other in others[:-1]:
        add(member, other.pk)
    lines = rules.MOST_LINES
    rules.MOST_LINES = 3
    try:
        add(member, others[0].pk)
        with pytest.raises(errors.TooManyLines):
            add(member, others[-1].pk)
    finally:
        rules.MOST_LINES = lines
    assert CartLine.objects.get(sku=sku).quantity == rules.MOST_OF_ONE


def test_the_view_is_what_the_models_say() -> None:
    member = make_buyer()
    skus = [make_sku(stock_of=5), make_sku(stock_of=1), make_sku()]
    for sku in skus:
        add(member, sku.pk, 2)
    make_order(sku=skus[0])
    skus[2].product.state = ProductState.PAUSED
    skus[2].product.save()

    view = cart_view(member=member, now=clock.now())

    lines = list(CartLine.objects.filter(member=member).select_related("sku__product").order_by("id"))
    left = free([line.sku_id for line in lines])
    assert [(row.sku_id, row.product_id, row.product_slug, row.title, row.quantity, row.free) for row in view.rows] == [
        (one.sku_id, one.sku.product_id, one.sku.product.slug, variant_title(one.sku.product.name, one.sku.options),
         one.quantity, left[one.sku_id])
        for one in lines
    ]  # fmt: skip
    assert [row.unit_price.minor for row in view.rows] == [line.sku.price_minor for line in lines]
    assert [row.is_on_sale for row in view.rows] == [True, True, False]
    assert [row.is_short for row in view.rows] == [False, True, False]
    assert view.quote == cart_quote(member=member, now=clock.now())


def test_a_cart_with_goods_of_another_currency_opens_and_lets_them_be_taken_out() -> None:
    member, ours, theirs = make_buyer(), make_sku(stock_of=5), make_sku(currency="USD", stock_of=5)
    add(member, ours.pk)
    CartLine.objects.create(member=member, sku=theirs, quantity=1, added_at=clock.now())

    view = cart_view(member=member, now=clock.now())

    assert [(row.is_apart, row.total is None, row.unit_price.currency) for row in view.rows] == [
        (False, False, "CNY"),
        (True, True, "USD"),
    ]
    assert view.quote is not None and view.can_be_ordered and view.quote.currency == "CNY"
    quoted = cart_quote(member=member, method="delivery", now=clock.now())
    assert quoted is not None and quoted.amount == view.quote.amount
    services.set_quantity(member=member, sku_id=theirs.pk, quantity=0, now=clock.now())
    assert [row.sku_id for row in cart_view(member=member, now=clock.now()).rows] == [ours.pk]


def test_what_cannot_be_ordered_with_the_rest_is_refused_and_not_kept() -> None:
    member, ours, theirs = make_buyer(), make_sku(), make_sku(currency="USD")
    add(member, ours.pk)
    with pytest.raises(errors.NotTogether):
        add(member, theirs.pk)
    assert CartLine.objects.get().sku_id == ours.pk
    services.remove_line(member=member, sku_id=ours.pk, now=clock.now())
    assert add(member, theirs.pk).quantity == 1
