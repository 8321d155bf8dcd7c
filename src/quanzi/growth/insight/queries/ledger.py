"""The relation ledger: what each source brought, step by step, and what one lasting relation cost.

A *person* is a member, or a browser that nobody signed up with (negative id). Only arrivals up to the moment of joining
share the credit; a member whom no source touched belongs to the direct source
(people of an imported log, who cannot be reached, are left out). Whoever came by a link that was passed on through
more than two hands belongs to one source of its own kind, and to nobody's link. Sources differ in credit between the four
models, totals never do. One statement answers the page; the tests hold it against a plain Python twin.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from quanzi.growth.insight.rules import WHOLE, CostInterval, Model, cost_per_relation
from quanzi.kernel.clock import local

COLUMNS = ("visits", "contacts", "members", "circle_joins", "first_orders", "repeat_buyers")

CREDIT = """
WITH direct AS (SELECT id FROM sources_source WHERE token = 'direct'),
chain AS (SELECT id FROM sources_source WHERE token = 'chain'),
arrival AS (
    SELECT coalesce(touch.member_id, -touch.visitor_id) AS person,
           CASE WHEN touch.depth > 2 THEN (SELECT id FROM chain) ELSE touch.source_id END AS source_id, touch.happened_at, touch.id,
           source.owner_id IS NOT NULL AND touch.depth <= 2 AS personal
    FROM sources_touch touch
    JOIN sources_source source ON source.id = touch.source_id
    LEFT JOIN accounts_member member ON member.id = touch.member_id
    WHERE touch.happened_at < %(now)s AND (member.id IS NULL OR touch.happened_at <= member.joined_at)
      AND (%(sources)s::bigint[] IS NULL OR coalesce(touch.member_id, -touch.visitor_id) IN (
            SELECT coalesce(own.member_id, -own.visitor_id) FROM sources_touch own WHERE own.source_id = ANY(%(sources)s::bigint[])))
    UNION ALL
    SELECT member.id, direct.id, member.joined_at, 0, false
    FROM accounts_member member CROSS JOIN direct
    WHERE %(sources)s::bigint[] IS NULL AND member.joined_at < %(now)s AND (member.email IS NOT NULL OR member.phone IS NOT NULL) AND NOT EXISTS (
        SELECT FROM sources_touch touch WHERE touch.member_id = member.id AND touch.happened_at <= member.joined_at)
),
ranked AS (
    SELECT person, source_id,
           min(happened_at) OVER everything AS first_at,
           count(*) OVER everything AS touches,
           row_number() OVER oldest AS nth,
           row_number() OVER newest AS nth_from_end,
           row_number() OVER personal_first AS nth_personal
    FROM arrival
    WINDOW everything AS (PARTITION BY person),
           oldest AS (PARTITION BY person ORDER BY happened_at, id),
           newest AS (PARTITION BY person ORDER BY happened_at DESC, id DESC),
           personal_first AS (PARTITION BY person ORDER BY NOT personal, happened_at, id)
),
piece AS (
    SELECT person, source_id, nth,
           CASE %(model)s
               WHEN 'first' THEN CASE WHEN nth = 1 THEN 10000 ELSE 0 END
               WHEN 'last' THEN CASE WHEN nth_from_end = 1 THEN 10000 ELSE 0 END
               WHEN 'invited' THEN CASE WHEN nth_personal = 1 THEN 10000 ELSE 0 END
               ELSE 10000 / touches + CASE WHEN nth <= 10000 %% touches THEN 1 ELSE 0 END
           END AS share
    FROM ranked
    WHERE first_at >= %(starts_at)s AND first_at < %(ends_at)s
),
credit AS (
    SELECT person, source_id, share, nth,
           sum(share) OVER (PARTITION BY person ORDER BY nth) AS up_to
    FROM piece WHERE share > 0
),
bought AS (
    SELECT member_id, count(*) FILTER (WHERE paid_at IS NOT NULL) AS paid,
           count(*) FILTER (WHERE kept) AS kept
    FROM (SELECT o.id, o.member_id, o.paid_at,
                 EXISTS (SELECT FROM sales_orderline line WHERE line.order_id = o.id AND line.kept_at < %(now)s) AS kept
          FROM sales_order o WHERE o.placed_at < %(now)s AND o.origin <> 'replay' AND (o.state <> 'refunded' OR o.paid_at IS NULL)
            AND (%(sources)s::bigint[] IS NULL OR o.member_id IN (SELECT person FROM credit))) done
    GROUP BY member_id
),
earned AS (
    SELECT line.member_id,
           sum(line.paid_minor - line.refunded_minor - line.cost_minor
               - coalesce((SELECT sum(accrual.amount_minor - accrual.reversed_minor)
                           FROM commission_accrual accrual WHERE accrual.line_id = line.id), 0))::bigint AS margin
    FROM sales_orderline line
    WHERE line.kept_at < %(now)s AND (%(sources)s::bigint[] IS NULL OR line.member_id IN (SELECT person FROM credit))
    GROUP BY line.member_id
),
person AS (
    SELECT DISTINCT ON (credit.person) credit.person,
           member.id IS NOT NULL AND (member.email IS NOT NULL OR member.phone IS NOT NULL) AS is_contact,
           member.email_verified_at IS NOT NULL OR member.phone_verified_at IS NOT NULL AS is_member,
           EXISTS (SELECT FROM circles_membership place
                   WHERE place.member_id = member.id AND place.joined_at < %(now)s) AS has_joined,
           coalesce(bought.paid, 0) >= 1 AS has_ordered,
           coalesce(bought.kept, 0) >= 2 AS is_repeat,
           coalesce(earned.margin, 0) AS margin
    FROM credit
    LEFT JOIN accounts_member member ON member.id = credit.person
    LEFT JOIN bought ON bought.member_id = member.id
    LEFT JOIN earned ON earned.member_id = member.id
)
"""

LEDGER = (
    CREDIT
    + """,
won AS (
    SELECT credit.source_id,
           sum(share) AS visits,
           sum(share) FILTER (WHERE is_contact) AS contacts,
           sum(share) FILTER (WHERE is_member) AS members,
           sum(share) FILTER (WHERE has_joined) AS circle_joins,
           sum(share) FILTER (WHERE has_ordered) AS first_orders,
           sum(share) FILTER (WHERE is_repeat) AS repeat_buyers,
           sum(floor(margin::numeric * up_to / 10000) - floor(margin::numeric * (up_to - share) / 10000)) AS margin
    FROM credit JOIN person USING (person)
    GROUP BY credit.source_id
),
spent AS (
    SELECT source_id, sum(amount_minor) AS spend FROM sources_spend
    WHERE spent_on >= %(first_day)s AND spent_on < %(last_day)s GROUP BY source_id
)
SELECT source.id, source.kind, source.name, source.token, owner.name, coalesce(spent.spend, 0)::bigint,
       coalesce(visits, 0)::bigint, coalesce(contacts, 0)::bigint, coalesce(members, 0)::bigint, coalesce(circle_joins, 0)::bigint,
       coalesce(first_orders, 0)::bigint, coalesce(repeat_buyers, 0)::bigint, coalesce(margin, 0)::bigint
FROM sources_source source
LEFT JOIN won ON won.source_id = source.id
LEFT JOIN spent ON spent.source_id = source.id
LEFT JOIN accounts_member owner ON owner.id = source.owner_id
WHERE won.source_id IS NOT NULL OR spent.source_id IS NOT NULL
ORDER BY repeat_buyers DESC NULLS LAST, visits DESC NULLS LAST, source.id
"""
)

CONDITIONS = {
    "visits": "true", "contacts": "is_contact", "members": "is_member", "circle_joins": "has_joined",
    "first_orders": "has_ordered", "repeat_buyers": "is_repeat", "margin": "margin <> 0",
}  # fmt: skip

LINES = (
    CREDIT
    + """
SELECT count(DISTINCT line.member_id), count(*) FILTER (WHERE line.kept_at < %(now)s), count(*) FILTER (WHERE line.returned_at < %(now)s)
FROM sales_orderline line JOIN sales_order o ON o.id = line.order_id AND o.origin <> 'replay' AND o.paid_at < %(now)s
WHERE line.member_id IN (SELECT person FROM credit WHERE source_id = ANY(%(sources)s::bigint[]))
"""
)

FACTS = (
    CREDIT
    + """
SELECT credit.person, coalesce(member.name, ''), sum(credit.share)::bigint, max(person.margin)::bigint,
       coalesce(member.joined_at, visitor.first_seen_at)
FROM credit JOIN person USING (person)
LEFT JOIN accounts_member member ON member.id = credit.person
LEFT JOIN sources_visitor visitor ON visitor.id = -credit.person
WHERE (%(source_id)s::bigint IS NULL OR credit.source_id = %(source_id)s) AND {condition}
GROUP BY credit.person, member.name, member.joined_at, visitor.first_seen_at
ORDER BY 5 DESC, credit.person
LIMIT %(limit)s OFFSET %(offset)s
"""
)


@dataclass(frozen=True)
class LedgerRow:
    """One source. Columns of people are in shares of `WHOLE`; money in minor units."""

    source_id: int
    kind: str
    name: str
    token: str
    owner_name: str | None
    spend_minor: int
    visits: int
    contacts: int
    members: int
    circle_joins: int
    first_orders: int
    repeat_buyers: int
    margin_minor: int

    @property
    def after_spend_minor(self) -> int:
        """Margin that is left when the spend is taken off."""
        return self.margin_minor - self.spend_minor

    @property
    def cost(self) -> CostInterval | None:
        """What one repeat buyer cost."""
        return cost_per_relation(spend_minor=self.spend_minor, relation_shares=self.repeat_buyers)

    def people(self, column: str) -> float:
        """A column as a number of people; a whole number under every model but `even`."""
        return int(getattr(self, column)) / WHOLE


@dataclass(frozen=True)
class RelationLedger:
    """The rows, most repeat buyers first, and their sum."""

    model: Model
    starts_at: datetime
    ends_at: datetime
    rows: list[LedgerRow]

    @property
    def total(self) -> LedgerRow:
        """The sum of the rows shown; equal under every model."""
        names = ("spend_minor", *COLUMNS, "margin_minor")
        sums = {name: sum(getattr(row, name) for row in self.rows) for name in names}
        return LedgerRow(source_id=0, kind="", name="", token="", owner_name=None, **sums)


@dataclass(frozen=True)
class Fact:
    """Somebody behind a figure: a member, or a browser without a name (then member_id is None)."""

    member_id: int | None
    name: str
    share: int
    margin_minor: int
    at: datetime


def relation_ledger(
    *,
    model: Model = Model.FIRST,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    source_ids: Collection[int] | None = None,
) -> RelationLedger:
    """What each source brought of the people who first arrived within [starts_at, ends_at), as known at `now`.

    source_ids: the rows of these only, with the same figures as in the whole ledger, and without reading the rest of it.
    """
    params = _params(model, starts_at, ends_at, now) | {"sources": None if source_ids is None else list(source_ids)}
    with connection.cursor() as cursor:
        cursor.execute(LEDGER, params)
        rows = [LedgerRow(*row) for row in cursor.fetchall()]
    return RelationLedger(
        model, starts_at, ends_at, rows if source_ids is None else [row for row in rows if row.source_id in source_ids]
    )


def lines_of(
    *, source_ids: Collection[int], model: Model = Model.FIRST, starts_at: datetime, ends_at: datetime, now: datetime
) -> tuple[int, int, int]:
    """Of the people whom these sources brought: how many bought, and how many order lines were kept and how many came back."""
    params = _params(model, starts_at, ends_at, now) | {"sources": list(source_ids)}
    with connection.cursor() as cursor:
        cursor.execute(LINES, params)
        people, kept, returned = cursor.fetchone()
        return people, kept, returned


def facts(
    *,
    column: str,
    source_id: int | None,
    model: Model = Model.FIRST,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    limit: int = 200,
    offset: int = 0,
) -> list[Fact]:
    """The people behind one figure, newest first; their shares add up to it. source_id None: the total's."""
    statement = FACTS.format(condition=CONDITIONS[column])
    params = _params(model, starts_at, ends_at, now) | {"source_id": source_id, "limit": limit, "offset": offset}
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [Fact(person if person > 0 else None, *rest) for person, *rest in cursor.fetchall()]


def _params(model: Model, starts_at: datetime, ends_at: datetime, now: datetime) -> dict[str, Any]:
    return {
        "model": str(model), "starts_at": starts_at, "ends_at": ends_at, "now": now,
        "first_day": local(starts_at).date(), "last_day": local(ends_at).date(), "sources": None,
    }  # fmt: skip
