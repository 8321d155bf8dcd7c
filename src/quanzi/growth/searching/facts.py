"""What the index is made of: one statement over the facts for each group of things. Entries say nothing else.

What nobody may find is not among the facts: hidden or removed posts, goods that are not on sale, closed circles, people who did
not agree to be found. The fingerprint is of everything the entry is made of, so that the doctor can hold the two together.
"""

from __future__ import annotations

from typing import Final

from quanzi.people.trust.rings import LEFT_OUT

VERSION: Final = "1"
"""Another way to make keys is another version: then every entry is stale, and `quanzi search rebuild` makes them anew."""

_PRODUCT = f"""
SELECT 'product' AS kind, p.id AS object_id, 0 AS audience, NULL::bigint AS circle_id, NULL::bigint AS author_id, p.name AS title,
       concat_ws(' ', p.summary, p.origin, m.name, c.name, c.name_en) AS rest,
       (SELECT count(*) FROM sales_orderline l WHERE l.product_id = p.id AND l.kept_at IS NOT NULL
           AND NOT {LEFT_OUT.format(id="l.member_id")})::int AS kept, 0 AS useful, false AS is_proof,
       (SELECT min(s.price_minor) FROM catalogue_sku s WHERE s.product_id = p.id AND s.is_active) AS price_minor,
       p.origin AS place, p.created_at AS made_at
FROM catalogue_product p LEFT JOIN catalogue_maker m ON m.id = p.maker_id LEFT JOIN catalogue_category c ON c.id = p.category_id
WHERE p.state = 'on_sale'"""

_MAKER = """
SELECT 'maker', p.id, 0, NULL::bigint, NULL::bigint, p.name, p.place, 0, 0, false, NULL::bigint, p.place, '2000-01-01'::timestamptz
FROM catalogue_maker p WHERE true"""

_CIRCLE = """
SELECT 'circle', p.id, CASE WHEN p.admission = 'invitation' THEN 2 ELSE 0 END, p.id, NULL::bigint, p.name, concat_ws(' ', p.summary, p.place),
       (SELECT count(*) FROM circles_membership s WHERE s.circle_id = p.id AND s.state = 'joined')::int, 0, false, NULL::bigint, p.place, p.created_at
FROM circles_circle p WHERE p.closed_at IS NULL"""

_MEMBER = """
SELECT 'member', p.id, 1, NULL::bigint, p.id, p.name, p.bio, 0, 0, false, NULL::bigint, '', p.joined_at
FROM accounts_member p JOIN searching_choice choice ON choice.member_id = p.id AND choice.is_findable
WHERE p.is_active AND p.erased_at IS NULL AND p.confirmed_at IS NOT NULL"""

_POST = f"""
SELECT p.kind, p.id, CASE WHEN p.circle_id IS NULL OR circle.admission = 'open' THEN 0 ELSE 2 END, p.circle_id, p.author_id, p.title,
       concat_ws(' ', p.body, (SELECT string_agg(g.name, ' ' ORDER BY t.position, t.id) FROM posts_postproduct t
           JOIN catalogue_product g ON g.id = t.product_id AND g.state = 'on_sale' WHERE t.post_id = p.id)),
       0, (SELECT count(*) FROM posts_reaction r WHERE r.post_id = p.id AND NOT {LEFT_OUT.format(id="r.member_id")})::int,
       EXISTS (SELECT FROM experiences_experience e WHERE e.post_id = p.id AND e.voided_at IS NULL AND NOT {LEFT_OUT.format(id="e.member_id")}),
       NULL::bigint, '', p.created_at
FROM posts_post p LEFT JOIN circles_circle circle ON circle.id = p.circle_id
WHERE p.hidden_at IS NULL AND p.removed_at IS NULL"""

GROUPS: Final = {"product": _PRODUCT, "maker": _MAKER, "circle": _CIRCLE, "member": _MEMBER, "post": _POST}
TABLES: Final = {
    "product": "catalogue_product", "maker": "catalogue_maker", "circle": "circles_circle", "member": "accounts_member",
    "post": "posts_post",
}  # fmt: skip

COLUMNS: Final = (
    "kind, object_id, audience, circle_id, author_id, title, rest, kept, useful, is_proof, price_minor, place, made_at"
)

FINGERPRINT: Final = f"""md5(concat_ws('|', '{VERSION}', f.audience, f.circle_id, f.author_id, f.title, f.rest, f.kept, f.useful, f.is_proof,
    f.price_minor, f.place, extract(epoch FROM f.made_at)))"""


def of(group: str, narrowed: str) -> str:
    """Facts of one group with their fingerprint; narrowed: a condition on p, the thing itself."""
    body = f"{GROUPS[group]} AND {narrowed}"
    return f"SELECT f.*, {FINGERPRINT} AS facts FROM ({body}) AS f({COLUMNS})"


def everything() -> str:
    """Facts of all groups with their fingerprints."""
    return " UNION ALL ".join(of(group, "true") for group in GROUPS)
