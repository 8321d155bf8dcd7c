"""Taking films in parts, preparing them, removing them."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from quanzi.base.events.services import record
from quanzi.base.films import errors, files, filming
from quanzi.base.films.events import FilmEnded
from quanzi.base.films.models import Film, FilmState
from quanzi.base.jobs.services import enqueue
from quanzi.base.media import services as media
from quanzi.base.media.errors import MediaError
from quanzi.kernel import crash

PART_BYTES = 1024 * 1024
A_DAY, A_DAY_MOST = timedelta(days=1), 20
TRIES_MOST = 3
STALE, ABANDONED = timedelta(minutes=30), timedelta(days=1)
MEMORY_MB, CPU_SECONDS, PATIENCE_SECONDS, WRITTEN_MB = 3072, 600, 1200, 64
"""Of the process that makes a film: far more than an honest one of the longest length asks for."""
OPEN = (FilmState.ARRIVING, FilmState.WAITING)


@transaction.atomic
def begin(*, owner_id: int, key: str, size: int, now: datetime) -> Film:
    """Announce a film of so many bytes. The same key again finds the first. Raises FilmTooLarge, NotAFilm, TooManyFilms."""
    found = Film.objects.filter(owner_id=owner_id, key=key).first()
    if found is not None:
        return found
    if size > settings.QUANZI_FILM_MB << 20:
        raise errors.FilmTooLarge(field="film", limit_mb=settings.QUANZI_FILM_MB)
    if size < 1:
        raise errors.NotAFilm(field="film")
    if Film.objects.filter(owner_id=owner_id, created_at__gt=now - A_DAY).count() >= A_DAY_MOST:
        raise errors.TooManyFilms
    made, _ = Film.objects.get_or_create(
        owner_id=owner_id, key=key, defaults={"code": uuid.uuid4().hex, "size": size, "created_at": now}
    )
    return made


@transaction.atomic
def receive(*, film_id: int, offset: int, data: bytes, now: datetime) -> Film:
    """Take the part that begins at `offset`; the last one sets the work going. A part that is here already changes nothing.

    Raises WrongPlace, which says from where to go on, and FilmTooLarge where more comes than was announced.
    """
    film = Film.objects.select_for_update(of=("self",)).get(pk=film_id)
    if film.state != FilmState.ARRIVING or (data and offset + len(data) <= film.received):
        return film
    if offset != film.received or not data:
        raise errors.WrongPlace(received=film.received)
    if offset + len(data) > film.size:
        raise errors.FilmTooLarge(field="film", limit_mb=film.size >> 20)
    files.write_at(film.code, offset, data)
    film.received += len(data)
    if film.received == film.size:
        film.state = FilmState.WAITING
        _enqueue(film.pk)
    film.save(update_fields=["received", "state"])
    return film


def _enqueue(film_id: int) -> None:
    enqueue("films.prepare", film_id=film_id, unique=f"film:{film_id}", lock="films")


def prepare(*, film_id: int, now: datetime) -> None:
    """Make a waiting film anew, in a process of its own. Safe to repeat: what is not waiting is left alone.

    Raises BrokenOff where that process was killed from outside; the job comes again.
    """
    film = Film.objects.filter(pk=film_id, state=FilmState.WAITING).first()
    if film is None:
        return
    if not files.arriving(film.code).exists():
        return _fail(film, errors.FilmLost.code, now=now)
    Film.objects.filter(pk=film.pk).update(tries=film.tries + 1)
    folder = files.workshop(film.code)
    folder.mkdir(mode=0o700, exist_ok=True)
    told = _make(files.arriving(film.code), folder)
    crash.point("films.prepare.made")
    if "broken" in told:
        if film.tries + 1 >= TRIES_MOST:
            return _fail(film, errors.FilmTooHeavy.code, now=now)
        raise BrokenOff(f"film {film.pk}: {told['broken']}")
    if "fault" in told:
        return _fail(film, told["fault"] if told["fault"] in errors.FAULTS else errors.NotAFilm.code, now=now)
    try:
        poster = media.prepare(data=(folder / "poster.png").read_bytes(), purpose="post")
    except MediaError:
        return _fail(film, errors.NotAFilm.code, now=now)
    files.place(film.code, folder / "film.mp4")
    crash.point("films.prepare.placed")
    _finish(film, poster, told, now=now)


class BrokenOff(Exception):
    """Preparing ended before its time, for no fault of the film that we know of."""


def _make(source: Path, folder: Path) -> dict[str, Any]:
    """What `filming` says; "broken" where it died without a word."""
    limits = {
        "seconds": settings.QUANZI_FILM_SECONDS, "memory_mb": MEMORY_MB, "cpu_seconds": CPU_SECONDS, "written_mb": WRITTEN_MB,
    }  # fmt: skip
    command = [sys.executable, "-I", filming.__file__, str(source), str(folder), json.dumps(limits)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=PATIENCE_SECONDS, env={"LC_ALL": "C.UTF-8"}, check=False
        )
    except subprocess.TimeoutExpired:
        return {"fault": errors.FilmTooHeavy.code}
    if done.returncode == 0:
        told: dict[str, Any] = json.loads(done.stdout)
        return told
    return {"broken": f"ended with {done.returncode}: {done.stderr[-500:].decode(errors='replace')}"}


@transaction.atomic
def _finish(film: Film, poster: media.Prepared, told: dict[str, Any], *, now: datetime) -> None:
    row = Film.objects.select_for_update(of=("self",)).filter(pk=film.pk, state=FilmState.WAITING).first()
    if row is None:  # erased meanwhile, or finished by a twin
        if not Film.objects.filter(pk=film.pk).exists():
            files.remove(film.code)
        return
    for name in ("width", "height", "length_ms", "has_sound"):
        setattr(row, name, told[name])
    row.bytes, row.state, row.ended_at = files.path(row.code).stat().st_size, FilmState.READY, now
    row.poster = media.keep_picture(prepared=poster, owner_id=row.owner_id, alt="", now=now)
    row.save()
    record(FilmEnded(film_id=row.pk, is_ready=True), now=now)
    transaction.on_commit(partial(files.remove_sent, row.code))


@transaction.atomic
def _fail(film: Film, fault: str, *, now: datetime) -> None:
    waiting = Film.objects.filter(pk=film.pk, state__in=OPEN)
    if waiting.update(state=FilmState.FAILED, fault=fault, ended_at=now):
        record(FilmEnded(film_id=film.pk, is_ready=False), now=now)
        transaction.on_commit(partial(files.remove_sent, film.code))


def is_shown(film: Film) -> bool:
    """Whether it stands in something already: rooms above show a film by a one-to-one row of theirs."""
    return any(hasattr(film, str(one.get_accessor_name())) for one in Film._meta.related_objects)


def fault_of(film: Film) -> errors.FilmError:
    """Why it failed, as a refusal with its words."""
    return errors.FAULTS.get(film.fault, errors.FilmError)(
        field="film", limit_mb=settings.QUANZI_FILM_MB, seconds=settings.QUANZI_FILM_SECONDS
    )


@transaction.atomic
def remove_films(*, film_ids: Collection[int]) -> int:
    """Delete films with their posters; the files go after the commit. Returns how many there were."""
    found = list(Film.objects.select_for_update(of=("self",)).filter(pk__in=film_ids))
    Film.objects.filter(pk__in=[film.pk for film in found]).delete()
    media.remove_pictures(picture_ids=[film.poster_id for film in found if film.poster_id])
    for film in found:
        transaction.on_commit(partial(files.remove, film.code))
    return len(found)


def tidy(*, now: datetime) -> int:
    """Set films going that wait without a job, give up those that nobody sends on, delete files that no film knows.

    Returns how many films and files that were.
    """
    waiting = Film.objects.filter(state=FilmState.WAITING, created_at__lt=now - STALE)
    for film in waiting.filter(tries__lt=TRIES_MOST):
        _enqueue(film.pk)
    given_up = [*waiting.filter(tries__gte=TRIES_MOST, created_at__lt=now - ABANDONED)]
    for film in given_up:
        _fail(film, errors.FilmTooHeavy.code, now=now)
    unsent = [*Film.objects.filter(state=FilmState.ARRIVING, created_at__lt=now - ABANDONED)]
    for film in unsent:
        _fail(film, errors.FilmLost.code, now=now)
    return len(given_up) + len(unsent) + sweep(now=now)


def sweep(*, now: datetime, at_once: bool = False) -> int:
    """Delete files that no film knows; returns how many. at_once: also files of today, where nobody sends meanwhile."""
    before = float("inf") if at_once else (now - ABANDONED).timestamp()
    old = [one for one in [*files.kept(), *files.sent()] if one.stat().st_mtime < before]
    codes = {one.name.split(".")[0] for one in old}
    known = {
        True: set(Film.objects.filter(code__in=codes, state=FilmState.READY).values_list("code", flat=True)),
        False: set(Film.objects.filter(code__in=codes, state__in=OPEN).values_list("code", flat=True)),
    }
    stray = [one for one in old if one.name.split(".")[0] not in known[one.suffix == ".mp4"]]
    for one in stray:
        files.remove(one.stem) if one.suffix == ".mp4" else files.remove_sent(one.name.split(".")[0])
    return len(stray)
