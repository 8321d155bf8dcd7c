"""Answers that are the same for every visitor are put together once for each edition of what they say; those to one reader
once for as long as nobody writes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from pydantic import BaseModel
from pydantic_core import to_json

from quanzi.base import unwritten
from quanzi.faces.ui.remembered import key_of, pieces
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member


def to_all(
    request: HttpRequest, shape: type[BaseModel], *, edition: Callable[[], str], find: Callable[[], Any]
) -> HttpResponse | Any:
    """The answer to a visitor. edition: see growth.discovery.queries.editions; find: what the operation says, called when it is not kept."""
    if connection.in_atomic_block:  # versions are not final yet
        return find()
    look = (_look(request), clock.today(clock.now()))
    now_edition, mark = unwritten.marked(look, edition)
    if not now_edition:
        return find()
    kept = pieces.get(key_of(look, now_edition))
    if kept is None:
        with unwritten.one_snapshot() as snapshot:
            now_edition = now_edition if snapshot == mark else edition()
            kept = (_written(request, shape, find()),)
        pieces.put(key_of(look, now_edition), kept, like=shape.__name__)
    return _answer(kept[0])


def to_reader(
    request: HttpRequest, shape: type[BaseModel], *, reader: Member | None, find: Callable[[], Any]
) -> HttpResponse | Any:
    """The answer to one reader, found once for as long as nobody writes; without a reader it is that of every visitor.

    find: what the operation says to this reader; it may depend on the address, the language and the clock besides, and on nothing else.
    """
    if connection.in_atomic_block:  # one sees one's own work too
        return find()
    look = (_look(request), reader.pk if reader is not None else None)
    return _answer(unwritten.once(look, lambda: _written(request, shape, find())))


def _look(request: HttpRequest) -> Hashable:
    """All of a request that an answer's words depend on."""
    return "api", request.scheme, request.get_host(), request.get_full_path(), get_language()


def _written(request: HttpRequest, shape: type[BaseModel], found: Any) -> bytes:
    said = shape.model_validate(found, context={"request": request, "response_status": 200})
    return to_json(said.model_dump(by_alias=True))


def _answer(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="application/json; charset=utf-8")
