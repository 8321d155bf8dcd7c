"""Pay links: for goods, for an amount in words, and for what a buyer typed at the counter."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.goods.catalogue.queries import product_cards
from quanzi.goods.pricing.errors import NotOnSale
from quanzi.goods.pricing.services import QuoteLine, quote
from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import Errors, IllegalMove, NotAllowed
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderState
from quanzi.trade.stores import errors
from quanzi.trade.stores import services as stores
from quanzi.trade.stores.models import LinkState
from quanzi.trade.stores.queries import link_card, till
from tests.factories.goods import make_sku
from tests.factories.stations import assert_rounds_add_up as assert_all_is_well
from tests.factories.stores import DAY, given, make_link, make_store, order_through
from tests.factories.trade import capture, make_buyer, make_order, make_staff, pay, start_payment

pytestmark = pytest.mark.django_db


def test_an_amount_in_words_is_an_order_with_every_right_of_an_order(clock: Clock) -> None:
    link = make_link()

    order = pay(order_through(link))

    [line] = order.lines.all()
    assert (order.amount_minor, line.title, order.state) == (12_800, "生日蛋糕", OrderState.PAID)
    assert order.released_at is not None
    sales.refund_order(order_id=order.pk, reason="called off", actor="system", idempotency_key="r", now=clock.at)
    order.refresh_from_db()
    assert (order.state, order.refunded_minor) == (OrderState.REFUNDED, 12_800)
    assert_all_is_well()


def test_a_link_is_used_no_more_often_than_it_may_be(clock: Clock) -> None:
    link = make_link(uses=2)
    order_through(link)
    second = order_through(link)
    with pytest.raises(errors.LinkUsedUp):
        order_through(link)

    sales.cancel_order(order_id=second.pk, reason="changed my mind", actor=f"member:{second.member_id}", now=clock.at)

    assert order_through(link).state == OrderState.PLACED
    assert_all_is_well()


def test_a_link_ends_and_is_closed_by_its_maker(clock: Clock) -> None:
    staff = make_staff()
    link = make_link(by=staff, uses=5)
    stores.close_link(link_id=link.pk, by=staff, now=clock.at)
    with pytest.raises(errors.LinkOver):
        order_through(link)

    late = make_link(uses=5)
    clock.at += DAY
    with pytest.raises(errors.LinkOver):
        order_through(late)
    with pytest.raises(errors.NoSuchPayLink):
        stores.close_link(link_id=late.pk, by=make_buyer(), now=clock.at)


def test_money_that_comes_after_the_use_went_to_somebody_else_goes_back(clock: Clock) -> None:
    link = make_link()
    order = order_through(link)
    payment = start_payment(order)
    clock.at += timedelta(minutes=16)
    sales.cancel_order(order_id=order.pk, actor="system", reason="expired", now=clock.at)
    order_through(link)

    capture(payment)

    payment.refresh_from_db()
    assert payment.surplus
    assert_all_is_well()


def test_what_is_sold_apart_is_found_nowhere_and_bought_through_its_link_only(clock: Clock) -> None:
    link = make_link()

    assert link.sku.product_id not in [card.id for card in product_cards()]
    with pytest.raises(NotOnSale):
        quote(lines=[QuoteLine(link.sku_id, 1)], now=clock.at)
    with pytest.raises(NotOnSale):
        make_order(sku=link.sku)


def test_leaders_link_goods_and_only_staff_link_amounts(clock: Clock) -> None:
    store = make_store()
    leader, sku = store.point.leader, make_sku(stock_of=5)
    leader.refresh_from_db()
    terms = {"uses": 3, "lives": DAY, "by": leader, "now": clock.at}

    link = stores.link_goods(sku_id=sku.pk, quantity=2, store_id=store.pk, idempotency_key="a", **terms)
    order = pay(order_through(link))

    assert order.lines.get().quantity == 2
    given(order, keeper=leader)
    with pytest.raises(NotAllowed):
        stores.link_amount(what="随便", amount_minor=100, idempotency_key="b", **terms)
    with pytest.raises(NotAllowed):
        stores.link_goods(sku_id=sku.pk, idempotency_key="c", **{**terms, "by": make_buyer()})
    with pytest.raises(errors.NoSuchStore):
        stores.link_goods(sku_id=sku.pk, store_id=make_store().pk, idempotency_key="d", **terms)
    assert_all_is_well()


def test_everything_wrong_with_a_link_is_said_at_once(clock: Clock) -> None:
    with pytest.raises(Errors) as refused:
        make_link(what=" ", amount_minor=0, uses=0, lives=timedelta(minutes=1))

    assert set(refused.value.fields) == {"what", "amount", "uses", "lives"}


def test_the_same_key_makes_one_link_and_other_content_is_refused() -> None:
    staff = make_staff()
    first = make_link(by=staff, idempotency_key="k")

    assert make_link(by=staff, idempotency_key="k").pk == first.pk
    with pytest.raises(errors.KeyReused):
        make_link(by=staff, idempotency_key="k", amount_minor=1)


def test_a_typed_amount_is_paid_only_after_the_store_confirmed_it(clock: Clock) -> None:
    store, me = make_store(), make_buyer("小林")
    asked = stores.ask_amount(
        store_code=store.code, member=me, what="两碗面", amount_minor=3_600, idempotency_key="a", now=clock.at
    )
    with pytest.raises(errors.LinkOver):
        order_through(asked, member=me)
    assert [(one.name, one.amount.minor) for one in till(store_id=store.pk, now=clock.at).asked] == [("小林", 3_600)]

    stores.answer_amount(link_id=asked.pk, confirm=True, by=store.point.leader, now=clock.at)
    order = pay(order_through(asked, member=me))

    assert (order.amount_minor, order.state) == (3_600, OrderState.PAID)
    given(order, keeper=store.point.leader)
    assert_all_is_well()


def test_a_typed_amount_is_for_the_one_who_typed_it_and_confirmed_by_the_keeper(clock: Clock) -> None:
    store, me = make_store(), make_buyer()
    asked = stores.ask_amount(
        store_code=store.code, member=me, what="茶", amount_minor=800, idempotency_key="a", now=clock.at
    )

    with pytest.raises(errors.AskedAlready):
        stores.ask_amount(
            store_code=store.code, member=me, what="茶", amount_minor=900, idempotency_key="b", now=clock.at
        )
    for stranger in (make_buyer(), me):
        with pytest.raises(errors.NoSuchPayLink):
            stores.answer_amount(link_id=asked.pk, confirm=True, by=stranger, now=clock.at)
    with pytest.raises(errors.NoSuchPayLink):
        link_card(asked.code, viewer=None, now=clock.at)
    stores.answer_amount(link_id=asked.pk, confirm=False, by=store.point.leader, now=clock.at)
    with pytest.raises(IllegalMove):
        stores.answer_amount(link_id=asked.pk, confirm=True, by=store.point.leader, now=clock.at)
    with pytest.raises(errors.LinkOver):
        order_through(asked, member=me)
    with pytest.raises(errors.NoSuchPayLink):
        order_through(asked)


def test_a_keeper_who_buys_at_the_own_counter_needs_somebody_else_to_confirm(clock: Clock) -> None:
    store = make_store()
    keeper = store.point.leader
    asked = stores.ask_amount(
        store_code=store.code, member=keeper, what="茶", amount_minor=800, idempotency_key="a", now=clock.at
    )

    with pytest.raises(errors.NoSuchPayLink):
        stores.answer_amount(link_id=asked.pk, confirm=True, by=keeper, now=clock.at)
    confirmed = stores.answer_amount(link_id=asked.pk, confirm=True, by=make_staff(), now=clock.at)
    assert confirmed.state == LinkState.OPEN


def test_a_question_nobody_answered_is_over_after_half_an_hour(clock: Clock) -> None:
    store, me = make_store(), make_buyer()
    first = stores.ask_amount(
        store_code=store.code, member=me, what="茶", amount_minor=800, idempotency_key="a", now=clock.at
    )
    clock.at += timedelta(minutes=30)

    with pytest.raises(errors.LinkOver):
        stores.answer_amount(link_id=first.pk, confirm=True, by=store.point.leader, now=clock.at)
    again = stores.ask_amount(
        store_code=store.code, member=me, what="茶", amount_minor=800, idempotency_key="b", now=clock.at
    )
    assert again.state == LinkState.ASKED
