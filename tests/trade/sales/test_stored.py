"""The stored functions against the same done row by row with the ORM: what they write is what the models say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model

from quanzi.base.events.models import Event
from quanzi.goods.pricing.services import Quote, QuoteLine, quote
from quanzi.goods.stock.models import Reservation, Stock
from quanzi.kernel import clock
from quanzi.people.accounts.models import Address, Member
from quanzi.trade.payments.models import Payment
from quanzi.trade.sales import services
from quanzi.trade.sales.events import OrderPaid, OrderPlaced, OrderReleased
from quanzi.trade.sales.models import Adjustment, CartLine, Order, OrderLine, OrderMove
from tests.factories.goods import make_sku
from tests.factories.trade import make_address, make_buyer, make_order, pay

pytestmark = pytest.mark.django_db


def plain(row: Model, *without: str) -> dict[str, Any]:
    """A row's values as they are stored, but for its own numbers."""
    row.refresh_from_db()
    own = {"id", "order_id", "line_id", *without}
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if one.attname not in own}


def written_by_hand(member: Member, address: Address, asked: Quote, like: Order) -> Order:
    """The twin: the same order, one model at a time."""
    order = Order.objects.create(
        number="260101-TWIN01", member=member, currency=asked.currency, goods_minor=asked.goods_minor,
        freight_minor=asked.freight_minor, discount_minor=asked.discount_minor, amount_minor=asked.amount_minor,
        method="delivery", note="ring twice", idempotency_key="twin", request_hash=like.request_hash,
        placed_at=clock.now(), pay_by=clock.now() + timedelta(minutes=15), moved_at=clock.now(),
        moved_by=f"member:{member.pk}", move_cause="placed",
        ship_to={
            name: getattr(address, name) for name in ("recipient", "phone", "region_code", "region_name", "detail")
        },
    )  # fmt: skip
    for line in asked.lines:
        row = OrderLine.objects.create(
            order=order, member=member, sku_id=line.sku_id, product_id=line.product_id, title=line.title,
            quantity=line.quantity, list_minor=line.list_minor, unit_minor=line.unit_minor, paid_minor=line.total_minor,
            cost_minor=line.cost_minor,
        )  # fmt: skip
        Reservation.objects.create(
            sku_id=line.sku_id, ref=f"order_line:{row.pk}", quantity=line.quantity, made_at=clock.now(),
            expires_at=order.pay_by,
        )  # fmt: skip
        for step in line.steps:
            Adjustment.objects.create(order=order, line=row, **_step(step))
    for step in asked.steps:
        Adjustment.objects.create(order=order, **_step(step))
    return order


def _step(step: Any) -> dict[str, Any]:
    return {name: getattr(step, name) for name in ("kind", "label_zh", "label_en", "amount_minor", "source")}


def test_placing_writes_what_the_models_would() -> None:
    member = make_buyer()
    address = make_address(member)
    skus = [make_sku(stock_of=9, price_minor=price) for price in (1_290, 3_990)]
    lines = [(skus[1].pk, 2), (skus[0].pk, 1)]
    for sku in skus:
        services.add_to_cart(member=member, sku_id=sku.pk, quantity=1, now=clock.now())
    placed = make_order(
        member=member, lines=lines, address_id=address.pk, note="ring twice", idempotency_key="k", from_cart=True
    )
    assert not CartLine.objects.exists()
    held = {sku.pk: Stock.objects.get(sku=sku).reserved for sku in skus}

    asked = quote(
        lines=[QuoteLine(*line) for line in lines], member_id=member.pk, context={"method": "delivery"}, now=clock.now()
    )
    twin = written_by_hand(member, address, asked, placed)

    apart = ("number", "idempotency_key")
    assert plain(placed, *apart) == plain(twin, *apart)
    for model in (OrderLine, Adjustment, OrderMove):
        mine, theirs = (model._default_manager.filter(order=one).order_by("id") for one in (placed, twin))
        assert [plain(row) for row in mine] == [plain(row) for row in theirs]
        assert mine.exists()
    for line, other in zip(placed.lines.order_by("id"), twin.lines.order_by("id"), strict=True):
        holds = [Reservation.objects.get(ref=f"order_line:{one.pk}") for one in (line, other)]
        assert plain(holds[0], "ref") == plain(holds[1], "ref")
    assert {sku.pk: Stock.objects.get(sku=sku).reserved for sku in skus} == {pk: 2 * held[pk] for pk in held}


def test_the_object_at_hand_is_the_row_that_was_written() -> None:
    placed = make_order(origin="demo", note="by the door")
    stored = Order.objects.get(pk=placed.pk)
    names = [one.attname for one in Order._meta.concrete_fields]
    assert {name: getattr(placed, name) for name in names} == {name: getattr(stored, name) for name in names}


def test_what_sql_announces_reads_as_the_events_of_the_room() -> None:
    member = make_buyer()
    order = pay(make_order(member=member))
    again = pay(make_order(member=member))
    of_order = {"order_id": order.pk, "origin": "shop", "member_id": member.pk}
    told = [
        OrderPlaced(**of_order, amount_minor=order.amount_minor),
        OrderPaid(**of_order, amount_minor=order.amount_minor, is_first=True),
        OrderReleased(**of_order),
    ]
    stored = list(Event.objects.filter(key=told[0].key).order_by("id"))
    assert [(row.name, row.payload, row.occurred_at) for row in stored] == [
        (one.name, one.payload(), clock.now()) for one in told
    ]
    assert [type(one).from_payload(row.payload) for one, row in zip(told, stored, strict=True)] == told
    assert Event.objects.get(name=OrderPaid.name, key=f"order:{again.pk}").payload["is_first"] is False
    assert stored[0].delivered_at is not None, "nobody answers a placed order"
    assert stored[1].delivered_at is None, "the buyer is told"


def test_paying_writes_what_the_models_would() -> None:
    order = pay(make_order())
    now = clock.now()
    assert (order.state, order.paid_at, order.released_at, order.moved_at) == ("paid", now, now, now)
    assert (order.moved_by, order.move_cause, order.end_reason, order.ended_at) == ("payments", "payment", "", None)
    moves = OrderMove.objects.filter(order=order).order_by("id").values_list("before", "after", "cause", "actor")
    assert list(moves) == [
        ("", "placed", "placed", f"member:{order.member_id}"),
        ("placed", "paid", "payment", "payments"),
    ]
    assert Payment.objects.get(payable_id=order.pk).state == "captured"
