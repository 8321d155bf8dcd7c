"""Lots: what complaints say of them, how they stop by themselves, and how a recall pays everybody back once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue.models import Lot, Sku
from quanzi.goods.stock.queries import free
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed
from quanzi.people.contact.models import Notice
from quanzi.trade.aftersales import errors, rules, services
from quanzi.trade.aftersales.models import Claim, LotPause, Recall, RecalledLine
from quanzi.trade.aftersales.queries import lines_of_lot, lot_page, of_lots, of_points, of_suppliers
from quanzi.trade.aftersales.queries.holding import owed_for_lot
from quanzi.trade.aftersales.queries.quality import lot_facts
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.errors import NoLotFit
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderLine
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.trade import make_paid_order, make_staff, open_fulfilment

pytestmark = pytest.mark.django_db


def stocked(units: int = 20) -> tuple[Sku, Lot]:
    sku = make_sku()
    lot = make_lot(sku=sku, expires_at=clock.now() + timedelta(days=30))
    bring_in(sku, units, lot=lot)
    return sku, lot


def received(sku: Sku) -> OrderLine:
    order = make_paid_order(sku=sku)
    hand_over(order)
    sales.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    line = order.lines.get()
    assert isinstance(line, OrderLine)
    return line


def hand_over(order: Order) -> None:
    found = open_fulfilment(order)
    fulfilment.ship(fulfilment_id=found.pk, actor_member=make_staff("fulfilment"), carrier="顺丰", now=clock.now())


def complain(line: OrderLine, reason: str = "spoiled") -> Claim:
    now = clock.now()
    claim = services.ask(line_id=line.pk, member=line.member, reason=reason, note="坏了", now=now)
    deliver_pending(now=now)
    return claim


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 0, 0, 10_000), (0, 10, 0, 2_776), (3, 10, 1_077, 6_033), (10, 10, 7_224, 10_000)],
)
def test_the_interval_is_that_of_wilson(count: int, of: int, low: int, high: int) -> None:
    found = rules.rate(count, of)
    assert abs(found.low_bp - low) <= 1 and abs(found.high_bp - high) <= 1
    assert found.is_told == (of >= 10)


def test_a_lot_stops_by_itself_at_the_third_complaint_and_nobody_is_given_any_more(
    assert_well: Callable[[], None],
) -> None:
    sku, lot = stocked()
    waiting = make_paid_order(sku=sku)
    lines = [received(sku) for _ in range(4)]
    make_staff("operator")
    for line in lines[:2]:
        complain(line)
    assert not LotPause.objects.exists()
    complain(lines[2])
    pause = LotPause.objects.get(lot=lot)
    assert (pause.complaints, pause.handed_over, pause.paused_by, pause.held) == (3, 4, None, 15)
    assert free([sku.pk])[sku.pk] == 0, "what is left of it is not sold either"
    assert Notice.objects.filter(kind="lot_paused").count() == 1
    with pytest.raises(NoLotFit):
        hand_over(waiting)
    services.release(lot_id=lot.pk, reason="只是一箱压坏了", actor=make_staff(), now=clock.now())
    assert free([sku.pk])[sku.pk] == 15
    hand_over(waiting)
    complain(lines[3])
    assert LotPause.objects.filter(lot=lot).count() == 1, "what was looked into is not told again"
    assert_well()


def test_what_was_declined_or_is_missing_does_not_speak_against_a_lot() -> None:
    sku, lot = stocked()
    finance = make_staff("finance")
    for line in [received(sku) for _ in range(3)]:
        services.decline(claim_id=complain(line).pk, actor_member=finance, answer="照片里是好的", now=clock.now())
    for line in [received(sku) for _ in range(3)]:
        complain(line, reason="missing")
    assert lot_page(lot.pk).rate.count == 0
    assert not LotPause.objects.exists()
    assert [(row.id, row.rate.count, row.rate.of) for row in of_lots(since=clock.now() - timedelta(days=1))] == [
        (lot.pk, 0, 6)
    ]
    assert of_points(since=clock.now()) == of_suppliers(since=clock.now()) == []


def test_the_database_refuses_a_paused_lot_whoever_hands_it_over() -> None:
    sku, lot = stocked()
    line = received(sku)
    services.pause(lot_id=lot.pk, reason="先看一看", actor=make_staff(), now=clock.now())
    with pytest.raises(errors.LotIsStopped):
        services.pause(lot_id=lot.pk, reason="再停一次", actor=make_staff(), now=clock.now())
    for sql, args in (
        ("UPDATE aftersales_lotpause SET released_at = now(), release_reason = '' WHERE lot_id = %s", [lot.pk]),
        (
            "INSERT INTO stock_movement (sku_id, lot_id, kind, quantity, key, reason, actor, moved_at)"
            " VALUES (%s, %s, 'sold', -1, 'x', '', '', now())",
            [sku.pk, lot.pk],
        ),
        (
            "INSERT INTO fulfilment_linelot (fulfilment_id, line_id, lot_id, quantity, handed_over_at)"
            " SELECT f.id, %s, %s, 1, now() FROM fulfilment_fulfilment f",
            [line.pk, lot.pk],
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, args)


def test_a_recall_pays_everybody_back_once_and_tells_them(assert_well: Callable[[], None]) -> None:
    sku, lot = stocked()
    lines = [received(sku) for _ in range(3)]
    claim = complain(lines[0])
    sale = services.accept(claim_id=claim.pk, actor_member=make_staff("finance"), amount_minor=100, now=clock.now())
    waits = complain(lines[1])
    assert sale.refund is not None
    boss = make_staff("operator")
    made = services.recall(lot_id=lot.pk, reason="农残超标", actor=boss, now=clock.now())
    assert services.recall(lot_id=lot.pk, reason="再来一次", actor=boss, now=clock.now()) == made
    assert (made.lines.count(), free([sku.pk])[sku.pk]) == (3, 0)
    assert services.carry_on_recalls(clock.now()) == 3
    assert services.carry_on_recalls(clock.now()) == 0
    deliver_pending(now=clock.now())
    for line in lines:
        line.refresh_from_db()
        assert (line.refunded_minor, line.returned_at is not None) == (line.paid_minor, True)
    waits.refresh_from_db()
    assert (waits.state, waits.refund == made.lines.get(line=lines[1]).refund) == ("accepted", True)
    assert Notice.objects.filter(kind="lot_recalled").count() == 3
    page = lot_page(lot.pk).recall
    assert page is not None and page.finished_at is not None
    assert (page.lines, page.settled, page.paid_back.minor) == (
        3,
        3,
        sum(line.order.amount_minor for line in lines) - 100,
    )
    assert all(row.paid_back for row in lines_of_lot(lot.pk)[1:])
    services.clear(recall_id=made.pk, quantity=17, actor=boss, now=clock.now())
    assert lot_page(lot.pk).left == 0
    with pytest.raises(errors.AlreadyCleared):
        services.clear(recall_id=made.pk, quantity=1, actor=boss, now=clock.now())
    assert_well()


def test_with_the_last_goods_of_an_order_a_recall_gives_back_the_delivery(assert_well: Callable[[], None]) -> None:
    (sku, lot), (other, second), (good, _) = stocked(), stocked(), stocked()
    boss = make_staff("operator")
    alone = received(sku)
    both = make_paid_order(lines=[(sku.pk, 1), (other.pk, 1)])
    some = make_paid_order(lines=[(sku.pk, 1), (good.pk, 1)])
    for order in (both, some):
        hand_over(order)
    orders = [alone.order, both, some]
    for order in orders:
        order.refresh_from_db()

    one = sum(order.lines.get(sku=sku).paid_minor for order in orders)
    assert alone.order.freight_minor == 400
    assert owed_for_lot(lot.pk)[0] == one + 400, "of the first order nothing is left"
    services.recall(lot_id=lot.pk, reason="农残超标", actor=boss, now=clock.now())
    services.carry_on_recalls(clock.now())
    for order in orders:
        order.refresh_from_db()
    assert [order.freight_refunded_minor for order in orders] == [400, 0, 0]
    assert [order.state for order in orders] == ["refunded", "handed_over", "handed_over"]

    left = both.amount_minor - both.refunded_minor
    assert owed_for_lot(second.pk)[0] == left == other.price_minor + both.freight_minor
    services.recall(lot_id=second.pk, reason="农残超标", actor=boss, now=clock.now())
    services.carry_on_recalls(clock.now())
    both.refresh_from_db()
    assert (both.refunded_minor, both.state) == (both.amount_minor, "refunded")
    assert_well()


def test_a_line_that_was_given_back_before_is_on_the_list_and_gets_nothing_twice(
    assert_well: Callable[[], None],
) -> None:
    sku, lot = stocked()
    line = received(sku)
    services.accept(claim_id=complain(line).pk, actor_member=make_staff("finance"), now=clock.now())
    services.recall(lot_id=lot.pk, reason="农残超标", actor=make_staff("operator"), now=clock.now())
    services.carry_on_recalls(clock.now())
    row = RecalledLine.objects.get()
    assert (row.refund, row.settled_at is not None, Recall.objects.get().finished_at is not None) == (None, True, True)
    assert_well()


def test_only_who_may_refund_recalls_and_a_settled_line_is_never_taken_off_the_list() -> None:
    sku, lot = stocked()
    received(sku)
    with pytest.raises(NotAllowed):
        services.recall(lot_id=lot.pk, reason="x", actor=make_staff("fulfilment"), now=clock.now())
    with pytest.raises(errors.ReasonMissing):
        services.recall(lot_id=lot.pk, reason=" ", actor=make_staff(), now=clock.now())
    services.recall(lot_id=lot.pk, reason="农残超标", actor=make_staff(), now=clock.now())
    services.carry_on_recalls(clock.now())
    for sql in (
        "DELETE FROM aftersales_recalledline",
        "UPDATE aftersales_recalledline SET settled_at = NULL, refund_id = NULL",
        "UPDATE catalogue_lot SET recalled_at = NULL",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_a_recall_pays_nothing_for_goods_that_were_given_back_in_an_exchange(assert_well: Callable[[], None]) -> None:
    sku, lot = stocked()
    before, after = received(sku), received(sku)
    other = make_sku(product=sku.product, price_minor=sku.price_minor - 500, stock_of=3)
    boss, finance = make_staff("operator"), make_staff("finance")

    def exchange(line: OrderLine) -> None:
        claim = services.ask(line_id=line.pk, member=line.member, reason="return", for_sku_id=other.pk, now=clock.now())
        services.arrive(claim_id=claim.pk, actor_member=finance, now=clock.now())
        services.exchange(claim_id=claim.pk, actor_member=finance, is_sellable=False, now=clock.now())

    exchange(before)
    made = services.recall(lot_id=lot.pk, reason="农残超标", actor=boss, now=clock.now())
    assert list(made.lines.values_list("line", flat=True)) == [after.pk]
    exchange(after)  # between the recall and its money
    services.carry_on_recalls(clock.now())
    for line in (before, after):
        line.refresh_from_db()
        assert line.refunded_minor == 500
    assert_well()


def test_a_recall_pays_nothing_for_goods_that_came_back_in_their_parcel(assert_well: Callable[[], None]) -> None:
    sku, lot = stocked(5)
    fresh = make_lot(sku=sku, code="LOT-B", expires_at=clock.now() + timedelta(days=60))
    bring_in(sku, 5, lot=fresh)
    order, staff = make_paid_order(sku=sku), make_staff("fulfilment")
    found, line = open_fulfilment(order), order.lines.get()
    for sent in (lot, fresh):
        parcel = fulfilment.pack(fulfilment_id=found.pk, actor_member=staff, now=clock.now())
        fulfilment.ship_parcel(
            parcel_id=parcel.pk, actor_member=staff, carrier="顺丰", lots={line.pk: sent.pk}, now=clock.now()
        )
        if sent == lot:
            fulfilment.take_back(parcel_id=parcel.pk, actor_member=staff, now=clock.now())
    assert services.recall(lot_id=lot.pk, reason="x", actor=make_staff("operator"), now=clock.now()).lines.count() == 0
    assert_well()


def test_a_fault_speaks_against_the_goods_however_it_was_made_good() -> None:
    sku, lot = stocked()
    won, exchanged, declined = (complain(received(sku)) for _ in range(3))
    staff, judge, now = make_staff("finance"), make_staff("finance"), clock.now()
    for claim in (won, declined):
        services.decline(claim_id=claim.pk, actor_member=staff, answer="看不出来", now=now)
    assert lot_facts(lot.pk).count == 1
    dispute = services.contest(claim_id=won.pk, member=won.member, words="盒子里面是碎的", now=now)
    services.say(dispute_id=dispute.pk, author=staff, words="发货时拍了照", now=now)
    services.decide_dispute(dispute_id=dispute.pk, actor_member=judge, amount_minor=100, words="看过了", now=now)
    Claim.objects.filter(pk=exchanged.pk).update(state="exchanged", decided_at=now, decided_by=staff)
    assert lot_facts(lot.pk).count == 2
    assert [row.rate.count for row in of_lots(since=now - timedelta(days=1))] == [2]
