"""How a page of one's own is arranged, and how many follow it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.goods.catalogue.models import Product, ProductState
from quanzi.growth.discovery.queries.editions import COUNTS, PICTURES, POST_CARDS
from quanzi.growth.fronts.centres import Centre
from quanzi.growth.fronts.rules import OF_KIND, sections_of
from quanzi.trade.sales.models import OrderLine

STANDS = """(l.kept_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM trust_ringmember r WHERE r.member_id = l.member_id AND r.left_out)
    AND (f.circle_id IS NULL OR EXISTS (SELECT FROM circles_membership place WHERE place.circle_id = f.circle_id
        AND place.member_id = l.member_id AND place.state = 'joined' AND place.role IN ('founder', 'moderator')))
    AND (f.station_id IS NULL OR EXISTS (SELECT FROM stations_station s JOIN sales_pickuppoint k ON k.id = s.point_id
        WHERE s.id = f.station_id AND k.leader_id = l.member_id)))"""
"""Whether somebody still stands by a line: it is kept, they count, and they look after the circle or lead the station."""

FRONT = f"""SELECT f.intro, f.sections, f.shows_record, p.id, p.post_id, coalesce(p.product_id, p.bought), p.note, p.by_id,
    p.by_name, p.kept_at, p.is_made
FROM fronts_front f LEFT JOIN LATERAL (
    SELECT pin.id, pin.position, pin.post_id, pin.product_id, pin.note, l.product_id AS bought, l.member_id AS by_id, a.name AS by_name, l.kept_at,
        coalesce(k.id = f.maker_id OR k.member_id = f.member_id, false) AS is_made
    FROM fronts_pin pin LEFT JOIN sales_orderline l ON l.id = pin.line_id LEFT JOIN accounts_member a ON a.id = l.member_id
        LEFT JOIN catalogue_product g ON g.id = pin.product_id LEFT JOIN catalogue_maker k ON k.id = g.maker_id
    WHERE pin.front_id = f.id AND (pin.line_id IS NULL OR {STANDS})) p ON true
WHERE f.{{column}} = %(id)s ORDER BY p.position, p.id"""

FOLLOWERS = """SELECT count(*) FROM trust_tie t JOIN accounts_member a ON a.id = t.source_id AND a.erased_at IS NULL AND a.is_active
WHERE t.target_id = %s AND t.kind = 'follow' AND t.withdrawn_at IS NULL
  AND NOT EXISTS (SELECT FROM trust_ringmember r WHERE r.member_id = t.source_id AND r.left_out)"""

MARK = f"""SELECT concat_ws('|', f.xmin,
    (SELECT string_agg(concat_ws('.', pin.id, pin.xmin, l.kept_at, a.xmin, place.xmin, g.xmin, {COUNTS.format(id="g.id")},
            {PICTURES.format(id="g.id")}), ' ' ORDER BY pin.position, pin.id)
     FROM fronts_pin pin LEFT JOIN sales_orderline l ON l.id = pin.line_id LEFT JOIN accounts_member a ON a.id = l.member_id
        LEFT JOIN circles_membership place ON place.circle_id = f.circle_id AND place.member_id = l.member_id
        LEFT JOIN catalogue_product g ON g.id = coalesce(pin.product_id, l.product_id)
     WHERE pin.front_id = f.id),
    {{posts}})
FROM fronts_front f WHERE f.circle_id = (SELECT id FROM circles_circle WHERE slug = %(slug)s)""".replace(
    "{posts}",
    POST_CARDS.format(
        posts="""SELECT n.id, n.xmin AS version, n.author_id, c.xmin AS circle FROM posts_post n LEFT JOIN circles_circle c ON c.id = n.circle_id
            WHERE n.id IN (SELECT pin.post_id FROM fronts_pin pin WHERE pin.front_id = f.id) AND n.hidden_at IS NULL AND n.removed_at IS NULL"""
    ),
)


@dataclass(frozen=True)
class PinRow:
    """post_id or product_id. by_id, by_name, kept_at: who kept the goods and stands by them; None for a mere pin.

    is_made: goods that the one whose page it is makes.
    """

    id: int
    post_id: int | None
    product_id: int | None
    note: str
    by_id: int | None = None
    by_name: str = ""
    kept_at: datetime | None = None
    is_made: bool = False

    @property
    def stands(self) -> bool:
        return self.by_id is not None


@dataclass(frozen=True)
class FrontPage:
    """A page as it is arranged, or as it stands without anybody's doing. sections: those shown, in order."""

    intro: str
    sections: tuple[str, ...]
    pins: tuple[PinRow, ...]
    shows_record: bool = False


def front_page(centre: Centre) -> FrontPage:
    """In one statement. Pins of goods that went back are left out; whether a reader may see a pinned note is the reader's question."""
    rows = planned.rows(FRONT.format(column=centre.column), {"id": centre.id})
    mine = OF_KIND[centre.kind]
    if not rows:
        return FrontPage("", mine, ())
    intro, sections, shows_record, *_ = rows[0]
    pins = tuple(
        PinRow(pin_id, post_id, product_id, note, by_id, by_name or "", kept_at, is_made)
        for *_, pin_id, post_id, product_id, note, by_id, by_name, kept_at, is_made in rows
        if pin_id is not None
    )
    return FrontPage(intro, tuple(name for name in sections_of(sections) if name in mine), pins, shows_record)


def front_mark(slug: str) -> str:
    """Of what stands on a circle's front: another text as soon as any of it changes (see discovery.queries.editions)."""
    return str(planned.value(MARK, {"slug": slug}) or "")


def followers(member_id: int) -> int:
    """Ties of following that stand, without people who are gone or were left out of counts."""
    return int(planned.value(FOLLOWERS, [member_id]))


def own_goods(member_id: int, *, limit: int = 60) -> list[Product]:
    """Goods on sale that a maker may pin, newest first."""
    return list(Product.objects.filter(maker__member_id=member_id, state=ProductState.ON_SALE).order_by("-pk")[:limit])


def to_stand_by(member_id: int, *, without: Collection[int] = (), limit: int = 60) -> list[OrderLine]:
    """One kept line of each of the products that somebody kept, the latest first; `without`: products they stand by already."""
    lines = OrderLine.objects.filter(member_id=member_id, kept_at__isnull=False).exclude(product_id__in=without)
    latest: dict[int, OrderLine] = {}
    for line in lines.select_related("product").order_by("-kept_at", "-pk")[: limit * 4]:
        latest.setdefault(line.product_id, line)
    return list(latest.values())[:limit]
