"""A line that no lot has enough for takes from several: what expires first goes first, and each lot keeps its own count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from quanzi.goods.catalogue.models import Lot
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.errors import LotHasLess
from quanzi.goods.stock.models import Movement
from quanzi.goods.stock.queries import lots
from quanzi.kernel import clock
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.fulfilment import errors, services
from quanzi.trade.fulfilment.models import LineLot
from quanzi.trade.fulfilment.rules import LotFacts, spread
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.queries import evidence
from quanzi.trade.sales.queries.orders import line_rows
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.trade import make_paid_order, make_staff, open_fulfilment

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def lot(number: int, left: int, **more: object) -> LotFacts:
    return LotFacts(**{"id": number, "sku_id": 1, "expires_at": None, "recalled_at": None, "left": left, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "quantity", "loose", "given"),
    [
        (
            [lot(1, 2, expires_at=NOW + timedelta(9)), lot(2, 5)],
            4,
            0,
            [(2, 4)],
        ),  # one that has enough goes before several
        ([lot(1, 2), lot(2, 3, expires_at=NOW + timedelta(9))], 4, 0, [(2, 3), (1, 1)]),
        ([lot(1, 2, at_supplier=True), lot(2, 3)], 4, 0, [(2, 3), (1, 1)]),
        ([lot(1, 2), lot(2, 3, paused_at=NOW)], 4, 0, None),
        ([lot(1, 2), lot(2, 3, expires_at=NOW)], 4, 2, [(1, 2), (None, 2)]),
        ([lot(1, 2), lot(2, 0, is_counted=False)], 4, 9, [(1, 2), (2, 2)]),
        ([lot(1, 9, recalled_at=NOW)], 4, 9, None),
    ],
)
def test_what_expires_first_goes_first_and_one_lot_before_several(
    known: list[LotFacts], quantity: int, loose: int, given: list[tuple[int | None, int]] | None
) -> None:
    assert spread(known, quantity=quantity, loose=loose, now=NOW) == given


def two_lots() -> tuple[Lot, Lot]:
    sku = make_sku(price_minor=3_000)
    first, second = (make_lot(sku=sku, expires_at=clock.now() + timedelta(days=days)) for days in (5, 9))
    bring_in(sku, 2, lot=first)
    bring_in(sku, 3, lot=second)
    return first, second


def sent(sku_lot: Lot, quantity: int) -> OrderLine:
    order = make_paid_order(sku=sku_lot.sku, quantity=quantity)
    services.ship(fulfilment_id=open_fulfilment(order).pk, actor_member=make_staff(), carrier="顺丰", now=clock.now())
    line = order.lines.get()
    assert isinstance(line, OrderLine)
    return line


def left(one: Lot) -> list[int]:
    return [row.on_hand for row in lots(one.sku_id, now=clock.now())]


@pytest.mark.django_db
def test_a_recall_pays_exactly_the_part_of_its_lot_and_what_comes_back_goes_into_each(
    assert_well: Callable[[], None],
) -> None:
    first, second = two_lots()
    line = sent(first, 4)
    given = LineLot.objects.filter(line=line).order_by("id").values_list("lot_id", "quantity")
    assert (list(given), left(first)) == ([(first.pk, 2), (second.pk, 2)], [0, 1])
    assert_well()
    sales.confirm_receipt(order_id=line.order_id, member=line.member, now=clock.now())
    aftersales.recall(lot_id=second.pk, reason="农残", actor=make_staff("operator"), now=clock.now())
    aftersales.carry_on_recalls(clock.now())
    line.refresh_from_db()
    assert line.refunded_minor * 2 == line.paid_minor
    sales.refund_line(
        line_id=line.pk, reason="都退", actor="staff:0", goods_back=True, idempotency_key="k", now=clock.now()
    )
    assert left(first) == [2, 3]
    assert_well()


@pytest.mark.django_db
def test_a_named_lot_must_have_enough_and_the_database_counts_too() -> None:
    first, _ = two_lots()
    order = make_paid_order(sku=first.sku, quantity=4)
    found, line = open_fulfilment(order), order.lines.get()
    how = {"fulfilment_id": found.pk, "actor_member": make_staff(), "carrier": "顺丰", "now": clock.now()}
    with pytest.raises(errors.LotHasNotEnough):
        services.ship(**how, lots={line.pk: first.pk})
    with pytest.raises(LotHasLess), transaction.atomic():
        stock.consume(refs=[f"order_line:{line.pk}"], lot_id=first.pk, now=clock.now())
    with pytest.raises(IntegrityError, match="left"), transaction.atomic():
        Movement.objects.create(sku=first.sku, lot=first, kind="scrapped", quantity=-3, key="x", moved_at=clock.now())


@pytest.mark.django_db
def test_units_in_parcels_of_a_line_that_is_not_complete_are_not_given_again(assert_well: Callable[[], None]) -> None:
    first, second = two_lots()
    order = make_paid_order(sku=first.sku, quantity=3)
    found, line, staff = open_fulfilment(order), order.lines.get(), make_staff()
    one = services.pack(fulfilment_id=found.pk, actor_member=staff, lines={line.pk: 1}, now=clock.now())
    services.ship_parcel(parcel_id=one.pk, actor_member=staff, carrier="顺丰", tracking="1", now=clock.now())
    other = sent(first, 2)
    assert set(LineLot.objects.filter(line=other).values_list("lot_id", flat=True)) == {second.pk}
    services.ship(fulfilment_id=found.pk, actor_member=staff, carrier="顺丰", now=clock.now())
    assert left(first) == [0, 0]
    assert_well()


@pytest.mark.django_db
def test_the_buyers_page_and_the_evidence_for_everybody_name_every_lot() -> None:
    first, second = two_lots()
    line = sent(first, 4)
    [row] = line_rows([line.order])[line.order_id]
    assert row.lot_code == f"{first.code} · {second.code}"
    sales.confirm_receipt(order_id=line.order_id, member=line.member, now=clock.now())
    sales.say_kept(line_id=line.pk, member=line.member, now=clock.now())
    assert [one.lot_code for one in evidence(line.product_id)] == [row.lot_code]
