"""Putting work off, and doing it."""

import asyncio
import contextlib
import json
import logging
import threading
from datetime import datetime
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.tasks import configure_task

from quanzi.base.jobs.queue import callers_queue
from quanzi.base.jobs.registry import find

log = logging.getLogger(__name__)

CONCURRENCY = 2
STOP_PATIENCE_SECONDS = 20
RUN_DUE_LIMIT = 10_000


def enqueue(
    task_name: str,
    *,
    run_at: datetime | None = None,
    queue: str = "default",
    lock: str | None = None,
    unique: str | None = None,
    **kwargs: Any,
) -> int | None:
    """Put a job off, in the caller's transaction: it exists when, and only when, that commits.

    run_at: not before then; lock: jobs with the same lock never run at once, and run in order;
    unique: while a job with this mark waits, another is not added and None is returned. Else the job's id.
    """
    find(task_name)
    task = configure_task(
        name=task_name,
        job_manager=callers_queue(),
        queue=queue,
        lock=lock,
        queueing_lock=unique,
        schedule_at=run_at,
    )
    try:
        # A savepoint, since a refused duplicate would spoil the caller's transaction.
        with transaction.atomic():
            return task.defer(**kwargs)
    except AlreadyEnqueued:
        return None


def run_worker(stop: threading.Event) -> None:
    """Do jobs until `stop` is set, letting those under way finish; a lost database is waited for."""
    while not stop.is_set():
        try:
            asyncio.run(_work(stop))
        except (ConnectorException, DatabaseError, psycopg.Error, OSError) as error:
            log.warning("The worker lost its database (%s); trying again.", type(error).__name__)
        stop.wait(1.0)


async def _work(stop: threading.Event) -> None:
    """One life of the worker: it polls over connections of its own, and ends when told or when they break."""
    connector = callers_queue().connector.get_worker_connector()
    with app.replace_connector(connector):
        async with app.open_async():
            working = asyncio.create_task(
                app.run_worker_async(
                    concurrency=CONCURRENCY,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=STOP_PATIENCE_SECONDS,
                    install_signal_handlers=False,
                )
            )
            while not stop.is_set() and not working.done():
                await asyncio.wait([working], timeout=0.2)
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working


def run_due(now: datetime) -> int:
    """Do every job due at `now` in this process, including those that such jobs enqueue; returns how many.

    For tests and replays: one after another, on this connection, and an error is raised instead of retried.
    """
    done = 0
    while done < RUN_DUE_LIMIT and _run_next(now):
        done += 1
    return done


@transaction.atomic
def _run_next(now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, task_name, args FROM procrastinate_jobs
               WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %s)
               ORDER BY priority DESC, coalesce(scheduled_at, '-infinity'), id LIMIT 1 FOR UPDATE SKIP LOCKED""",
            [now],
        )
        row = cursor.fetchone()
        if row is None:
            return False
        job_id, name, stored = row
        # Django leaves jsonb of plain cursors as text; `timestamp` is what a periodic launch adds.
        arguments = {key: value for key, value in json.loads(stored).items() if key != "timestamp"}
        find(name).run(arguments)
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", [job_id])
    return True
