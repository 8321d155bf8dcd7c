"""Reads of the room: goods for a member, for a circle, and what the engine says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.base import planned
from quanzi.goods.catalogue.queries.cards import ProductCard, product_cards
from quanzi.growth.recommending.models import CircleShelf, FeedOrder, Training
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import MemberCard, cards
from quanzi.people.trust.queries import recommenders
from quanzi.people.trust.rings import LEFT_OUT

# What is offered is on sale, has a variant with free units, was not paid for before and not put away. `wanted` says in which order.
FIT = """
SELECT wanted.id, wanted.because, wanted.tied FROM ({wanted}) wanted
JOIN catalogue_product p ON p.id = wanted.id AND p.state = 'on_sale'
WHERE EXISTS (SELECT FROM catalogue_sku sku JOIN stock_stock s ON s.sku_id = sku.id
              WHERE sku.product_id = wanted.id AND sku.is_active AND s.on_hand + s.expected > s.reserved)
  AND NOT EXISTS (SELECT FROM recommending_notthis n WHERE n.member_id = %(member)s AND n.product_id = wanted.id)
  AND NOT EXISTS (SELECT FROM sales_orderline line JOIN sales_order o ON o.id = line.order_id
                  WHERE line.member_id = %(member)s AND line.product_id = wanted.id AND o.paid_at IS NOT NULL)
ORDER BY wanted.place, wanted.id LIMIT %(limit)s
"""
SHELF = """SELECT (one.said->>0)::bigint AS id,
    CASE WHEN EXISTS (SELECT FROM sales_orderline own WHERE own.member_id = %(member)s AND own.product_id = (one.said->>1)::bigint
                      AND own.returned_at IS NULL AND own.dropped_at IS NULL) THEN (one.said->>1)::bigint ELSE 0 END AS because,
    (one.said->>2)::int AS tied, one.place
    FROM recommending_shelf shelf, jsonb_array_elements(shelf.places) WITH ORDINALITY AS one(said, place)
    WHERE shelf.member_id = %(member)s"""
OF_FRIENDS = f"""SELECT line.product_id AS id, 0::bigint AS because, 100 AS tied, -count(DISTINCT line.member_id) AS place
    FROM sales_orderline line WHERE line.member_id = ANY(%(people)s::bigint[]) AND line.kept_at IS NOT NULL
      AND NOT {LEFT_OUT.format(id="line.member_id")} GROUP BY line.product_id"""
OF_TASTES = """SELECT t.product_id AS id, 0::bigint AS because, 0 AS tied, -count(*) AS place
    FROM tastes_pick k JOIN tastes_trait t ON t.taste = k.taste WHERE k.member_id = %(member)s GROUP BY t.product_id"""
POPULAR = f"""SELECT line.product_id AS id, 0::bigint AS because, 0 AS tied, -count(DISTINCT line.member_id) AS place
    FROM sales_orderline line WHERE line.kept_at IS NOT NULL AND NOT {LEFT_OUT.format(id="line.member_id")} GROUP BY line.product_id"""
MOST_KEPT = """SELECT one.said::bigint AS id, 0::bigint AS because, 0 AS tied, one.place
    FROM (SELECT most_kept FROM recommending_training ORDER BY trained_at DESC LIMIT 1) newest,
    jsonb_array_elements_text(newest.most_kept) WITH ORDINALITY AS one(said, place)"""
"""The same as of the last training; counted anew before there was one."""

# From a fifth before the usual time until it has passed three times; the goods that are most punctually due stand first.
AGAIN = """
SELECT mine.product_id, mine.days, round(again.days)::int
FROM (SELECT line.product_id, extract(epoch FROM %(now)s - max(o.paid_at))::int / 86400 AS days
      FROM sales_orderline line JOIN sales_order o ON o.id = line.order_id AND o.paid_at IS NOT NULL
      WHERE line.member_id = %(member)s AND line.returned_at IS NULL AND line.dropped_at IS NULL AND o.state NOT IN ('cancelled', 'refunded')
      GROUP BY line.product_id HAVING bool_and(line.kept_at IS NOT NULL)) mine
JOIN recommending_again again ON again.product_id = mine.product_id AND mine.days BETWEEN again.days * 0.8 AND again.days * 3
JOIN catalogue_product p ON p.id = mine.product_id AND p.state = 'on_sale'
WHERE EXISTS (SELECT FROM catalogue_sku sku JOIN stock_stock s ON s.sku_id = sku.id
              WHERE sku.product_id = mine.product_id AND sku.is_active AND s.on_hand + s.expected > s.reserved)
  AND NOT EXISTS (SELECT FROM recommending_notthis n WHERE n.member_id = %(member)s AND n.product_id = mine.product_id)
ORDER BY abs(ln(greatest(mine.days, 1) / again.days)), mine.product_id LIMIT %(limit)s
"""
MOST_AGAIN = 2
OF_CIRCLE = """SELECT one.said::bigint AS id, 0::bigint AS because, 0 AS tied, one.place
    FROM recommending_circleshelf shelf, jsonb_array_elements_text(shelf.goods) WITH ORDINALITY AS one(said, place)
    WHERE shelf.circle_id = %(circle)s"""


@dataclass(frozen=True)
class Offer:
    """Goods for somebody. because: their own goods that others kept too; tied: percent of its place that ties carry.

    since_days, usual_days: of their own goods that are used up: when they had them last, and after how long people have them again.
    """

    card: ProductCard
    because: ProductCard | None
    tied: int
    since_days: int | None = None
    usual_days: int | None = None


@dataclass(frozen=True)
class Offers:
    """is_personal: the member has not switched it off; from_engine: trained for them, not a beginning from friends and popularity."""

    rows: list[Offer]
    is_personal: bool
    from_engine: bool
    trained_at: datetime | None


@dataclass(frozen=True)
class TrainingRow:
    """What the console tells. engine, without, popularity: figures on the carve-out, empty when there was too little to choose from."""

    trained_at: datetime
    seconds: float
    people: int
    goods: int
    lines: int
    ties: int
    setting: dict[str, Any]
    carve_out: dict[str, Any]


@dataclass(frozen=True)
class ChoiceRow:
    """What a member chose, or what holds until they do. is_withdrawn: they took back the consent to use their ties for it, and
    nothing is personal whatever they chose before."""

    is_personal: bool = True
    feed_order: str = FeedOrder.FIT
    is_withdrawn: bool = False


CHOICE = f"""
SELECT coalesce(c.is_personal, true) AND NOT w.withdrawn, coalesce(c.feed_order, '{FeedOrder.FIT}'), w.withdrawn
FROM (SELECT %(member)s::bigint AS id, EXISTS (SELECT FROM contact_permission p WHERE p.member_id = %(member)s
        AND p.purpose = 'recommendation' AND NOT p.granted) AS withdrawn) w LEFT JOIN recommending_choice c ON c.member_id = w.id"""


def choice_of(member_id: int) -> ChoiceRow:
    """In one short statement: the feed asks for it each time."""
    return ChoiceRow(*planned.rows(CHOICE, {"member": member_id})[0])


def is_personal(member_id: int) -> bool:
    """Whether goods are chosen for this member."""
    return choice_of(member_id).is_personal


def offers_for(member: Member | None, *, now: datetime, limit: int = 12) -> Offers:
    """Goods for a member, best first: their own that are used up by now, then by the engine, else what their people kept, filled up with
    what most people kept.

    A visitor, and whoever switched it off, gets what most people kept: the same for everybody, also what they have or put away.
    """
    personal = member is not None and is_personal(member.pk)
    member_id = member.pk if member is not None and personal else 0
    again = _used_up(member_id, now, limit) if personal else []
    wanted = limit - len(again)
    found = _fit(SHELF, member_id, wanted) if personal else []
    from_engine = bool(found)
    if personal and len(found) < wanted:
        found += _more(found, OF_FRIENDS, member_id, wanted, people=list(recommenders(member_id, now)))
    if personal and len(found) < wanted:
        found += _more(found, OF_TASTES, member_id, wanted)
    newest = Training.objects.order_by("-trained_at").values_list("trained_at", flat=True).first()
    if len(found) < wanted:
        found += _more(found, POPULAR if newest is None else MOST_KEPT, member_id, wanted)
    return Offers(again + _offers(found), personal, from_engine, newest)


def _used_up(member_id: int, now: datetime, limit: int) -> list[Offer]:
    """The member's own goods that people have again after about this time."""
    found = planned.rows(AGAIN, {"member": member_id, "now": now, "limit": min(MOST_AGAIN, limit)})
    shown = {card.id: card for card in product_cards(ids=[row[0] for row in found])} if found else {}
    return [Offer(shown[one], None, 0, since, usual) for one, since, usual in found if one in shown]


def offers_for_circle(circle_id: int, *, limit: int = 6) -> list[Offer]:
    """Goods that fit a circle; empty before it has been trained for."""
    if not CircleShelf.objects.filter(circle_id=circle_id).exists():
        return []
    return _offers(_fit(OF_CIRCLE, 0, limit, circle=circle_id))


def trainings(limit: int = 10) -> list[TrainingRow]:
    """The newest runs of the engine."""
    return [
        TrainingRow(one.trained_at, one.seconds, one.people, one.goods, one.lines, one.ties, one.setting, one.carve_out)
        for one in Training.objects.order_by("-trained_at")[:limit]
    ]


def _fit(source: str, member_id: int, limit: int, **asked: Any) -> list[tuple[int, int, int]]:
    return planned.rows(FIT.format(wanted=source), {"member": member_id, "limit": limit, **asked})


def _more(
    found: list[tuple[int, int, int]], source: str, member_id: int, limit: int, **asked: Any
) -> list[tuple[int, int, int]]:
    known = {row[0] for row in found}
    rows = _fit(source, member_id, limit + len(known), **asked)
    return [row for row in rows if row[0] not in known][: limit - len(found)]


def _offers(found: list[tuple[int, int, int]]) -> list[Offer]:
    because = {row[1] for row in found if row[1]}
    if not found:
        return []
    shown = {card.id: card for card in product_cards(ids=[row[0] for row in found])}
    own = (
        {card.id: card for card in product_cards(ids=sorted(because), states=("on_sale", "paused"))} if because else {}
    )
    return [Offer(shown[one], own.get(why), tied) for one, why, tied in found if one in shown]


MIGHT_WANT = """
SELECT shelf.member_id, one.place FROM recommending_shelf shelf, jsonb_array_elements(shelf.places) WITH ORDINALITY AS one(said, place)
WHERE shelf.member_id = ANY(%(people)s::bigint[]) AND one.place <= 20 AND (one.said->>0)::bigint = %(product)s
  AND EXISTS (SELECT FROM contact_permission p WHERE p.member_id = shelf.member_id AND p.purpose = 'recommendation' AND p.granted)
  AND EXISTS (SELECT FROM contact_permission p WHERE p.member_id = shelf.member_id AND p.purpose = 'deals' AND p.granted)
  AND NOT EXISTS (SELECT FROM recommending_notthis n WHERE n.member_id = shelf.member_id AND n.product_id = %(product)s)
ORDER BY one.place, shelf.member_id LIMIT 30
"""


def who_might_want(member: Member, product_id: int, *, now: datetime) -> list[MemberCard]:
    """Of the people a member is tied to directly: those on whose shelf the goods stand high, the surest first.

    Only who agreed both that ties recommend to them and that they hear of deals; nothing of why they might want it is told.
    """
    near = [one for one, reached in recommenders(member.pk, now).items() if reached.steps == 1]
    found = [row[0] for row in planned.rows(MIGHT_WANT, {"people": near, "product": product_id})] if near else []
    people = cards(found)
    return [people[one] for one in found if one in people]
