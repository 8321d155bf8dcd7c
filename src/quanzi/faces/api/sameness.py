"""Answers that are the same for every visitor are put together once for each edition of what they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja.responses import NinjaJSONEncoder
from pydantic import BaseModel

from quanzi.base import unwritten
from quanzi.faces.ui.remembered import pieces
from quanzi.kernel import clock


def to_all(
    request: HttpRequest, shape: type[BaseModel], *, edition: Callable[[], str], find: Callable[[], Any]
) -> HttpResponse | Any:
    """The answer to a visitor. edition: see growth.discovery.queries.editions; find: what the operation says, called when it is not kept."""
    if connection.in_atomic_block:  # versions are not final yet
        return find()
    look = (
        "api",
        request.scheme,
        request.get_host(),
        request.get_full_path(),
        get_language(),
        clock.today(clock.now()),
    )
    now_edition, mark = unwritten.marked(look, edition)
    if not now_edition:
        return find()
    kept = pieces.get((look, now_edition))
    if kept is None:
        with unwritten.one_snapshot() as snapshot:
            now_edition = now_edition if snapshot == mark else edition()
            said = shape.model_validate(find(), context={"request": request, "response_status": 200})
        kept = (json.dumps(said.model_dump(by_alias=True), cls=NinjaJSONEncoder).encode(),)
        pieces.put((look, now_edition), kept)
    return HttpResponse(kept[0], content_type="application/json; charset=utf-8")
