"""The seven days: refused by the nature of the goods, or by the buyer's word for this one purchase, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.goods.catalogue.models import Product
from quanzi.kernel import clock
from quanzi.trade.aftersales import rules
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.aftersales.errors import NoFreeReturn
from quanzi.trade.aftersales.services import claims
from quanzi.trade.sales.errors import KeyReused
from quanzi.trade.sales.models import OrderLine
from tests.factories.goods import make_product, make_sku
from tests.factories.trade import make_order, make_received_order

pytestmark = pytest.mark.django_db


def received(rule: str, *, ticked: bool, **more: object) -> OrderLine:
    sku = make_sku(product=make_product(on_sale=True, return_rule=rule), stock_of=5)
    order = make_received_order(sku=sku, without_return=[sku.pk] if ticked else [], **more)
    line = order.lines.get()
    assert isinstance(line, OrderLine)
    return line


@pytest.mark.parametrize("rule", ["opened", "activated", "near_expiry", "flawed"])
def test_without_the_box_ticked_the_seven_days_hold_and_with_it_they_do_not(
    rule: str, assert_well: Callable[[], None]
) -> None:
    plain, given_up = received(rule, ticked=False), received(rule, ticked=True)
    assert plain.return_closes_at is not None
    assert (given_up.return_rule, given_up.gave_up_return, given_up.return_closes_at) == (rule, True, None)
    ask = {"reason": "return", "now": clock.now()}
    assert aftersales.ask(line_id=plain.pk, member=plain.member, **ask).state == "open"
    with pytest.raises(NoFreeReturn):
        aftersales.ask(line_id=given_up.pk, member=given_up.member, **ask)
    fault = {"reason": "spoiled", "note": "裂了", "now": clock.now()}
    assert aftersales.ask(line_id=given_up.pk, member=given_up.member, **fault).state == "open"
    assert_well()


def test_a_tick_counts_for_nothing_where_the_law_gives_no_such_choice() -> None:
    line = received("seven_days", ticked=True)
    assert (line.gave_up_return, line.return_closes_at is not None) == (False, True)
    assert received("made_to_order", ticked=False).return_closes_at is None


def test_seven_days_begin_on_the_day_after_signing() -> None:
    signed = datetime(2026, 5, 1, 15, 0, tzinfo=clock.SITE_ZONE)
    line = received("seven_days", ticked=False, now=signed)
    assert line.return_closes_at == datetime(2026, 5, 9, tzinfo=clock.SITE_ZONE)
    assert rules.may_ask(claims.facts_of(line), reason="return", now=line.return_closes_at - timedelta(microseconds=1))
    assert not rules.may_ask(claims.facts_of(line), reason="return", now=line.return_closes_at)


def test_a_line_keeps_the_terms_it_was_ordered_under() -> None:
    order = make_order()
    Product.objects.filter(pk=order.lines.get().product_id).update(return_rule="made_to_order", return_days=0)
    line = order.lines.get()
    assert (line.return_rule, line.return_days) == ("seven_days", 7)
    for change in ("return_rule = 'made_to_order'", "return_days = 0", "gave_up_return = true"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE sales_orderline SET {change} WHERE id = %s", [line.pk])


def test_the_database_lets_nobody_refuse_the_seven_days() -> None:
    line = received("opened", ticked=False)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE sales_orderline SET return_closes_at = NULL WHERE id = %s", [line.pk])


def test_the_same_key_with_another_box_is_another_order() -> None:
    sku = make_sku(product=make_product(on_sale=True, return_rule="flawed"), stock_of=5)
    first = make_order(sku=sku, idempotency_key="one", without_return=[sku.pk])
    point = first.ship_to
    assert point
    address = first.member.addresses.get() if hasattr(first.member, "addresses") else None
    with pytest.raises(KeyReused):
        make_order(
            sku=sku, member=first.member, idempotency_key="one", **({"address_id": address.pk} if address else {})
        )
