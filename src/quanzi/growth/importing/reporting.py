"""What a replay brought about, counted from the rows it left."""

from __future__ import annotations

from typing import Any

from django.db import connection

from quanzi.growth.importing.clock import closing
from quanzi.growth.importing.models import ImportedMember, ImportedProduct, ImportRun
from quanzi.growth.importing.stand_ins import KIND

TEAMS = """
SELECT count(*) AS records,
       count(*) FILTER (WHERE record.team_id IS NULL) AS broken,
       count(*) FILTER (WHERE team.state = 'succeeded') AS succeeded,
       count(*) FILTER (WHERE team.state = 'failed') AS failed,
       count(*) FILTER (WHERE team.state = 'forming') AS forming
FROM importing_importedrecord record LEFT JOIN deals_team team ON team.id = record.team_id
WHERE record.run_id = %(run)s
"""

MONEY = """
WITH mine AS (
    SELECT seat.order_id AS id FROM importing_importedrecord record JOIN deals_seat seat ON seat.team_id = record.team_id
    WHERE record.run_id = %(run)s
)
SELECT (SELECT count(*) FROM mine) AS orders,
       (SELECT coalesce(sum(payment.amount_minor), 0)::bigint FROM payments_payment payment JOIN mine
          ON payment.payable_kind = 'order' AND payment.payable_id = mine.id AND payment.state = 'captured') AS paid_minor,
       (SELECT count(*) FROM sales_orderrefund refund JOIN mine ON mine.id = refund.order_id) AS refunds,
       (SELECT coalesce(sum(amount_minor), 0)::bigint FROM sales_orderrefund refund JOIN mine ON mine.id = refund.order_id)
           AS refunded_minor
"""

TIES = """
SELECT count(*) AS tie_facts, count(DISTINCT (least(source_id, target_id), greatest(source_id, target_id))) AS tied_pairs
FROM trust_tie tie JOIN importing_importedrecord record ON tie.evidence = 'team:' || record.team_id
WHERE record.run_id = %(run)s AND tie.withdrawn_at IS NULL
"""

# How much everybody who joined an opener's teams is tied to the opener, as trust counts it, summed over those people.
OPENERS = """
WITH pair AS (
    SELECT team.opener_id, tie.source_id AS other_id, count(DISTINCT team.id) AS teams,
           1 - exp(sum(ln(1 - trust_weight(tie.kind, extract(epoch FROM %(at)s - tie.made_at)::float8)))) AS strength
    FROM importing_importedrecord record
    JOIN deals_team team ON team.id = record.team_id AND team.state = 'succeeded'
    JOIN trust_tie tie ON tie.target_id = team.opener_id AND tie.evidence = 'team:' || team.id AND tie.withdrawn_at IS NULL
    WHERE record.run_id = %(run)s
    GROUP BY team.opener_id, tie.source_id
)
SELECT pair.opener_id AS member_id, member.name, count(*) AS people,
       (SELECT count(*) FROM importing_importedrecord record JOIN deals_team team ON team.id = record.team_id
         WHERE record.run_id = %(run)s AND team.opener_id = pair.opener_id AND team.state = 'succeeded') AS teams,
       round(sum(pair.strength)::numeric, 3)::float8 AS trust
FROM pair JOIN accounts_member member ON member.id = pair.opener_id
GROUP BY pair.opener_id, member.name ORDER BY sum(pair.strength) DESC, pair.opener_id LIMIT %(limit)s
"""

MOST_OPENERS = 10


def facts(run: ImportRun) -> dict[str, Any]:
    """Everything in the report but the sessions and the doctor: plain values, amounts in fen."""
    params = {"run": run.pk, "at": closing(run.total), "limit": MOST_OPENERS}
    return {
        **_rows(TEAMS, params)[0],
        **_rows(MONEY, params)[0],
        **_rows(TIES, params)[0],
        "members": ImportedMember.objects.filter(kind=KIND).count(),
        "products": ImportedProduct.objects.filter(kind=KIND).count(),
        "openers": _rows(OPENERS, params),
    }


def _rows(sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
