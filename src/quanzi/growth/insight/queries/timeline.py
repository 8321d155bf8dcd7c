"""A member's life in the shop, as dated facts from every room below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

TIMELINE = """
SELECT kind, happened_at, title, amount_minor, link FROM (
    SELECT 'touch' AS kind, touch.happened_at, source.name AS title, NULL::bigint AS amount_minor, '/console/sources/' || source.id AS link
    FROM sources_touch touch JOIN sources_source source ON source.id = touch.source_id WHERE touch.member_id = %(member)s
    UNION ALL SELECT 'joined', joined_at, '', NULL, '' FROM accounts_member WHERE id = %(member)s
    UNION ALL SELECT 'circle', place.joined_at, circle.name, NULL, '/c/' || circle.slug
    FROM circles_membership place JOIN circles_circle circle ON circle.id = place.circle_id
    WHERE place.member_id = %(member)s AND place.joined_at IS NOT NULL
    UNION ALL SELECT 'ordered', placed_at, number, amount_minor, '/console/orders/' || number FROM sales_order WHERE member_id = %(member)s
    UNION ALL SELECT 'paid', paid_at, number, amount_minor, '/console/orders/' || number
    FROM sales_order WHERE member_id = %(member)s AND paid_at IS NOT NULL
    UNION ALL SELECT 'refunded', ended_at, number, refunded_minor, '/console/orders/' || number
    FROM sales_order WHERE member_id = %(member)s AND state = 'refunded'
    UNION ALL SELECT 'kept', line.kept_at, line.title, line.paid_minor, '/console/orders/' || o.number
    FROM sales_orderline line JOIN sales_order o ON o.id = line.order_id WHERE line.member_id = %(member)s AND line.kept_at IS NOT NULL
    UNION ALL SELECT 'returned', line.returned_at, line.title, line.refunded_minor, '/console/orders/' || o.number
    FROM sales_orderline line JOIN sales_order o ON o.id = line.order_id WHERE line.member_id = %(member)s AND line.returned_at IS NOT NULL
    UNION ALL SELECT post.kind, post.created_at, post.title, NULL, '/n/' || post.id
    FROM posts_post post WHERE post.author_id = %(member)s AND post.removed_at IS NULL
    UNION ALL SELECT CASE WHEN team.opener_id = seat.member_id THEN 'team_opened' ELSE 'team_joined' END, seat.taken_at, product.name, NULL,
                     '/t/' || team.code
    FROM deals_seat seat JOIN deals_team team ON team.id = seat.team_id JOIN deals_groupdeal deal ON deal.id = team.deal_id
    JOIN catalogue_sku sku ON sku.id = deal.sku_id JOIN catalogue_product product ON product.id = sku.product_id
    WHERE seat.member_id = %(member)s
    UNION ALL SELECT 'invited', tie.made_at, friend.name, NULL, '/console/members/' || friend.id
    FROM trust_tie tie JOIN accounts_member friend ON friend.id = tie.target_id WHERE tie.source_id = %(member)s AND tie.kind = 'invited'
      AND tie.evidence = 'invited_by:' || tie.source_id
    UNION ALL SELECT CASE WHEN granted THEN 'consent_given' ELSE 'consent_withdrawn' END, decided_at, purpose, NULL, ''
    FROM contact_consent WHERE member_id = %(member)s
) fact
WHERE happened_at <= %(now)s AND (%(before)s::timestamptz IS NULL OR happened_at < %(before)s)
ORDER BY happened_at DESC, kind, title
LIMIT %(limit)s
"""


@dataclass(frozen=True)
class TimelineFact:
    """One dated fact. kind names its wording; link leads to where it can be checked, empty when it is its own proof."""

    kind: str
    at: datetime
    title: str
    amount_minor: int | None
    link: str


def member_timeline(
    member_id: int, *, now: datetime, before: datetime | None = None, limit: int = 60
) -> list[TimelineFact]:
    """The newest facts first, keyset by moment."""
    with connection.cursor() as cursor:
        cursor.execute(TIMELINE, {"member": member_id, "now": now, "before": before, "limit": limit})
        return [TimelineFact(*row) for row in cursor.fetchall()]
