"""Several dispatchers at once, and the one that listens."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from quanzi.base.events.dispatcher import Dispatcher
from quanzi.base.events.models import Delivery, Event
from quanzi.base.events.services import deliver_pending

from .conftest import NOW, Rung, ring

pytestmark = pytest.mark.django_db(transaction=True)

DISPATCHERS = 16
EVENTS = 60


def test_dispatchers_that_meet_apply_each_event_once_and_in_order_per_key(react):
    heard: list[tuple[str, int]] = []

    def hear(event: Rung, *, now: object) -> None:
        heard.append((event.bell, event.number))

    react("crowd.hears", hear)
    for number in range(EVENTS):
        ring(number, bell=f"bell{number % 4}")

    def drain(_: int) -> None:
        deadline = time.monotonic() + 60
        while Event.objects.filter(delivered_at=None).exists() and time.monotonic() < deadline:
            deliver_pending(now=NOW)
        connection.close()

    with ThreadPoolExecutor(DISPATCHERS) as pool:
        list(pool.map(drain, range(DISPATCHERS)))

    assert not Event.objects.filter(delivered_at=None).exists()
    assert set(Counter(heard).values()) == {1} and len(heard) == EVENTS
    for bell in {bell for bell, _ in heard}:
        numbers = [number for one, number in heard if one == bell]
        assert numbers == sorted(numbers)
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_without_the_claim_the_same_dispatchers_apply_events_many_times(react):
    """The control: reading the outbox without its row lock hands one event to many."""
    heard: list[int] = []
    gate = threading.Barrier(DISPATCHERS)
    react("crowd.hears", lambda event, *, now: None)
    for number in range(EVENTS):
        ring(number)

    def drain(_: int) -> None:
        waiting = list(Event.objects.filter(delivered_at=None).order_by("id"))
        gate.wait(timeout=30)
        for event in waiting:
            heard.append(event.payload["number"])
            Event.objects.filter(pk=event.pk).update(delivered_at=NOW)
        connection.close()

    with ThreadPoolExecutor(DISPATCHERS) as pool:
        list(pool.map(drain, range(DISPATCHERS)))
    assert max(Counter(heard).values()) > 1


def test_a_listening_dispatcher_delivers_soon_after_the_commit_and_stops_when_told(react):
    arrived = threading.Event()
    react("ear.hears", lambda event, *, now: arrived.set())
    stop = threading.Event()
    thread = threading.Thread(target=Dispatcher(stop).run)
    thread.start()
    try:
        time.sleep(0.3)
        ring(1)
        assert arrived.wait(timeout=5)
    finally:
        stop.set()
        thread.join(timeout=10)
    assert not thread.is_alive()


def hung_up() -> bool:
    """Whether there was a dispatcher whose connection could be ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE %s AND pid <> pg_backend_pid()",
            ["%events_event%"],
        )
        return bool(cursor.fetchall())


def test_a_dispatcher_survives_losing_its_connection(react):
    arrived = threading.Event()
    react("ear.hears", lambda event, *, now: arrived.set())
    stop = threading.Event()
    thread = threading.Thread(target=Dispatcher(stop).run)
    thread.start()
    try:
        until = time.monotonic() + 10
        while not hung_up():
            assert time.monotonic() < until, "the dispatcher never asked"
            time.sleep(0.05)
        ring(1)
        assert arrived.wait(timeout=10)
    finally:
        stop.set()
        thread.join(timeout=10)
    assert not thread.is_alive()
