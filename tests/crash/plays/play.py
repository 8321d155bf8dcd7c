"""What a play is, the work behind it, and what is checked after each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from quanzi.base import doctor
from quanzi.base.events.models import Event
from quanzi.base.events.services import deliver_pending
from quanzi.base.jobs.registry import find
from quanzi.base.ledger.models import Transaction
from quanzi.goods.stock import queries as stock_queries
from quanzi.kernel import clock
from quanzi.trade.sales.models import Order

Facts = dict[str, Any]
STOCK = 5


@dataclass(frozen=True)
class Play:
    """prepare: makes what is needed and returns its ids; act: what is repeated; check: one effect and no more."""

    prepare: Callable[[], Facts]
    act: Callable[[Facts], object]
    check: Callable[[Facts], None]


PLAYS: dict[str, Play] = {}


def work(*, later: timedelta = timedelta()) -> None:
    """What the worker does until nothing is due: jobs outside any transaction, as it does them, and events."""
    for _ in range(1_000):
        now = clock.now() + later
        if not (_one_job(now) or deliver_pending(now=now)):
            return
    raise AssertionError("the work never ends")


def _one_job(now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo'
               AND coalesce(scheduled_at, '-infinity') <= %s ORDER BY id LIMIT 1""",
            [now],
        )
        row = cursor.fetchone()
        if row is None:
            return False
        find(row[1]).run({key: value for key, value in json.loads(row[2]).items() if key != "timestamp"})
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [row[0]])
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", [row[0]])
    return True


def all_is_well() -> None:
    """The rest of the work is done, and the doctor finds nothing in anything that any play left behind."""
    work()
    ill = [(one.id, one.error, one.sample) for one in doctor.run() if not one.is_well]
    assert not ill, ill
    assert not Event.objects.filter(delivered_at=None).exists()


def is_one(rows: Any) -> None:
    assert rows.count() == 1, list(rows.values())


def booked_once(prefix: str) -> None:
    is_one(Transaction.objects.filter(key=prefix))


def told_once(name: str, **payload: int) -> None:
    is_one(Event.objects.filter(name__endswith=f".{name}", payload__contains=payload))


def free(facts: Facts) -> int:
    return stock_queries.free([facts["sku"]])[facts["sku"]]


def order_of(facts: Facts) -> Order:
    return Order.objects.get(pk=facts["order"])
