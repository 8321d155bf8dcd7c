"""Sending films in parts, and what became of them."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import File, Form, Path, Router, UploadedFile

from quanzi.base.films import errors, services
from quanzi.base.films.models import Film
from quanzi.community.posts.models import Post, PostFilm
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import own_film
from quanzi.faces.api.schemas.films import FilmBeginIn, FilmOut
from quanzi.faces.api.security import member_of
from quanzi.faces.ui.environment import problem
from quanzi.goods.catalogue.models import ProductFilm
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound

router = Router(tags=["posts"])
Code = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Offset = Annotated[int, Form(ge=0, le=2**31 - 1)]


@router.post(
    "/films",
    response=FilmOut,
    summary="Begin to send a film",
    openapi_extra=refuses(errors.FilmTooLarge, errors.TooManyFilms),
)
def begin_film(request: HttpRequest, body: FilmBeginIn) -> dict[str, Any]:
    """MP4, MOV, 3GP or WebM, at most 100 MB and 60 seconds unless the shop says otherwise. Send its bytes in parts, then name its
    code in a post. It is made anew without metadata; until then the post stands without it."""
    film = services.begin(owner_id=member_of(request).pk, key=body.key, size=body.size, now=clock.now())
    return told(film)


@router.post(
    "/films/{code}/parts",
    response=FilmOut,
    summary="Send a part of a film",
    openapi_extra=refuses(NotFound, errors.WrongPlace, errors.FilmTooLarge),
)
def send_part(request: HttpRequest, code: Code, file: File[UploadedFile], offset: Offset) -> dict[str, Any]:
    """offset: bytes before this part. A part that arrived already changes nothing; after a break, ask how much is here and go on."""
    film = own_film(code, member=member_of(request))
    if (file.size or 0) > services.PART_BYTES:
        raise errors.FilmTooLarge(field="file", limit_mb=services.PART_BYTES >> 20)
    return told(services.receive(film_id=film.pk, offset=offset, data=file.read(), now=clock.now()))


@router.get("/films/{code}", response=FilmOut, summary="How far a film of mine is", openapi_extra=refuses(NotFound))
def get_film(request: HttpRequest, code: Code) -> dict[str, Any]:
    """Preparing takes a while; ask again until it is ready or failed."""
    return told(own_film(code, member=member_of(request)))


@router.delete(
    "/films/{code}",
    response={204: None},
    summary="Remove a film that stands nowhere",
    openapi_extra=refuses(NotFound),
)
def remove_film(request: HttpRequest, code: Code) -> None:
    """One that stands in a post, or with goods, goes with them."""
    film = own_film(code, member=member_of(request))
    if services.is_shown(film):
        raise NotFound
    services.remove_films(film_ids=[film.pk])


def told(film: Film) -> dict[str, Any]:
    """How far it is."""
    same = ("code", "state", "size", "received", "seconds", "width", "height", "poster")
    return {
        **{name: getattr(film, name) for name in same},
        "part_bytes": services.PART_BYTES,
        "fault": problem(services.fault_of(film)) if film.fault else "",
        "url": reverse("storefront:film", args=[film.code]) if film.is_ready else "",
    }


def film_of(post: Post) -> dict[str, Any] | None:
    """The film of a post, where it can be watched."""
    stands: PostFilm | None = getattr(post, "post_film", None)
    return shown(stands) if stands is not None and stands.film.is_ready else None


def shown(stands: PostFilm | ProductFilm) -> dict[str, Any]:
    """A ready film, with what is said in it."""
    film = stands.film
    return {
        **{name: getattr(film, name) for name in ("seconds", "width", "height", "poster")},
        "url": reverse("storefront:film", args=[film.code]),
        "captions_url": reverse("storefront:captions", args=[film.code]) if stands.has_captions else "",
        "words": stands.words,
        "is_silent": stands.is_silent,
    }
