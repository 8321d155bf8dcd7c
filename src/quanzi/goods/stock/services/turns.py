"""Freeing goods in order to hold them anew, with nobody in between."""

from __future__ import annotations

from quanzi.base import planned


def take_turn(sku_id: int) -> None:
    """Until the transaction ends nobody else holds or frees units of these goods.

    Call it after the locks of higher rooms and before an order is locked.
    """
    planned.rows("SELECT * FROM stock_take_turn(%s::bigint[], %s::bigint[])", [[sku_id], [0]])
