"""Telling how kept goods turned out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.community.posts import errors as post_errors
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import circle_at, filmed, own_pictures
from quanzi.faces.api.schemas.common import Limit
from quanzi.faces.api.schemas.experiences import ExperienceIn, WritableOut, WrittenOut
from quanzi.faces.api.security import member_of
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.errors import PictureNotYours
from quanzi.trade.experiences import errors
from quanzi.trade.experiences.queries import writable_lines
from quanzi.trade.experiences.services import write_experience as write

router = Router(tags=["experiences"])


@router.get("/me/writable-lines", response=list[WritableOut], summary="Kept goods that I have not written about")
def list_writable(request: HttpRequest, limit: Limit = 50) -> list[dict[str, Any]]:
    """One experience may be written for each."""
    rows = writable_lines(member_of(request).pk, limit=limit)
    return [
        {"id": row.pk, "order_number": row.order.number, "product_id": row.product_id, "title": row.title, "kept_at": row.kept_at}
        for row in rows
    ]  # fmt: skip


@router.post(
    "/experiences",
    response={201: WrittenOut},
    summary="Write an experience",
    openapi_extra=refuses(
        NotFound, errors.NotKeptYet, errors.WrittenAlready, errors.StarsOutOfRange, post_errors.TitleNeeded,
        post_errors.BodyTooLong, post_errors.TooManyPictures, post_errors.JoinFirst, post_errors.TooFast, PictureNotYours,
        post_errors.FilmNeedsWords, post_errors.FilmTaken,
    ),
)  # fmt: skip
def write_experience(request: HttpRequest, body: ExperienceIn) -> dict[str, int]:
    """About a line of one's own order that is kept, once; good or bad alike. With stars it is a review."""
    me = member_of(request)
    made = write(
        member=me, line_id=body.line_id, title=body.title, body=body.body, stars=body.stars,
        pictures=own_pictures(body.picture_ids, member=me, field="picture_ids"),
        film=filmed(body.film, member=me), circle=circle_at(body.circle) if body.circle else None, now=clock.now(),
    )  # fmt: skip
    return {"id": made.post_id}
