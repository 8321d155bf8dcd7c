"""Everything that the page of a product shows, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from quanzi.base import unwritten
from quanzi.community.circles.queries import my_circle_ids
from quanzi.goods.catalogue.queries import LotNote, ProductPage, SkuChoice, product_page
from quanzi.goods.pricing.freight import Tariff, tariff
from quanzi.goods.pricing.services import Asked, PricedLine, QuoteLine, quote_all
from quanzi.goods.stock.queries import free, lots
from quanzi.growth.discovery.queries import Proof, social_proof
from quanzi.growth.discovery.queries.rarely import Rare, rare_of
from quanzi.people.accounts.models import Member
from quanzi.people.safety.queries import blocked_ids, muted_ids
from quanzi.people.trust.queries import TieLabel, reach, tie_labels
from quanzi.trade.aftersales.queries import SolvedNote, solved_beside
from quanzi.trade.deals.queries import DealOffer, TeamCard, deal_of_product, open_teams
from quanzi.trade.experiences.queries import StarSummary, authors_among, summary
from quanzi.trade.experiences.told import Told as Experience
from quanzi.trade.experiences.told import told
from quanzi.trade.sales.queries import PointCard, open_points

EXPERIENCES = 6
FILTERS = ("known", "all", "pictures", "low")


@dataclass(frozen=True)
class Prices:
    """What one unit costs, alone and together, each with its steps. together: None without an open group deal."""

    alone: PricedLine
    together: PricedLine | None


@dataclass(frozen=True)
class Variant:
    """A variant as it is sold now. free: units that anybody can buy; alone: what one costs alone, None while the goods are not on sale."""

    sku: SkuChoice
    free: int
    alone: PricedLine | None


@dataclass(frozen=True)
class Told:
    """Experiences under the chosen filter, how many people the reader knows wrote one, and how the reader is tied to the authors.

    solved: by post, complaints about the goods that both sides call solved."""

    rows: list[Experience]
    only: str
    known: int
    ties: dict[int, TieLabel]
    before: int | None
    solved: dict[int, SolvedNote]


@dataclass(frozen=True)
class View:
    """The page in the order in which it answers: what, who kept it, price, when and where, if it is bad, this lot, experiences."""

    product: ProductPage
    rare: Rare
    variants: tuple[Variant, ...]
    chosen: Variant | None
    proof: Proof
    offer: DealOffer | None
    prices: Prices | None
    teams: list[TeamCard]
    points: list[PointCard]
    freight: Tariff
    lot: LotNote | None
    stars: StarSummary
    told: Told

    @property
    def sku(self) -> SkuChoice | None:
        return self.chosen.sku if self.chosen is not None else None

    @property
    def free(self) -> int:
        return self.chosen.free if self.chosen is not None else 0

    @property
    def can_be_bought(self) -> bool:
        return self.product.is_on_sale and self.free > 0


def product_view(
    slug: str,
    *,
    viewer: Member | None,
    circle_ids: Collection[int] = (),
    sku_id: int | None,
    only: str | None,
    before: int | None,
    now: datetime,
) -> View:
    """The page for this reader. circle_ids: without a viewer, the circles of whom it is drawn for.
    sku_id: the chosen variant, else that of the group deal, else the first that is there. Raises UnknownProduct."""
    found = product_page(slug)
    rare = rare_of(found.id, now=now)
    offer = deal_of_product(product_id=found.id, viewer=viewer, circle_ids=circle_ids, now=now) if rare.deal else None
    viewer_id = viewer.pk if viewer is not None else None
    offer = offer if offer and any(sku.id == offer.sku_id for sku in found.skus) else None
    variants, together = _priced(found, offer, viewer_id, now)
    chosen = _chosen(variants, sku_id, offer)
    sku = chosen.sku if chosen is not None else None
    offer = offer if offer and sku and offer.sku_id == sku.id else None
    return View(
        product=found,
        rare=rare,
        variants=variants,
        chosen=chosen,
        proof=social_proof(viewer_id=viewer_id, product_id=found.id, now=now),
        offer=offer,
        prices=Prices(chosen.alone, together if offer else None) if chosen and chosen.alone else None,
        teams=open_teams(viewer=viewer, circle_ids=circle_ids, product_id=found.id, limit=3, now=now) if offer else [],
        points=unwritten.once("the first open points", lambda: open_points(limit=3)),
        freight=tariff(),
        lot=_lot(found, sku, now) if sku else None,
        stars=summary(found.id),
        told=_told(found.id, viewer, circle_ids, only, before, now),
    )


def _priced(
    found: ProductPage, offer: DealOffer | None, viewer_id: int | None, now: datetime
) -> tuple[tuple[Variant, ...], PricedLine | None]:
    """Each variant with what is free and what it costs alone, and what the one of the group deal costs together; in two statements."""
    here = free([sku.id for sku in found.skus])
    if not found.is_on_sale:
        return tuple(Variant(sku, here[sku.id], None) for sku in found.skus), None
    asked = [Asked([QuoteLine(sku.id, 1)], viewer_id, {}, now) for sku in found.skus]
    if offer is not None:
        asked.append(Asked([QuoteLine(offer.sku_id, 1)], viewer_id, {"deal_id": offer.id}, now))
    lines = [one.lines[0] for one in quote_all(asked)]
    variants = tuple(Variant(sku, here[sku.id], line) for sku, line in zip(found.skus, lines, strict=False))
    return variants, lines[-1] if offer is not None else None


def _chosen(variants: Sequence[Variant], sku_id: int | None, offer: DealOffer | None) -> Variant | None:
    """The one asked for; else one that is there, that of the group deal before others."""
    by_id = {one.sku.id: one for one in variants}
    if sku_id in by_id:
        return by_id[sku_id]
    first = [by_id[offer.sku_id], *variants] if offer is not None else list(variants)
    return next((one for one in first if one.free > 0), next(iter(first), None))


def _lot(found: ProductPage, sku: SkuChoice, now: datetime) -> LotNote | None:
    """The lot that is handed out next: fit, with some left, expiring first."""
    notes = {lot.id: lot for lot in found.lots if lot.sku_id == sku.id}
    if not notes:
        return None
    return next(
        (notes[row.id] for row in lots(sku.id, now=now) if row.is_fit and row.on_hand > 0 and row.id in notes), None
    )


def _told(
    product_id: int,
    viewer: Member | None,
    circle_ids: Collection[int],
    only: str | None,
    before: int | None,
    now: datetime,
) -> Told:
    known = set(reach(viewer.pk, now=now)) if viewer is not None else set()
    circles = my_circle_ids(viewer) if viewer is not None else circle_ids
    unwanted = blocked_ids(viewer.pk) | muted_ids(viewer.pk) if viewer is not None else set()
    by_known = len(authors_among(known, product_id, circle_ids=circles, unwanted=unwanted)) if known else 0
    if only not in FILTERS or (only == "known" and not by_known):
        only = "known" if by_known else "all"
    rows = told(
        product_id,
        people=known,
        unwanted=unwanted,
        circle_ids=circles,
        only=only,
        before=before,
        limit=EXPERIENCES,
    )
    beside = solved_beside([row.post_id for row in rows])
    ties = tie_labels(viewer.pk, {row.member_id for row in rows}, now=now) if viewer is not None else {}
    return Told(rows, only, by_known, ties, rows[-1].post_id if len(rows) == EXPERIENCES else None, beside)
