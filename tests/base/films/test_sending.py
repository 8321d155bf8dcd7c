"""A film arrives in parts over a bad network, is prepared once, and survives the death of who prepares it."""

from __future__ import annotations

import signal
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from quanzi.base.films import errors, files, services
from quanzi.base.films.models import Film, FilmState
from quanzi.base.jobs.services import run_due
from quanzi.base.media import files as pictures
from quanzi.base.media.models import Picture
from quanzi.kernel import clock
from tests.factories.films import film_bytes, send_film

pytestmark = pytest.mark.django_db
MADE = {"width": 64, "height": 48, "length_ms": 1000, "has_sound": True}


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT, settings.QUANZI_FILMS_ARRIVING = tmp_path / "media", tmp_path / "arriving"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Preparing without its process; the list grows with each time."""
    times: list[int] = []

    def make(source: Path, folder: Path) -> dict[str, Any]:
        times.append(1)
        (folder / "film.mp4").write_bytes(b"a film")
        (folder / "poster.png").write_bytes(POSTER)
        return dict(MADE)

    monkeypatch.setattr(services, "_make", make)
    return times


def _poster() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "PNG")
    return out.getvalue()


POSTER = _poster()


def test_a_film_goes_all_the_way_and_nothing_of_the_original_is_left() -> None:
    film = send_film(film_bytes(), owner_id=7, now=clock.now())
    assert film.state == FilmState.WAITING
    run_due(clock.now())
    film.refresh_from_db()
    assert (film.state, film.width, film.height, film.seconds, film.has_sound) == ("ready", 64, 48, 1, True)
    assert files.path(film.code).stat().st_size == film.bytes
    assert Picture.objects.get(pk=film.poster_id).owner_id == 7


def test_parts_come_twice_and_count_once(quick: list[int]) -> None:
    now, data = clock.now(), bytes(range(200))
    film = services.begin(owner_id=7, key="the-same-key", size=200, now=now)
    assert services.begin(owner_id=7, key="the-same-key", size=200, now=now).pk == film.pk
    assert services.begin(owner_id=8, key="the-same-key", size=200, now=now).pk != film.pk
    for offset in (0, 0, 80, 0, 80):
        film = services.receive(film_id=film.pk, offset=offset, data=data[offset : offset + 80], now=now)
    assert film.received == 160
    with pytest.raises(errors.WrongPlace) as refused:
        services.receive(film_id=film.pk, offset=180, data=data[180:], now=now)
    assert refused.value.params == {"received": 160}
    for _ in range(2):
        film = services.receive(film_id=film.pk, offset=160, data=data[160:], now=now)
    assert files.arriving(film.code).read_bytes() == data
    run_due(now)
    assert len(quick) == 1


def test_more_than_was_announced_and_more_than_is_taken_are_refused(settings: Any) -> None:
    settings.QUANZI_FILM_MB, now = 1, clock.now()
    with pytest.raises(errors.FilmTooLarge):
        services.begin(owner_id=7, key="too-large", size=2**20 + 1, now=now)
    film = services.begin(owner_id=7, key="small-one", size=4, now=now)
    with pytest.raises(errors.FilmTooLarge):
        services.receive(film_id=film.pk, offset=0, data=b"12345", now=now)
    for number in range(services.A_DAY_MOST - 1):
        services.begin(owner_id=7, key=f"film-{number}", size=4, now=now)
    with pytest.raises(errors.TooManyFilms):
        services.begin(owner_id=7, key="one-more-film", size=4, now=now)


def test_what_is_no_film_fails_with_words_that_help_and_leaves_no_file() -> None:
    film = send_film(b"a text that is called film.mp4", owner_id=7, now=clock.now())
    run_due(clock.now())
    film.refresh_from_db()
    assert (film.state, film.fault) == ("failed", "not_a_film")
    assert "MP4, MOV or WebM" in services.fault_of(film).message
    assert not files.path(film.code).exists()


def test_preparing_that_is_killed_begins_again_and_gives_up_after_three(
    monkeypatch: pytest.MonkeyPatch, quick: list[int]
) -> None:
    film, now = send_film(b"some bytes", owner_id=7, now=clock.now()), clock.now()
    whole = services._make
    monkeypatch.setattr(services, "_make", lambda *_: {"broken": "killed"})
    for _ in range(2):
        with pytest.raises(services.BrokenOff):
            services.prepare(film_id=film.pk, now=now)
    monkeypatch.setattr(services, "_make", whole)
    services.prepare(film_id=film.pk, now=now)
    services.prepare(film_id=film.pk, now=now)
    film.refresh_from_db()
    assert (film.state, len(quick), film.tries) == ("ready", 1, 3)
    other = send_film(b"some bytes", owner_id=7, key="another-one", now=now)
    Film.objects.filter(pk=other.pk).update(tries=2)
    monkeypatch.setattr(services, "_make", lambda *_: {"broken": "killed"})
    services.prepare(film_id=other.pk, now=now)
    other.refresh_from_db()
    assert (other.state, other.fault) == ("failed", "film_too_heavy")


def test_a_process_that_dies_without_a_word_is_told_apart_from_a_bad_film(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def killed(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, -signal.SIGKILL, b"", b"")

    monkeypatch.setattr(subprocess, "run", killed)
    assert "broken" in services._make(tmp_path, tmp_path)

    def slow(command: list[str], **given: Any) -> subprocess.CompletedProcess[bytes]:
        raise subprocess.TimeoutExpired(command, given["timeout"])

    monkeypatch.setattr(subprocess, "run", slow)
    assert services._make(tmp_path, tmp_path) == {"fault": "film_too_heavy"}


def test_two_that_prepare_at_once_finish_one_film(quick: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    film, now = send_film(b"some bytes", owner_id=7, now=clock.now()), clock.now()
    whole = services._make

    def meanwhile(source: Path, folder: Path) -> dict[str, Any]:
        monkeypatch.setattr(services, "_make", whole)
        services.prepare(film_id=film.pk, now=now)
        return whole(source, folder)

    monkeypatch.setattr(services, "_make", meanwhile)
    services.prepare(film_id=film.pk, now=now)
    assert Film.objects.get(pk=film.pk).state == "ready"
    assert Picture.objects.count() == 1


def test_what_is_erased_while_it_is_prepared_does_not_come_back(
    quick: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    film, whole = send_film(b"some bytes", owner_id=7, now=clock.now()), services._make

    def meanwhile(source: Path, folder: Path) -> dict[str, Any]:
        told = whole(source, folder)
        services.remove_films(film_ids=[film.pk])
        return told

    monkeypatch.setattr(services, "_make", meanwhile)
    services.prepare(film_id=film.pk, now=clock.now())
    assert not Film.objects.exists() and not Picture.objects.exists()
    assert not files.path(film.code).exists()


def test_what_nobody_goes_on_with_is_tidied(quick: list[int], django_capture_on_commit_callbacks: Any) -> None:
    now = clock.now()
    unsent = services.begin(owner_id=7, key="never-sent", size=100, now=now)
    services.receive(film_id=unsent.pk, offset=0, data=b"12", now=now)
    ready = send_film(b"some bytes", owner_id=7, now=now)
    services.prepare(film_id=ready.pk, now=now)
    stray = files.path("ab" * 16)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"of nobody")
    with django_capture_on_commit_callbacks(execute=True):
        services.tidy(now=now + timedelta(days=2))
    unsent.refresh_from_db()
    assert (unsent.state, unsent.fault) == ("failed", "film_lost")
    assert not files.arriving(unsent.code).exists() and not stray.exists()
    assert files.path(ready.code).exists() and pictures.path(Picture.objects.get().sha256, 64).exists()


def test_the_database_keeps_no_ready_film_that_cannot_be_shown() -> None:
    film = send_film(b"some bytes", owner_id=7, now=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Film.objects.filter(pk=film.pk).update(state="ready")
    with pytest.raises(IntegrityError), transaction.atomic():
        Film.objects.filter(pk=film.pk).update(state="failed")
