"""Watching films: to whom the post is shown, or the goods are, the film is; what was taken back or hidden is not served any more."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.views.decorators.http import require_safe

from quanzi.base.films import files, services
from quanzi.base.films.models import FilmState
from quanzi.community.posts import policies, queries
from quanzi.community.posts.filming import film_shown
from quanzi.community.posts.models import Post, PostFilm
from quanzi.faces.storefront.viewing import show, viewer_of
from quanzi.faces.ui.environment import problem
from quanzi.goods.catalogue.models import ProductFilm, ProductState
from quanzi.goods.catalogue.queries import film_by_code, film_of_goods
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.policies import can

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Kept by the browser, but asked for each time: a post may be hidden meanwhile.
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
}
_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})", re.ASCII)


@require_safe
def film(request: HttpRequest, code: str) -> HttpResponseBase:
    """The film, or the bytes of it that are asked for: players ask in parts, and some play nothing else."""
    found = _seen(request, code).film
    headers = {**HEADERS, "ETag": f'"{found.code}"'}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers=headers)
    wanted = (
        request.headers.get("Range", "") if request.headers.get("If-Range", headers["ETag"]) == headers["ETag"] else ""
    )
    part = part_of(wanted, found.bytes)
    if part is None:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{found.bytes}"})
    first, last = part
    is_part = _RANGE.fullmatch(wanted) is not None
    headers["Content-Length"] = str(last - first + 1)
    if is_part:
        headers["Content-Range"] = f"bytes {first}-{last}/{found.bytes}"
    status = 206 if is_part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type="video/mp4", headers=headers)
    try:
        blocks = files.blocks(found.code, first, last)
    except FileNotFoundError:
        raise NotFound from None
    return StreamingHttpResponse(blocks, status=status, content_type="video/mp4", headers=headers)


def part_of(wanted: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a Range header; all of it for none, or for one that we do not speak. None where nothing is there."""
    found = _RANGE.fullmatch(wanted)
    if found is None or not any(found.groups()):
        return 0, size - 1
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else None
    if int(first) >= size or (last and int(last) < int(first)):
        return None
    return int(first), min(int(last) if last else size - 1, size - 1)


@require_safe
def captions(request: HttpRequest, code: str) -> HttpResponse:
    """What is said, moment by moment, where the author wrote it so."""
    stands = _seen(request, code)
    if not stands.has_captions:
        raise NotFound
    return HttpResponse(stands.words + "\n", content_type="text/vtt; charset=utf-8", headers=HEADERS)


@require_safe
def shown(request: HttpRequest, post_id: int) -> HttpResponse:
    """The film of a post as its page has it; the page of the author asks until it is ready."""
    post, me = queries.post_by_id(post_id), viewer_of(request)
    if post is None or not policies.may_read(me, post):
        raise NotFound
    return show(
        request, "community/film.html", {"post": post, "film": drawn(post, is_author=policies.may_edit(me, post))}
    )


def drawn(post: Post, *, is_author: bool) -> dict[str, Any] | None:
    """What the page draws of a post's film: ready for everybody, on its way or failed for the author only."""
    stands: PostFilm | None = getattr(post, "post_film", None)
    return drawn_of(stands) if stands is not None and (stands.film.is_ready or is_author) else None


def drawn_of_goods(product_id: int) -> dict[str, Any] | None:
    """The film of goods on their page, once it is ready."""
    stands = film_of_goods(product_id)
    return drawn_of(stands) if stands is not None and stands.film.is_ready else None


def drawn_of(stands: PostFilm | ProductFilm) -> dict[str, Any]:
    """What a player shows, and how far the film is."""
    one = stands.film
    return {
        "film": one, "poster": one.poster, "words": "" if stands.has_captions else stands.words, "spoken": stands.words,
        "has_captions": stands.has_captions, "is_silent": stands.is_silent,
        "state": "ready" if one.is_ready else "failed" if one.state == FilmState.FAILED else "waiting",
        "fault": problem(services.fault_of(one)) if one.fault else "",
    }  # fmt: skip


def _seen(request: HttpRequest, code: str) -> PostFilm | ProductFilm:
    """A ready film in a post, or beside goods, that the reader may see. Raises NotFound."""
    me, stands = viewer_of(request), film_shown(code)
    if stands is not None and stands.film.is_ready and policies.may_read(me, stands.post):
        return stands
    goods = film_by_code(code) if stands is None else None
    if goods is None or not goods.film.is_ready:
        raise NotFound
    if goods.product.state == ProductState.DRAFT and not (me is not None and can(me, "goods.edit")):
        raise NotFound
    return goods
