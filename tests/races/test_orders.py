"""Buttons pressed at the same moment: one order, one hand-over, no more money back than came in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from quanzi.goods.stock import queries as stock
from quanzi.goods.stock.errors import OutOfStock
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, IllegalMove
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.errors import AlreadyHandedOver
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState
from quanzi.trade.payments.errors import NotPayable, RefundTooLarge
from quanzi.trade.sales import services
from quanzi.trade.sales.errors import NothingLeft, NotRefundable
from quanzi.trade.sales.models import Order, OrderState
from quanzi.trade.sales.services import refunding
from tests.factories.goods import make_sku
from tests.factories.trade import (
    capture,
    make_buyer,
    make_order,
    make_paid_order,
    make_point,
    make_staff,
    open_fulfilment,
    start_payment,
)
from tests.races.conftest import let_in_carelessly

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_form_sent_many_times_at_once_makes_one_order(race: Any) -> None:
    member, sku, point = make_buyer(), make_sku(stock_of=64), make_point()

    outcome = race(lambda _: make_order(member=member, sku=sku, point=point, idempotency_key="one form").pk, callers=32)

    outcome.only()
    assert len(set(outcome.results)) == 1
    assert stock.free([sku.pk]) == {sku.pk: 63}


def test_the_last_three_are_sold_to_three_and_the_others_leave_nothing(race: Any) -> None:
    sku, point = make_sku(stock_of=3), make_point()
    members = [make_buyer() for _ in range(32)]

    outcome = race(lambda number: make_order(member=members[number], sku=sku, point=point).pk, callers=32)

    outcome.only(OutOfStock)
    assert len(outcome.results) == Order.objects.count() == 3


def test_paying_while_the_time_runs_out_ends_one_way(race: Any) -> None:
    orders = [make_order(sku=make_sku(stock_of=1)) for _ in range(8)]
    paying = [start_payment(order) for order in orders]
    late = clock.now() + timedelta(minutes=16)

    def call(number: int) -> None:
        if number % 2:
            capture(paying[number // 2], now=late)
        else:
            services.expire_unpaid(now=late)

    race(call, callers=16).only(NotPayable)

    for order, payment in zip(orders, paying, strict=True):
        order.refresh_from_db()
        payment.refresh_from_db()
        is_paid = payment.state == "captured" and not payment.surplus
        assert (order.state == OrderState.PAID) == is_paid
        assert order.state in (OrderState.PAID, OrderState.CANCELLED)


def test_cancelling_while_paying_ends_one_way(race: Any) -> None:
    order = make_order()
    payment = start_payment(order)

    def call(number: int) -> None:
        if number % 2:
            capture(payment)
        else:
            services.cancel_order(order_id=order.pk, actor="x", reason="no", now=clock.now())

    race(call, callers=16).only(IllegalMove, NotPayable)

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.state == OrderState.PAID) == (payment.state == "captured" and not payment.surplus)


def test_a_pickup_code_shown_to_two_scanners_works_once(race: Any) -> None:
    order = make_paid_order(point=make_point())
    found = fulfilment.make_ready(fulfilment_id=open_fulfilment(order).pk, actor="test", now=clock.now())
    staff = make_staff()

    outcome = race(
        lambda _: (
            fulfilment.hand_over(fulfilment_id=found.pk, actor_member=staff, code=found.pickup_code, now=clock.now()).pk
        ),
        callers=16,
    )

    outcome.only(AlreadyHandedOver)
    assert len(outcome.results) == 1


def test_control_a_state_that_is_read_before_it_is_locked_gives_out_the_goods_several_times(race: Any) -> None:
    order = make_paid_order(point=make_point())
    fulfilment.make_ready(fulfilment_id=open_fulfilment(order).pk, actor="test", now=clock.now())

    def is_here() -> bool:
        return Fulfilment.objects.get(order=order).state == FulfilmentState.READY

    assert let_in_carelessly(race, 16, seems_free=is_here) > 1, "the harness does not race"


class TestRefunds:
    def refund(self, order: Order, number: int) -> int:
        made = services.refund_line(
            line_id=order.lines.get().pk,
            amount_minor=1_000,
            reason="bruised",
            actor="staff:0",
            idempotency_key=f"key-{number}",
            now=clock.now(),
        )
        return made.pk

    def test_many_at_once_give_back_no_more_than_was_paid(self, race: Any) -> None:
        order = make_paid_order(sku=make_sku(price_minor=3_990, stock_of=1))

        outcome = race(lambda number: self.refund(order, number), callers=32)

        outcome.only(DomainError)
        order.refresh_from_db()
        assert (len(outcome.results), order.refunded_minor) == (3, 3_000)

    def test_without_the_lock_they_do_collide_and_the_database_is_what_refuses(
        self, race: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: the race is real, and the check constraints are the last guard."""
        monkeypatch.setattr(refunding, "lock_order", lambda order_id, now: Order.objects.get(pk=order_id))
        order = make_paid_order(sku=make_sku(price_minor=3_990, stock_of=1))

        outcome = race(lambda number: self.refund(order, number), callers=32)

        assert outcome.raised(IntegrityError) or outcome.raised(RefundTooLarge)
        order.refresh_from_db()
        assert order.refunded_minor <= 3_990

    def test_the_whole_order_goes_back_once(self, race: Any) -> None:
        order = make_paid_order()

        outcome = race(
            lambda number: (
                services.refund_order(
                    order_id=order.pk, reason="sorry", actor="x", idempotency_key=f"key-{number}", now=clock.now()
                ).pk
            ),
            callers=16,
        )

        outcome.only(NotRefundable, NothingLeft)
        assert len(outcome.results) == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(refunded_minor=order.amount_minor + 1)
