"""Those who asked later, when something is left."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import job
from quanzi.goods.wishes import services


@job("wishes.next_wave")
def next_wave(*, sku_id: int, now: datetime) -> None:
    services.tell_back(sku_id=sku_id, now=now)
