"""Facts about how a station is led, and the cases behind each of them; nothing of whom a moderator left out of counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quanzi.base import planned
from quanzi.people.trust.rings import LEFT_OUT
from quanzi.trade.aftersales.queries.quality import SPEAKS
from quanzi.trade.aftersales.rules import FAULTS_OF_A_POINT
from quanzi.trade.aftersales.scoring import COMPLAINTS, MISSED, RETURNS, UNCOUNTED, Evidence, Score, fact, score
from quanzi.trade.stations.queries.recalled import BY_THE_SHOP

GIVEN = f"""SELECT l.id, l.title, l.returned_at, o.number FROM stations_station s JOIN sales_order o ON o.pickup_point_id = s.point_id
    JOIN sales_orderline l ON l.order_id = o.id WHERE s.id = %(station)s AND l.handed_over_at >= %(since)s AND o.origin <> 'replay'
        AND NOT {LEFT_OUT.format(id="l.member_id")}"""

STOPS = """SELECT p.id, r.title, r.pickup_from,
        EXISTS (SELECT FROM stations_arrival a WHERE a.stop_id = p.id AND a.counted_at <= r.pickup_until) AS is_counted
    FROM stations_stop p JOIN stations_round r ON r.id = p.round_id WHERE p.station_id = %(station)s AND r.state = 'closed'
        AND r.pickup_until >= %(since)s AND r.pickup_until < %(now)s
        AND EXISTS (SELECT FROM stations_entry e WHERE e.stop_id = p.id AND e.settled_at IS NOT NULL)"""

ENTRIES = f"""SELECT e.id, e.missed_at, o.number FROM stations_entry e JOIN stations_stop p ON p.id = e.stop_id
    JOIN stations_round r ON r.id = p.round_id JOIN sales_order o ON o.id = e.order_id
    WHERE p.station_id = %(station)s AND e.settled_at IS NOT NULL AND r.pickup_until >= %(since)s AND r.pickup_until < %(now)s
        AND (e.ended_at IS NULL OR e.missed_at IS NOT NULL) AND NOT {LEFT_OUT.format(id="o.member_id")}"""

COUNT = f"""
WITH given AS ({GIVEN}), stops AS ({STOPS}), entries AS ({ENTRIES})
SELECT (SELECT count(*) FROM given),
    (SELECT count(DISTINCT c.line_id) FROM given JOIN aftersales_claim c ON c.line_id = given.id
        WHERE c.reason = ANY (%(faults)s) AND {SPEAKS}),
    (SELECT count(*) FROM given WHERE returned_at IS NOT NULL AND NOT {BY_THE_SHOP.format(line="given.id")}),
    (SELECT count(*) FROM stops), (SELECT count(*) FROM stops WHERE NOT is_counted),
    (SELECT count(*) FROM entries), (SELECT count(*) FROM entries WHERE missed_at IS NOT NULL)
"""

CASES = {
    "complaints": f"""SELECT 'order:' || given.number, given.title, c.note, min(c.opened_at) FROM ({GIVEN}) given
        JOIN aftersales_claim c ON c.line_id = given.id
        WHERE c.reason = ANY (%(faults)s) AND {SPEAKS} GROUP BY given.number, given.id, given.title, c.note""",
    "returns": f"SELECT 'order:' || number, title, '', returned_at FROM ({GIVEN}) given WHERE returned_at IS NOT NULL"
    f" AND NOT {BY_THE_SHOP.format(line='given.id')}",
    "uncounted": f"SELECT 'round', title, '', pickup_from FROM ({STOPS}) stops WHERE NOT is_counted",
    "missed": f"SELECT 'order:' || number, number, '', missed_at FROM ({ENTRIES}) entries WHERE missed_at IS NOT NULL",
}


def leader_score(station_id: int, *, since: datetime, now: datetime) -> Score:
    """Of what was handed over at the station, and of its rounds whose pick-up ended, since then."""
    given, complaints, returns, stops, uncounted, entries, missed = planned.rows(
        COUNT, _params(station_id, since, now)
    )[0]
    return score(
        [
            fact(COMPLAINTS, complaints, given),
            fact(UNCOUNTED, uncounted, stops),
            fact(MISSED, missed, entries),
            fact(RETURNS, returns, given),
        ]
    )


def leader_evidence(
    station_id: int, measure: str, *, since: datetime, now: datetime, limit: int = 100
) -> list[Evidence]:
    """The cases behind one fact, the newest first. measure: a key of CASES (KeyError otherwise)."""
    sql = f"SELECT * FROM ({CASES[measure]}) cases (ref, title, second, at) ORDER BY at DESC, ref LIMIT %(limit)s"
    return [Evidence(*row) for row in planned.rows(sql, _params(station_id, since, now) | {"limit": limit})]


def _params(station_id: int, since: datetime, now: datetime) -> dict[str, Any]:
    return {"station": station_id, "since": since, "now": now, "faults": list(FAULTS_OF_A_POINT)}
