"""Which lots of its goods an order line is given, and how many of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from quanzi.goods.catalogue.models import Lot
from quanzi.goods.stock.services import FromLot
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.queries import lots_of
from quanzi.trade.fulfilment.queries.work import loose_units
from quanzi.trade.fulfilment.rules import LotFacts, is_fit, spread
from quanzi.trade.sales.models import OrderLine


@dataclass(frozen=True)
class Wish:
    """So many units of a line leave now. is_again: they had left and came back, so that no stock is asked for them."""

    line: OrderLine
    quantity: int
    is_again: bool = False


Here = Callable[[], Mapping[int, int] | None]
"""Which lots lie where the goods are given, with the units of each; asked when the lots are locked, so that two see what the other took."""


def choose_lots(
    wishes: Sequence[Wish], wanted: Mapping[int, int], before: Mapping[int, int], now: datetime, *, here: Here = lambda: None
) -> dict[int, list[FromLot]]:  # fmt: skip
    """By line, for goods that have lots at all: the wanted one, else the one of before while it is fit and has enough, else the
    best, or several when none has enough. The lots are locked, so that two who take from one see each other.

    here: where it answers, only what lies there is given, never of a lot that is elsewhere. Raises NoLotFit, NoneFitHere, LotNotFit, LotHasNotEnough.
    """
    skus = {wish.line.sku_id for wish in wishes}
    if not list(Lot.objects.select_for_update(no_key=True).filter(sku_id__in=skus).order_by("id").values_list("pk")):
        return {}
    known = lots_of(skus)
    lies = here()
    loose = loose_units(skus, known) if lies is None else {}
    known = known if lies is None else _lying(known, lies)
    chosen: dict[int, list[FromLot]] = {}
    for wish in wishes:
        lots = known.get(wish.line.sku_id)
        if lots is None:
            continue
        try:
            given = _for_one(wish, lots, wanted, before, loose.get(wish.line.sku_id, 0), now)
        except errors.NoLotFit:
            if lies is None:
                raise
            raise errors.NoneFitHere(title=wish.line.title) from None
        chosen[wish.line.pk], known[wish.line.sku_id] = given, _less(lots, given)
    return chosen


def _lying(known: Mapping[int, Sequence[LotFacts]], units: Mapping[int, int]) -> dict[int, list[LotFacts]]:
    """Of the lots those that lie at the place, with no more of each than lies there; goods keep their place with none."""
    return {
        sku_id: [
            replace(lot, left=min(lot.left, units[lot.id]) if lot.is_counted else units[lot.id], is_counted=True)
            for lot in lots
            if lot.id in units
        ]
        for sku_id, lots in known.items()
    }


def _for_one(
    wish: Wish, lots: Sequence[LotFacts], wanted: Mapping[int, int], before: Mapping[int, int], loose: int, now: datetime
) -> list[FromLot]:  # fmt: skip
    line = wish.line
    fit = {lot.id: lot for lot in lots if is_fit(lot, now)}
    if line.pk in wanted:
        lot = fit.get(wanted[line.pk])
        if lot is None:
            raise errors.LotNotFit(field="lots", title=line.title)
        if not (_has(lot, wish.quantity) or wish.is_again):
            raise errors.LotHasNotEnough(field="lots", title=line.title, left=max(lot.left, 0))
        return [FromLot(lot.id, wish.quantity)]
    same = fit.get(before.get(line.pk, 0))
    if same is not None and (wish.is_again or _has(same, wish.quantity)):
        return [FromLot(same.id, wish.quantity)]
    parts = spread(lots, quantity=wish.quantity, loose=loose, now=now)
    if parts is None:
        raise errors.NoLotFit(title=line.title)
    return [FromLot(lot_id, units) for lot_id, units in parts]


def _has(lot: LotFacts, units: int) -> bool:
    return lot.left >= units or not lot.is_counted


def _less(lots: Sequence[LotFacts], taken: Sequence[FromLot]) -> list[LotFacts]:
    """The lots after one line was given its part: another line of the same goods takes from what is left."""
    gone = {one.lot_id: one.quantity for one in taken}
    return [replace(lot, left=lot.left - gone.get(lot.id, 0)) for lot in lots]
