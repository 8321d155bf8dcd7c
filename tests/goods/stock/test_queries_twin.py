"""Counters and lots are read by planned statements; here stands what they mean, written plainly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from quanzi.goods.catalogue.models import Lot, Sku
from quanzi.goods.catalogue.services import recall_lot
from quanzi.goods.stock.models import Stock
from quanzi.goods.stock.queries import LotRow, StockRow, levels, lots
from quanzi.goods.stock.services import reserve
from quanzi.kernel import clock
from tests.factories.goods import bring_in, make_lot, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def sku() -> Sku:
    """Lots that end at different times, never, or have ended; one recalled, one paused, one that nothing came of."""
    now, made = clock.now(), make_sku()
    for number, hours in enumerate((48, None, -1, 48, 2, 24, 12)):
        lot = make_lot(sku=made)
        if number != 5:
            bring_in(made, 3 + number, lot=lot)
        Lot.objects.filter(pk=lot.pk).update(
            expires_at=None if hours is None else now + timedelta(hours=hours),
            paused_at=now if number == 4 else None,
        )
        if number == 6:
            recall_lot(lot=lot, reason="mould", actor="test", now=now)
    return made


def test_lots_stand_as_the_plain_way_has_them(sku: Sku) -> None:
    now = clock.now()
    left = Coalesce(Sum("movements__quantity"), 0)
    found = Lot.objects.filter(sku=sku).annotate(left=left).order_by(F("expires_at").asc(nulls_last=True), "id")
    plain = [
        LotRow(
            one.pk, one.code, one.expires_at, one.recalled_at, one.paused_at, one.storage, one.left,
            one.recalled_at is None and one.paused_at is None and (one.expires_at is None or one.expires_at > now),
        )
        for one in found
    ]  # fmt: skip
    assert lots(sku.pk, now=now) == plain
    assert {row.is_fit for row in plain} == {True, False} and 0 in {row.on_hand for row in plain}
    assert lots(0, now=now) == []


def test_counters_are_those_of_the_rows(sku: Sku) -> None:
    reserve(lines=[(sku.pk, 2, "test")], expires_at=None, now=clock.now())
    row = Stock.objects.get(sku=sku)
    none = make_sku()
    assert levels([sku.pk, none.pk]) == {
        sku.pk: StockRow(sku.pk, row.on_hand, row.reserved, row.low_at, row.expected),
        none.pk: StockRow(none.pk, 0, 0),
    }
    assert levels([]) == {}
