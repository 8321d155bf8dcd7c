"""Recalls and exchanges above the limit, or for one's own order, wait for a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from quanzi.goods.catalogue.models import Lot
from quanzi.goods.stock.queries import free
from quanzi.kernel import clock
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales import services
from quanzi.trade.aftersales.asking import exchange_or_ask, recall_or_ask
from quanzi.trade.aftersales.models import Claim, Recall
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import OwnOrder
from quanzi.trade.sales.models import OrderLine
from tests.factories.goods import bring_in, make_lot, make_product, make_sku
from tests.factories.trade import make_buyer, make_paid_order, make_received_order, make_staff
from tests.trade.aftersales.test_lots import hand_over

pytestmark = pytest.mark.django_db


def given(price_minor: int, **more: object) -> tuple[Lot, OrderLine]:
    sku = make_sku(price_minor=price_minor)
    lot = make_lot(sku=sku, expires_at=clock.now() + timedelta(days=30))
    bring_in(sku, 9, lot=lot)
    order = make_paid_order(sku=sku, **more)
    hand_over(order)
    sales.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    return lot, order.lines.get()


def test_a_recall_above_the_limit_pauses_the_lot_and_waits_for_a_second_person(assert_well: Callable[[], None]) -> None:
    lot, line = given(900_000)
    boss, second = make_staff("operator"), make_staff("owner")
    asked = recall_or_ask(lot_id=lot.pk, reason="农残超标", staff=boss, now=clock.now())
    assert isinstance(asked, Approval) and asked.amount_minor == line.paid_minor
    assert recall_or_ask(lot_id=lot.pk, reason="农残超标", staff=boss, now=clock.now()) == asked
    lot.refresh_from_db()
    assert (lot.paused_at is not None, free([line.sku_id])[line.sku_id], Recall.objects.count()) == (True, 0, 0)
    approvals.approve(approval_id=asked.pk, by=second, now=clock.now())
    services.carry_on_recalls(clock.now())
    line.refresh_from_db()
    assert line.refunded_minor == line.paid_minor
    assert_well()


def test_nobody_recalls_goods_of_their_own_order_alone_and_no_second_person_with_some_agrees(
    assert_well: Callable[[], None],
) -> None:
    boss, second = make_staff("operator"), make_staff("owner")
    lot, _ = given(3_990, member=boss)
    asked = recall_or_ask(lot_id=lot.pk, reason="农残超标", staff=boss, now=clock.now())
    assert isinstance(asked, Approval)
    approvals.approve(approval_id=asked.pk, by=second, now=clock.now())
    assert Recall.objects.count() == 1
    lot, _ = given(900_000, member=second)
    asked = recall_or_ask(lot_id=lot.pk, reason="农残超标", staff=boss, now=clock.now())
    assert isinstance(asked, Approval)
    with pytest.raises(OwnOrder):
        approvals.approve(approval_id=asked.pk, by=second, now=clock.now())
    small, _ = given(3_990, member=make_buyer())
    assert isinstance(recall_or_ask(lot_id=small.pk, reason="x", staff=boss, now=clock.now()), Recall)
    assert_well()


def test_an_exchange_whose_difference_is_above_the_limit_waits_for_a_second_person(
    assert_well: Callable[[], None],
) -> None:
    product, staff = make_product(on_sale=True), make_staff("finance")
    sku, other = (make_sku(product=product, price_minor=price, stock_of=3) for price in (900_000, 100_000))
    line = make_received_order(sku=sku).lines.get()
    claim = services.ask(line_id=line.pk, member=line.member, reason="return", for_sku_id=other.pk, now=clock.now())
    services.arrive(claim_id=claim.pk, actor_member=staff, now=clock.now())
    asked = exchange_or_ask(claim_id=claim.pk, staff=staff, is_sellable=True, now=clock.now())
    assert isinstance(asked, Approval) and asked.amount_minor == 800_000
    assert exchange_or_ask(claim_id=claim.pk, staff=staff, is_sellable=True, now=clock.now()) == asked
    assert free([sku.pk])[sku.pk] == 2, "nothing happened yet"
    approvals.approve(approval_id=asked.pk, by=make_staff("owner"), now=clock.now())
    line.refresh_from_db()
    assert (Claim.objects.get().state, line.refunded_minor) == ("exchanged", 800_000)
    assert (free([sku.pk])[sku.pk], free([other.pk])[other.pk]) == (3, 2)
    assert_well()
