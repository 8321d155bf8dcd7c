"""What pairs of people share, one statement for each kind of sign: (one, other, how often), one < other."""

from __future__ import annotations

from django.db import connection

CROWD = 40
"""A browser, address or account that more people share says nothing about any two of them (a station's tablet, an office)."""

_SHARED = f"""
WITH shared AS ({{held}}), few AS (SELECT what FROM shared GROUP BY what HAVING count(*) BETWEEN 2 AND {CROWD})
SELECT a.member_id, b.member_id, count(*) FROM few JOIN shared a USING (what) JOIN shared b USING (what)
WHERE a.member_id < b.member_id GROUP BY 1, 2
"""

# One browser in which both were logged in.
DEVICE = _SHARED.format(
    held="""SELECT DISTINCT visitor_id AS what, member_id FROM (
        SELECT visitor_id, member_id FROM sources_touch WHERE member_id IS NOT NULL
        UNION ALL SELECT id, member_id FROM sources_visitor WHERE member_id IS NOT NULL) AS seen"""
)

# One door, however it is spelled with spaces and capitals.
ADDRESS = _SHARED.format(
    held="""SELECT DISTINCT hashtextextended(region_code || ':' || lower(regexp_replace(detail, '[[:space:],.，。、-]', '', 'g')), 0) AS what,
        member_id FROM accounts_address"""
)

# One account at the payment provider that paid for both, as the provider said in its notification.
PAYER = _SHARED.format(
    held="""SELECT DISTINCT hashtextextended(n.provider || ':' || (n.content->'payer'->>'openid'), 0) AS what, p.member_id
        FROM payments_notification n JOIN payments_payment p ON p.number = n.content->>'out_trade_no'
        WHERE n.content->'payer'->>'openid' IS NOT NULL"""
)

# Complete teams in which nobody was but people of whom these two are some, and few: the smaller the team, the more it was theirs.
TEAMS = """
SELECT a.member_id, b.member_id, count(*) FROM deals_team t
JOIN deals_seat a ON a.team_id = t.id AND a.state = 'paid' JOIN deals_seat b ON b.team_id = t.id AND b.state = 'paid'
WHERE t.state = 'succeeded' AND t.team_size <= 10 AND a.member_id < b.member_id GROUP BY 1, 2 HAVING count(*) >= 3
"""

# One keeps what the other recommended, and back again.
ADVICE = """
SELECT a.source_id, a.target_id, count(*) FROM trust_tie a
WHERE a.kind = 'kept_advice' AND a.source_id < a.target_id
  AND EXISTS (SELECT FROM trust_tie b WHERE b.kind = 'kept_advice' AND b.source_id = a.target_id AND b.target_id = a.source_id)
GROUP BY 1, 2
"""

COMMISSION = """
SELECT least(beneficiary_id, buyer_id), greatest(beneficiary_id, buyer_id), count(*) FROM commission_accrual
WHERE state <> 'reversed' GROUP BY 1, 2 HAVING count(*) >= 2
"""

FAMILY = """
SELECT a.source_id, a.target_id, 1 FROM trust_tie a
WHERE a.kind = 'family' AND a.withdrawn_at IS NULL AND a.source_id < a.target_id
"""

SIGNS = {
    "device": DEVICE, "address": ADDRESS, "payer": PAYER, "teams": TEAMS, "advice": ADVICE, "commission": COMMISSION, "family": FAMILY,
}  # fmt: skip

Pair = tuple[int, int]


def all_signs() -> dict[Pair, dict[str, int]]:
    """Every pair with a sign, by kind, with how often."""
    found: dict[Pair, dict[str, int]] = {}
    for kind, sql in SIGNS.items():
        with connection.cursor() as cursor:
            cursor.execute(sql)
            for one, other, times in cursor.fetchall():
                found.setdefault((one, other), {})[kind] = times
    return found


HANDS_OF = """
WITH people AS (SELECT unnest(%(people)s::bigint[]) AS member_id)
SELECT a.member_id, b.member_id FROM people a JOIN people b ON a.member_id < b.member_id
WHERE EXISTS (SELECT FROM sources_touch x JOIN sources_touch y USING (visitor_id) WHERE x.member_id = a.member_id AND y.member_id = b.member_id)
   OR EXISTS (SELECT FROM accounts_address x JOIN accounts_address y ON y.region_code = x.region_code
              AND lower(regexp_replace(y.detail, '[[:space:],.，。、-]', '', 'g')) = lower(regexp_replace(x.detail, '[[:space:],.，。、-]', '', 'g'))
              WHERE x.member_id = a.member_id AND y.member_id = b.member_id)
   OR EXISTS (SELECT FROM commission_accrual c WHERE c.state <> 'reversed'
              AND (c.buyer_id, c.beneficiary_id) IN ((a.member_id, b.member_id), (b.member_id, a.member_id)))
   OR EXISTS (SELECT FROM trust_tie t WHERE t.kind = 'kept_advice'
              AND (t.source_id, t.target_id) IN ((a.member_id, b.member_id), (b.member_id, a.member_id)))
"""
"""Which of some people do not speak independently of each other."""
