"""Who came to a page of one's own, through which of its links, and what became of them: sums for its owner.

The visits are touches of the owner's own sources; what became of people is read from the relation ledger by first touch, so that
whoever first came through somebody stays theirs. No name, no contact; below five people only that they came (rules.told).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.crypto import salted_hmac

from quanzi.base import planned
from quanzi.growth.fronts.centres import Centre
from quanzi.growth.fronts.rules import LEAST_PEOPLE, Steps, told
from quanzi.growth.insight.queries import lines_of, relation_ledger
from quanzi.growth.insight.rules import WHOLE
from quanzi.kernel.clock import local
from quanzi.trade.aftersales.rules import Rate, rate

PERIODS = (7, 30, 90)
LOYAL_DAYS = (30, 90)
BEGINNING = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
GUESTS = 20

SOURCES = {
    "member": "SELECT s.id FROM sources_source s WHERE s.owner_id = %(id)s",
    "circle": """SELECT s.id FROM sources_source s WHERE s.circle_id = %(id)s OR s.target = %(path)s
        OR left(s.target, length(%(path)s) + 1) IN (%(path)s || '/', %(path)s || '?')""",
    "station": """SELECT s.id FROM sources_source s WHERE s.target = %(path)s
        OR left(s.target, length(%(path)s) + 1) IN (%(path)s || '/', %(path)s || '?')""",
}

VISITS = """SELECT s.id, s.kind, s.name, s.target, (t.happened_at AT TIME ZONE 'Asia/Shanghai')::date, count(DISTINCT t.visitor_id),
    count(DISTINCT t.visitor_id) FILTER (WHERE t.depth > 2)
FROM sources_touch t JOIN sources_source s ON s.id = t.source_id
WHERE t.source_id = ANY(%(sources)s::bigint[]) AND t.happened_at >= %(starts_at)s AND t.happened_at < %(ends_at)s
  AND t.member_id IS DISTINCT FROM s.owner_id
GROUP BY s.id, 5 ORDER BY 5, s.id"""

FANS = {
    "member": """SELECT t.source_id AS member_id, t.made_at AS since FROM trust_tie t JOIN accounts_member a ON a.id = t.source_id
        AND a.erased_at IS NULL AND a.is_active WHERE t.target_id = %(id)s AND t.kind = 'follow' AND t.withdrawn_at IS NULL""",
    "circle": """SELECT p.member_id, p.joined_at AS since FROM circles_membership p JOIN accounts_member a ON a.id = p.member_id
        AND a.erased_at IS NULL AND a.is_active WHERE p.circle_id = %(id)s AND p.state = 'joined' AND p.role = 'member'""",
    "station": """SELECT o.member_id, min(l.handed_over_at) AS since FROM stations_station s JOIN sales_pickuppoint k ON k.id = s.point_id
        JOIN sales_order o ON o.pickup_point_id = k.id AND o.origin <> 'replay' AND o.member_id <> k.leader_id
        JOIN sales_orderline l ON l.order_id = o.id AND l.handed_over_at IS NOT NULL
        JOIN accounts_member a ON a.id = o.member_id AND a.erased_at IS NULL AND a.is_active WHERE s.id = %(id)s GROUP BY 1""",
}
"""Who follows a person; the members of a circle who do not look after it; who collected goods at a station, its leader left out."""
KIND = {"c": "circle", "s": "station"}
"""What a page's sources and people are read by; of people and makers by the member."""
COUNTED = "f.member_id NOT IN (SELECT r.member_id FROM trust_ringmember r WHERE r.left_out)"

GAINED = """SELECT count(*), count(*) FILTER (WHERE since >= %(starts_at)s), count(*) FILTER (WHERE since >= %(before)s AND since < %(starts_at)s)
FROM ({fans}) f WHERE {counted} AND since < %(ends_at)s"""

LOYAL = """SELECT count(*), count(*) FILTER (WHERE
        EXISTS (SELECT FROM accounts_membersession x WHERE x.member_id = f.member_id AND x.seen_at >= %(after)s)
        OR EXISTS (SELECT FROM sales_order o WHERE o.member_id = f.member_id AND o.placed_at >= %(after)s AND o.origin <> 'replay')
        OR EXISTS (SELECT FROM posts_post n WHERE n.author_id = f.member_id AND n.created_at >= %(after)s)
        OR EXISTS (SELECT FROM posts_comment c WHERE c.author_id = f.member_id AND c.created_at >= %(after)s)),
    count(*) FILTER (WHERE EXISTS (SELECT FROM sales_orderline l WHERE l.member_id = f.member_id AND l.kept_at >= %(after)s
        AND EXISTS (SELECT FROM sales_orderline e WHERE e.member_id = f.member_id AND e.kept_at < l.kept_at AND e.order_id <> l.order_id)))
FROM ({fans}) f WHERE {counted} AND since < %(after)s"""

CAME = """SELECT a.id, t.made_at FROM trust_tie t JOIN accounts_member a ON a.id = t.target_id AND a.erased_at IS NULL
    JOIN contact_permission p ON p.member_id = a.id AND p.purpose = 'social_proof' AND p.granted
WHERE t.source_id = %(member)s AND t.kind = 'invited' AND t.withdrawn_at IS NULL ORDER BY t.made_at DESC, a.id LIMIT %(limit)s"""


@dataclass(frozen=True)
class SourceRow:
    """One of the owner's links. visits: browsers a day, summed over the period; passed_on: those by a link that went through more than two hands."""

    kind: str
    name: str
    target: str
    visits: int
    passed_on: int


@dataclass(frozen=True)
class Loyalty:
    """Of those who followed before the last `days` days: who came back within them, and who kept goods again within them."""

    days: int
    back: Rate
    again: Rate


@dataclass(frozen=True)
class Guest:
    """A member who came through the owner and lets people they know see what they kept; a mark, no name."""

    mark: str
    since: datetime


@dataclass(frozen=True)
class Report:
    """steps, before, ever: of the people who first came through the owner's links: in the period, in the one before, of all time.
    Numbers of people are as they may be told (rules.HIDDEN). kept, returned: order lines of the people of `ever`; None when they are too few."""

    days: int
    starts_at: datetime
    ends_at: datetime
    by_day: tuple[tuple[date, int], ...]
    sources: tuple[SourceRow, ...]
    visits: int
    visits_before: int
    steps: Steps
    before: Steps
    ever: Steps
    kept: int | None
    returned: int | None
    fans: int
    gained: int
    gained_before: int
    loyalty: tuple[Loyalty, ...]
    guests: tuple[Guest, ...]


def report_of(centre: Centre, *, days: int, now: datetime) -> Report:
    """The last `days` days beside the same number before them."""
    kind = KIND.get(centre.kind, "member")
    whose = centre.member_id if kind == "member" else centre.id
    of = {"id": whose} | ({"path": centre.path} if kind != "member" else {})
    sources = [row[0] for row in planned.rows(SOURCES[kind], of)]
    span = timedelta(days=days)
    starts_at, before = now - span, now - 2 * span
    visits = _visits(sources, starts_at, now)
    fans, gained, gained_before = planned.rows(
        GAINED.format(fans=FANS[kind], counted=COUNTED),
        {"id": whose, "starts_at": starts_at, "ends_at": now, "before": before},
    )[0]
    bought, kept, returned = (
        lines_of(source_ids=sources, starts_at=BEGINNING, ends_at=now, now=now) if sources else (0, 0, 0)
    )
    by_source: dict[int, list[tuple[Any, ...]]] = {}
    for source_id, *row in visits:
        by_source.setdefault(source_id, []).append(tuple(row))
    return Report(
        days=days, starts_at=starts_at, ends_at=now, by_day=_by_day(visits, starts_at, now),
        sources=tuple(sorted((_source(rows) for rows in by_source.values()), key=lambda one: (-one.visits, one.target))),
        visits=sum(row[5] for row in visits), visits_before=sum(row[5] for row in _visits(sources, before, starts_at)),
        steps=_steps(sources, starts_at, now, now), before=_steps(sources, before, starts_at, now),
        ever=_steps(sources, BEGINNING, now, now),
        kept=told(kept) if bought >= LEAST_PEOPLE else None, returned=told(returned) if bought >= LEAST_PEOPLE else None,
        fans=fans, gained=gained, gained_before=gained_before,
        loyalty=tuple(_loyalty(kind, whose, one, now) for one in LOYAL_DAYS),
        guests=_guests(centre.member_id, now) if kind == "member" else (),
    )  # fmt: skip


def _visits(sources: list[int], starts_at: datetime, ends_at: datetime) -> list[tuple[Any, ...]]:
    params = {"sources": sources, "starts_at": starts_at, "ends_at": ends_at}
    return planned.rows(VISITS, params) if sources else []


def _by_day(visits: list[tuple[Any, ...]], starts_at: datetime, ends_at: datetime) -> tuple[tuple[date, int], ...]:
    first, last = local(starts_at).date() + timedelta(days=1), local(ends_at).date()
    counts: dict[date, int] = {first + timedelta(days=n): 0 for n in range((last - first).days + 1)}
    for *_, on, count, _passed_on in visits:
        counts[max(on, first)] = counts.get(max(on, first), 0) + count
    return tuple(sorted(counts.items()))


def _source(rows: list[tuple[Any, ...]]) -> SourceRow:
    kind, name, target, *_ = rows[0]
    return SourceRow(kind, name, target, sum(row[4] for row in rows), sum(row[5] for row in rows))


def _steps(sources: list[int], starts_at: datetime, ends_at: datetime, now: datetime) -> Steps:
    if not sources:
        return Steps(0, 0, 0, 0, 0)
    ledger = relation_ledger(starts_at=starts_at, ends_at=ends_at, now=now, source_ids=sources).total
    return Steps(
        *(round(shares / WHOLE) for shares in (ledger.visits, ledger.members, ledger.circle_joins, ledger.first_orders, ledger.repeat_buyers))
    ).shown  # fmt: skip


def _loyalty(kind: str, centre_id: int | None, days: int, now: datetime) -> Loyalty:
    params = {"id": centre_id, "after": now - timedelta(days=days)}
    fans, back, again = planned.rows(LOYAL.format(fans=FANS[kind], counted=COUNTED), params)[0]
    return Loyalty(days, rate(back, fans), rate(again, fans))


def _guests(member_id: int | None, now: datetime) -> tuple[Guest, ...]:
    if member_id is None:
        return ()
    found = planned.rows(CAME, {"member": member_id, "limit": GUESTS})
    if len(found) < LEAST_PEOPLE:
        return ()
    return tuple(
        Guest(salted_hmac("fronts.guest", f"{member_id}:{guest}", algorithm="sha256").hexdigest()[:8], since)
        for guest, since in found
    )
