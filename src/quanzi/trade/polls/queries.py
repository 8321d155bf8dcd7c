"""Reading questions to friends into plain rows. Nobody but the asker and the asked finds one; that is decided in the statement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.queries.cards import first_pictures
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel.money import Money
from quanzi.people.accounts.queries import Face, faces
from quanzi.people.trust.queries import TieLabel, tie_labels
from quanzi.trade.polls import rules
from quanzi.trade.polls.errors import NoSuchPoll
from quanzi.trade.polls.models import Decision, Openness, Poll, PollEnd, Says

MOST_CANDIDATES = 60

SEEN_BY = """(p.asker_id = %(viewer)s OR EXISTS (SELECT FROM polls_asked mine WHERE mine.poll_id = p.id AND mine.member_id = %(viewer)s)
    AND NOT EXISTS (SELECT FROM safety_block b WHERE (b.member_id, b.other_id) IN ((p.asker_id, %(viewer)s), (%(viewer)s, p.asker_id))))"""
"""The audience: who asks, and who was asked, as long as no block stands between the two."""

FIND = f"SELECT p.id FROM polls_poll p WHERE p.code = %(code)s AND {SEEN_BY}"

CARDS = f"""
SELECT p.id, p.code, p.words, p.asker_id, p.asked_at, p.closes_at, p.ended_at, p.end_reason, p.decision, p.told,
    (SELECT count(*) FROM polls_asked a WHERE a.poll_id = p.id),
    (SELECT count(*) FROM polls_asked a WHERE a.poll_id = p.id AND a.answered_at IS NOT NULL),
    EXISTS (SELECT FROM polls_asked a WHERE a.poll_id = p.id AND a.member_id = %(viewer)s AND a.answered_at IS NOT NULL)
FROM polls_poll p WHERE {SEEN_BY} AND (%(polls)s::bigint[] IS NULL OR p.id = ANY(%(polls)s))
ORDER BY p.ended_at IS NOT NULL, p.id DESC LIMIT %(limit)s
"""

GOODS = """
SELECT g.poll_id, g.id, g.sku_id, g.price_minor, g.currency, g.lost_at IS NOT NULL, o.number, o.paid_at IS NOT NULL
FROM polls_good g LEFT JOIN sales_order o ON o.id = g.order_id AND o.state <> 'cancelled'
WHERE g.poll_id = ANY(%s::bigint[]) ORDER BY g.poll_id, g.position
"""

# What somebody says to have is told as a fact only while a line that they kept says so too.
VOICES = """
SELECT a.id, a.member_id, a.says, a.good_id, a.words, a.answered_at, a.thanked_at IS NOT NULL, a.has_it,
    a.has_it AND EXISTS (SELECT FROM sales_orderline line JOIN catalogue_sku s ON s.product_id = line.product_id
        JOIN polls_good g ON g.sku_id = s.id AND g.poll_id = a.poll_id
        WHERE line.member_id = a.member_id AND line.kept_at IS NOT NULL AND (a.good_id IS NULL OR g.id = a.good_id)),
    (SELECT n.id FROM posts_post n WHERE n.id = a.experience_id AND n.removed_at IS NULL AND n.hidden_at IS NULL)
FROM polls_asked a JOIN polls_poll p ON p.id = a.poll_id
WHERE a.poll_id = %(poll)s AND (a.member_id = %(viewer)s OR p.asker_id = %(viewer)s)
  AND NOT EXISTS (SELECT FROM safety_block b WHERE (b.member_id, b.other_id) IN ((p.asker_id, a.member_id), (a.member_id, p.asker_id)))
ORDER BY a.answered_at NULLS LAST, a.id
"""

TELLABLE = """
SELECT DISTINCT ON (g.position) g.id, line.id FROM polls_good g JOIN catalogue_sku s ON s.id = g.sku_id
JOIN sales_orderline line ON line.product_id = s.product_id AND line.member_id = %(member)s AND line.kept_at IS NOT NULL
WHERE g.poll_id = %(poll)s AND NOT EXISTS (SELECT FROM experiences_experience e WHERE e.line_id = line.id)
ORDER BY g.position, line.kept_at DESC, line.id DESC
"""

ASKABLE = """
SELECT e.target_id FROM trust_edge e WHERE e.source_id = %(me)s AND polls_may_ask(e.source_id, e.target_id, %(now)s)
ORDER BY e.still + e.fading * trust_fade(%(now)s) DESC, e.target_id LIMIT %(limit)s
"""

CANDIDATES = """
SELECT DISTINCT ON (s.id) s.id, c.rank FROM (
    SELECT id AS sku_id, 0 AS rank FROM catalogue_sku WHERE product_id = %(product)s
    UNION ALL SELECT sku_id, 1 FROM sales_cartline WHERE member_id = %(me)s
    UNION ALL (SELECT x.id, 2 FROM wishes_wish w JOIN catalogue_sku x ON x.product_id = w.product_id WHERE w.member_id = %(me)s
        ORDER BY w.id DESC LIMIT 8)) c
JOIN catalogue_sku s ON s.id = c.sku_id AND s.is_active JOIN catalogue_product p ON p.id = s.product_id AND p.state = 'on_sale'
JOIN stock_stock k ON k.sku_id = s.id AND k.on_hand + k.expected > k.reserved
ORDER BY s.id, c.rank
"""


@dataclass(frozen=True, slots=True)
class Voice:
    """What one of the asked says. has_it: they say so; kept: and kept it, which is a fact. told_id: the post in which others read it."""

    id: int
    face: Face
    says: str
    good_id: int | None
    words: str
    answered_at: datetime | None
    is_thanked: bool
    has_it: bool
    kept: bool
    tie: TieLabel | None
    told_id: int | None = None


@dataclass(frozen=True, slots=True)
class GoodCard:
    """price: what one costs while the question is open. is_lost: its unit is not held any more. order: number of the one that took it, or ""."""

    id: int
    sku_id: int
    title: str
    product_slug: str
    picture: Picture | None
    price: Money
    today: Money
    is_lost: bool
    order: str
    is_paid: bool


@dataclass(frozen=True, slots=True)
class PollCard:
    """asked, answered: how many people. has_answered: the reader did."""

    id: int
    code: str
    words: str
    asker: Face
    asked_at: datetime
    closes_at: datetime
    ended_at: datetime | None
    end_reason: str
    decision: str
    told: str
    asked: int
    answered: int
    is_mine: bool
    has_answered: bool
    is_open: bool
    goods: tuple[GoodCard, ...]

    @property
    def end_label(self) -> str:
        return str(PollEnd(self.end_reason).label)

    @property
    def decision_label(self) -> str:
        return str(Decision(self.decision).label)


@dataclass(frozen=True, slots=True)
class PollPage:
    """voices: of everybody for the asker, only their own for somebody who was asked."""

    card: PollCard
    voices: tuple[Voice, ...]

    @property
    def mine(self) -> Voice | None:
        return self.voices[0] if self.voices and not self.card.is_mine else None

    def for_good(self, good_id: int | None) -> list[Voice]:
        """Who says yes to it; None: who says no to all."""
        return [one for one in self.voices if one.says != Says.NOTHING and one.good_id == good_id]

    @property
    def silent(self) -> list[Voice]:
        return [one for one in self.voices if one.says == Says.NOTHING]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Goods that may be asked about: of the page, of the cart, or wished for (rank 0, 1, 2)."""

    sku_id: int
    title: str
    price: Money
    picture: Picture | None
    rank: int


def find_poll(code: str, *, viewer_id: int) -> Poll:
    """Raises NoSuchPoll for everybody but the asker and the asked."""
    found = planned.rows(FIND, {"code": code, "viewer": viewer_id})
    if not found:
        raise NoSuchPoll()
    return Poll.objects.get(pk=found[0][0])


def poll_page(*, poll: Poll, viewer_id: int, now: datetime) -> PollPage:
    """Raises NoSuchPoll."""
    cards = _cards(viewer_id, [poll.pk], 1, now)
    if not cards:
        raise NoSuchPoll()
    rows = planned.rows(VOICES, {"poll": poll.pk, "viewer": viewer_id})
    people = faces({row[1] for row in rows})
    ties = tie_labels(viewer_id, [row[1] for row in rows], now) if cards[0].is_mine else {}
    voices = tuple(
        Voice(row[0], people[row[1]], row[2], row[3], row[4], row[5], row[6], row[7], row[8], ties.get(row[1]), row[9])
        for row in rows
    )
    return PollPage(cards[0], voices)


def tellable(*, poll_id: int, member_id: int) -> list[tuple[int, int]]:
    """Goods asked about that the member kept and has not told about, each with the line that they kept last."""
    return [(good, line) for good, line in planned.rows(TELLABLE, {"poll": poll_id, "member": member_id})]


def polls_of(*, viewer_id: int, limit: int = 40, now: datetime) -> list[PollCard]:
    """What the member asks and is asked, the open ones first, then the newest."""
    return _cards(viewer_id, None, limit, now)


def askable(*, member_id: int, limit: int = MOST_CANDIDATES, now: datetime) -> list[tuple[Face, str]]:
    """Own people who may be asked now, the nearest first, each with how they are tied."""
    ids = [row[0] for row in planned.rows(ASKABLE, {"me": member_id, "now": now, "limit": limit})]
    people, ties = faces(ids), tie_labels(member_id, ids, now)
    return [(people[one], ties[one].words if one in ties else "") for one in ids if one in people]


def candidates(*, member_id: int, product_id: int, now: datetime) -> list[Candidate]:
    """What may be held for this member: of the product, of the cart and of the wishes, without what was held for them lately."""
    found = dict(planned.rows(CANDIDATES, {"me": member_id, "product": product_id}))
    lately = set(_held_lately(member_id, found, now))
    skus = [one for one in Sku.objects.select_related("product").filter(pk__in=found) if one.pk not in lately]
    pictures = first_pictures({one.product_id for one in skus}) if skus else {}
    rows = [
        Candidate(
            sku_id=one.pk,
            title=variant_title(one.product.name, one.options),
            price=Money(one.price_minor, one.currency),
            picture=pictures.get(one.product_id),
            rank=found[one.pk],
        )
        for one in skus
    ]
    return sorted(rows, key=lambda row: (row.rank, row.sku_id))


def may_be_asked(member_id: int) -> bool:
    """Whether the member lets their own people ask them."""
    return not Openness.objects.filter(member_id=member_id, may_be_asked=False).exists()


def _held_lately(member_id: int, skus: Collection[int], now: datetime) -> list[int]:
    sql = """SELECT g.sku_id FROM polls_good g JOIN polls_poll p ON p.id = g.poll_id
        WHERE p.asker_id = %s AND p.asked_at > %s AND g.sku_id = ANY(%s::bigint[])"""
    return [row[0] for row in planned.rows(sql, [member_id, now - rules.REST, list(skus)])]


def _cards(viewer_id: int, polls: list[int] | None, limit: int, now: datetime) -> list[PollCard]:
    rows = planned.rows(CARDS, {"viewer": viewer_id, "polls": polls, "limit": limit})
    goods = _goods([row[0] for row in rows])
    people = faces({row[3] for row in rows})
    found = []
    for row in rows:
        id, code, words, asker, asked_at, closes_at, ended_at, end_reason, decision, told, asked, answered, has = row
        is_open = rules.may_buy(asked_at=asked_at, closes_at=closes_at, ended_at=ended_at, now=now)
        found.append(
            PollCard(
                id=id, code=code, words=words, asker=people[asker], asked_at=asked_at, closes_at=closes_at, ended_at=ended_at,
                end_reason=end_reason, decision=decision, told=told, asked=asked, answered=answered, is_mine=asker == viewer_id,
                has_answered=has, is_open=is_open, goods=tuple(goods.get(id, ())),
            )
        )  # fmt: skip
    return found


def _goods(polls: list[int]) -> dict[int, list[GoodCard]]:
    rows = planned.rows(GOODS, [polls]) if polls else []
    skus = {one.pk: one for one in Sku.objects.select_related("product").filter(pk__in={row[2] for row in rows})}
    pictures = first_pictures({one.product_id for one in skus.values()}) if skus else {}
    found: dict[int, list[GoodCard]] = {}
    for poll_id, good_id, sku_id, price_minor, currency, is_lost, number, is_paid in rows:
        sku = skus[sku_id]
        found.setdefault(poll_id, []).append(
            GoodCard(
                id=good_id,
                sku_id=sku_id,
                title=variant_title(sku.product.name, sku.options),
                product_slug=sku.product.slug,
                picture=pictures.get(sku.product_id),
                price=Money(price_minor, currency),
                today=Money(sku.price_minor, sku.currency),
                is_lost=is_lost,
                order=number or "",
                is_paid=is_paid,
            )
        )
    return found
