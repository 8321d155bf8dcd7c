"""Goods, makers, shelves, and what people made of them."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from quanzi.community.circles.queries import my_circle_ids
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.films import shown
from quanzi.faces.api.sameness import to_all, to_reader
from quanzi.faces.api.schemas.common import Cursor, Limit, Page, Slug, Word, next_of, page_of
from quanzi.faces.api.schemas.goods import (
    CategoryOut,
    ExperienceOut,
    KeptEvidenceOut,
    MakerOut,
    ProductPageOut,
    ShelfOut,
)
from quanzi.faces.api.security import EVERYBODY, viewer_of
from quanzi.goods.catalogue import queries
from quanzi.goods.catalogue.errors import UnknownMaker, UnknownProduct
from quanzi.goods.stock.queries import free
from quanzi.growth.discovery.queries import ProofLine, proof_lines, social_proof
from quanzi.growth.discovery.queries.discover import ShelfCard
from quanzi.growth.discovery.queries.editions import product_edition, shelf_edition
from quanzi.kernel import clock
from quanzi.people.safety.queries import blocked_ids, muted_ids
from quanzi.people.trust.queries import reach, tie_labels
from quanzi.trade.deals.queries import deal_of_product
from quanzi.trade.experiences.models import Experience
from quanzi.trade.experiences.queries import of_product, summary
from quanzi.trade.sales.queries import evidence

router = Router(tags=["goods"])


@router.get("/products", auth=EVERYBODY, response=Page[ShelfOut], summary="Goods on sale")
def list_products(
    request: HttpRequest,
    category: Slug | None = None,
    maker: Slug | None = None,
    words: Word = "",
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> Any:
    """Newest first. words: literally in name, summary or origin. Each with who kept it and whom of them the reader knows."""
    me, now = viewer_of(request), clock.now()

    def find() -> dict[str, Any]:
        cards = queries.product_cards(category=category, maker=maker, words=words, before=cursor, limit=limit)
        proof = proof_lines(viewer_id=me.pk if me else None, product_ids=[card.id for card in cards], now=now)
        shelf = [ShelfCard(card, proof.get(card.id, ProofLine())) for card in cards]
        return {"items": shelf, "next": next_of(cards, limit)}

    if me is not None or words:
        return to_reader(request, Page[ShelfOut], reader=me, find=find)
    asked: dict[str, Any] = {"category": category, "maker": maker, "before": cursor, "limit": limit}
    return to_all(request, Page[ShelfOut], edition=lambda: shelf_edition(**asked, now=now), find=find)


@router.get(
    "/products/{slug}",
    auth=EVERYBODY,
    response=ProductPageOut,
    summary="One product",
    openapi_extra=refuses(UnknownProduct),
)
def get_product(request: HttpRequest, slug: Slug) -> Any:
    """Story, variants, lots, what is free, who kept it (as facts), stars, and its group deal."""
    me, now = viewer_of(request), clock.now()

    def find() -> dict[str, Any]:
        found = queries.product_page(slug)
        left = free([sku.id for sku in found.skus])
        return {
            "product": found,
            "stock": [{"sku_id": sku_id, "free": count} for sku_id, count in left.items()],
            "proof": social_proof(viewer_id=me.pk if me else None, product_id=found.id, now=now),
            "stars": summary(found.id),
            "film": shown(film)
            if (film := queries.film_of_goods(found.id)) is not None and film.film.is_ready
            else None,
            "offer": deal_of_product(product_id=found.id, viewer=me, now=now),
        }

    if me is not None:
        return to_reader(request, ProductPageOut, reader=me, find=find)
    return to_all(request, ProductPageOut, edition=lambda: product_edition(slug=slug, now=now), find=find)


@router.get(
    "/products/{slug}/evidence",
    auth=EVERYBODY,
    response=Page[KeptEvidenceOut],
    summary="The order lines behind “kept” and “returned”",
    openapi_extra=refuses(UnknownProduct),
)
def list_evidence(request: HttpRequest, slug: Slug, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first, without the people."""
    return page_of(evidence(queries.product_page(slug).id, before_id=cursor, limit=limit), limit, "line_id")


@router.get(
    "/products/{slug}/experiences",
    auth=EVERYBODY,
    response=Page[ExperienceOut],
    summary="Experiences with a product",
    openapi_extra=refuses(UnknownProduct),
)
def list_experiences(
    request: HttpRequest,
    slug: Slug,
    only: Literal["all", "known", "pictures", "low"] = "all",
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> dict[str, Any]:
    """Newest first. known: of people within three steps; low: three stars or fewer. Each is tied to a kept order line."""
    me, now = viewer_of(request), clock.now()
    rows = of_product(
        queries.product_page(slug).id,
        authors=(set(reach(me.pk, now)) if me is not None else set()) if only == "known" else None,
        unwanted=blocked_ids(me.pk) | muted_ids(me.pk) if me is not None else (),
        circle_ids=my_circle_ids(me) if me is not None else (),
        only=only if only in ("pictures", "low") else "",
        before=cursor,
        limit=limit,
    )
    ties = tie_labels(me.pk, {row.member_id for row in rows}, now) if me is not None else {}
    return {
        "items": [_told(row, ties.get(row.member_id)) for row in rows],
        "next": next_of(rows, limit, "pk"),
    }


@router.get("/makers", auth=EVERYBODY, response=Page[MakerOut], summary="Makers")
def list_makers(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 50) -> dict[str, Any]:
    """By name."""
    return page_of(queries.makers(after=cursor, limit=limit), limit)


@router.get(
    "/makers/{slug}", auth=EVERYBODY, response=MakerOut, summary="One maker", openapi_extra=refuses(UnknownMaker)
)
def get_maker(request: HttpRequest, slug: Slug) -> queries.MakerCard:
    """Their goods are at GET /products?maker=."""
    return queries.maker_page(slug)


@router.get("/categories", auth=EVERYBODY, response=list[CategoryOut], summary="Shelves of the shop")
def list_categories(request: HttpRequest) -> list[queries.CategoryCard]:
    """In the merchant's order."""
    return queries.categories()


def _told(row: Experience, tie: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "author_id": row.member_id,
        "author_name": row.member.name,
        "stars": row.stars,
        "title": row.post.title,
        "body": row.post.body,
        "pictures": [shown.picture for shown in row.post.post_pictures.all()],
        "useful": getattr(row, "useful", 0),
        "tie": tie,
        "created_at": row.created_at,
        "is_void": row.voided_at is not None,
        "got_sample": row.post.got_sample,
    }
