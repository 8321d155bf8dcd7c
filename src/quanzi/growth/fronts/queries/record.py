"""The public record of somebody who sells, leads, or writes: counts of facts of the last year, and the facts behind each.

A measure is one statement that gives its cases: a number that stands for it, when, whether it speaks for the person, a title where
everybody may read one. Counts and evidence are made of the same rows. What somebody bought of themself does not count, nor what
people of a ring did whom a moderator left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from quanzi.base import planned
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales.queries.scores import DUE
from quanzi.trade.aftersales.rules import FAULTS_OF_A_LOT, FAULTS_OF_A_POINT, Rate, rate
from quanzi.trade.sales.queries import pseudonym_of
from quanzi.trade.stations.queries.scores import STOPS

WINDOW = timedelta(days=365)
REPLY_WITHIN = timedelta(days=2)

COUNTS = "NOT EXISTS (SELECT FROM trust_ringmember r WHERE r.member_id = {who} AND r.left_out)"

OF_ROLE = {
    "maker": "JOIN catalogue_product g ON g.id = l.product_id JOIN catalogue_maker k ON k.id = g.maker_id AND k.member_id = %(member)s",
    "leader": "JOIN sales_pickuppoint k ON k.id = o.pickup_point_id AND k.leader_id = %(member)s",
    "supplier": """JOIN (SELECT DISTINCT g.line_id FROM supply_supplierperson p JOIN supply_lotorigin lo ON lo.supplier_id = p.supplier_id
        JOIN fulfilment_linelot g ON g.lot_id = lo.lot_id WHERE p.member_id = %(member)s AND p.ended_at IS NULL) k ON k.line_id = l.id""",
}
GIVEN = """SELECT l.id, l.title, l.member_id, l.handed_over_at, l.kept_at, l.returned_at
    FROM sales_orderline l JOIN sales_order o ON o.id = l.order_id AND o.origin <> 'replay' {role}
    WHERE l.handed_over_at >= %(since)s AND l.member_id <> %(member)s"""

OF_LINES = {
    "kept": """SELECT id, coalesce(kept_at, returned_at), kept_at IS NOT NULL, title FROM ({lines}) l
        WHERE kept_at IS NOT NULL OR returned_at IS NOT NULL""",
    "complaints": """SELECT id, handed_over_at, EXISTS (SELECT FROM aftersales_claim c WHERE c.line_id = l.id AND c.reason = ANY ({faults})
        AND c.state IN ('accepted', 'exchanged')), title FROM ({lines}) l""",
    "disputes": """SELECT l.id, d.decided_at, d.refund_id IS NOT NULL OR d.appeal_refund_id IS NOT NULL, l.title FROM ({lines}) l
        JOIN aftersales_claim c ON c.line_id = l.id JOIN aftersales_dispute d ON d.claim_id = c.id WHERE d.decided_at IS NOT NULL""",
}
"""Of goods that were handed over: kept or returned; a complaint that was upheld; a dispute that was lost."""

STATIONS = (
    "(SELECT s.id FROM stations_station s JOIN sales_pickuppoint k ON k.id = s.point_id WHERE k.leader_id = %(member)s)"
)
SUPPLIERS = "(SELECT p.supplier_id FROM supply_supplierperson p WHERE p.member_id = %(member)s AND p.ended_at IS NULL)"
IS_PUBLIC = "(n.hidden_at IS NULL AND n.removed_at IS NULL AND (n.circle_id IS NULL OR c.admission = 'open'))"

OTHERS = {
    # As the score of a station and of a supplier have them, of everything that the person leads or supplies.
    "leader_counted": "SELECT id, pickup_from, is_counted, '' FROM ({}) s".format(
        STOPS.replace("p.station_id = %(station)s", f"p.station_id IN {STATIONS}")
    ),
    "supplier_on_time": "SELECT id, due, came <= due, '' FROM ({}) d".format(
        DUE.replace("p.supplier_id = %(supplier)s", f"p.supplier_id IN {SUPPLIERS}")
    ),
    "answers": f"""SELECT n.id, k.created_at, true, CASE WHEN {IS_PUBLIC} THEN n.title ELSE '' END FROM posts_comment k
        JOIN posts_post n ON n.accepted_comment_id = k.id LEFT JOIN circles_circle c ON c.id = n.circle_id
        WHERE k.author_id = %(member)s AND n.author_id <> %(member)s AND k.created_at >= %(since)s AND k.removed_at IS NULL
          AND k.hidden_at IS NULL AND {COUNTS.format(who="n.author_id")}""",
    "advice": f"""SELECT l.id, l.kept_at, true, l.title FROM trust_tie t JOIN sales_orderline l ON t.evidence = 'line:' || l.id
        WHERE t.target_id = %(member)s AND t.kind = 'kept_advice' AND t.withdrawn_at IS NULL AND l.kept_at >= %(since)s
          AND {COUNTS.format(who="l.member_id")}""",
    "experiences": f"""SELECT n.id, n.created_at, true, CASE WHEN {IS_PUBLIC} THEN n.title ELSE '' END FROM experiences_experience e
        JOIN posts_post n ON n.id = e.post_id LEFT JOIN circles_circle c ON c.id = n.circle_id
        WHERE e.member_id = %(member)s AND e.voided_at IS NULL AND n.hidden_at IS NULL AND n.removed_at IS NULL AND e.created_at >= %(since)s""",
    "replies": f"""SELECT n.id, n.created_at, replied.at <= n.created_at + %(reply_within)s::interval, CASE WHEN {IS_PUBLIC} THEN n.title ELSE '' END
        FROM posts_post n LEFT JOIN circles_circle c ON c.id = n.circle_id
        LEFT JOIN LATERAL (SELECT min(k.created_at) AS at FROM posts_comment k WHERE k.post_id = n.id AND k.author_id = %(member)s) replied ON true
        WHERE n.kind = 'question' AND n.author_id <> %(member)s AND n.hidden_at IS NULL AND n.removed_at IS NULL AND n.created_at >= %(since)s
          AND (replied.at IS NOT NULL OR n.created_at <= %(now)s - %(reply_within)s::interval)
          AND EXISTS (SELECT FROM posts_postproduct t JOIN catalogue_product g ON g.id = t.product_id
                JOIN catalogue_maker m ON m.id = g.maker_id WHERE t.post_id = n.id AND m.member_id = %(member)s)""",
}  # fmt: skip

ROLES = """SELECT a.name, a.joined_at, a.is_demo,
    (SELECT k.slug FROM catalogue_maker k WHERE k.member_id = a.id),
    EXISTS (SELECT FROM sales_pickuppoint k WHERE k.leader_id = a.id),
    EXISTS (SELECT FROM supply_supplierperson p WHERE p.member_id = a.id AND p.ended_at IS NULL)
FROM accounts_member a WHERE a.id = %(member)s"""

STANDING = """SELECT (SELECT k.slug FROM catalogue_maker k WHERE k.member_id = a.id),
    (SELECT json_agg(json_build_array(s.code, k.name) ORDER BY s.id) FROM stations_station s JOIN sales_pickuppoint k ON k.id = s.point_id
        WHERE k.leader_id = a.id AND k.is_open),
    EXISTS (SELECT FROM sales_pickuppoint k WHERE k.leader_id = a.id),
    EXISTS (SELECT FROM supply_supplierperson p WHERE p.member_id = a.id AND p.ended_at IS NULL),
    EXISTS (SELECT FROM fronts_front f WHERE f.member_id = a.id AND f.shows_record)
FROM accounts_member a WHERE a.id = %(member)s"""

SPEED = f"""SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM hours.at - hours.asked) / 3600) FROM (
    SELECT n.created_at AS asked, (SELECT min(k.created_at) FROM posts_comment k WHERE k.post_id = n.id AND k.author_id = %(member)s) AS at
    FROM posts_post n WHERE n.id IN (SELECT x.id FROM ({OTHERS["replies"]}) x (id, at, flag, title))) hours WHERE hours.at IS NOT NULL"""

SPEAKS_FOR = ("kept", "counted", "on_time", "replies")
"""Shares where more is better; of the others less is."""
WITHOUT_SHARE = ("answers", "advice", "experiences")
"""Mere counts: there is nothing that they are a share of."""


@dataclass(frozen=True)
class Standing:
    """What somebody does here besides buying. stations: code and name of those open; says_so: shows their record by their own word."""

    maker_slug: str | None
    stations: tuple[tuple[str, str], ...]
    leads: bool
    supplies: bool
    says_so: bool

    @property
    def sells_or_leads(self) -> bool:
        return self.maker_slug is not None or self.leads or self.supplies

    @property
    def is_public(self) -> bool:
        """Whether everybody may read the record."""
        return self.sells_or_leads or self.says_so


@dataclass(frozen=True)
class Fact:
    """key: such as "leader_kept"; role: "" for what everybody may do. rate: count of so many, with the interval behind it."""

    key: str
    role: str
    what: str
    rate: Rate

    @property
    def is_share(self) -> bool:
        return self.what not in WITHOUT_SHARE

    @property
    def speaks_for(self) -> bool:
        return self.what in SPEAKS_FOR or not self.is_share


@dataclass(frozen=True)
class Record:
    """facts: those of the person's roles, then those of everybody. reply_hours: half of the questions had a word by then; None while
    they are too few. left_out: lines that do not count, for moderators; None where nobody asked."""

    member_id: int
    name: str
    since: datetime
    is_demo: bool
    maker_slug: str | None
    leads: bool
    supplies: bool
    facts: tuple[Fact, ...]
    reply_hours: float | None = None
    left_out: int | None = None

    @property
    def sells_or_leads(self) -> bool:
        return self.maker_slug is not None or self.leads or self.supplies


@dataclass(frozen=True)
class Case:
    """One fact behind a number. mark: says nothing of whose it is; post_id: where everybody may read it."""

    id: int
    mark: str
    at: datetime
    speaks: bool
    title: str
    post_id: int | None = None


def standing_of(member_id: int) -> Standing:
    """In one statement; of somebody who is not there, that they do nothing."""
    found = planned.rows(STANDING, {"member": member_id})
    if not found:
        return Standing(None, (), False, False, False)
    maker, stations, leads, supplies, says_so = found[0]
    return Standing(maker, tuple((code, name) for code, name in stations or ()), leads, supplies, says_so)


def may_see(viewer: Member | None, member_id: int) -> bool:
    """Whoever sells or leads has a public record; a plain member's is shown by their own word; everybody sees their own."""
    return (viewer is not None and viewer.pk == member_id) or standing_of(member_id).is_public


def record_of(member_id: int, *, now: datetime, for_moderator: bool = False) -> Record | None:
    """In three statements; None where there is nobody."""
    found = planned.rows(ROLES, {"member": member_id})
    if not found:
        return None
    name, since, is_demo, maker, leads, supplies = found[0]
    roles = [role for role, has in (("maker", maker is not None), ("leader", leads), ("supplier", supplies)) if has]
    params = _params(member_id, now)
    keys = _keys(roles)
    counted = " UNION ALL ".join(
        f"SELECT '{key}', count(*), count(*) FILTER (WHERE flag) FROM ({_cases(key)}) x (id, at, flag, title)"
        for key in keys
    )
    by_key = {key: rate(said, of) for key, of, said in planned.rows(counted, params)}
    facts = tuple(Fact(key, _role(key), _what(key), by_key[key]) for key in keys)
    hours = planned.value(SPEED, params) if maker is not None and by_key["replies"].is_told else None
    return Record(
        member_id, name, since, is_demo, maker, leads, supplies, facts, float(hours) if hours is not None else None,
        _left_out(roles, params) if for_moderator else None,
    )  # fmt: skip


def cases_of(member_id: int, key: str, *, now: datetime, before_id: int | None = None, limit: int = 50) -> list[Case]:
    """The cases behind one number, newest first. Raises KeyError for a measure that there is not."""
    if key not in _keys(tuple(OF_ROLE)):
        raise KeyError(key)
    is_post = key in ("answers", "experiences", "replies")
    of_lines = _what(key) in OF_LINES or key == "advice"
    sql = f"""SELECT * FROM ({_cases(key)}) x (id, at, flag, title) WHERE {"flag AND" if _what(key) in ("complaints", "disputes") else ""}
        (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s"""
    found = planned.rows(sql, _params(member_id, now) | {"before": before_id, "limit": limit})
    return [
        Case(
            case_id, pseudonym_of(case_id) if of_lines else _mark(key, case_id), at, speaks, title,
            case_id if is_post and title else None,
        )
        for case_id, at, speaks, title in found
    ]  # fmt: skip


def _keys(roles: Sequence[str]) -> list[str]:
    of_roles = [f"{role}_{what}" for role in roles for what in OF_LINES]
    more = {"maker": ["replies"], "leader": ["leader_counted"], "supplier": ["supplier_on_time"]}
    return [*of_roles, *(key for role in roles for key in more[role]), "answers", "advice", "experiences"]


def _role(key: str) -> str:
    role = key.split("_")[0]
    return role if role in OF_ROLE else "maker" if key == "replies" else ""


def _what(key: str) -> str:
    return key.split("_", 1)[1] if key.split("_")[0] in OF_ROLE else key


def _cases(key: str) -> str:
    if key in OTHERS:
        return OTHERS[key]
    role, what = _role(key), _what(key)
    lines = f"{GIVEN.format(role=OF_ROLE[role])} AND {COUNTS.format(who='l.member_id')}"
    return OF_LINES[what].format(lines=lines, faults="%(point_faults)s" if role == "leader" else "%(lot_faults)s")


def _left_out(roles: Sequence[str], params: dict[str, object]) -> int:
    """Lines of people whom a moderator left out of counts."""
    if not roles:
        return 0
    lines = " UNION ".join(
        f"SELECT l.id FROM ({GIVEN.format(role=OF_ROLE[role])}) l WHERE NOT {COUNTS.format(who='l.member_id')}"
        for role in roles
    )
    return int(planned.value(f"SELECT count(*) FROM ({lines}) x", params))


def _mark(key: str, case_id: int) -> str:
    return salted_hmac("fronts.record", f"{key}:{case_id}", algorithm="sha256").hexdigest()[:8]


def _params(member_id: int, now: datetime) -> dict[str, object]:
    return {
        "member": member_id, "now": now, "since": now - WINDOW, "reply_within": REPLY_WITHIN,
        "lot_faults": [str(one) for one in FAULTS_OF_A_LOT], "point_faults": [str(one) for one in FAULTS_OF_A_POINT],
    }  # fmt: skip
