"""A film that has arrived and is made anew."""

from __future__ import annotations

import secrets

from quanzi.base.films import files
from quanzi.base.films.models import Film
from quanzi.base.media.models import Picture
from quanzi.kernel import clock
from tests.crash.plays.play import PLAYS, Facts, Play, work
from tests.factories.films import film_bytes, send_film
from tests.factories.people import make_member


def _arrived() -> Facts:
    film = send_film(film_bytes(), owner_id=make_member().pk, key=secrets.token_hex(8), now=clock.now())
    return {"film": film.pk}


def _made_once(facts: Facts) -> None:
    film = Film.objects.get(pk=facts["film"])
    assert (film.state, film.width, film.length_ms > 0) == ("ready", 64, True)
    assert files.path(film.code).stat().st_size == film.bytes
    assert not files.arriving(film.code).exists()
    assert Picture.objects.filter(owner_id=film.owner_id).count() == 1


PLAYS["film"] = Play(_arrived, lambda _: work(), _made_once)
