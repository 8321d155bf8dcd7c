"""Which lot of its goods an order line is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.queries import lots_of
from quanzi.trade.fulfilment.rules import choose_lot, is_fit
from quanzi.trade.sales.models import OrderLine


def choose_lots(
    lines: Sequence[OrderLine], wanted: Mapping[int, int], before: Mapping[int, int], now: datetime
) -> dict[int, int]:
    """Lot by line, for goods that have lots at all: the wanted one, else the one of before while it is fit, else the best.

    Raises NoLotFit, LotNotFit.
    """
    known = lots_of([line.sku_id for line in lines])
    chosen: dict[int, int] = {}
    for line in lines:
        lots = known.get(line.sku_id, [])
        fit = {lot.id for lot in lots if is_fit(lot, now)}
        if line.pk in wanted:
            if wanted[line.pk] not in fit:
                raise errors.LotNotFit(field="lots", title=line.title)
            chosen[line.pk] = wanted[line.pk]
        elif before.get(line.pk) in fit:
            chosen[line.pk] = before[line.pk]
        elif lots:
            best = choose_lot(lots, quantity=line.quantity, now=now)
            if best is None:
                raise errors.NoLotFit(title=line.title)
            chosen[line.pk] = best.id
    return chosen
