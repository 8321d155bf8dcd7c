"""Notices to others that name who is erased, or repeat their words."""

from __future__ import annotations

from django.db import connection

from quanzi.growth.erasing.fates import Gone

# Their keys tell whom they speak of. A scan of all notices: it is asked once for each member who leaves.
ABOUT = """
UPDATE contact_notice AS n
SET params = n.params
    || CASE WHEN n.params ? 'name' AND tells.name THEN jsonb_build_object('name', %(former)s::text) ELSE '{}' END
    || CASE WHEN n.params ? 'title' AND tells.title AND NOT %(keeps_words)s THEN jsonb_build_object('title', '…') ELSE '{}' END
FROM (
    SELECT 'comment:' || c.id AS key, c.author_id = %(member)s AS name, p.author_id = %(member)s AS title
        FROM posts_comment c JOIN posts_post p ON p.id = c.post_id WHERE %(member)s IN (c.author_id, p.author_id)
    UNION ALL SELECT 'answer:' || c.id, false, true
        FROM posts_comment c JOIN posts_post p ON p.id = c.post_id WHERE p.author_id = %(member)s
    UNION ALL SELECT 'tie_asked:' || id, true, false FROM trust_tierequest WHERE source_id = %(member)s
    UNION ALL SELECT 'tie_accepted:' || id, true, false FROM trust_tierequest WHERE target_id = %(member)s
    UNION ALL SELECT 'guest:' || %(member)s, true, false
    UNION ALL SELECT 'guest_joined:' || id || ':' || %(member)s, true, false FROM circles_circle
    UNION ALL SELECT kind || ':' || p.id, true, false
        FROM polls_poll p, (VALUES ('poll_asked'), ('poll_decided'), ('poll_thanked')) AS kinds(kind) WHERE p.asker_id = %(member)s
    UNION ALL SELECT 'poll_answered:' || id, true, false FROM polls_asked WHERE member_id = %(member)s
    UNION ALL SELECT 'offer:' || id, true, false FROM leads_approach WHERE %(member)s IN (sender_id, recipient_id)
    UNION ALL SELECT 'amount_asked:' || id, true, false FROM stores_paylink WHERE only_for_id = %(member)s
    UNION ALL SELECT kind || ':' || s.team_id || ':' || s.id, true, false
        FROM deals_seat s, (VALUES ('team_joined'), ('ladder_joined')) AS kinds(kind) WHERE s.member_id = %(member)s
) AS tells
WHERE n.member_id <> %(member)s AND n.key = tells.key
"""

ASKED_AT_THE_DOOR = """
UPDATE contact_notice SET params = params || jsonb_build_object('name', %(former)s::text)
WHERE kind = 'join_asked' AND split_part(key, ':', 3) = %(member)s::text
"""

HARMLESS = {
    "second_step_reset": "names an owner of the shop",
    "guest_arrived": "its key begins with guest",
    "offer_came": "its key begins with offer",
    "offer_came_shop": "names the shop",
    "suggestion_came": "its key begins with offer",
    "update_came": "its key begins with offer",
    "update_thanks": "its key begins with offer",
    "update_ask": "its key begins with offer",
    "offer_thanks": "its key begins with offer",
    "offer_ask": "its key begins with offer",
    "station_approved": "goes to the leader only",
    "station_declined": "goes to the leader only",
}
"""Kinds with a name that is no other member's, or that stand above under a shorter key."""


def quiet_notices(gone: Gone) -> None:
    """Others keep their notices, and read of a former member there."""
    values: dict[str, int | str | bool] = {
        "member": gone.member_id,
        "former": gone.former,
        "keeps_words": gone.keeps_words,
    }
    with connection.cursor() as cursor:
        cursor.execute(ABOUT, values)
        cursor.execute(ASKED_AT_THE_DOOR, values)
