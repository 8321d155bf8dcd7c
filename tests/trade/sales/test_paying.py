"""Money arrives, in time, late, twice, or for something that is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quanzi.base.events.models import Event
from quanzi.goods.stock import queries as stock
from quanzi.goods.stock.models import Reservation
from quanzi.kernel import clock
from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import IllegalMove
from quanzi.kernel.money import Money
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.errors import NotPayable
from quanzi.trade.payments.models import Payment
from quanzi.trade.sales import errors, ports, services
from quanzi.trade.sales.models import Order, OrderState
from tests.factories.goods import make_sku
from tests.factories.trade import capture, make_buyer, make_order, make_paid_order, make_point, pay, start_payment

pytestmark = pytest.mark.django_db

Books = Callable[[str], Money]


def announced(order: Order) -> list[str]:
    return list(Event.objects.filter(key=f"order:{order.pk}").order_by("id").values_list("name", flat=True))


def test_a_captured_payment_pays_the_order_and_goes_to_escrow(books: Books) -> None:
    sku = make_sku(stock_of=5)
    order = pay(make_order(sku=sku, point=make_point()))

    assert (order.state, order.released_at) == (OrderState.PAID, clock.now())
    assert books("escrow.buyers") == Money(3_990)
    assert Reservation.objects.get().expires_at is None
    assert announced(order) == ["sales.OrderPlaced", "sales.OrderPaid", "sales.OrderReleased"]


def test_cash_in_hand_pays_an_order_in_seven_queries() -> None:
    """The order's lock, its payments, its title, the payment, the order paid, the books, the event; savepoints are not counted."""
    usual = {"payable_kind": "order", "reference": "", "actor": "system", "now": clock.now()}
    for number, expected in enumerate([None, 7]):  # the first one opens the accounts
        order = make_order(origin="replay", point=make_point())
        with CaptureQueriesContext(connection) as seen:
            payments.pay_offline(
                payable_id=order.pk, member_id=order.member_id, idempotency_key=f"log-{number}", **usual
            )
        told = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
        assert expected is None or len(told) == expected, told


def test_the_first_paid_order_of_a_member_is_announced_as_the_first() -> None:
    member = make_buyer()
    make_paid_order(member=member)
    make_paid_order(member=member)
    paid = Event.objects.filter(name="sales.OrderPaid").order_by("id")
    assert [event.payload["is_first"] for event in paid] == [True, False]


def test_a_second_payment_for_the_same_order_goes_back_in_full(books: Books) -> None:
    order = make_order()
    first, second = start_payment(order), start_payment(order)

    capture(first)
    capture(second)

    second.refresh_from_db()
    assert (second.surplus, second.refunded_minor) == (True, second.amount_minor)
    assert books("escrow.buyers") == Money(order.amount_minor)


def test_paying_at_the_very_end_counts_while_the_order_still_waits(time: Clock) -> None:
    order = make_order()
    payment = start_payment(order)
    time.move(timedelta(minutes=20))

    capture(payment)

    order.refresh_from_db()
    assert order.state == OrderState.PAID


class TestEndingUnpaid:
    def test_cancelling_is_the_exact_inverse_of_placing(self) -> None:
        sku = make_sku(stock_of=5)
        before = stock.free([sku.pk])
        order = make_order(sku=sku, quantity=3)

        services.cancel_order(order_id=order.pk, actor="member:1", reason="changed my mind", now=clock.now())

        assert stock.free([sku.pk]) == before
        order.refresh_from_db()
        assert (order.state, order.end_reason) == (OrderState.CANCELLED, "changed my mind")
        assert [(m.before, m.after, m.actor) for m in order.moves.order_by("id")][-1] == (
            "placed",
            "cancelled",
            "member:1",
        )

    def test_cancelling_twice_is_cancelling_once(self) -> None:
        order = make_order()
        for _ in range(2):
            services.cancel_order(order_id=order.pk, actor="member:1", reason="no", now=clock.now())
        assert announced(order).count("sales.OrderCancelled") == 1

    def test_a_paid_order_cannot_be_cancelled(self) -> None:
        order = make_paid_order()
        with pytest.raises(IllegalMove):
            services.cancel_order(order_id=order.pk, actor="member:1", reason="no", now=clock.now())

    def test_another_members_order_does_not_exist(self) -> None:
        order = make_order()
        with pytest.raises(errors.NoSuchOrder):
            services.cancel_order(order_id=order.pk, member=make_buyer(), actor="x", reason="no", now=clock.now())

    def test_an_order_that_nobody_paid_in_time_expires_and_frees_its_goods(self, time: Clock) -> None:
        sku = make_sku(stock_of=1)
        order = make_order(sku=sku)
        assert services.expire_unpaid(now=time.move(timedelta(minutes=15)) - timedelta(microseconds=1)) == 0

        assert services.expire_unpaid(now=clock.now()) == 1
        assert services.expire_unpaid(now=clock.now()) == 0

        order.refresh_from_db()
        assert (order.state, order.end_reason) == (OrderState.CANCELLED, "expired")
        assert stock.free([sku.pk]) == {sku.pk: 1}

    def test_an_ended_order_cannot_be_paid_for(self, time: Clock) -> None:
        order = make_order()
        services.cancel_order(order_id=order.pk, actor="x", reason="no", now=clock.now())
        with pytest.raises(NotPayable):
            start_payment(order)


class TestMoneyThatComesTooLate:
    def expire(self, order: Order, time: Clock, monkeypatch: pytest.MonkeyPatch) -> Payment:
        """Expire while the provider does not answer, so that its payment stays open."""
        payment = start_payment(order)
        monkeypatch.setattr("quanzi.trade.payments.services.close", lambda **_: payment)
        services.expire_unpaid(now=time.move(timedelta(minutes=16)))
        monkeypatch.undo()
        return payment

    def test_it_revives_the_order_when_the_goods_are_still_free(
        self, time: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sku = make_sku(stock_of=1)
        order = make_order(sku=sku)
        payment = self.expire(order, time, monkeypatch)

        capture(payment)

        order.refresh_from_db()
        assert (order.state, order.end_reason, order.ended_at) == (OrderState.PAID, "", None)
        assert stock.free([sku.pk]) == {sku.pk: 0}
        assert [(m.before, m.after) for m in order.moves.order_by("id")] == [
            ("", "placed"),
            ("placed", "cancelled"),
            ("cancelled", "paid"),
        ]

    def test_it_goes_back_in_full_when_somebody_else_has_the_goods(
        self, time: Clock, monkeypatch: pytest.MonkeyPatch, books: Books
    ) -> None:
        sku = make_sku(stock_of=1)
        order = make_order(sku=sku)
        payment = self.expire(order, time, monkeypatch)
        other = make_paid_order(sku=sku)

        capture(payment)

        payment.refresh_from_db()
        order.refresh_from_db()
        assert (order.state, payment.surplus, payment.refunded_minor) == ("cancelled", True, payment.amount_minor)
        assert books("escrow.buyers") == Money(other.amount_minor)

    def test_an_order_that_its_buyer_cancelled_is_not_revived(self) -> None:
        order = make_order()
        payment = start_payment(order)
        services.cancel_order(order_id=order.pk, actor="member:1", reason="no", now=clock.now())

        capture(payment)

        payment.refresh_from_db()
        order.refresh_from_db()
        assert (order.state, payment.surplus) == (OrderState.CANCELLED, True)


class Follower:
    """Remembers what it is told; wants the money or not."""

    def __init__(self, wants: bool = True) -> None:
        self.wants, self.told = wants, list[str]()

    def hold(self, *, order_id: int, waits_for: str, now: datetime) -> None:
        self.told.append("hold")

    def on_placed(self, *, order: Order, context: Any, now: datetime) -> None:
        self.told.append(f"placed {context['thing']}")

    def on_paid(self, *, order: Order, now: datetime) -> bool:
        self.told.append(f"paid {order.state}")
        return self.wants

    def on_cancelled(self, *, order: Order, now: datetime) -> None:
        self.told.append("cancelled")

    def on_refunded(self, *, order: Order, now: datetime) -> None:
        self.told.append("refunded")


@pytest.fixture
def follower(monkeypatch: pytest.MonkeyPatch) -> Follower:
    made = Follower()
    monkeypatch.setitem(ports._followers, "thing", made)
    return made


class TestOrdersThatWait:
    def waiting(self) -> Order:
        return make_order(waits_for="thing:7", context={"thing": 7}, point=make_point())

    def test_they_are_released_when_what_they_wait_for_is_done(self, follower: Follower) -> None:
        order = pay(self.waiting())
        assert order.released_at is None
        with pytest.raises(errors.NotReleased):
            services.mark_handed_over(order_id=order.pk, now=clock.now())

        services.release(order_id=order.pk, now=clock.now())
        services.release(order_id=order.pk, now=clock.now())

        assert announced(order).count("sales.OrderReleased") == 1
        assert follower.told[:3] == ["placed 7", "hold", "paid paid"]

    def test_money_that_is_not_wanted_goes_back_and_the_order_ends(self, follower: Follower, books: Books) -> None:
        order = self.waiting()
        follower.wants = False

        pay(order)

        order.refresh_from_db()
        assert (order.state, order.end_reason) == (OrderState.CANCELLED, "not_wanted")
        assert follower.told[-2:] == ["paid paid", "cancelled"]
        assert books("escrow.buyers") == Money(0)
        assert "sales.OrderPaid" not in announced(order)

    def test_they_hear_of_ends_and_refunds(self, follower: Follower) -> None:
        services.cancel_order(order_id=self.waiting().pk, actor="x", reason="no", now=clock.now())
        paid = pay(self.waiting())
        services.refund_order(order_id=paid.pk, reason="team", actor="x", idempotency_key="r", now=clock.now())
        assert [word for word in follower.told if word in ("cancelled", "refunded")] == ["cancelled", "refunded"]
