"""/healthz names what is not well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client

from quanzi.base.events.models import Event
from quanzi.kernel.clock import now


def a_worker_was_seen(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def an_event_waits(seconds: int) -> Event:
    return Event.objects.create(
        name="test.Said", payload={}, occurred_at=now(), recorded_at=now() - timedelta(seconds=seconds)
    )


@contextmanager
def no_database() -> Iterator[None]:
    with patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        yield


@pytest.mark.django_db
def test_all_is_well_with_a_living_worker_and_an_empty_outbox(client: Client) -> None:
    a_worker_was_seen(5)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "worker": "ok", "outbox": "ok"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_silent_worker_is_named(client: Client) -> None:
    a_worker_was_seen(31)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "failing", "database": "ok", "worker": "failing", "outbox": "ok"}


@pytest.mark.django_db
def test_an_event_that_nobody_delivers_is_named_after_a_minute(client: Client) -> None:
    a_worker_was_seen(1)
    an_event_waits(50)
    assert client.get("/healthz").status_code == 200
    an_event_waits(70)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["outbox"]) == (503, "failing")


def test_without_a_database_everything_is_failing(client: Client) -> None:
    with no_database():
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert set(answer.json().values()) == {"failing"}


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
