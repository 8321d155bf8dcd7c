"""What stands below goods: experiences as plain rows, in one statement. The ORM twin is `queries.of_product`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.base import planned
from quanzi.base.media.shown import SHOWN, ShownPicture, shown
from quanzi.people.trust.rings import LEFT_OUT

READABLE = """SELECT e.post_id, e.member_id, e.stars, e.created_at FROM experiences_experience e
    JOIN posts_post n ON n.id = e.post_id LEFT JOIN circles_circle c ON c.id = n.circle_id
    WHERE e.product_id = {product} AND e.voided_at IS NULL AND n.hidden_at IS NULL AND n.removed_at IS NULL
      AND (c.id IS NULL OR c.admission = 'open' OR {is_mine})"""
"""Every experience that the reader may read. {is_mine}: whether circle c is one of theirs."""

NARROWED = {
    "": "",
    "all": "",
    "known": "AND r.member_id = ANY(%(people)s::bigint[])",
    "pictures": "AND EXISTS (SELECT FROM posts_postpicture pp WHERE pp.post_id = r.post_id)",
    "low": "AND r.stars <= 3",
}

ROWS = f"""SELECT r.post_id, r.member_id, a.name, {SHOWN.format(m="m")} AS avatar, r.stars, n.title, left(n.body, 1000) AS body, r.created_at,
        (SELECT json_agg({SHOWN.format(m="k")} ORDER BY pp.position, pp.id) FROM posts_postpicture pp
            JOIN media_picture k ON k.id = pp.picture_id WHERE pp.post_id = r.post_id) AS pictures,
        (SELECT count(*) FROM posts_reaction x WHERE x.post_id = r.post_id AND NOT {LEFT_OUT.format(id="x.member_id")}) AS useful,
        n.got_sample
    FROM ({{readable}}) r JOIN posts_post n ON n.id = r.post_id JOIN accounts_member a ON a.id = r.member_id
        LEFT JOIN media_picture m ON m.id = a.avatar_id
    WHERE true {{narrowed}} ORDER BY r.post_id DESC LIMIT {{limit}}"""

OF_PRODUCT = READABLE.format(product="%(product)s", is_mine="c.id = ANY(%(circles)s::bigint[])")


@dataclass(frozen=True, slots=True)
class Told:
    """One experience. body: its first thousand characters; useful: people who found it so;
    got_sample: the shop gave its author these goods."""

    post_id: int
    member_id: int
    name: str
    avatar: ShownPicture | None
    stars: int | None
    title: str
    body: str
    created_at: datetime
    pictures: tuple[ShownPicture, ...]
    useful: int
    got_sample: bool


def told(
    product_id: int,
    *,
    only: str = "",
    people: Collection[int] = (),
    unwanted: Collection[int] = (),
    circle_ids: Collection[int] = (),
    before: int | None = None,
    limit: int = 10,
) -> list[Told]:
    """Experiences of a product, newest first, keyset by post id; the filters are those of `queries.of_product`, "known" being `people`."""
    narrowed = NARROWED.get(only, "")
    params: dict[str, object] = {"product": product_id, "circles": list(circle_ids)}
    if only == "known":
        params["people"] = list(people)
    if unwanted:
        narrowed += " AND r.member_id <> ALL(%(unwanted)s::bigint[])"
        params["unwanted"] = list(unwanted)
    if before is not None:
        narrowed += " AND r.post_id < %(before)s"
        params["before"] = before
    sql = ROWS.format(readable=OF_PRODUCT, narrowed=narrowed, limit=limit)
    return [told_of(row) for row in planned.rows(sql, params)]


def told_of(row: Sequence[Any]) -> Told:
    """A row of ROWS; out of JSON times are still text."""
    post_id, member_id, name, avatar, stars, title, body, at, pictures, useful, got_sample = row
    return Told(
        post_id, member_id, name, shown(avatar), stars, title, body,
        datetime.fromisoformat(at) if isinstance(at, str) else at,
        tuple(one for one in map(shown, pictures or ()) if one is not None), useful, got_sample,
    )  # fmt: skip
