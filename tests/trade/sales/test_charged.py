"""A struck price is what somebody really paid: the lowest of seven days before, else the last one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.kernel import clock
from quanzi.kernel.money import Money
from quanzi.trade.sales.queries import lowest_charged, struck
from quanzi.trade.sales.services import refund_line, refund_order
from tests.factories.deals import join_team, make_buyer, make_deal, open_team, pay
from tests.factories.goods import make_sku

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
    assert lowest_charged(sku_id=sku.pk, before=now + week) == Money(3_490), "what went back was not charged"
    refund_line(
        line_id=orders[0].lines.get().pk, amount_minor=490, reason="补", actor="staff:0", idempotency_key="p", now=now
    )
    assert lowest_charged(sku_id=sku.pk, before=now + week) == Money(3_000), "nor what went back of it"

    assert struck(sku_id=sku.pk, price=Money(2_900), since=now + week) == Money(3_000)
    assert struck(sku_id=sku.pk, price=Money(3_000), since=now + week) is None
