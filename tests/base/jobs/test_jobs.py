"""Jobs wait in the transaction that enqueued them, are retried, and are not lost with their worker."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from quanzi.base.jobs import registry
from quanzi.base.jobs.registry import find, job, names, periodic
from quanzi.base.jobs.services import enqueue, run_due, run_worker
from quanzi.base.jobs.tasks import rescue_stalled
from quanzi.base.ledger.models import Account
from quanzi.base.ledger.services import account
from quanzi.kernel import clock
from tests import emptying

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.fixture
def added() -> Iterator[None]:
    """Forget the jobs that a test registers."""
    before, tasks, ticks = dict(registry._jobs), dict(app.tasks), dict(app.periodic_registry.periodic_tasks)
    yield
    registry._jobs.clear()
    registry._jobs.update(before)
    app.tasks.clear()
    app.tasks.update(tasks)
    app.periodic_registry.periodic_tasks.clear()
    app.periodic_registry.periodic_tasks.update(ticks)


@pytest.fixture
def calls(added: None) -> list[object]:
    """What the job "test.note" was called with."""
    noted: list[object] = []

    @job("test.note")
    def note(*, word: str) -> None:
        noted.append(word)

    return noted


def states() -> list[str]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("status", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_job_exists_when_and_only_when_its_transaction_commits(calls):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("test.note", word="lost")
        raise ZeroDivisionError
    with transaction.atomic():
        assert enqueue("test.note", word="kept")
    assert run_due(NOW) == 1 and calls == ["kept"]
    assert states() == []


@pytest.mark.django_db
def test_a_job_waits_for_its_time(calls):
    enqueue("test.note", word="later", run_at=NOW + timedelta(hours=1))
    assert run_due(NOW) == 0
    assert run_due(NOW + timedelta(hours=1)) == 1 and calls == ["later"]


@pytest.mark.django_db
def test_a_unique_job_waits_once_and_the_callers_transaction_goes_on(calls):
    assert enqueue("test.note", word="a", unique="team:1")
    assert enqueue("test.note", word="a", unique="team:1") is None
    assert enqueue("test.note", word="b", unique="team:2")
    assert run_due(NOW) == 2 and calls == ["a", "b"]


@pytest.mark.django_db
def test_jobs_that_enqueue_jobs_are_followed(calls):
    @job("test.chain")
    def chain(*, left: int, now: datetime) -> None:
        assert now == NOW
        enqueue("test.chain", left=left - 1) if left else enqueue("test.note", word="end")

    with clock.frozen(NOW):
        enqueue("test.chain", left=3)
        assert run_due(NOW) == 5 and calls == ["end"]


@pytest.mark.django_db
def test_a_misspelt_name_is_refused_before_anything_waits(calls):
    with pytest.raises(KeyError):
        enqueue("test.nope", word="a")
    assert states() == []


def test_names_are_registered_once(calls):
    assert "test.note" in names() and find("test.note").retries == 5
    with pytest.raises(ValueError, match="two jobs"):
        job("test.note")(print)
    with pytest.raises(ValueError, match="two jobs"):
        periodic("test.note", "0 3 * * *")(print)


def test_a_periodic_job_is_launched_by_its_cron_line(calls):
    @periodic("test.nightly", "0 3 * * *")
    def nightly(*, now: datetime) -> None:
        calls.append(now)

    found = app.periodic_registry.periodic_tasks[("test.nightly", "test.nightly")]
    assert found.cron == "0 3 * * *" and found.task.name == "test.nightly"
    with clock.frozen(NOW):
        found.task(timestamp=1)
    assert calls == [NOW]


def working(until: Callable[[], bool], seconds: float = 20) -> None:
    """Run a real worker until something is so."""
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(stop,))
    thread.start()
    try:
        deadline = time.monotonic() + seconds
        while not until() and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        stop.set()
        thread.join(timeout=30)
    assert not thread.is_alive()
    assert until()


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_what_waits_and_what_comes_and_stops_when_told(calls):
    enqueue("test.note", word="before")
    later = threading.Timer(1.0, lambda: (enqueue("test.note", word="meanwhile"), connection.close()))
    later.start()
    working(until=lambda: calls == ["before", "meanwhile"])
    later.join()


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_leaves_nothing_behind_and_waits_for_another_try(calls):
    @job("test.fails", retries=2)
    @transaction.atomic
    def fails() -> None:
        account("cash.half")
        raise RuntimeError("provider is away")

    enqueue("test.fails")
    working(until=lambda: ProcrastinateJob.objects.filter(status="todo", attempts=1).exists())
    assert ProcrastinateJob.objects.get(task_name="test.fails").scheduled_at > clock.now() - timedelta(seconds=5)
    assert not Account.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_job_without_retries_ends_as_failed_and_stays_to_be_seen(calls):
    @job("test.gives_up", retries=0)
    def gives_up() -> None:
        raise RuntimeError

    enqueue("test.gives_up")
    working(until=lambda: states() == ["failed"])


@pytest.mark.django_db(transaction=True)
def test_what_a_job_enqueues_commits_or_vanishes_with_what_it_writes(calls):
    @job("test.hands_on", retries=0)
    def hands_on(*, fail: bool) -> None:
        with transaction.atomic():
            enqueue("test.note", word=f"fail={fail}")
            if fail:
                raise RuntimeError

    enqueue("test.hands_on", fail=True)
    enqueue("test.hands_on", fail=False)
    working(until=lambda: calls == ["fail=False"] and states() == ["failed"])


@pytest.mark.django_db(transaction=True)
def test_a_worker_survives_losing_its_connections(calls):
    killed: list[int] = []

    def kill_then_wait() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND query LIKE %s",
                ["%procrastinate%"],
            )
            if not killed and (found := len(cursor.fetchall())):
                killed.append(found)
                enqueue("test.note", word="after")
        return calls == ["after"]

    working(until=lambda: calls == ["after"] if killed else kill_then_wait())


@pytest.mark.django_db
def test_the_jobs_of_a_killed_worker_are_given_back(calls):
    enqueue("test.note", word="orphan")
    enqueue("test.note", word="waiting")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes') RETURNING id"
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE args->>'word' = 'orphan'", [worker]
        )
    assert rescue_stalled(now=NOW) == 1
    assert states() == ["todo", "todo"]
    assert rescue_stalled(now=NOW) == 0
    assert run_due(NOW) == 2 and sorted(calls) == ["orphan", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_forgotten_between_tests_that_commit(added: None) -> None:
    job("tests.left_behind")(lambda: None)
    enqueue("tests.left_behind")
    emptying.empty()
    assert not ProcrastinateJob.objects.exists()
