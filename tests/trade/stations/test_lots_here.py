"""Only what was counted at a station is handed over there, however much of the same goods lies elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.goods.catalogue.models import Lot
from quanzi.goods.catalogue.services import pause_lot, recall_lot
from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import DomainError
from quanzi.trade.fulfilment.errors import NoneFitHere
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, LineLot
from quanzi.trade.fulfilment.services import hand_over
from tests.factories.goods import bring_in, make_lot
from tests.trade.stations.conftest import NOW
from tests.trade.stations.test_leading import Day

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(clock: Clock) -> Day:
    """With a second lot of the same goods in the warehouse, which expires before the one that comes to the station."""
    made = Day(clock)
    bring_in(made.sku, 20, lot=make_lot(sku=made.sku, expires_at=NOW + timedelta(days=9)))
    return made


def stop(day: Day, how: str) -> None:
    if how == "paused":
        pause_lot(lot_id=day.lot.pk, reason="smells", actor="test", now=day.clock.at)
    elif how == "recalled":
        recall_lot(lot=day.lot, reason="smells", actor="test", now=day.clock.at)
    else:
        Lot.objects.filter(pk=day.lot.pk).update(expires_at=day.clock.at)


@pytest.mark.parametrize("how", ["paused", "recalled", "expired"])
def test_a_lot_that_stopped_is_not_handed_over_as_one_that_lies_elsewhere(day: Day, how: str) -> None:
    day.count(5)
    stop(day, how)
    with pytest.raises(NoneFitHere):
        day.hand(day.code(day.first))
    assert not LineLot.objects.exists()
    assert Fulfilment.objects.get(order=day.first).state == FulfilmentState.READY


def test_units_of_two_lots_that_were_counted_make_one_order(day: Day) -> None:
    day.count(4)
    first, day.lot = day.lot, make_lot(sku=day.sku, expires_at=NOW + timedelta(days=30))
    bring_in(day.sku, 5, lot=day.lot)
    day.count(2, damaged=1, key="b")
    day.hand(day.code(day.first), "one")
    day.hand(day.code(day.second), "two")
    given = LineLot.objects.order_by("id").values_list("line__order_id", "lot_id", "quantity")
    assert list(given) == [
        (day.first.pk, first.pk, 2), (day.second.pk, first.pk, 2), (day.second.pk, day.lot.pk, 1),
    ]  # fmt: skip


def test_what_was_damaged_or_given_out_already_is_not_there(day: Day) -> None:
    day.count(5)
    day.count(5, damaged=1, key="b")  # found while handing over
    day.hand(day.code(day.first), "one")
    with pytest.raises(NoneFitHere):
        day.hand(day.code(day.second), "two")


def test_the_other_ways_to_hand_over_ask_the_same(day: Day) -> None:
    day.count(5)
    stop(day, "paused")
    item = Fulfilment.objects.get(order=day.first)
    for way in ({}, {"lots": {day.first.lines.get().pk: Lot.objects.exclude(pk=day.lot.pk).get().pk}}):
        with pytest.raises(DomainError):
            hand_over(fulfilment_id=item.pk, actor_member=day.leader, code=item.pickup_code, now=day.clock.at, **way)
    assert not LineLot.objects.exists()
