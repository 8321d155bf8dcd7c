"""Goods that a source has promised: they can be ordered under it before they are bought."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from quanzi.goods.catalogue.models import Sku
from quanzi.goods.stock.errors import PromiseHeld, UnknownSku
from quanzi.goods.stock.models import Promise
from quanzi.goods.stock.rules import checked
from quanzi.kernel import crash


@transaction.atomic
def promise(*, sku_id: int, source: str, coming: int, now: datetime) -> None:
    """From now on `source` ("round:12") has `coming` units yet to arrive, instead of what it said before. Safe to repeat.

    Orders under the source hold up to that many that are not here. Goods received for it (`receive(source=...)`) count down what is coming,
    so a delivery needs no call. Less than is ordered is only said when the shelf has free units instead: raises PromiseHeld with
    how many orders' units must be let go first; BadQuantity, UnknownSku.
    """
    if not source:
        raise ValueError("a promise has a name")
    checked(coming, field="coming", least=0)
    if not Sku.objects.filter(id=sku_id).exists():
        raise UnknownSku(sku_id=sku_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT stock_set_promise(%s, %s, %s, %s)", [sku_id, source, coming, now])
        (owed,) = cursor.fetchone()
    if owed:
        raise PromiseHeld(field="coming", owed=owed)
    crash.point("stock.promise.written")


@transaction.atomic
def close_promises(*, source: str, now: datetime) -> dict[int, int]:
    """Nothing more is ordered under `source`: each of its promises falls to what is owed. Safe to repeat.

    Returns what is still to be bought, units by SKU; empty when everything ordered is on the shelf.
    """
    rows = list(Promise.objects.filter(source=source).order_by("sku_id").values_list("sku_id", flat=True))
    with connection.cursor() as cursor:
        for sku_id in rows:  # the same turn as those who order: none comes in between
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('stock', %s))", [sku_id])
    owed = dict(Promise.objects.select_for_update().filter(source=source, owed__gt=0).values_list("sku_id", "owed"))
    for sku_id in rows:
        promise(sku_id=sku_id, source=source, coming=owed.get(sku_id, 0), now=now)
    return owed
