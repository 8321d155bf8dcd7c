"""What is stopped or broken right now, with the evidence; and what ends today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

FRESH = timedelta(days=1)
"""Lots that expired longer ago stand in the list of lots; here is what happened now."""

LOTS = """
SELECT lot.id, lot.code, product.id, product.name, lot.recalled_at IS NOT NULL, lot.expires_at, lot.note, left_over.n,
       (SELECT coalesce(sum(given.quantity), 0) FROM fulfilment_linelot given WHERE given.lot_id = lot.id) AS handed_over,
       (SELECT count(*) FROM aftersales_claim claim WHERE EXISTS (
            SELECT FROM fulfilment_linelot given WHERE given.line_id = claim.line_id AND given.lot_id = lot.id)) AS claims
FROM catalogue_lot lot
JOIN catalogue_sku sku ON sku.id = lot.sku_id
JOIN catalogue_product product ON product.id = sku.product_id
CROSS JOIN LATERAL (SELECT coalesce(sum(m.quantity), 0) AS n FROM stock_movement m WHERE m.lot_id = lot.id) left_over
WHERE (lot.recalled_at IS NOT NULL OR lot.expires_at BETWEEN %(since)s AND %(now)s) AND left_over.n > 0
ORDER BY lot.recalled_at DESC NULLS LAST, lot.expires_at DESC NULLS LAST, lot.id DESC
LIMIT 3
"""


@dataclass(frozen=True)
class StoppedLot:
    """A lot that cannot be handed over although some of it is on the shelf. claims: requests about lines given from it."""

    id: int
    code: str
    product_id: int
    product_name: str
    is_recalled: bool
    expires_at: datetime | None
    note: str
    left: int
    handed_over: int
    claims: int


def alerts(*, permissions: Collection[str], now: datetime) -> list[StoppedLot]:
    """Lots that are recalled or expired within a day and still on the shelf, for whoever looks after goods."""
    if "goods.edit" not in permissions:
        return []
    with connection.cursor() as cursor:
        cursor.execute(LOTS, {"now": now, "since": now - FRESH})
        return [StoppedLot(*row) for row in cursor.fetchall()]
