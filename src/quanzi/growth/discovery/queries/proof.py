"""Who that you know bought this and kept it. Counts are counts of order lines; a name needs its owner's word.

A person is named beside goods when they wrote a public experience about them, or agreed that people they know see what
they kept (ADR 0007). Returns are counted, never named. Nobody beyond three steps, nobody across a block.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.people.accounts.models import Member
from quanzi.people.trust.queries import Reached, path_words, reach
from quanzi.trade.sales.queries import product_counts

BOUGHT_BY = """
SELECT line.product_id, line.member_id,
       bool_or(line.kept_at IS NOT NULL) AS kept,
       bool_or(line.returned_at IS NOT NULL) AS returned,
       bool_or(line.kept_at IS NOT NULL AND (written.post_id IS NOT NULL OR agreed.member_id IS NOT NULL)) AS may_name,
       max(line.kept_at) AS kept_at, max(written.post_id) AS post_id
FROM sales_orderline line
JOIN sales_order o ON o.id = line.order_id AND o.paid_at IS NOT NULL AND o.origin <> 'replay'
LEFT JOIN LATERAL (
    SELECT experience.post_id FROM experiences_experience experience
    JOIN posts_post post ON post.id = experience.post_id
    LEFT JOIN circles_circle circle ON circle.id = post.circle_id
    WHERE experience.line_id = line.id AND experience.voided_at IS NULL AND post.hidden_at IS NULL AND post.removed_at IS NULL
      AND (post.circle_id IS NULL OR circle.admission = 'open' OR EXISTS (
            SELECT FROM circles_membership place WHERE place.circle_id = post.circle_id AND place.member_id =
                %(viewer)s::bigint AND place.state = 'joined'))
) written ON true
LEFT JOIN contact_permission agreed ON agreed.member_id = line.member_id AND agreed.purpose = 'social_proof' AND agreed.granted
WHERE line.product_id = ANY(%(products)s::bigint[]) AND line.member_id = ANY(%(people)s::bigint[])
  AND (o.state NOT IN ('cancelled', 'refunded') OR line.returned_at IS NOT NULL)
GROUP BY line.product_id, line.member_id
"""


@dataclass(frozen=True)
class PathStep:
    """A person on the way from the reader to the goods, and the word on the edge that leads to them ("妹妹")."""

    member_id: int
    name: str
    avatar: Picture | None
    word: str


@dataclass(frozen=True)
class Quote:
    """What somebody the reader knows wrote about the goods."""

    post_id: int
    title: str
    author: str
    kept_at: datetime


@dataclass(frozen=True)
class ProofLine:
    """Proof in one line, for a card. kept, returned: order lines of everybody; names: people who may be named, nearest first."""

    kept: int = 0
    returned: int = 0
    known_kept: int = 0
    people: tuple[PathStep, ...] = ()


@dataclass(frozen=True)
class Proof:
    """Proof beside a product. known_*: people within three steps. path: the reader first, then step by step; empty when nobody may be named."""

    kept: int
    returned: int
    known_bought: int
    known_kept: int
    known_returned: int
    path: tuple[PathStep, ...]
    quote: Quote | None
    others: tuple[PathStep, ...]


@dataclass(frozen=True)
class _Buyer:
    reached: Reached
    kept: bool
    returned: bool
    may_name: bool
    kept_at: datetime | None
    post_id: int | None

    @property
    def nearness(self) -> tuple[int, float, int]:
        return (self.reached.steps, -self.reached.strength, self.reached.member_id)


def social_proof(*, viewer_id: int | None, product_id: int, now: datetime) -> Proof:
    """Everything the product page says about who kept this. A visitor without an account sees the counts only."""
    counted = product_counts([product_id])[product_id]
    buyers = sorted(_buyers(viewer_id, [product_id], now=now)[product_id], key=lambda buyer: buyer.nearness)
    named = [buyer for buyer in buyers if buyer.may_name]
    nearest = named[0] if named else None
    return Proof(
        kept=counted.kept,
        returned=counted.returned,
        known_bought=len(buyers),
        known_kept=sum(buyer.kept for buyer in buyers),
        known_returned=sum(buyer.returned and not buyer.kept for buyer in buyers),
        path=_path(nearest.reached, now=now) if nearest else (),
        quote=_quote(nearest) if nearest else None,
        others=_people(named[1:4]),
    )


def proof_lines(*, viewer_id: int | None, product_ids: Collection[int], now: datetime) -> dict[int, ProofLine]:
    """One line for each of these products, in a fixed number of statements."""
    counts, buyers = product_counts(product_ids), _buyers(viewer_id, product_ids, now=now)
    chosen = {
        product_id: sorted((buyer for buyer in found if buyer.may_name), key=lambda buyer: buyer.nearness)[:3]
        for product_id, found in buyers.items()
    }
    people = {step.member_id: step for step in _people([buyer for some in chosen.values() for buyer in some])}
    return {
        product_id: ProofLine(
            counts[product_id].kept,
            counts[product_id].returned,
            known_kept=sum(buyer.kept for buyer in buyers.get(product_id, ())),
            people=tuple(
                people[buyer.reached.member_id]
                for buyer in chosen.get(product_id, ())
                if buyer.reached.member_id in people
            ),
        )
        for product_id in product_ids
    }


def _buyers(viewer_id: int | None, product_ids: Collection[int], *, now: datetime) -> dict[int, list[_Buyer]]:
    found: dict[int, list[_Buyer]] = defaultdict(list)
    known = reach(viewer_id, now=now) if viewer_id is not None else {}
    if not known or not product_ids:
        return found
    params = {"products": list(product_ids), "people": list(known), "viewer": viewer_id}
    for product_id, member_id, *facts in planned.rows(BOUGHT_BY, params):
        found[product_id].append(_Buyer(known[member_id], *facts))
    return found


def _path(reached: Reached, *, now: datetime) -> tuple[PathStep, ...]:
    people = Member.objects.select_related("avatar").in_bulk(reached.path)
    words = path_words(reached.path, now)
    if len(people) < len(reached.path) or len(words) < len(reached.path) - 1:
        return ()
    return tuple(
        PathStep(member_id, people[member_id].name, people[member_id].avatar, word)
        for member_id, word in zip(reached.path, ["", *(edge.label for edge in words)], strict=True)
    )


def _people(buyers: Collection[_Buyer]) -> tuple[PathStep, ...]:
    people = Member.objects.select_related("avatar").in_bulk([buyer.reached.member_id for buyer in buyers])
    ordered = dict.fromkeys(buyer.reached.member_id for buyer in buyers)
    return tuple(PathStep(one, people[one].name, people[one].avatar, "") for one in ordered if one in people)


def _quote(buyer: _Buyer) -> Quote | None:
    if buyer.post_id is None or buyer.kept_at is None:
        return None
    sql = "SELECT p.title, a.name FROM posts_post p JOIN accounts_member a ON a.id = p.author_id WHERE p.id = %s"
    title, author = planned.rows(sql, [buyer.post_id])[0]
    return Quote(buyer.post_id, title, author, buyer.kept_at)
