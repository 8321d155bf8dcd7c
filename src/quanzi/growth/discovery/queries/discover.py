"""逛逛: what people I know kept, deals with a free seat, the newest goods, makers, open questions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.base import planned, unwritten
from quanzi.community.circles.queries import my_circle_ids
from quanzi.community.posts.queries import FeedItem, feed
from quanzi.goods.catalogue.queries.cards import ProductCard, product_cards
from quanzi.goods.catalogue.queries.makers import CategoryCard, MakerCard, categories, makers
from quanzi.growth.discovery.queries.feed import FeedCard, post_cards
from quanzi.growth.discovery.queries.keepers import KEPT, MOST_KEPT, ProofLine, proof_lines
from quanzi.people.accounts.models import Member
from quanzi.people.safety.queries import blocked_ids, muted_ids
from quanzi.people.trust.queries import recommenders
from quanzi.trade.deals.queries import TeamCard, open_teams

KEPT_BY = MOST_KEPT.format(kept=f"({KEPT.format(narrowed='')})")


@dataclass(frozen=True)
class ShelfCard:
    """Goods on a shelf with their proof."""

    product: ProductCard
    proof: ProofLine


@dataclass(frozen=True)
class DiscoverPage:
    """The sections in order of drawing; each may be empty. before: the product id to go on from, None at the end."""

    kept_by_known: list[ShelfCard]
    teams: list[TeamCard]
    newest: list[ShelfCard]
    makers: list[MakerCard]
    categories: list[CategoryCard]
    experiences: list[FeedCard]
    questions: list[FeedItem]
    before: int | None


def discover_page(
    *,
    viewer: Member | None,
    circle_ids: Collection[int] = (),
    category: str | None = None,
    maker: str | None = None,
    words: str = "",
    before: int | None = None,
    limit: int = 20,
    now: datetime,
) -> DiscoverPage:
    """What the page 逛逛 shows to this reader. category, maker, words narrow the goods; the other sections stay.

    circle_ids: without a viewer, circles whose teams and notes are seen too.
    """
    viewer_id = viewer.pk if viewer is not None else None
    newest = product_cards(category=category, maker=maker, words=words, before=before, limit=limit)
    known = [] if category or maker or words or before else _kept_by_known(viewer_id, now=now)
    proof = proof_lines(viewer_id=viewer_id, product_ids={card.id for card in [*newest, *known]}, now=now)
    return DiscoverPage(
        kept_by_known=_shelf(known, proof),
        newest=_shelf(newest, proof),
        before=newest[-1].id if len(newest) == limit else None,
        **_sides(viewer, circle_ids, now),
    )


def _sides(viewer: Member | None, circle_ids: Collection[int], now: datetime) -> dict[str, Any]:
    """What stands around the goods, whichever these are; for nobody in particular it is read once for as long as nobody writes."""
    if viewer is not None:
        return _read_sides(viewer, circle_ids, now)
    return unwritten.once(("sides of discover", tuple(sorted(circle_ids))), lambda: _read_sides(None, circle_ids, now))


def _read_sides(viewer: Member | None, circle_ids: Collection[int], now: datetime) -> dict[str, Any]:
    viewer_id = viewer.pk if viewer is not None else None
    unwanted = blocked_ids(viewer_id) | muted_ids(viewer_id) if viewer_id is not None else set()
    mine = my_circle_ids(viewer) if viewer is not None else circle_ids
    experiences = feed(circle_ids=mine, kind="experience", unwanted=unwanted, limit=3)
    return {
        "teams": open_teams(viewer=viewer, circle_ids=circle_ids, limit=4, now=now),
        "makers": makers(limit=4, counted=False),
        "categories": categories(counted=False),
        "experiences": post_cards(experiences, viewer_id=viewer_id, now=now),
        "questions": feed(circle_ids=mine, kind="question", unwanted=unwanted, limit=1),
    }


def _kept_by_known(viewer_id: int | None, *, now: datetime) -> list[ProductCard]:
    people = list(recommenders(viewer_id, now=now)) if viewer_id is not None else []
    if not people:
        return []
    ids = [row[0] for row in planned.rows(KEPT_BY, {"people": people})]
    return product_cards(ids=ids) if ids else []


def _shelf(cards: Collection[ProductCard], proof: dict[int, ProofLine]) -> list[ShelfCard]:
    return [ShelfCard(card, proof[card.id]) for card in cards]
