"""Stories of orders: what may happen to them, each beside what the model says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.stock import queries as stock
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.kernel.money import Money
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.errors import NotificationRefused
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.providers.protocol import (
    BillLine,
    Closed,
    Created,
    Incoming,
    Outcome,
    Paid,
    Queried,
    Refunded,
)
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_product, make_sku
from tests.factories.trade import make_address, make_buyer, make_point, make_staff
from tests.properties import quick_doctor
from tests.properties.order_model import REFUNDABLE, Bought, Line, Shelf, Together
from tests.properties.story import Story, pick

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
        if headers.get("Proof") != "real":
            raise NotificationRefused("forged")
        told = json.loads(body)
        paid = Paid(told["number"], told["reference"], Money(told["minor"]), now)
        return Incoming(event_id=told["reference"], event_type="PAID", content=told, paid=paid)

    def bill(self, day: date) -> list[BillLine]:
        raise NotImplementedError


QUIET = Quiet()


class Orders(Story):
    """Orders of a shelf, each beside its model."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[Bought] = []
        self.teams: list[Together] = []
        self.captured_minor = self.sent_back_minor = self.sent_back_now = 0
        QUIET.answers = True

    @initialize()
    def open_the_shop(self) -> None:
        self.furnish()

    def furnish(self) -> None:
        """Goods, people and a place to fetch things."""
        fresh = make_product(on_sale=True, return_rule="fresh", claim_hours=24)
        self.skus: list[Sku] = [make_sku(stock_of=4), make_sku(stock_of=6, price_minor=101, product=fresh)]
        self.shelves = [Shelf(self.skus[0].pk, 4), Shelf(self.skus[1].pk, 6)]
        self.members = [make_buyer(), make_buyer(), make_buyer()]
        self.addresses = [make_address(member).pk for member in self.members]
        self.point, self.staff = make_point(), make_staff()

    # -- helpers

    def one(self, number: int) -> Bought:
        return self.orders[number % len(self.orders)]

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
        who %= 3
        wanted = [(sku.pk, quantity) for sku, quantity in zip(self.skus, quantities, strict=False) if quantity]
        enough = all(shelf.free(self.orders) >= q for shelf, q in zip(self.shelves, quantities, strict=False))
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
        """A notification, perhaps late, repeated, or of a second transaction for the same payment."""
        order, payment = self.one_payment(number, which)
        reference = f"{payment.number}-{'second' if second else 'first'}"
        is_new = not Payment.objects.filter(provider_ref=reference).exists()
        wanted = is_new and payment.state == "created" and self.is_awaited(order)
        for _ in range(copies):
            self.notify(payment, reference, payment.amount_minor)
        if not is_new:
            return
        self.captured_minor += order.amount_minor
        if wanted:
            order.pay()
        else:
            self.sent_back_minor += order.amount_minor

    @precondition(lambda self: any(order.payments for order in self.orders))
    @rule(number=pick, which=pick, is_forged=st.booleans())
    def hear_a_lie(self, number: int, which: int, is_forged: bool) -> None:
        """Not proved, or proved and of another amount: nobody is paid by it, nothing moves."""
        _, payment = self.one_payment(number, which)
        self.notify(payment, self.key(), payment.amount_minor - 1, proof="none" if is_forged else "real")

    def one_payment(self, number: int, which: int) -> tuple[Bought, Payment]:
        paying = [order for order in self.orders if order.payments]
        order = paying[number % len(paying)]
        return order, Payment.objects.get(pk=order.payments[which % len(order.payments)])

    def notify(self, payment: Payment, reference: str, minor: int, *, proof: str = "real") -> None:
        told = json.dumps({"number": payment.number, "reference": reference, "minor": minor}).encode()
        answer = payments.receive_notification(provider="quiet", headers={"Proof": proof}, body=told, now=clock.now())
        assert (answer.status == 200) == (proof == "real")
        if answer.notification_id is not None:
            payments.apply_notification(notification_id=answer.notification_id, now=clock.now())

    @precondition(lambda self: any(order.state == "placed" for order in self.orders))
    @rule(number=pick)
    def pay_at_once(self, number: int) -> None:
        """The usual way, so that stories come further."""
        waiting = [index for index, order in enumerate(self.orders) if order.state == "placed"]
        self.pay_now(waiting[number % len(waiting)])

    def pay_now(self, index: int) -> None:
        before = len(self.orders[index].payments)
        self.start_paying(index)
        if len(self.orders[index].payments) > before:
            paying = [order for order in self.orders if order.payments]
            self.hear_of_money(paying.index(self.orders[index]), before, 1, False)

    def is_awaited(self, order: Bought) -> bool:
        """Whether money that comes now pays the order."""
        is_late = order.state == "cancelled" and order.end_reason == "expired"
        if order.state != "placed" and not (is_late and self.has_goods_for(order)):
            return False
        team = order.team
        if team is None:
            return True
        return team.takes_people(clock.now()) and (order.seat == "held" or team.has_place_for(order.member_id))

    def has_goods_for(self, order: Bought) -> bool:
        return all(
            shelf.free(self.orders) >= sum(line.quantity for line in order.lines if line.sku_id == shelf.sku_id)
            for shelf in self.shelves
        )

    @precondition(lambda self: self.orders)
    @rule(number=pick)
    def cancel(self, number: int) -> None:
        order = self.one(number)
        done = self.attempt(
            lambda: sales.cancel_order(order_id=order.id, actor="member:1", reason="no", now=clock.now()),
            expected=order.state in ("placed", "cancelled"),
        )
        if done is not None and order.state == "placed":
            order.cancel("no")

    @rule(minutes=st.sampled_from([1, 16, 60 * 24 * 8, 60 * 24 * 12]), answers=st.booleans())
    def tick(self, minutes: int, answers: bool) -> None:
        """Time passes, and the periodic jobs run."""
        QUIET.answers = answers
        now = self.time.move(timedelta(minutes=minutes))
        self.expire(now)
        sales.auto_receive(now=now)
        sales.close_windows(now=now)
        for order in self.orders:
            if order.handed_over_at is not None and order.handed_over_at + timedelta(days=7) <= now:
                order.receive(now)
            for line in order.live():
                if line.received_at and self.may_be_kept(line) and self.closes_at(line.sku_id, line.received_at) <= now:
                    line.is_kept = True
            order.settle()
        self.minute_passes(now)

    def expire(self, now: datetime) -> None:
        sales.expire_unpaid(now=now)
        for order in self.orders:
            if order.state == "placed" and order.pay_by <= now:
                order.cancel("expired")

    def minute_passes(self, now: datetime) -> None:
        """What else runs each minute."""

    def may_be_kept(self, line: Line) -> bool:
        return not line.is_returned and (line.is_kept or not line.is_claimed)

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
        expected = order.state == "paid" and order.is_released
        found = Fulfilment.objects.filter(order_id=order.id).first()
        assert found is not None or not expected
        if found is None:
            return
        done = self.attempt(lambda: self.let_go(found), expected=expected)
        if done is not None:
            order.state, order.handed_over_at = "handed_over", clock.now()
            if order.method == "pickup":
                order.receive(clock.now())

    def let_go(self, found: Fulfilment) -> Fulfilment:
        """To the carrier, or with the code to the buyer."""
        now, number = clock.now(), found.pk
        if found.order.method == "delivery":
            return fulfilment.ship(fulfilment_id=number, actor_member=self.staff, carrier="顺丰", now=now)
        ready = fulfilment.make_ready(fulfilment_id=number, actor="test", now=now)
        return fulfilment.hand_over(fulfilment_id=number, actor_member=self.staff, code=ready.pickup_code, now=now)

    @precondition(lambda self: self.orders)
    @rule(number=pick, who=pick)
    def confirm(self, number: int, who: int) -> None:
        order, member = self.one(number), self.members[who % 3]
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
            expected=line.received_at is not None and self.may_be_kept(line),
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
                actor="staff:0",
                goods_back=goods_back,
                idempotency_key=self.key(),
                now=clock.now(),
            ),
            expected=expected,
        )
        if done is not None:
            line.refunded_minor += amount
            self.after_line_refund(order, line, goods_back=goods_back, amount=amount)
            assert self.sent_back_now == done.amount_minor

    def after_line_refund(self, order: Bought, line: Line, *, goods_back: bool, amount: int) -> None:
        """What follows for the order; the freight goes back too when nothing is left to deliver."""
        self.after_refund(order, [line], goods_back)
        self.sent_back_now = amount
        if not order.live() and order.state in REFUNDABLE:
            self.sent_back_now += order.freight_minor - order.freight_refunded_minor
            order.freight_refunded_minor = order.freight_minor
        self.sent_back_minor += self.sent_back_now
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
                actor="staff:0",
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

    def count_the_money(self) -> None:
        money = quick_doctor.balances()
        cash, escrow = money.get("cash.quiet", 0), -money.get("escrow.buyers", 0)
        earned = -money.get("income.goods", 0) - money.get("income.delivery", 0)
        assert cash == self.captured_minor - self.sent_back_minor == escrow + earned, "a fen is lost"

    @precondition(lambda self: self.orders)
    @invariant()
    def every_order_is_as_the_model_says(self) -> None:
        stored = Order.objects.prefetch_related("lines").in_bulk([order.id for order in self.orders])
        for order in self.orders:
            there = stored[order.id]
            assert (there.state, there.refunded_minor) == (order.state, order.refunded_minor), there.number
            for line, row in zip(order.lines, sorted(there.lines.all(), key=lambda row: row.pk), strict=True):
                said = (line.is_kept, line.is_returned, line.is_dropped, line.refunded_minor)
                is_so = (row.kept_at is not None, row.returned_at is not None, row.dropped_at is not None)
                assert (*is_so, row.refunded_minor) == said
        assert stock.free([shelf.sku_id for shelf in self.shelves]) == {
            shelf.sku_id: shelf.free(self.orders) for shelf in self.shelves
        }
