"""What waits for a person: one statement, counts of facts, each with its oldest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from quanzi.kernel.clock import midnight, today

PATIENCE = timedelta(hours=4)
"""A question of a member waits this long before it is a task of the shop; neighbours answer first."""

SHELF_WARNING = timedelta(days=2)
"""Goods that expire within this time, and are still on the shelf, are shown."""

UNCLAIMED = timedelta(days=2)
"""Ready goods that nobody picked up for this long."""

DESK = """
WITH claims AS (SELECT count(*) AS n, min(opened_at) AS at FROM aftersales_claim WHERE state = 'open'),
prepare AS (
    SELECT count(*) AS n, min(f.created_at) AS at, count(*) FILTER (WHERE o.method = 'delivery') AS delivery
    FROM fulfilment_fulfilment f JOIN sales_order o ON o.id = f.order_id
    WHERE f.state = 'waiting' AND o.origin <> 'replay'),
unclaimed AS (
    SELECT count(*) AS n, min(f.ready_at) AS at FROM fulfilment_fulfilment f
    WHERE f.state = 'ready' AND f.ready_at < %(unclaimed_before)s),
reports AS (SELECT count(*) AS n, min(made_at) AS at FROM safety_report WHERE decided_at IS NULL),
joins AS (
    SELECT count(*) AS n, min(asked_at) AS at, count(DISTINCT circle_id) AS circles
    FROM circles_membership WHERE state = 'asked'),
questions AS (
    SELECT count(*) AS n, min(created_at) AS at FROM posts_post post
    WHERE kind = 'question' AND hidden_at IS NULL AND removed_at IS NULL AND created_at < %(asked_before)s
      AND NOT EXISTS (SELECT FROM posts_comment c WHERE c.post_id = post.id AND c.author_id <> post.author_id
                      AND c.removed_at IS NULL AND c.hidden_at IS NULL)),
teams AS (
    SELECT count(*) AS n, min(deadline) AS at, coalesce(sum(team_size - paid_seats), 0) AS seats
    FROM deals_team WHERE state = 'forming' AND deadline > %(now)s AND deadline < %(day_end)s),
refunds AS (SELECT count(*) AS n, min(requested_at) AS at FROM payments_refund f WHERE state = 'failed'
    AND NOT EXISTS (SELECT FROM payments_refund a WHERE a.again_of_id = f.id)),
approvals AS (SELECT count(*) AS n, min(asked_at) AS at FROM approvals_approval WHERE state = 'waiting' AND expires_at > %(now)s),
cases AS (SELECT count(*) AS n, min(received_at) AS at FROM payments_notification WHERE decision = 'case' AND resolved_at IS NULL),
events AS (
    SELECT count(*) AS n, min(occurred_at) AS at FROM events_event WHERE delivered_at IS NULL AND next_attempt_at IS NOT NULL),
jobs AS (SELECT count(*) AS n, NULL::timestamptz AS at FROM procrastinate_jobs WHERE status = 'failed'),
shelf AS (
    SELECT count(*) AS n, min(lot.expires_at) AS at FROM catalogue_lot lot
    WHERE lot.recalled_at IS NULL AND lot.expires_at < %(expires_before)s
      AND (SELECT coalesce(sum(m.quantity), 0) FROM stock_movement m WHERE m.lot_id = lot.id) > 0),
empty AS (
    SELECT count(*) AS n, NULL::timestamptz AS at FROM catalogue_sku sku
    JOIN catalogue_product product ON product.id = sku.product_id
    LEFT JOIN stock_stock stock ON stock.sku_id = sku.id
    WHERE product.state = 'on_sale' AND sku.is_active AND coalesce(stock.on_hand + stock.expected - stock.reserved, 0) = 0),
low AS (
    SELECT count(*) AS n, NULL::timestamptz AS at FROM stock_stock stock
    JOIN catalogue_sku sku ON sku.id = stock.sku_id JOIN catalogue_product product ON product.id = sku.product_id
    WHERE product.state = 'on_sale' AND sku.is_active AND stock.on_hand + stock.expected - stock.reserved BETWEEN 1 AND stock.low_at)
SELECT 'paused' AS name, count(*) AS n, min(paused_at) AS at, 0::bigint AS more FROM aftersales_lotpause WHERE released_at IS NULL
UNION ALL SELECT 'invoices', count(*), min(coalesce(red_needed_at, asked_at)), 0 FROM aftersales_invoice WHERE state IN ('asked', 'red_needed')
UNION ALL SELECT 'helps', count(*), min(promised_by), 0 FROM aftersales_helpask WHERE answered_at IS NULL
UNION ALL SELECT 'compensations', count(*), min(granted_at), 0 FROM aftersales_compensation WHERE state = 'promised'
UNION ALL SELECT 'disputes', count(*), min(decide_by), 0 FROM aftersales_dispute WHERE state IN ('open', 'appealed')
UNION ALL SELECT 'claims' AS name, n, at, 0::bigint AS more FROM claims
UNION ALL SELECT 'prepare', n, at, delivery FROM prepare
UNION ALL SELECT 'unclaimed', n, at, 0 FROM unclaimed
UNION ALL SELECT 'reports', n, at, 0 FROM reports
UNION ALL SELECT 'joins', n, at, circles FROM joins
UNION ALL SELECT 'rings', count(*), min(found_at), 0 FROM trust_ring WHERE state = 'waiting'
UNION ALL SELECT 'questions', n, at, 0 FROM questions
UNION ALL SELECT 'teams', n, at, seats FROM teams
UNION ALL SELECT 'refunds', n, at, 0 FROM refunds
UNION ALL SELECT 'by_hand', count(*), min(requested_at), 0 FROM payments_refund WHERE state = 'done' AND provider_ref = ''
UNION ALL SELECT 'cases', n, at, 0 FROM cases
UNION ALL SELECT 'approvals', n, at, 0 FROM approvals
UNION ALL SELECT 'events', n, at, 0 FROM events
UNION ALL SELECT 'jobs', n, at, 0 FROM jobs
UNION ALL SELECT 'shelf', n, at, 0 FROM shelf
UNION ALL SELECT 'empty', n, at, 0 FROM empty
UNION ALL SELECT 'low', n, at, 0 FROM low
"""

NEEDS: dict[str, tuple[str, str]] = {
    "refunds": ("orders.refund", "ledger"),
    "by_hand": ("orders.refund", "ledger"),
    "cases": ("orders.refund", "ledger"),
    "approvals": ("approvals.decide", "approvals"),
    "claims": ("orders.refund", "orders"),
    "disputes": ("orders.refund", "orders"),
    "helps": ("orders.view", "orders"),
    "compensations": ("orders.refund", "orders"),
    "invoices": ("money.view", "ledger"),
    "teams": ("orders.view", "deals"),
    "prepare": ("orders.handle", "orders"),
    "paused": ("goods.edit", "goods"),
    "shelf": ("goods.edit", "goods"),
    "reports": ("circles.moderate", "circles"),
    "rings": ("circles.moderate", "circles"),
    "joins": ("circles.moderate", "circles"),
    "questions": ("circles.moderate", "circles"),
    "unclaimed": ("orders.handle", "orders"),
    "events": ("imports.run", "books"),
    "jobs": ("imports.run", "books"),
    "empty": ("goods.edit", "goods"),
    "low": ("goods.edit", "goods"),
}
"""For each kind of task, in order of weight: the permission of whoever does it, and the way of the rail where it counts."""


@dataclass(frozen=True)
class Task:
    """n things of one kind. at: the oldest, or for teams the next deadline; more: a second number of that kind."""

    name: str
    n: int
    at: datetime | None
    more: int

    @property
    def way(self) -> str:
        return NEEDS[self.name][1]


@dataclass(frozen=True)
class Desk:
    """Everything that waits, whoever it is for."""

    tasks: tuple[Task, ...]

    def tasks_for(self, permissions: Collection[str]) -> list[Task]:
        """What waits for somebody with these permissions, the weightiest first; nothing that is empty."""
        waiting = {task.name: task for task in self.tasks if task.n}
        return [waiting[name] for name, (needs, _) in NEEDS.items() if name in waiting and needs in permissions]


def desk(*, now: datetime) -> Desk:
    """Count what waits at `now`."""
    tomorrow = midnight(today(now)) + timedelta(days=1)
    params = {
        "now": now, "day_end": tomorrow, "asked_before": now - PATIENCE, "expires_before": now + SHELF_WARNING,
        "unclaimed_before": now - UNCLAIMED,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(DESK, params)
        return Desk(tuple(Task(name, n, at, int(more)) for name, n, at, more in cursor.fetchall()))
