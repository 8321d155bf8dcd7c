"""Editions: one text that is another one as soon as anything changes that a page shows to every visitor.

It is made of the versions of the rows on the page (`xmin`, the transaction that wrote them, which PostgreSQL keeps with
each row) and of the counts on it. So it follows whoever wrote, also by plain SQL, and needs no trigger. A page that begins to show
something else adds it here; tests/growth/discovery/test_editions.py holds the tables that a page reads against those named here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from quanzi.base import planned
from quanzi.people.trust.rings import LEFT_OUT
from quanzi.trade.sales.queries.kept import COUNTED
from quanzi.trade.stations.queries.rounds import NEAR, NOBODY, WAYS

RUNNING = """g.starts_at <= %(now)s AND (g.ends_at IS NULL OR g.ends_at > %(now)s) AND (g.stopped_at IS NULL OR g.stopped_at > %(now)s)"""

COUNTS = f"""{COUNTED.format(id="{id}", came="kept_at")}, {COUNTED.format(id="{id}", came="returned_at")}"""

PICTURES = """(SELECT string_agg(concat_ws('.', pp.xmin, pp.picture_id, m.xmin), ' ' ORDER BY pp.position, pp.id)
    FROM catalogue_productpicture pp JOIN media_picture m ON m.id = pp.picture_id WHERE pp.product_id = {id})"""

PERSON = """(SELECT concat_ws('.', a.xmin, m.xmin) FROM accounts_member a LEFT JOIN media_picture m ON m.id = a.avatar_id WHERE a.id = {id})"""

OPEN = """(c.id IS NULL OR c.admission = 'open' OR EXISTS (SELECT FROM circles_membership place
        WHERE place.circle_id = c.id AND place.member_id = %(viewer)s::bigint AND place.state = 'joined'))"""
"""Whether the reader may see what stands in circle c; without a circle everybody may."""

DEALS = f"""(SELECT string_agg(concat_ws('.', g.id, g.xmin, c.xmin, {OPEN}), ' ' ORDER BY g.id)
    FROM catalogue_sku x JOIN deals_groupdeal g ON g.sku_id = x.id
    LEFT JOIN circles_circle c ON c.id = g.circle_id WHERE x.product_id = {{id}} AND {RUNNING})"""

SKUS = """(SELECT string_agg(concat_ws('.', x.id, x.xmin, b.xmin), ' ' ORDER BY x.id) FROM catalogue_sku x
    LEFT JOIN pricing_buildup b ON b.sku_id = x.id WHERE x.product_id = {id})"""

DAYS = """(SELECT string_agg(concat_ws('.', d.id, d.xmin, w.id, w.xmin, d.starts_at <= %(now)s), ' ' ORDER BY d.id, w.id)
    FROM catalogue_sku x JOIN launches_daygood g ON g.sku_id = x.id JOIN launches_brandday d ON d.id = g.day_id
    LEFT JOIN pricing_timedprice w ON w.sku_id = x.id AND w.starts_at <= %(now)s AND w.ends_at > %(now)s
    WHERE x.product_id = {id} AND d.ends_at > %(now)s AND d.starts_at < %(now)s + interval '7 days')"""
"""Prices that hold for a time, and brand days that are open or near."""

MAKER = """(SELECT concat_ws('.', mk.xmin, m.xmin) FROM catalogue_maker mk LEFT JOIN media_picture m ON m.id = mk.portrait_id WHERE mk.id = {id})"""

# The nearest to success first, as deals.queries.open_teams: the index team_nearest gives them in this order.
NEAREST = f"""SELECT t.id, t.xmin AS version, t.opener_id, x.product_id, concat_ws('.', g.xmin, x.xmin, p.xmin, c.xmin) AS goods
    FROM deals_team t JOIN deals_groupdeal g ON g.id = t.deal_id JOIN catalogue_sku x ON x.id = g.sku_id
        JOIN catalogue_product p ON p.id = x.product_id LEFT JOIN circles_circle c ON c.id = g.circle_id
    WHERE t.state = 'forming' AND t.deadline > %(now)s AND t.paid_seats > 0 AND t.taken_seats < t.most_seats AND NOT g.for_guests AND {OPEN} {{more}}
    ORDER BY t.team_size - t.paid_seats, t.deadline, t.id LIMIT {{limit}}"""

TEAMS = f"""(SELECT string_agg(concat_ws('.', t.id, t.version, t.goods, {PERSON.format(id="t.opener_id")}, {PICTURES.format(id="t.product_id")},
        (SELECT string_agg(concat_ws('.', s.id, s.xmin, {PERSON.format(id="s.member_id")}), ' ' ORDER BY s.id)
         FROM deals_seat s WHERE s.team_id = t.id AND s.state = 'paid')), ' ') FROM ({NEAREST}) t)"""

POSTS = f"""SELECT n.id, n.xmin AS version, n.author_id, c.xmin AS circle FROM posts_post n LEFT JOIN circles_circle c ON c.id = n.circle_id
    WHERE n.hidden_at IS NULL AND n.removed_at IS NULL AND {OPEN} {{narrowed}} ORDER BY n.id DESC LIMIT {{limit}}"""
"""The newest posts that the reader may see, as posts.queries.feed."""

CARD = f"""concat_ws('.', n.id, n.version, n.circle, {PERSON.format(id="n.author_id")},
        (SELECT string_agg(concat_ws('.', pp.xmin, m.xmin), ' ' ORDER BY pp.id) FROM posts_postpicture pp JOIN media_picture m ON m.id =
            pp.picture_id WHERE pp.post_id = n.id),
        (SELECT concat_ws('.', pf.xmin, film.xmin) FROM posts_postfilm pf JOIN films_film film ON film.id = pf.film_id WHERE pf.post_id = n.id),
        (SELECT string_agg(concat_ws('.', t.xmin, p.xmin, {COUNTS.format(id="p.id")}, {PICTURES.format(id="p.id")}), ' ' ORDER BY t.position, t.id)
         FROM posts_postproduct t JOIN catalogue_product p ON p.id = t.product_id WHERE t.post_id = n.id),
        (SELECT count(*) FROM posts_reaction r WHERE r.post_id = n.id AND NOT {LEFT_OUT.format(id="r.member_id")}),
        (SELECT string_agg(concat_ws('.', c.xmin, a.xmin), ' ' ORDER BY c.id) FROM posts_comment c JOIN accounts_member a ON
            a.id = c.author_id WHERE c.post_id = n.id))"""
"""Of the card of post n, a row of POSTS."""

POST_CARDS = f"(SELECT string_agg({CARD}, ' ' ORDER BY n.id DESC) FROM ({{posts}}) n)"


def notes(kind: str, limit: int) -> str:
    """The newest posts of a kind."""
    return POST_CARDS.format(posts=POSTS.format(narrowed=f"AND n.kind = '{kind}'", limit=limit))


SHOWN = """SELECT p.id, p.xmin AS version, p.maker_id, p.category_id FROM catalogue_product p
    WHERE p.state = 'on_sale' {narrowed} ORDER BY p.created_at DESC, p.id DESC LIMIT {limit}"""

BEFORE = """AND (p.created_at, p.id) < (SELECT b.created_at, b.id FROM catalogue_product b WHERE b.id = %(before)s)"""
CATEGORY = """AND p.category_id = (SELECT k.id FROM catalogue_category k WHERE k.slug = %(category)s)"""
OF_MAKER = """AND p.maker_id = (SELECT k.id FROM catalogue_maker k WHERE k.slug = %(maker)s)"""

CARDS = f"""(SELECT string_agg(concat_ws('.', s.id, s.version, (SELECT mk.xmin FROM catalogue_maker mk WHERE mk.id = s.maker_id),
        {COUNTS.format(id="s.id")}, {SKUS.format(id="s.id")}, {PICTURES.format(id="s.id")}, {DEALS.format(id="s.id")}), ' ') FROM shown s)"""

SHELVES = f"""(SELECT string_agg(concat_ws('.', k.id, k.xmin, icon.xmin, newest.id, newest.pictures, EXISTS (SELECT FROM
    catalogue_product p WHERE p.category_id = k.id AND p.state = 'on_sale')), ' ' ORDER BY k.position, k.id)
    FROM catalogue_category k LEFT JOIN media_picture icon ON icon.id = k.icon_id
    LEFT JOIN LATERAL (SELECT p.id, {PICTURES.format(id="p.id")} AS pictures FROM catalogue_product p
        WHERE p.category_id = k.id AND p.state = 'on_sale' AND EXISTS (SELECT FROM catalogue_productpicture pp WHERE pp.product_id = p.id)
        ORDER BY p.created_at DESC, p.id DESC LIMIT 1) newest ON true)"""

MAKERS = """(SELECT string_agg(concat_ws('.', k.id, k.xmin, m.xmin), ' ')
    FROM (SELECT k.id, k.xmin, k.portrait_id FROM catalogue_maker k ORDER BY k.name, k.id LIMIT 4) k LEFT JOIN media_picture
        m ON m.id = k.portrait_id)"""


SIDE_TEAMS, SIDE_NOTES = 4, (("experience", 3), ("question", 1))
ROUND = f"(SELECT row_to_json(n)::text FROM ({NEAR.format(member=NOBODY)}) n)"
"""The round that a visitor is shown, with its count of paid orders, as it reads."""

SIDES = [
    SHELVES,
    MAKERS,
    ROUND,
    TEAMS.format(more="", limit=SIDE_TEAMS),
    *(notes(kind, limit) for kind, limit in SIDE_NOTES),
]
"""What stands around the goods on 逛逛: shelves, makers, a round, teams, notes, a question."""


def shelf(*, category: str | None, maker: str | None, before: int | None, limit: int) -> str:
    """The statement's `shown`: a page of goods, newest first."""
    asked = ((BEFORE, before), (CATEGORY, category), (OF_MAKER, maker))
    narrowed = " ".join(sql for sql, value in asked if value is not None)
    return f"shown AS MATERIALIZED ({SHOWN.format(narrowed=narrowed, limit=limit)})"


def shelf_edition(
    *,
    category: str | None = None,
    maker: str | None = None,
    before: int | None = None,
    limit: int = 20,
    now: datetime,
    with_sides: bool = False,
) -> str:
    """Of a page of goods, newest first. with_sides: also of what stands around them on 逛逛."""
    parts = ", ".join([CARDS, *(SIDES if with_sides else [])])
    sql = f"WITH {shelf(category=category, maker=maker, before=before, limit=limit)} SELECT concat_ws('|', {parts})"
    params = {"category": category, "maker": maker, "before": before, "now": now, "viewer": None}
    return str(planned.value(sql, params))


ROUND_WITH = f"""(SELECT row_to_json(n)::text FROM ({
    WAYS.format(
        skus="SELECT y.id FROM catalogue_sku y WHERE y.product_id = p.id AND y.is_active", member=NOBODY, limit=1
    )
}) n)"""
"""The round in which a visitor is shown that the goods p can be had."""

PRODUCT = f"""SELECT concat_ws('|', p.id, p.xmin, {MAKER.format(id="p.maker_id")}, (SELECT k.xmin FROM catalogue_category k
    WHERE k.id = p.category_id),
    (SELECT concat_ws('.', pf.xmin, film.xmin) FROM catalogue_productfilm pf JOIN films_film film ON film.id = pf.film_id WHERE pf.product_id = p.id),
    {SKUS.format(id="p.id")}, {PICTURES.format(id="p.id")}, {DEALS.format(id="p.id")}, {COUNTS.format(id="p.id")},
    (SELECT string_agg(fee.xmin::text, '.') FROM shop_shop fee),
    (SELECT string_agg(concat_ws('.', f.id, f.xmin), ' ' ORDER BY f.id) FROM pricing_freighttemplate f),
    (SELECT own.xmin FROM pricing_productfreight own WHERE own.product_id = p.id),
    (SELECT f.xmin FROM supply_importfacts f WHERE f.product_id = p.id),
    (SELECT string_agg(concat_ws('.', st.sku_id, st.on_hand + st.expected - st.reserved), ' ' ORDER BY st.sku_id) FROM catalogue_sku x
        JOIN stock_stock st ON st.sku_id = x.id WHERE x.product_id = p.id),
    (SELECT string_agg(concat_ws('.', lot.id, lot.xmin, lot.expires_at <= %(now)s,
            coalesce((SELECT sum(mv.quantity) FROM stock_movement mv WHERE mv.lot_id = lot.id), 0) > 0), ' ' ORDER BY lot.id)
        FROM catalogue_sku x JOIN catalogue_lot lot ON lot.sku_id = x.id WHERE x.product_id = p.id),
    (SELECT count(*) FROM aftersales_claim k JOIN sales_orderline l ON l.id = k.line_id WHERE l.product_id = p.id AND k.state = 'open'),
    (SELECT string_agg(concat_ws('.', b.id, b.xmin), ' ' ORDER BY b.id) FROM preorders_preorder b WHERE b.product_id = p.id
        AND b.state = 'open' AND b.opens_at <= %(now)s AND b.closes_at > %(now)s),
    {TEAMS.format(more="AND x.product_id = %(product)s", limit=3)}, {DAYS.format(id="p.id")},
    {ROUND_WITH},
    (SELECT string_agg(concat_ws('.', pt.id, pt.xmin, a.xmin), ' ') FROM (SELECT pt.id, pt.xmin, pt.leader_id FROM sales_pickuppoint pt
        WHERE pt.is_open ORDER BY pt.id LIMIT 3) pt JOIN accounts_member a ON a.id = pt.leader_id),
    (SELECT string_agg(concat_ws('.', e.post_id, e.xmin, n.xmin, c.xmin, {OPEN}, {PERSON.format(id="e.member_id")},
            (SELECT string_agg(concat_ws('.', pp.xmin, m.xmin), ' ') FROM posts_postpicture pp JOIN media_picture m ON m.id
                = pp.picture_id WHERE pp.post_id = n.id),
            (SELECT string_agg(concat_ws('.', sv.claim_id, sv.xmin, k.xmin, d.xmin, back.versions), ' ' ORDER BY k.id) FROM aftersales_claim k
                JOIN aftersales_solved sv ON sv.claim_id = k.id LEFT JOIN aftersales_dispute d ON d.claim_id = k.id
                LEFT JOIN LATERAL (SELECT string_agg(r.xmin::text, '.' ORDER BY r.id) AS versions FROM sales_orderrefund r
                    WHERE r.id IN (k.refund_id, d.refund_id, d.appeal_refund_id)) back ON true WHERE k.line_id = e.line_id),
            (SELECT count(*) FROM posts_reaction r WHERE r.post_id = n.id AND NOT {LEFT_OUT.format(id="r.member_id")}),
            {LEFT_OUT.format(id="e.member_id")}), ' ' ORDER BY e.post_id)
        FROM experiences_experience e JOIN posts_post n ON n.id = e.post_id LEFT JOIN circles_circle c ON c.id = n.circle_id
            WHERE e.product_id = p.id AND e.voided_at IS NULL))
    FROM catalogue_product p WHERE p.id = %(product)s"""


PRODUCT_AT = PRODUCT.replace("%(product)s", "(SELECT id FROM catalogue_product WHERE slug = %(slug)s)")


def product_edition(*, slug: str, now: datetime) -> str:
    """Of the page of a product; empty when there is none at this address."""
    return str(planned.value(PRODUCT_AT, {"slug": slug, "now": now, "viewer": None}) or "")


CIRCLES = """(SELECT string_agg(concat_ws('.', c.id, c.xmin, m.xmin,
        (SELECT count(*) FROM circles_membership j WHERE j.circle_id = c.id AND j.state = 'joined')), ' ' ORDER BY c.id)
    FROM circles_circle c LEFT JOIN media_picture m ON m.id = c.cover_id WHERE c.id = ANY(%(circles)s::bigint[]))"""

NAMED = """(SELECT string_agg(concat_ws('.', c.id, c.xmin), ' ' ORDER BY c.id) FROM circles_circle c WHERE c.id = ANY(%(named)s::bigint[]))"""

FOUND = f"""WITH shown AS MATERIALIZED (SELECT p.id, p.xmin AS version, p.maker_id, p.category_id FROM catalogue_product p
        WHERE p.id = ANY(%(products)s::bigint[]) AND p.state = 'on_sale' ORDER BY p.id)
    SELECT concat_ws('|', {CARDS}, (SELECT string_agg(k.xmin::text, '.' ORDER BY k.id) FROM catalogue_category k WHERE k.id IN
        (SELECT category_id FROM shown)), {POST_CARDS.format(posts=POSTS.format(narrowed="AND n.id = ANY(%(posts)s::bigint[])", limit=100))},
        {CIRCLES}, {NAMED},
        (SELECT string_agg({MAKER.format(id="k.id")}, ' ' ORDER BY k.id) FROM catalogue_maker k WHERE k.id = ANY(%(makers)s::bigint[])))"""


def found_edition(
    *,
    products: Collection[int] = (),
    posts: Collection[int] = (),
    circles: Collection[int] = (),
    named: Collection[int] = (),
    makers: Collection[int] = (),
    now: datetime,
) -> str:
    """Of cards that a visitor is shown side by side. named: circles of which the name is shown, nothing else."""
    params = {"products": products, "posts": posts, "circles": circles, "named": named, "makers": makers}
    ids = {name: list(some) for name, some in params.items()}
    return str(planned.value(FOUND, {**ids, "now": now, "viewer": None}))
