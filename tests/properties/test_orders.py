"""Any story of orders ends with the books, the stock and every order as a plain model says.

The number of stories follows QUANZI_STORIES (10 by default, 30 steps each); the doctor looks after every step.
With QUANZI_SHRINK set, a story that fails is made as short as possible.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase
from hypothesis import settings as story_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from quanzi.base.doctor import registered, run
from quanzi.base.events.services import deliver_pending
from quanzi.base.ledger import queries as ledger
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.stock import queries as stock
from quanzi.kernel import clock
from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import DomainError
from quanzi.kernel.money import Money
from quanzi.trade.payments import providers
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.providers.protocol import BillLine, Closed, Created, Incoming, Outcome, Queried, Refunded
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_product, make_sku
from tests.factories.trade import make_address, make_buyer, make_point
from tests.properties.order_model import REFUNDABLE, Bought, Line, Shelf

STORIES = int(os.environ.get("QUANZI_STORIES", "10"))
STEPS = 30
SHRINK = "QUANZI_SHRINK" in os.environ
"""Looking for the shortest story that fails takes minutes, so it is asked for."""
ROOMS = ("L", "S", "O", "R", "H", "E")
FRESH_CLAIM = timedelta(hours=24)
SHANGHAI = timedelta(hours=8)


class Quiet:
    """A provider that talks only when the story makes it: it closes payments, or does not answer."""

    name = "quiet"
    is_online = True
    answers = True

    def create(self, order: object) -> Created:
        return Created(Outcome.DONE, pay_url="https://pay.example/")

    def query(self, number: str) -> Queried:
        return Queried(Outcome.UNKNOWN)

    def close(self, number: str) -> Closed:
        return Closed(Outcome.DONE if self.answers else Outcome.UNKNOWN)

    def refund(self, order: object) -> Refunded:
        return Refunded(Outcome.UNKNOWN)

    def query_refund(self, number: str) -> Refunded:
        return Refunded(Outcome.UNKNOWN)

    def parse_notify(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Incoming:
        raise NotImplementedError

    def bill(self, day: date) -> list[BillLine]:
        raise NotImplementedError


QUIET = Quiet()
pick = st.integers(0, 1_000)


class Orders(RuleBasedStateMachine):
    """Each example lives in a transaction of its own that is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.stopped = clock.frozen(datetime(2027, 5, 1, 4, tzinfo=UTC))
        self.time: Clock = self.stopped.__enter__()
        self.orders: list[Bought] = []
        self.captured_minor = self.sent_back_minor = self.number = 0
        QUIET.answers = True

    def teardown(self) -> None:
        self.stopped.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    @initialize()
    def open_the_shop(self) -> None:
        fresh = make_product(on_sale=True, return_rule="fresh", claim_hours=24)
        self.skus: list[Sku] = [make_sku(stock_of=4), make_sku(stock_of=6, price_minor=101, product=fresh)]
        self.shelves = [Shelf(self.skus[0].pk, 4), Shelf(self.skus[1].pk, 6)]
        self.members = [make_buyer(), make_buyer()]
        self.addresses = [make_address(member).pk for member in self.members]
        self.point = make_point()

    # -- helpers

    def one(self, number: int) -> Bought:
        return self.orders[number % len(self.orders)]

    def key(self) -> str:
        self.number += 1
        return f"key-{self.number}"

    def attempt(self, call: Callable[[], Any], *, expected: bool) -> Any:
        """The call works exactly when the model says that it should."""
        try:
            result = call()
        except DomainError as refusal:
            assert not expected, refusal
            return None
        assert expected
        return result

    # -- rules

    @rule(who=pick, quantities=st.tuples(st.integers(0, 3), st.integers(0, 3)), is_pickup=st.booleans())
    def place(self, who: int, quantities: tuple[int, int], is_pickup: bool) -> None:
        who %= 2
        wanted = [(sku.pk, quantity) for sku, quantity in zip(self.skus, quantities, strict=True) if quantity]
        enough = all(shelf.free(self.orders) >= q for shelf, q in zip(self.shelves, quantities, strict=True))
        key = self.key()
        where: dict[str, Any] = (
            {"method": "pickup", "pickup_point_id": self.point.pk}
            if is_pickup
            else {"method": "delivery", "address_id": self.addresses[who]}
        )

        def call() -> Order:
            return sales.place_order(
                member=self.members[who], lines=wanted, idempotency_key=key, now=clock.now(), **where
            )

        order = self.attempt(call, expected=bool(wanted) and enough)
        if order is not None:
            assert call().pk == order.pk  # a double click
            self.orders.append(
                Bought(
                    order.pk,
                    key,
                    self.members[who].pk,
                    order.method,
                    order.amount_minor,
                    order.freight_minor,
                    order.pay_by,
                    [Line(line.pk, line.sku_id, line.quantity, line.paid_minor) for line in order.lines.order_by("id")],
                )
            )

    @precondition(lambda self: self.orders)
    @rule(number=pick)
    def start_paying(self, number: int) -> None:
        order = self.one(number)
        key = self.key()
        started = self.attempt(
            lambda: payments.start(
                payable_kind="order",
                payable_id=order.id,
                provider="quiet",
                member_id=order.member_id,
                idempotency_key=key,
                return_url="",
                now=clock.now(),
            ),
            expected=order.state == "placed" and order.pay_by > clock.now(),
        )
        if started is not None:
            order.payments.append(started.payment.pk)

    @precondition(lambda self: any(order.payments for order in self.orders))
    @rule(number=pick, which=pick, copies=st.integers(1, 3), second=st.booleans())
    def hear_of_money(self, number: int, which: int, copies: int, second: bool) -> None:
        """A notification, perhaps repeated, perhaps of a second transaction for the same payment."""
        paying = [order for order in self.orders if order.payments]
        order = paying[number % len(paying)]
        payment = Payment.objects.get(pk=order.payments[which % len(order.payments)])
        reference = f"{payment.number}-{'second' if second else 'first'}"
        is_new = not Payment.objects.filter(provider_ref=reference).exists()
        wanted = is_new and payment.state == "created" and self.is_awaited(order)
        for _ in range(copies):
            payments.apply(
                payment_id=payment.pk,
                provider_ref=reference,
                amount=Money(payment.amount_minor),
                now=clock.now(),
            )
        if is_new:
            self.captured_minor += order.amount_minor
        if wanted:
            order.state, order.end_reason, order.is_captured = "paid", "", True
        elif is_new:
            self.sent_back_minor += order.amount_minor

    @precondition(lambda self: any(order.state == "placed" for order in self.orders))
    @rule(number=pick)
    def pay_at_once(self, number: int) -> None:
        """The usual way, so that stories come further."""
        waiting = [index for index, order in enumerate(self.orders) if order.state == "placed"]
        index = waiting[number % len(waiting)]
        before = len(self.orders[index].payments)
        self.start_paying(index)
        if len(self.orders[index].payments) > before:
            paying = [order for order in self.orders if order.payments]
            self.hear_of_money(paying.index(self.orders[index]), before, 1, False)

    def is_awaited(self, order: Bought) -> bool:
        if order.state == "placed":
            return True
        enough = all(
            shelf.free(self.orders) >= sum(line.quantity for line in order.lines if line.sku_id == shelf.sku_id)
            for shelf in self.shelves
        )
        return order.state == "cancelled" and order.end_reason == "expired" and enough

    @precondition(lambda self: self.orders)
    @rule(number=pick)
    def cancel(self, number: int) -> None:
        order = self.one(number)
        done = self.attempt(
            lambda: sales.cancel_order(order_id=order.id, actor="member:1", reason="no", now=clock.now()),
            expected=order.state in ("placed", "cancelled"),
        )
        if done is not None and order.state == "placed":
            order.state, order.end_reason = "cancelled", "no"

    @rule(minutes=st.sampled_from([1, 16, 60 * 24 * 8, 60 * 24 * 12]), answers=st.booleans())
    def tick(self, minutes: int, answers: bool) -> None:
        """Time passes, and the periodic jobs run."""
        QUIET.answers = answers
        now = self.time.move(timedelta(minutes=minutes))
        sales.expire_unpaid(now=now)
        sales.auto_receive(now=now)
        sales.close_windows(now=now)
        for order in self.orders:
            if order.state == "placed" and order.pay_by <= now:
                order.state, order.end_reason = "cancelled", "expired"
            if order.handed_over_at is not None and order.handed_over_at + timedelta(days=7) <= now:
                order.receive(now)
            for line in order.live():
                if line.received_at and not line.is_returned and self.closes_at(line.sku_id, line.received_at) <= now:
                    line.is_kept = True
            order.settle()

    def closes_at(self, sku_id: int, received_at: datetime) -> datetime:
        """Fresh goods: a day. The others: the eighth midnight after the receipt, in Shanghai."""
        if sku_id == self.skus[1].pk:
            return received_at + FRESH_CLAIM
        day = (received_at + SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        return day + timedelta(days=8) - SHANGHAI

    @precondition(lambda self: self.orders)
    @rule(number=pick)
    def hand_over(self, number: int) -> None:
        order = self.one(number)
        done = self.attempt(
            lambda: sales.mark_handed_over(order_id=order.id, now=clock.now()), expected=order.state == "paid"
        )
        if done is not None:
            order.state, order.handed_over_at = "handed_over", clock.now()
            if order.method == "pickup":
                order.receive(clock.now())

    @precondition(lambda self: self.orders)
    @rule(number=pick, who=pick)
    def confirm(self, number: int, who: int) -> None:
        order, member = self.one(number), self.members[who % 2]
        is_theirs = member.pk == order.member_id
        done = self.attempt(
            lambda: sales.confirm_receipt(order_id=order.id, member=member, now=clock.now()),
            expected=is_theirs and order.state in ("handed_over", "received", "completed"),
        )
        if done is not None and order.state == "handed_over":
            order.receive(clock.now())

    @precondition(lambda self: self.orders)
    @rule(number=pick, which=pick)
    def say_kept(self, number: int, which: int) -> None:
        order = self.one(number)
        line = order.lines[which % len(order.lines)]
        member = next(member for member in self.members if member.pk == order.member_id)
        done = self.attempt(
            lambda: sales.say_kept(line_id=line.id, member=member, now=clock.now()),
            expected=line.received_at is not None and not line.is_returned,
        )
        if done is not None:
            line.is_kept = True
            order.settle()

    @precondition(lambda self: self.orders)
    @rule(number=pick, which=pick, part=st.one_of(st.none(), st.integers(0, 5_000)), goods_back=st.booleans())
    def refund_line(self, number: int, which: int, part: int | None, goods_back: bool) -> None:
        order = self.one(number)
        line = order.lines[which % len(order.lines)]
        left = line.left_minor
        has_left = order.handed_over_at is not None and not line.is_dropped
        only_goods = part is None and left == 0 and goods_back and not line.is_back and has_left
        amount = left if part is None else part
        expected = order.state in REFUNDABLE and (has_left or not goods_back) and (0 < amount <= left or only_goods)
        done = self.attempt(
            lambda: sales.refund_line(
                line_id=line.id,
                amount_minor=part,
                reason="bruised",
                actor="staff:1",
                goods_back=goods_back,
                idempotency_key=self.key(),
                now=clock.now(),
            ),
            expected=expected,
        )
        if done is not None:
            line.refunded_minor += amount
            self.after_refund(order, [line], goods_back)
            if not order.live() and order.state in REFUNDABLE:
                order.freight_refunded_minor = order.freight_minor
            self.sent_back_minor += done.amount_minor
            order.settle()

    def after_refund(self, order: Bought, lines: list[Line], goods_back: bool) -> None:
        for line in lines:
            in_full = line.left_minor == 0
            if order.handed_over_at is None:
                line.is_dropped |= in_full
            elif not line.is_dropped:
                line.is_back |= goods_back
                if in_full or goods_back:
                    line.is_returned, line.is_kept = True, False

    @precondition(lambda self: self.orders)
    @rule(number=pick, goods_back=st.booleans())
    def refund_order(self, number: int, goods_back: bool) -> None:
        order = self.one(number)
        done = self.attempt(
            lambda: sales.refund_order(
                order_id=order.id,
                reason="sorry",
                actor="staff:1",
                goods_back=goods_back,
                idempotency_key=self.key(),
                now=clock.now(),
            ),
            expected=order.state in REFUNDABLE,
        )
        if done is not None:
            self.sent_back_minor += order.amount_minor - order.refunded_minor
            for line in order.lines:
                line.refunded_minor = line.paid_minor
            order.freight_refunded_minor = order.freight_minor
            self.after_refund(order, order.lines, goods_back)
            order.settle()

    @rule(price=st.integers(1, 9_999))
    def change_price(self, price: int) -> None:
        """Orders that are agreed do not mind."""
        catalogue.change_price(sku=self.skus[0], price_minor=price, actor="test", now=clock.now())

    # -- what always holds

    @invariant()
    def the_doctor_finds_nothing(self) -> None:
        ledger.settle_deferred()
        while deliver_pending(now=clock.now()):
            continue
        ledger.settle_deferred()
        ours = [one.id for one in registered() if one.id.startswith(ROOMS)]
        ill = [(one.id, one.error, one.sample) for one in run(only=ours) if not one.is_well]
        assert not ill, ill

    @precondition(lambda self: self.orders)
    @invariant()
    def every_order_is_as_the_model_says(self) -> None:
        stored = Order.objects.prefetch_related("lines").in_bulk([order.id for order in self.orders])
        for order in self.orders:
            there = stored[order.id]
            assert (there.state, there.refunded_minor) == (order.state, order.refunded_minor)
            for line, row in zip(order.lines, sorted(there.lines.all(), key=lambda row: row.pk), strict=True):
                said = (line.is_kept, line.is_returned, line.is_dropped, line.refunded_minor)
                is_so = (row.kept_at is not None, row.returned_at is not None, row.dropped_at is not None)
                assert (*is_so, row.refunded_minor) == said
        assert stock.free([shelf.sku_id for shelf in self.shelves]) == {
            shelf.sku_id: shelf.free(self.orders) for shelf in self.shelves
        }

    @invariant()
    def no_fen_is_lost(self) -> None:
        ledger.settle_deferred()
        cash, escrow = ledger.balance("cash.quiet"), ledger.balance("escrow.buyers")
        earned = ledger.balance("income.goods") + ledger.balance("income.delivery")
        assert cash == Money(self.captured_minor - self.sent_back_minor) == escrow + earned


@pytest.mark.django_db
def test_any_story_of_orders_adds_up(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.PAYMENT_PROVIDERS = [*settings.PAYMENT_PROVIDERS, "quiet"]
    monkeypatch.setitem(providers._providers, "quiet", QUIET)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Orders,
        settings=story_settings(
            max_examples=STORIES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=(Phase.generate, Phase.shrink) if SHRINK else (Phase.generate,),
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
