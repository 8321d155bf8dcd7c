"""What must hold of teams at every moment; the doctor runs these and repairs from the seats and orders."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import Rows, invariant, rows_of
from quanzi.kernel import clock
from quanzi.trade.deals import services
from quanzi.trade.deals.models import Team, TeamState
from quanzi.trade.deals.services import seats
from quanzi.trade.sales.models import Order, OrderState

PATIENCE = timedelta(minutes=15)
"""How long a team may be past its deadline, or failed, before somebody looks."""

require_audit("deal.created", "SELECT 'deal:' || id AS target FROM deals_groupdeal")
require_audit("deal.stopped", "SELECT 'deal:' || id AS target FROM deals_groupdeal WHERE stopped_at IS NOT NULL")

ENDED = """
SELECT s.order_id FROM deals_seat s JOIN sales_order o ON o.id = s.order_id
WHERE s.state IN ('held', 'paid') AND o.state IN ('cancelled', 'refunded')
"""

COUNTERS = """
UPDATE deals_team t SET taken_seats = s.taken, paid_seats = s.paid
FROM (SELECT t.id, count(s.id) FILTER (WHERE s.state IN ('held', 'paid')) AS taken,
             count(s.id) FILTER (WHERE s.state = 'paid') AS paid
        FROM deals_team t LEFT JOIN deals_seat s ON s.team_id = t.id GROUP BY t.id) s
WHERE s.id = t.id AND (t.taken_seats, t.paid_seats) <> (s.taken, s.paid)
"""

USES = """
WITH live AS (
    SELECT deal_id, member_id, count(*) AS used FROM deals_seat WHERE state IN ('held', 'paid')
     GROUP BY deal_id, member_id)
UPDATE deals_dealuse u SET used = coalesce(l.used, 0)
FROM deals_dealuse v LEFT JOIN live l ON (l.deal_id, l.member_id) = (v.deal_id, v.member_id)
WHERE v.id = u.id AND u.used <> coalesce(l.used, 0)
"""


def finish_teams() -> None:
    """Fail what is due and give back what failed; do again what follows from success."""
    now = clock.now()
    services.fail_due(now)
    unreleased = Team.objects.filter(
        state=TeamState.SUCCEEDED, seats__state="paid", seats__order__state="paid", seats__order__released_at=None
    )
    for team_id in unreleased.values_list("pk", flat=True).distinct():
        services.settle_team(team_id=team_id, now=now)


def level() -> None:
    """Give back the differences that are still due."""
    services.level_due(clock.now())


def recount_seats() -> None:
    """End seats whose order has ended, then count again what seats there are."""
    with connection.cursor() as cursor:
        cursor.execute(ENDED)
        ended = [row[0] for row in cursor.fetchall()]
        for order in Order.objects.filter(pk__in=ended, state__in=[OrderState.CANCELLED, OrderState.REFUNDED]):
            seats.give_up(order=order, now=clock.now())
        cursor.execute(COUNTERS)
        cursor.execute(USES)


@invariant("G1", "A team ends with everybody confirmed, or with everybody refunded", fix=finish_teams)
def every_team_ends() -> Rows:
    return rows_of(
        """SELECT t.id AS team, 'past its deadline and not ended' AS problem
             FROM deals_team t WHERE t.state = 'forming' AND t.deadline < %(limit)s
           UNION ALL
           SELECT t.id, 'failed, but seat ' || s.id || ' was not given back'
             FROM deals_team t JOIN deals_seat s ON s.team_id = t.id AND s.state IN ('held', 'paid')
            WHERE t.state = 'failed' AND t.failed_at < %(limit)s
           UNION ALL
           SELECT t.id, 'succeeded, but order ' || o.number || ' was not released'
             FROM deals_team t JOIN deals_seat s ON s.team_id = t.id AND s.state = 'paid'
             JOIN sales_order o ON o.id = s.order_id
            WHERE t.state = 'succeeded' AND o.state = 'paid' AND o.released_at IS NULL
           UNION ALL
           SELECT t.id, 'not succeeded, but order ' || o.number || ' was released'
             FROM deals_team t JOIN deals_seat s ON s.team_id = t.id JOIN sales_order o ON o.id = s.order_id
            WHERE t.state <> 'succeeded' AND o.released_at IS NOT NULL
           UNION ALL
           SELECT t.id, 'seat ' || s.id || ' was given back, the money of order ' || o.number || ' was not'
             FROM deals_team t JOIN deals_seat s ON s.team_id = t.id AND s.state = 'refunded'
             JOIN sales_order o ON o.id = s.order_id
            WHERE o.state <> 'refunded' OR o.refunded_minor <> o.amount_minor""",
        {"limit": clock.now() - PATIENCE},
    )


@invariant("G1.proof", "A team succeeded with as many different members who paid in time as it has seats")
def success_is_proven() -> str:
    return """
        SELECT t.id AS team, t.team_size, count(DISTINCT s.member_id) FILTER (WHERE p.id IS NOT NULL) AS proven
          FROM deals_team t
          LEFT JOIN deals_seat s ON s.team_id = t.id AND s.paid_at <= t.succeeded_at
               AND (s.ended_at IS NULL OR s.ended_at >= t.succeeded_at)
          LEFT JOIN payments_payment p ON p.payable_kind = 'order' AND p.payable_id = s.order_id
               AND p.state = 'captured' AND NOT p.surplus AND p.captured_at < t.deadline
         WHERE t.state = 'succeeded'
         GROUP BY t.id
        HAVING count(DISTINCT s.member_id) FILTER (WHERE p.id IS NOT NULL) < t.team_size"""


@invariant(
    "G2.ladder",
    "A ladder ends at the step that people who paid had reached, and every one of them at its price",
    fix=level,
)
def ladders_end_at_their_step() -> Rows:
    return rows_of(
        """WITH proven AS (
            SELECT t.id, t.code, t.deal_id, t.price_minor, t.final_minor, count(DISTINCT s.member_id) AS people
              FROM deals_team t JOIN deals_seat s ON s.team_id = t.id AND s.paid_at <= t.succeeded_at
                   AND (s.ended_at IS NULL OR s.ended_at >= t.succeeded_at)
             WHERE t.state = 'succeeded' AND t.most_seats > t.team_size GROUP BY t.id),
        reached AS (
            SELECT p.*, least(p.price_minor, min((step->>1)::bigint)) AS price
              FROM proven p JOIN deals_groupdeal d ON d.id = p.deal_id
              LEFT JOIN jsonb_array_elements(d.steps) step ON (step->>0)::integer <= p.people
             GROUP BY p.id, p.code, p.deal_id, p.price_minor, p.final_minor, p.people)
        SELECT id AS team, people || ' people make it ' || price || ', not ' || coalesce(final_minor::text, 'nothing') AS problem
          FROM reached WHERE final_minor IS DISTINCT FROM price
        UNION ALL
        SELECT t.id, 'seat ' || s.id || ' waits for its difference'
          FROM deals_team t JOIN deals_seat s ON s.team_id = t.id AND s.state = 'paid' AND s.levelled_minor IS NULL
         WHERE t.final_minor < t.price_minor AND t.succeeded_at < %(limit)s
        UNION ALL
        SELECT s.team_id, 'seat ' || s.id || ' got ' || coalesce(r.amount_minor, 0) || ' back and ' || s.levelled_minor || ' is written'
          FROM deals_seat s LEFT JOIN sales_orderrefund r ON r.order_id = s.order_id AND r.idempotency_key = 'ladder:' || s.id
         WHERE coalesce(r.amount_minor, 0) <> coalesce(s.levelled_minor, 0)
        UNION ALL
        SELECT t.id, 'seat ' || s.id || ' paid ' || l.paid_minor || ', got ' || s.levelled_minor || ' back, not the price of the step'
          FROM deals_team t JOIN deals_seat s ON s.team_id = t.id AND s.levelled_minor IS NOT NULL
          JOIN sales_orderline l ON l.order_id = s.order_id
         WHERE s.levelled_minor <> (t.price_minor - t.final_minor) * l.quantity
           AND (s.levelled_minor > (t.price_minor - t.final_minor) * l.quantity OR l.refunded_minor + 1 < l.paid_minor)""",
        {"limit": clock.now() - PATIENCE},
    )


@invariant("G2.new", "Whoever joined a team for newcomers had never paid before")
def newcomers_were_new() -> str:
    return """
        SELECT s.team_id AS team, s.id AS seat, o.number AS paid_before
          FROM deals_seat s JOIN deals_team t ON t.id = s.team_id AND t.newcomers_only AND t.opener_id <> s.member_id
          JOIN sales_order o ON o.member_id = s.member_id AND o.id <> s.order_id AND o.paid_at <= s.paid_at"""


@invariant("G2", "Seats of a team: counted right, within its size, one for each person", fix=recount_seats)
def seats_add_up() -> str:
    return """
        SELECT t.id AS team, 'counts ' || t.taken_seats || '/' || t.paid_seats || ' for ' || count(s.id) || '/'
               || count(s.id) FILTER (WHERE s.state = 'paid') AS problem
          FROM deals_team t LEFT JOIN deals_seat s ON s.team_id = t.id AND s.state IN ('held', 'paid')
         GROUP BY t.id
        HAVING t.taken_seats <> count(s.id) OR t.paid_seats <> count(s.id) FILTER (WHERE s.state = 'paid')
            OR count(s.id) > t.most_seats OR count(s.id) <> count(DISTINCT s.member_id)
         UNION ALL
        SELECT s.team_id, 'seat ' || s.id || ' lives, its order ' || o.number || ' has ended'
          FROM deals_seat s JOIN sales_order o ON o.id = s.order_id
         WHERE s.state IN ('held', 'paid') AND o.state IN ('cancelled', 'refunded')"""


@invariant("G2.limit", "Nobody is in more teams of a deal than one member may be", fix=recount_seats)
def limits_hold() -> str:
    return """
        SELECT u.deal_id AS deal, u.member_id AS member, u.used, coalesce(l.live, 0) AS live, d.per_member_limit AS most
          FROM deals_dealuse u JOIN deals_groupdeal d ON d.id = u.deal_id
          LEFT JOIN (SELECT deal_id, member_id, count(*) AS live FROM deals_seat WHERE state IN ('held', 'paid')
                      GROUP BY deal_id, member_id) l ON (l.deal_id, l.member_id) = (u.deal_id, u.member_id)
         WHERE u.used <> coalesce(l.live, 0)"""


@invariant("G2.price", "Every seat is charged the price of its team, and nobody else is")
def prices_are_the_teams() -> str:
    return """
        SELECT s.id AS seat, o.number, l.unit_minor AS charged, t.price_minor AS agreed
          FROM deals_seat s JOIN deals_team t ON t.id = s.team_id JOIN deals_groupdeal d ON d.id = t.deal_id
          JOIN sales_order o ON o.id = s.order_id JOIN sales_orderline l ON l.order_id = o.id
         WHERE l.sku_id <> d.sku_id OR l.unit_minor > t.price_minor
         UNION ALL
        SELECT NULL, o.number, a.amount_minor, NULL
          FROM sales_adjustment a JOIN sales_order o ON o.id = a.order_id
         WHERE starts_with(a.source, 'deal:') AND NOT EXISTS (SELECT 1 FROM deals_seat s WHERE s.order_id = o.id)"""
