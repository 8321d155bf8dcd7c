"""Facts about a supplier, and the cases behind each of them; nothing of what buyers did whom a moderator left out of counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quanzi.base import planned
from quanzi.people.trust.rings import LEFT_OUT
from quanzi.trade.aftersales.queries.quality import SPEAKS
from quanzi.trade.aftersales.rules import FAULTS_OF_A_LOT
from quanzi.trade.aftersales.scoring import COMPLAINTS, LATE, RECALLS, RETURNS, SHORT, Evidence, Score, fact, score

GIVEN = f"""SELECT DISTINCT g.line_id FROM supply_lotorigin o JOIN fulfilment_linelot g ON g.lot_id = o.lot_id
    JOIN sales_orderline b ON b.id = g.line_id
    WHERE o.supplier_id = %(supplier)s AND g.handed_over_at >= %(since)s AND NOT {LEFT_OUT.format(id="b.member_id")}"""

DUE = """SELECT p.id, p.number, p.title, p.state, p.closed_at, coalesce(p.promised_at, p.due_at) AS due,
        coalesce((SELECT min(r.received_at) FROM supply_receipt r JOIN supply_purchaseline x ON x.id = r.line_id WHERE x.purchase_id = p.id),
            p.closed_at, %(now)s) AS came
    FROM supply_purchase p WHERE p.supplier_id = %(supplier)s AND p.state NOT IN ('draft', 'cancelled')
        AND coalesce(p.promised_at, p.due_at) >= %(since)s AND coalesce(p.promised_at, p.due_at) < %(now)s"""

ENDED = """SELECT p.id AS purchase_id, x.title, x.quantity, x.confirmed, x.received, x.damaged, p.number, p.closed_at
    FROM supply_purchaseline x JOIN supply_purchase p ON p.id = x.purchase_id
    WHERE p.supplier_id = %(supplier)s AND p.state = 'received' AND p.closed_at >= %(since)s"""
IS_SHORT = "received - damaged < coalesce(confirmed, quantity)"

LOTS = """SELECT DISTINCT t.id, t.code, t.recalled_at FROM supply_lotorigin o JOIN catalogue_lot t ON t.id = o.lot_id
    JOIN fulfilment_linelot g ON g.lot_id = t.id WHERE o.supplier_id = %(supplier)s AND g.handed_over_at >= %(since)s"""

COUNT = f"""
WITH given AS ({GIVEN}), due AS ({DUE}), ended AS ({ENDED}), lots AS ({LOTS})
SELECT (SELECT count(*) FROM given),
    (SELECT count(DISTINCT c.line_id) FROM given JOIN aftersales_claim c USING (line_id) WHERE c.reason = ANY (%(faults)s) AND {SPEAKS}),
    (SELECT count(*) FROM given JOIN sales_orderline l ON l.id = given.line_id WHERE l.returned_at IS NOT NULL),
    (SELECT count(*) FROM lots), (SELECT count(*) FROM lots WHERE recalled_at IS NOT NULL),
    (SELECT count(*) FROM due), (SELECT count(*) FROM due WHERE came > due),
    (SELECT count(*) FROM ended), (SELECT count(*) FROM ended WHERE {IS_SHORT})
"""

CASES = {
    "complaints": f"""SELECT 'order:' || o.number, l.title, c.note, min(c.opened_at) FROM ({GIVEN}) given
        JOIN aftersales_claim c ON c.line_id = given.line_id JOIN sales_orderline l ON l.id = c.line_id JOIN sales_order o ON o.id = l.order_id
        WHERE c.reason = ANY (%(faults)s) AND {SPEAKS} GROUP BY o.number, l.id, c.note""",
    "returns": f"""SELECT 'order:' || o.number, l.title, '', l.returned_at FROM ({GIVEN}) given
        JOIN sales_orderline l ON l.id = given.line_id JOIN sales_order o ON o.id = l.order_id WHERE l.returned_at IS NOT NULL""",
    "recalls": f"SELECT 'lot:' || id, code, '', recalled_at FROM ({LOTS}) lots WHERE recalled_at IS NOT NULL",
    "late": f"""SELECT 'purchase:' || id, coalesce(nullif(title, ''), number), '+' || ceil(extract(epoch FROM came - due) / 3600) || ' h', due
        FROM ({DUE}) due WHERE came > due""",
    "short": f"""SELECT 'purchase:' || purchase_id, title || ' · ' || number, (received - damaged) || ' / ' || coalesce(confirmed, quantity),
        closed_at FROM ({ENDED}) ended WHERE {IS_SHORT}""",
}  # fmt: skip


def supplier_score(supplier_id: int, *, since: datetime, now: datetime) -> Score:
    """Of what was handed over, promised and received since then."""
    [row] = planned.rows(COUNT, _params(supplier_id, since, now))
    given, complaints, returns, lots, recalled, due, late, ended, short = row
    return score(
        [
            fact(COMPLAINTS, complaints, given),
            fact(RECALLS, recalled, lots),
            fact(LATE, late, due),
            fact(SHORT, short, ended),
            fact(RETURNS, returns, given),
        ]
    )


def supplier_evidence(
    supplier_id: int, measure: str, *, since: datetime, now: datetime, limit: int = 100
) -> list[Evidence]:
    """The cases behind one fact, the newest first. measure: a key of CASES (KeyError otherwise)."""
    sql = f"SELECT * FROM ({CASES[measure]}) cases (ref, title, second, at) ORDER BY at DESC, ref LIMIT %(limit)s"
    return [Evidence(*row) for row in planned.rows(sql, _params(supplier_id, since, now) | {"limit": limit})]


def _params(supplier_id: int, since: datetime, now: datetime) -> dict[str, Any]:
    return {"supplier": supplier_id, "since": since, "now": now, "faults": list(FAULTS_OF_A_LOT)}
