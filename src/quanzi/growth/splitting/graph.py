"""Who interacts with whom in a circle: facts, in one statement. Nothing of it is stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from quanzi.growth.splitting.cutting import Graph
from quanzi.growth.splitting.rules import CROWD, HALF_LIFE_DAYS, REACH, WEIGHTS, Tie

# A team or a list is shared out: with n people, each pair gets one part of n - 1.
TIES = """
WITH here AS MATERIALIZED (SELECT p.member_id FROM circles_membership p JOIN accounts_member m ON m.id = p.member_id AND m.is_active
        WHERE p.circle_id = %(circle)s AND p.state = 'joined'),
post AS MATERIALIZED (SELECT n.id, n.author_id, n.accepted_comment_id FROM posts_post n
        WHERE n.circle_id = %(circle)s AND n.hidden_at IS NULL AND n.removed_at IS NULL),
said AS MATERIALIZED (SELECT c.id, c.author_id, coalesce(first.author_id, post.author_id) AS to_id, post.author_id AS asker_id, c.created_at,
            c.id = post.accepted_comment_id AS helped
        FROM post JOIN posts_comment c ON c.post_id = post.id AND c.removed_at IS NULL AND c.hidden_at IS NULL
        LEFT JOIN posts_comment first ON first.id = c.answers_id),
team AS (SELECT t.id AS key, s.member_id, s.paid_at AS at, count(*) OVER (PARTITION BY t.id) AS people FROM deals_groupdeal g
        JOIN deals_team t ON t.deal_id = g.id AND t.state = 'succeeded' JOIN deals_seat s ON s.team_id = t.id AND s.state = 'paid'
        WHERE g.circle_id = %(circle)s),
list AS (SELECT c.id AS key, s.member_id, s.signed_at AS at, count(*) OVER (PARTITION BY c.id) AS people FROM chains_chain c
        JOIN chains_signup s ON s.chain_id = c.id AND s.ended_at IS NULL WHERE c.circle_id = %(circle)s),
fact AS (SELECT author_id AS a, to_id AS b, created_at AS at, %(reply)s::float8 AS weight FROM said
    UNION ALL SELECT author_id, asker_id, created_at, %(answer)s FROM said WHERE helped
    UNION ALL SELECT r.member_id, post.author_id, r.created_at, %(useful)s FROM post JOIN posts_reaction r ON r.post_id = post.id
    UNION ALL SELECT x.member_id, y.member_id, greatest(x.at, y.at), %(team)s / (x.people - 1)
        FROM team x JOIN team y USING (key) WHERE x.member_id < y.member_id AND x.people <= %(crowd)s
    UNION ALL SELECT x.member_id, y.member_id, greatest(x.at, y.at), %(list)s / (x.people - 1)
        FROM list x JOIN list y USING (key) WHERE x.member_id < y.member_id AND x.people <= %(crowd)s
    UNION ALL SELECT source_id, target_id, %(now)s, %(tie)s FROM here JOIN trust_tie t ON t.source_id = here.member_id
        WHERE t.kind IN ('follow', 'friend', 'family') AND t.withdrawn_at IS NULL AND t.made_at <= %(now)s)
SELECT least(a, b), greatest(a, b), sum(weight * power(0.5, extract(epoch FROM %(now)s - at) / 86400.0 / %(half)s))::float8, count(*)
FROM fact JOIN here one ON one.member_id = a JOIN here other ON other.member_id = b
WHERE a <> b AND at > %(since)s AND at <= %(now)s GROUP BY 1, 2 ORDER BY 1, 2
"""


def ties_of(circle_id: int, *, now: datetime) -> list[Tie]:
    """Every pair of people of the circle who had to do with each other within the last year."""
    values: dict[str, Any] = {
        "circle": circle_id,
        "now": now,
        "since": now - REACH,
        "half": HALF_LIFE_DAYS,
        "crowd": CROWD,
        **WEIGHTS,
    }
    with connection.cursor() as cursor:
        cursor.execute(TIES, values)
        return [(one, other, mass, times) for one, other, mass, times in cursor.fetchall()]


def graph_of(ties: list[Tie]) -> tuple[Graph, list[int]]:
    """The graph, and the member at each node. What is between two people counts by its logarithm: a long talk is one tie, not fifty."""
    people = sorted({member for one, other, *_ in ties for member in (one, other)})
    node = {member: place for place, member in enumerate(people)}
    one = np.array([node[tie[0]] for tie in ties], dtype=np.int64)
    other = np.array([node[tie[1]] for tie in ties], dtype=np.int64)
    return Graph(len(people), one, other, np.log1p(np.array([tie[2] for tie in ties], dtype=float))), people
