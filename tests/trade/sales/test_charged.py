"""A struck price is what somebody really paid: the lowest of seven days before, else the last one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.goods.catalogue.services import change_price
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from quanzi.trade.deals.services import level_due
from quanzi.trade.sales.queries import lowest_charged, struck
from quanzi.trade.sales.services import refund_line, refund_order
from tests.factories.deals import join_team, make_buyer, make_deal, open_team, pay
from tests.factories.goods import make_sku
from tests.factories.trade import make_received_order

pytestmark = pytest.mark.django_db


def test_the_lowest_of_seven_days_else_the_last_one_else_none() -> None:
    now = clock.now()
    sku = make_sku(price_minor=3_990, stock_of=20, now=now)
    assert lowest_charged(sku_id=sku.pk, before=now) is None

    orders = []
    for price in (3_490, 3_190):
        deal = make_deal(sku=sku, team_size=2, price_minor=price, now=now)
        team, first = open_team(deal, make_buyer(), now=now)
        orders += [first, join_team(team, make_buyer(), now=now)[1]]
    for order in orders:
        pay(order, now=now)

    week = timedelta(days=7)
    assert lowest_charged(sku_id=sku.pk, before=now) is None, "before anybody had paid"
    assert lowest_charged(sku_id=sku.pk, before=now + week) == Money(3_190)
    assert lowest_charged(sku_id=sku.pk, before=now + 2 * week) == Money(3_190), "the last one, long ago"

    for order in orders[2:]:
        refund_order(order_id=order.pk, reason="退", actor="staff:0", idempotency_key="r", now=now)
    assert lowest_charged(sku_id=sku.pk, before=now + week) == Money(3_490), "what never left the house was no sale"
    refund_line(
        line_id=orders[0].lines.get().pk, amount_minor=490, reason="补", actor="staff:0", idempotency_key="p", now=now
    )
    assert lowest_charged(sku_id=sku.pk, before=now + week) == Money(3_490), "a refund leaves it as it was"

    assert struck(sku_id=sku.pk, price=Money(2_900), since=now + week) == Money(3_490)
    assert struck(sku_id=sku.pk, price=Money(3_490), since=now + week) is None


def test_goods_that_came_back_lower_no_price_and_raise_none() -> None:
    now = clock.now()
    sku = make_sku(price_minor=2_000, stock_of=9, now=now)
    line = make_received_order(sku=sku, now=now).lines.get()
    later = now + timedelta(days=1)
    refund_line(line_id=line.pk, goods_back=True, reason="退", actor="staff:0", idempotency_key="back", now=later)
    assert lowest_charged(sku_id=sku.pk, before=later) is None, "alone it is no price to stand struck through"

    change_price(sku=sku, price_minor=3_000, actor="test", now=later)
    make_received_order(sku=sku, now=later)
    assert lowest_charged(sku_id=sku.pk, before=later + timedelta(hours=1)) == Money(2_000), (
        "nor does it hide a lower one"
    )


def test_a_ladders_step_is_the_price() -> None:
    now = clock.now()
    sku = make_sku(price_minor=3_990, stock_of=9, now=now)
    team, first = open_team(
        make_deal(sku=sku, team_size=2, price_minor=3_490, steps=[(3, 3_200)], now=now), make_buyer(), now=now
    )
    for order in (first, *(join_team(team, make_buyer(), now=now)[1] for _ in range(2))):
        pay(order, now=now)
    tomorrow = now + timedelta(days=1)
    assert lowest_charged(sku_id=sku.pk, before=tomorrow) == Money(3_490)
    level_due(now)
    assert lowest_charged(sku_id=sku.pk, before=tomorrow) == Money(3_200)
