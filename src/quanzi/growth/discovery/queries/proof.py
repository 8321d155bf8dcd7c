"""Who that you know bought this and kept it. Counts are counts of order lines; a name needs its owner's word.

A person is named beside goods when they wrote a public experience about them, or agreed that people they know see what
they kept (ADR 0007). Returns are counted, never named. Nobody beyond three steps, nobody across a block.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.base import planned
from quanzi.base.media.shown import SHOWN, ShownPicture, shown
from quanzi.growth.discovery.convergence import converging
from quanzi.people.trust.queries import Edge, Reached, paths_words, recommenders
from quanzi.people.trust.rings import LEFT_OUT
from quanzi.trade.sales.queries import product_counts

PAID = "o.paid_at IS NOT NULL AND o.origin <> 'replay' AND (o.state NOT IN ('cancelled', 'refunded') OR line.returned_at IS NOT NULL)"
"""Whether a line of order o says anything: paid here, and not undone but by giving the goods back."""

WRITTEN = """SELECT experience.post_id FROM experiences_experience experience
    JOIN posts_post post ON post.id = experience.post_id
    LEFT JOIN circles_circle circle ON circle.id = post.circle_id
    WHERE experience.line_id = line.id AND experience.voided_at IS NULL AND post.hidden_at IS NULL AND post.removed_at IS NULL
      AND (post.circle_id IS NULL OR circle.admission = 'open' OR EXISTS (
            SELECT FROM circles_membership place WHERE place.circle_id = post.circle_id AND place.member_id =
                %(viewer)s::bigint AND place.state = 'joined'))"""
"""What its buyer wrote about the line, where the reader may read it."""

AGREED = "agreed.purpose = 'social_proof' AND agreed.granted"

BOUGHT_BY = f"""SELECT line.product_id, line.member_id,
       bool_or(line.kept_at IS NOT NULL) AS kept,
       bool_or(line.returned_at IS NOT NULL) AS returned,
       bool_or(line.kept_at IS NOT NULL AND (written.post_id IS NOT NULL OR agreed.member_id IS NOT NULL)) AS may_name,
       max(line.kept_at) AS kept_at, max(written.post_id) AS post_id
FROM sales_orderline line
JOIN sales_order o ON o.id = line.order_id
LEFT JOIN LATERAL ({WRITTEN}) written ON true
LEFT JOIN contact_permission agreed ON agreed.member_id = line.member_id AND {AGREED}
WHERE {{of_products}} AND (line.member_id IN ({{people}})) IS TRUE AND {PAID}
  AND NOT {LEFT_OUT.format(id="line.member_id")}
GROUP BY line.product_id, line.member_id"""

VOICES = """ARRAY(SELECT 'member ' || b.member_id
    UNION SELECT 'member ' || accrual.beneficiary_id FROM commission_accrual accrual
        WHERE accrual.buyer_id = b.member_id AND accrual.state <> 'reversed'
    UNION SELECT 'member ' || tie.target_id FROM trust_tie tie JOIN sales_orderline kept ON 'line:' || kept.id = tie.evidence
        WHERE tie.source_id = b.member_id AND tie.kind = 'kept_advice' AND kept.product_id = b.product_id AND kept.member_id = b.member_id
    UNION SELECT 'advertising' FROM sources_touch touch JOIN sources_source way ON way.id = touch.source_id
        JOIN catalogue_product product ON product.id = b.product_id
        WHERE touch.member_id = b.member_id AND touch.depth > 2 AND touch.happened_at <= b.kept_at
          AND (way.target = '/p/' || product.slug OR EXISTS (
                SELECT FROM posts_postproduct named WHERE named.product_id = b.product_id AND way.target = '/n/' || named.post_id))
    UNION SELECT 'browser ' || touch.visitor_id FROM sources_touch touch WHERE touch.member_id = b.member_id
    UNION SELECT 'door ' || hashtextextended(home.region_code || lower(regexp_replace(home.detail, '[[:space:],.，。、-]', '', 'g')), 0)
        FROM accounts_address home WHERE home.member_id = b.member_id
    UNION SELECT 'payer ' || hashtextextended(told.provider || ':' || (told.content->'payer'->>'openid'), 0)
        FROM payments_payment paid JOIN payments_notification told ON told.content->>'out_trade_no' = paid.number
        WHERE paid.member_id = b.member_id AND told.content->'payer'->>'openid' IS NOT NULL)"""
"""What a buyer's word depends on: who earned on their orders or recommended these goods, their browsers, their door,
the account that paid, the chain of links through which they came to the goods. Whoever shares
one of them with another speaks with one voice (convergence.py)."""

BUYERS = f"""SELECT b.product_id, b.member_id, b.kept, b.returned, b.may_name, b.kept_at, b.post_id, a.name, {SHOWN.format(m="m")} AS avatar,
    n.title, n.got_sample, {VOICES} AS voices
FROM ({BOUGHT_BY}) b JOIN accounts_member a ON a.id = b.member_id LEFT JOIN media_picture m ON m.id = a.avatar_id
    LEFT JOIN posts_post n ON n.id = b.post_id"""
"""Who of {people} bought it and what came of it, with the words that may be said of those who may be named.

IS TRUE keeps the planner at the lines of the goods: it would look for those of a thousand people one by one.
"""

OF_SEVERAL = BUYERS.format(
    of_products="line.product_id = ANY(%(products)s::bigint[])", people="SELECT unnest(%(people)s::bigint[])"
)


@dataclass(frozen=True)
class PathStep:
    """A person on the way from the reader to the goods, and the word on the edge that leads to them ("妹妹")."""

    member_id: int
    name: str
    avatar: ShownPicture | None
    word: str


@dataclass(frozen=True)
class Quote:
    """What somebody the reader knows wrote about the goods. got_sample: the shop gave them some before."""

    post_id: int
    title: str
    author: str
    kept_at: datetime
    got_sample: bool


@dataclass(frozen=True, kw_only=True)
class Known:
    """What people within three steps made of goods. path: the reader first, then step by step; empty when nobody may be named.

    converging: friends who kept it lately, independently of each other; two or more, or nobody.
    """

    known_bought: int = 0
    known_kept: int = 0
    known_returned: int = 0
    path: tuple[PathStep, ...] = ()
    quote: Quote | None = None
    others: tuple[PathStep, ...] = ()
    converging: tuple[PathStep, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Proof(Known):
    """Proof beside a product. kept, returned: order lines of everybody."""

    kept: int
    returned: int


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody within reach who bought. post_id, title: what they wrote about it, where the reader may read."""

    reached: Reached
    kept: bool
    returned: bool
    may_name: bool
    kept_at: datetime | None
    post_id: int | None
    name: str
    avatar: ShownPicture | None
    title: str | None
    got_sample: bool | None
    voices: frozenset[str] = frozenset()

    @property
    def face(self) -> PathStep:
        return PathStep(self.reached.member_id, self.name, self.avatar, "")


def social_proof(*, viewer_id: int | None, product_id: int, now: datetime) -> Proof:
    """Everything the product page says about who kept this. A visitor without an account sees the counts only."""
    return social_proofs(viewer_id=viewer_id, product_ids=[product_id], now=now)[product_id]


def social_proofs(*, viewer_id: int | None, product_ids: Collection[int], now: datetime) -> dict[int, Proof]:
    """`social_proof` of several goods, in as many statements as of one."""
    counts, buyers = product_counts(product_ids), _buyers(viewer_id, product_ids, now=now)
    paths = {one: path for one in product_ids if (path := path_to_nearest(buyers.get(one, ())))}
    edges = dict(zip(paths, paths_words(list(paths.values()), now), strict=True)) if paths else {}
    return {
        one: Proof(
            kept=counts[one].kept,
            returned=counts[one].returned,
            **vars(known_of(buyers.get(one, ()), edges.get(one, ()), now=now)),
        )
        for one in product_ids
    }


def path_to_nearest(buyers: Collection[Buyer]) -> tuple[int, ...]:
    """From the reader to the nearest of those who may be named; empty without one."""
    named = [buyer for buyer in buyers if buyer.may_name]
    return min(named, key=lambda buyer: buyer.reached.nearness).reached.path if named else ()


def known_of(buyers: Collection[Buyer], edges: Sequence[Edge], *, now: datetime) -> Known:
    """edges: the path to the nearest in words, from people.trust."""
    named = sorted((buyer for buyer in buyers if buyer.may_name), key=lambda buyer: buyer.reached.nearness)
    return Known(
        known_bought=len(buyers),
        known_kept=sum(buyer.kept for buyer in buyers),
        known_returned=sum(buyer.returned and not buyer.kept for buyer in buyers),
        path=tuple(PathStep(edge.face.id, edge.face.name, edge.face.avatar, edge.label) for edge in edges),
        quote=_quote(named[0]) if named else None,
        others=tuple(buyer.face for buyer in named[1:4]),
        converging=tuple(buyer.face for buyer in converging(named, now=now)),
    )


def buyer_of(row: Sequence[Any], known: Mapping[int, Reached]) -> Buyer:
    """A row of BUYERS behind its product; out of JSON times are still text."""
    member_id, kept, returned, may_name, kept_at, post_id, name, avatar, title, sample, voices = row
    at = datetime.fromisoformat(kept_at) if isinstance(kept_at, str) else kept_at
    face = shown(avatar)
    return Buyer(known[member_id], kept, returned, may_name, at, post_id, name, face, title, sample, frozenset(voices))


def _buyers(viewer_id: int | None, product_ids: Collection[int], *, now: datetime) -> dict[int, list[Buyer]]:
    found: dict[int, list[Buyer]] = defaultdict(list)
    known = recommenders(viewer_id, now=now) if viewer_id is not None else {}
    if not known or not product_ids:
        return found
    params = {"products": list(product_ids), "people": list(known), "viewer": viewer_id}
    for product_id, *buyer in planned.rows(OF_SEVERAL, params):
        found[product_id].append(buyer_of(buyer, known))
    return found


def _quote(buyer: Buyer) -> Quote | None:
    if buyer.post_id is None or buyer.kept_at is None or buyer.title is None:
        return None
    return Quote(buyer.post_id, buyer.title, buyer.name, buyer.kept_at, bool(buyer.got_sample))
