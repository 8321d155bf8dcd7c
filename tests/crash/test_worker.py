"""A worker is killed in the middle of a job, twice; another one does the job, and the provider sees one refund."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from paysim.app import Application
from quanzi.base.doctor import run
from quanzi.base.events.models import Delivery, Event
from quanzi.base.events.registry import _reactions
from quanzi.base.events.services import deliver_pending, record
from quanzi.base.jobs import registry
from quanzi.base.jobs.registry import job
from quanzi.base.jobs.services import enqueue, run_due
from quanzi.base.jobs.tasks import DEATHS_MOST, rescue_stalled
from quanzi.kernel import clock, crash
from quanzi.trade.sales.events import OrderReceived
from tests.crash.conftest import ROOT, Stage
from tests.crash.stage import ANSWERED

LET_WORK = """
import threading, django
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = {database!r}
for name, value in {settings!r}.items():
    setattr(settings, name, value)
from quanzi.base.jobs.services import run_worker
stop = threading.Event()
def look():
    while not stop.wait(0.1):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'payments.%%' "
                           "AND status IN ('todo', 'doing') AND coalesce(scheduled_at, now()) <= now()")
            if not cursor.fetchone()[0]:
                stop.set()
    connection.close()
threading.Thread(target=look).start()
run_worker(stop)
"""


def a_worker(stage: Stage, crash_at: str = "") -> int:
    """A real worker in a process of its own, until nothing of payments is due; returns its exit code."""
    program = LET_WORK.format(database=stage.database, settings=stage.settings)
    variables = os.environ | {crash.VARIABLE: crash_at}
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=variables, timeout=300, check=False).returncode


def rescue(stage: Stage) -> None:
    """What the living worker does each minute, without waiting for the dead one's heartbeat to be missed."""
    assert stage.perform("rescue", {}, crash_at=ANSWERED)[0] == crash.EXIT_CODE


@pytest.mark.parametrize("moment", ["payments.refund.before_provider", "payments.refund.after_provider"])
def test_a_worker_killed_twice_in_one_job_sends_one_refund(stage: Stage, provider: Application, moment: str) -> None:
    _, facts = stage.perform("refund_asked", crash_at=ANSWERED)
    for _ in range(2):
        assert a_worker(stage, crash_at=moment) == crash.EXIT_CODE
        rescue(stage)
    assert a_worker(stage) == 0
    assert stage.perform("refund_asked", facts)[0] == 0
    numbers = provider.store.rows("SELECT transaction_id FROM refund")
    assert len(numbers) == len({row["transaction_id"] for row in numbers})


@pytest.fixture
def own_registry(db: None) -> Iterator[None]:
    """Forget what a test registers."""
    jobs, reactions = dict(registry._jobs), {name: dict(known) for name, known in _reactions.items()}
    tasks = dict(registry.app.tasks)
    yield
    for kept, before in ((registry._jobs, jobs), (registry.app.tasks, tasks), (_reactions, reactions)):
        kept.clear()
        kept.update(before)  # type: ignore[arg-type]


def ill(id: str) -> int:
    return run(only=[id])[0].violations


def under_way() -> None:
    """A worker has taken what waits, and died."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'")


def test_a_job_that_kills_its_workers_is_put_aside_and_told(own_registry: None, caplog: Any) -> None:
    @job("test.poison", retries=1)
    def poison() -> None:
        return

    enqueue("test.poison")
    for _ in range(1 + DEATHS_MOST):
        under_way()
        assert rescue_stalled(now=clock.now()) == 1
        assert not ill("J1")
    under_way()
    rescue_stalled(now=clock.now())
    assert ill("J1") == 1
    assert "put aside" in caplog.text
    assert rescue_stalled(now=clock.now()) == 0
    assert run(fix=True, only=["J1"])[0].is_well  # one more try, when a person has mended it
    assert run_due(clock.now()) == 1


def test_a_job_of_a_dead_worker_that_waits_once_more_already_is_let_go(own_registry: None) -> None:
    done = []

    @job("test.once")
    def once() -> None:
        done.append(1)

    enqueue("test.once", unique="one")
    under_way()
    enqueue("test.once", unique="one")
    assert rescue_stalled(now=clock.now()) == 1
    assert run_due(clock.now()) == 1
    assert done == [1]


def test_an_event_that_one_consumer_cannot_bear_holds_up_nobody_else_and_is_told(own_registry: None) -> None:
    heard: list[int] = []

    def bear(event: OrderReceived, *, now: Any) -> None:
        if event.order_id == 1:
            raise ValueError("poison")
        heard.append(event.order_id)

    _reactions[OrderReceived.name] = {
        "test.bear": bear,
        "test.other": lambda event, *, now: heard.append(-event.order_id),
    }
    for order_id in (1, 2):
        record(OrderReceived(order_id=order_id, origin="shop", member_id=1, auto=False))
    now = clock.now()
    for hours in range(6):
        deliver_pending(now=now + timedelta(hours=hours))
    assert sorted(heard) == [-2, -1, 2]
    stuck = Delivery.objects.get(applied_at=None)
    assert (stuck.consumer, stuck.last_error) == ("test.bear", "ValueError: poison")
    assert Event.objects.filter(delivered_at=None).count() == 1
    assert ill("K2") == 1
