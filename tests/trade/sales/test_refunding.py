"""Money back: in part and in full, before and after hand-over, before and after the shop had earned it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from quanzi.base.events.models import Event
from quanzi.goods.stock import queries as stock
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from quanzi.trade.sales import errors, queries, services
from quanzi.trade.sales.models import Order, OrderRefund, OrderState
from tests.factories.goods import make_sku
from tests.factories.trade import make_order, make_paid_order, make_point, make_received_order

pytestmark = pytest.mark.django_db
Books = Callable[[str], Money]


def refund_line(order: Order, index: int = 0, *, key: str = "r-1", **how: object) -> OrderRefund:
    line = order.lines.order_by("id")[index]
    return services.refund_line(
        line_id=line.pk, reason="bruised", actor="staff:0", idempotency_key=key, now=clock.now(), **how
    )


def refund_order(order: Order, *, key: str = "r-1", **how: object) -> OrderRefund:
    return services.refund_order(
        order_id=order.pk, reason="sorry", actor="staff:0", idempotency_key=key, now=clock.now(), **how
    )


class TestBeforeHandOver:
    def test_a_whole_refund_returns_everything_and_frees_the_goods(self, books: Books) -> None:
        sku = make_sku(stock_of=5)
        order = make_paid_order(sku=sku, quantity=2)

        made = refund_order(order)

        order.refresh_from_db()
        assert made.amount_minor == order.amount_minor == order.refunded_minor
        assert order.state == OrderState.REFUNDED
        assert stock.free([sku.pk]) == {sku.pk: 5}
        assert [books(code) for code in ("escrow.buyers", "cash.offline", "income.goods")] == [Money(0)] * 3

    def test_a_line_refunded_in_full_is_dropped_and_the_rest_goes_on(self, books: Books) -> None:
        first, second = make_sku(stock_of=5), make_sku(stock_of=5)
        order = make_paid_order(lines=[(first.pk, 1), (second.pk, 1)], point=make_point())

        refund_line(order)

        assert stock.free([first.pk, second.pk]) == {first.pk: 5, second.pk: 4}
        assert books("escrow.buyers") == Money(3_990)
        services.mark_handed_over(order_id=order.pk, now=clock.now())
        order.refresh_from_db()
        assert order.state == OrderState.RECEIVED
        assert [line.handed_over_at is None for line in order.lines.order_by("id")] == [True, False]

    def test_the_last_line_dropped_takes_the_freight_with_it(self) -> None:
        skus = [make_sku(stock_of=5), make_sku(stock_of=5)]
        order = make_paid_order(lines=[(sku.pk, 1) for sku in skus])
        assert refund_line(order, 0, key="a").amount_minor == 3_990
        assert refund_line(order, 1, key="b").amount_minor == 3_990 + 400
        order.refresh_from_db()
        assert order.state == OrderState.REFUNDED

    def test_dropping_the_last_line_that_was_still_here_sends_the_order_on(self) -> None:
        skus = [make_sku(stock_of=5), make_sku(stock_of=5)]
        order = make_paid_order(lines=[(sku.pk, 1) for sku in skus], point=make_point())
        services.mark_handed_over(order_id=order.pk, line_ids=[order.lines.order_by("id")[0].pk], now=clock.now())
        refund_line(order, 1)
        order.refresh_from_db()
        assert order.state == OrderState.RECEIVED

    def test_a_part_leaves_the_line_as_it_is(self, books: Books) -> None:
        order = make_paid_order(point=make_point())
        refund_line(order, amount_minor=1_000)
        line = order.lines.get()
        assert (line.refunded_minor, line.dropped_at) == (1_000, None)
        assert books("escrow.buyers") == Money(2_990)

    def test_goods_that_never_left_cannot_come_back(self) -> None:
        with pytest.raises(errors.GoodsNeverLeft):
            refund_line(make_paid_order(), goods_back=True)


class TestAfterHandOver:
    def test_a_returned_line_leaves_the_escrow_empty_and_goods_go_back_once(self, books: Books) -> None:
        sku = make_sku(stock_of=5)
        order = make_received_order(sku=sku, quantity=2, point=make_point())
        assert stock.free([sku.pk]) == {sku.pk: 3}

        refund_line(order, goods_back=True)

        order.refresh_from_db()
        assert (order.state, books("escrow.buyers")) == (OrderState.REFUNDED, Money(0))
        assert stock.free([sku.pk]) == {sku.pk: 5}
        assert queries.product_counts([sku.product_id]) == {sku.product_id: queries.KeptCount(0, 1)}

    def test_the_freight_stays_earned_when_a_delivered_line_comes_back(self, books: Books) -> None:
        order = make_received_order()
        refund_line(order, goods_back=True)
        order.refresh_from_db()
        assert order.state == OrderState.COMPLETED
        assert [books(code) for code in ("escrow.buyers", "income.goods", "income.delivery")] == [
            Money(0),
            Money(0),
            Money(400),
        ]

    def test_a_lawful_return_takes_the_line_out_of_kept_whatever_the_buyer_said(self, books: Books) -> None:
        order = make_received_order()
        line = order.lines.get()
        services.say_kept(line_id=line.pk, member=order.member, now=clock.now())
        assert books("income.goods") == Money(3_990)

        refund_line(order, goods_back=True)

        line.refresh_from_db()
        assert (line.kept_at, line.returned_at, line.said_kept_at) == (None, clock.now(), clock.now())
        assert [books(code) for code in ("escrow.buyers", "income.goods")] == [Money(0), Money(0)]
        told = Event.objects.get(name="sales.LineReturned").payload
        assert (told["line_id"], told["was_kept"]) == (line.pk, True)
        with pytest.raises(errors.AlreadyReturned):
            services.say_kept(line_id=line.pk, member=order.member, now=clock.now())

    def test_a_part_after_release_comes_out_of_income_and_the_line_stays_kept(self, books: Books) -> None:
        order = make_received_order(point=make_point())
        services.say_kept(line_id=order.lines.get().pk, member=order.member, now=clock.now())

        made = refund_line(order, amount_minor=990)

        assert [part.from_income_minor for part in made.parts.all()] == [990]
        assert [books(code) for code in ("escrow.buyers", "income.goods")] == [Money(0), Money(3_000)]
        assert order.lines.get().kept_at is not None

    def test_a_part_with_the_goods_back_leaves_the_rest_with_the_shop(self, books: Books) -> None:
        order = make_received_order(point=make_point())
        refund_line(order, amount_minor=3_000, goods_back=True)
        assert [books(code) for code in ("escrow.buyers", "income.goods")] == [Money(0), Money(990)]

    def test_goods_may_come_after_the_money_and_only_once(self) -> None:
        sku = make_sku(stock_of=5)
        order = make_received_order(sku=sku)
        refund_line(order, key="money")
        assert stock.free([sku.pk]) == {sku.pk: 4}
        assert refund_line(order, key="goods", goods_back=True).amount_minor == 0
        assert stock.free([sku.pk]) == {sku.pk: 5}
        with pytest.raises(errors.NothingLeft):
            refund_line(order, key="goods again", goods_back=True)

    def test_a_whole_refund_after_everything_was_earned_gives_everything_back(self, books: Books) -> None:
        sku = make_sku(stock_of=5)
        order = make_received_order(sku=sku)
        services.say_kept(line_id=order.lines.get().pk, member=order.member, now=clock.now())

        refund_order(order, goods_back=True)

        order.refresh_from_db()
        assert order.state == OrderState.REFUNDED
        assert [books(code) for code in ("escrow.buyers", "income.goods", "income.delivery", "cash.offline")] == [
            Money(0)
        ] * 4
        assert stock.free([sku.pk]) == {sku.pk: 5}

    def test_windows_do_not_close_over_a_returned_line(self) -> None:
        order = make_received_order()
        refund_line(order)
        assert services.close_windows(now=clock.now() + timedelta(days=60)) == 0


class TestRefusals:
    def test_the_same_key_finds_the_first_refund_and_other_content_is_refused(self) -> None:
        order = make_paid_order()
        first = refund_line(order, amount_minor=100)
        assert refund_line(order, amount_minor=100).pk == first.pk
        with pytest.raises(errors.KeyReused):
            refund_line(order, amount_minor=200)
        order.refresh_from_db()
        assert order.refunded_minor == 100

    @pytest.mark.parametrize("amount", [0, -1, True, 1.5])
    def test_an_amount_must_be_a_positive_whole_number(self, amount: object) -> None:
        with pytest.raises(errors.RefundNotPositive):
            refund_line(make_paid_order(), amount_minor=amount)

    def test_no_more_goes_back_than_was_paid(self) -> None:
        order = make_paid_order()
        refund_line(order, amount_minor=3_000, key="a")
        with pytest.raises(errors.RefundTooLarge) as refused:
            refund_line(order, amount_minor=991, key="b")
        assert refused.value.params["left"] == Money(990)

    def test_an_unpaid_order_has_nothing_to_refund(self) -> None:
        with pytest.raises(errors.NotRefundable):
            refund_order(make_order())

    def test_a_refund_needs_a_reason(self) -> None:
        order = make_paid_order()
        with pytest.raises(errors.ReasonNeeded):
            services.refund_order(order_id=order.pk, reason=" ", actor="x", idempotency_key="k", now=clock.now())
