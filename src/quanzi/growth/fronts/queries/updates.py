"""News of a page: whom they reach, as counts; what was sent and how it was met; and, for who got one, whose it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.growth.fronts.centres import Centre, of_circle, of_maker, of_member
from quanzi.growth.fronts.models import Front, Mute, Receipt, Update
from quanzi.growth.fronts.queries.report import FANS
from quanzi.growth.fronts.rules import HIDDEN, LASTS, Reach, goes_at, told

HEARS = "fronts_hears(%(front)s::bigint, %(circle)s::bigint, %(person)s::bigint, %(sender)s, f.member_id)"

IN_HOURS = """NOT EXISTS (SELECT FROM leads_attention h WHERE h.member_id = f.member_id
    AND extract(hour FROM %(at)s::timestamptz AT TIME ZONE 'Asia/Shanghai') NOT BETWEEN h.begins AND h.ends - 1)"""
"""Whether it is an hour in which they hear such messages."""

# The rule of all commercial messages is asked twice: for the moment in which it goes, and for the last in which it might.
REACH = f"""
SELECT count(*) FILTER (WHERE hears AND at_once), count(*) FILTER (WHERE hears AND NOT at_once AND later), count(*)
FROM (SELECT {HEARS} AS hears, leads_verdict(%(sender)s, false, f.member_id, %(at)s) IS NULL AND {IN_HOURS} AS at_once,
    leads_verdict(%(sender)s, false, f.member_id, %(last)s) IS NULL AS later FROM ({{fans}}) f WHERE f.member_id <> %(sender)s) found
"""

TO_SEND = f"""
SELECT f.member_id FROM ({{fans}}) f WHERE NOT EXISTS (SELECT FROM fronts_receipt r WHERE r.update_id = %(update)s AND r.member_id = f.member_id)
  AND {HEARS} AND {IN_HOURS} AND leads_verdict(%(sender)s, false, f.member_id, %(at)s) IS NULL ORDER BY f.member_id LIMIT %(limit)s
"""

MET = """
SELECT r.update_id, count(*), count(a.opened_at), count(*) FILTER (WHERE a.answer IN ('thanks', 'ask')), count(*) FILTER (WHERE a.answer = 'no')
FROM fronts_receipt r JOIN leads_approach a ON a.id = r.approach_id WHERE r.update_id = ANY(%s::bigint[]) GROUP BY 1
"""


@dataclass(frozen=True)
class NewsRow:
    """One update. got, opened, welcome, refused: people as they may be told (rules.told; HIDDEN below five). target: what it leads to."""

    id: int
    words: str
    title: str
    target: str
    written_at: datetime
    goes_at: datetime
    until: datetime
    undone_at: datetime | None
    is_waiting: bool
    goes_on: bool
    got: int
    opened: int
    welcome: int
    refused: int

    @property
    def is_hidden(self) -> bool:
        """Some got it, too few for numbers."""
        return self.got == HIDDEN


@dataclass(frozen=True)
class NewsOf:
    """Whose news somebody got, and what else they lead to: a note or a team."""

    centre: Centre
    post_id: int | None
    team_code: str
    is_muted: bool


def centre_of(front: Front) -> Centre:
    if front.member is not None:
        return of_member(front.member)
    if front.circle is not None:
        return of_circle(front.circle)
    assert front.maker is not None
    maker = front.maker
    return of_maker(id=maker.pk, slug=maker.slug, name=maker.name, member_id=maker.member_id)


def reach_of(centre: Centre, *, sender_id: int, now: datetime) -> Reach:
    """Of those who follow: who would get news written now, who within a week, who not; for `Reach.shown` alone."""
    at = goes_at(now)
    front = Front.objects.filter(**centre.of_front).first()
    params = _of(centre, front.pk if front is not None else None, sender_id) | {"at": at, "last": at + LASTS}
    at_once, later, everybody = planned.rows(REACH.format(fans=_fans(centre)), params)[0]
    return Reach(at_once, later, everybody - at_once - later)


def to_send(row: Update, centre: Centre, *, now: datetime, limit: int) -> list[int]:
    """Members who may get it now and have not."""
    params = _of(centre, row.front_id, row.sender_id) | {"update": row.pk, "at": now, "limit": limit}
    return [one for (one,) in planned.rows(TO_SEND.format(fans=_fans(centre)), params)]


def news_of(centre: Centre, *, now: datetime, limit: int = 20) -> list[NewsRow]:
    """What went out or waits, the newest first."""
    whose = {f"front__{key}": value for key, value in centre.of_front.items()}
    rows = list(Update.objects.filter(**whose).select_related("product", "post", "team__deal").order_by("-pk")[:limit])
    met = {one: counts for one, *counts in planned.rows(MET, [[row.pk for row in rows]])} if rows else {}
    found = []
    for row in rows:
        got, opened, welcome, refused = (told(count) for count in met.get(row.pk, (0, 0, 0, 0)))
        title, target = _target(row)
        found.append(
            NewsRow(
                id=row.pk, words=row.words, title=title, target=target, written_at=row.written_at, goes_at=row.goes_at,
                until=row.goes_at + LASTS, undone_at=row.undone_at, is_waiting=row.undone_at is None and now < row.goes_at,
                goes_on=row.next_at is not None and now >= row.goes_at, got=got, opened=opened, welcome=welcome, refused=refused,
            )
        )  # fmt: skip
    return found


def news_behind(approach_ids: Collection[int]) -> dict[int, NewsOf]:
    """Of commercial messages: whose news they are, by the message."""
    rows = Receipt.objects.filter(approach_id__in=approach_ids).select_related(
        "update__front__member", "update__front__circle", "update__front__maker", "update__team"
    )
    found = list(rows)
    muted = set(
        Mute.objects.filter(
            member_id__in={one.member_id for one in found}, front_id__in={one.update.front_id for one in found}
        ).values_list("front_id", "member_id")
    ) if found else set()  # fmt: skip
    return {
        one.approach_id: NewsOf(
            centre_of(one.update.front), one.update.post_id, one.update.team.code if one.update.team is not None else "",
            (one.update.front_id, one.member_id) in muted,
        )
        for one in found
    }  # fmt: skip


def muted_by(member_id: int) -> list[Centre]:
    """Pages of which the member wants no news, the latest first."""
    rows = Mute.objects.filter(member_id=member_id).select_related("front__member", "front__circle", "front__maker")
    return [centre_of(one.front) for one in rows.order_by("-pk")]


def _of(centre: Centre, front_id: int | None, sender_id: int) -> dict[str, object]:
    is_circle = centre.kind == "c"
    return {
        "front": front_id, "circle": centre.id if is_circle else None, "person": centre.member_id, "sender": sender_id,
        "id": centre.id if is_circle else centre.member_id,
    }  # fmt: skip


def _fans(centre: Centre) -> str:
    return FANS["circle" if centre.kind == "c" else "member"]


def _target(row: Update) -> tuple[str, str]:
    """What it is called and where it stands."""
    if row.product is not None:
        return row.product.name, f"/p/{row.product.slug}"
    if row.post is not None:
        return row.post.title, f"/n/{row.post_id}"
    return ("", f"/t/{row.team.code}") if row.team is not None else ("", "")
