"""The feed as shop front: posts with the goods they name, and how the reader knows their authors."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.base.media.queries import picture_of, pictures
from quanzi.community.circles.models import Circle
from quanzi.community.circles.queries import my_circle_ids
from quanzi.community.posts.queries import FeedItem, feed, reacted_ids
from quanzi.goods.catalogue.queries.cards import LEADING
from quanzi.people.accounts.models import Member
from quanzi.people.safety.queries import blocked_ids, muted_ids
from quanzi.people.trust.queries import TieLabel, reach, tie_labels
from quanzi.trade.sales.queries.kept import COUNTED

KINDS = {"experience": ("experience",), "question": ("question",), "note": ("note",), "talk": ("note", "question")}


@dataclass(frozen=True)
class TaggedProduct:
    """Goods named in a post, with order lines kept and returned."""

    id: int
    name: str
    slug: str
    picture: Picture | None
    kept: int
    returned: int


@dataclass(frozen=True)
class FeedCard:
    """A post ready to draw. tie: how the reader knows the author; None for strangers and for visitors."""

    item: FeedItem
    picture: Picture | None
    author_avatar: Picture | None
    tie: TieLabel | None
    product: TaggedProduct | None
    is_useful_to_me: bool


@dataclass(frozen=True)
class FeedPage:
    """Cards, and the id to go on from; None at the end."""

    cards: list[FeedCard]
    before: int | None


def feed_page(
    *,
    viewer: Member | None,
    circle_ids: Collection[int] = (),
    circle: Circle | None = None,
    product_id: int | None = None,
    only: str = "all",
    before: int | None = None,
    limit: int = 20,
    now: datetime,
) -> FeedPage:
    """The newest posts that the reader may see. only: "all", "known" (people within three steps), "note",
    "question", "experience", or "talk" (notes and questions). product_id: what names these goods.

    circle_ids: without a viewer, circles whose posts are seen too.
    """
    viewer_id = viewer.pk if viewer is not None else None
    authors = list(reach(viewer_id, now=now)) if viewer_id is not None and only == "known" else None
    items = feed(
        circle_ids=my_circle_ids(viewer) if viewer is not None else circle_ids,
        circle_id=circle.pk if circle is not None else None,
        product_id=product_id,
        kinds=KINDS.get(only),
        authors=[] if only == "known" and authors is None else authors,
        unwanted=blocked_ids(viewer_id) | muted_ids(viewer_id) if viewer_id is not None else (),
        before=before,
        limit=limit,
    )
    return FeedPage(post_cards(items, viewer_id=viewer_id, now=now), items[-1].id if len(items) == limit else None)


def post_cards(items: Collection[FeedItem], *, viewer_id: int | None, now: datetime) -> list[FeedCard]:
    """Fill in pictures, goods and ties of posts, in a fixed number of statements."""
    drawn = pictures({one for item in items for one in (item.picture_id, item.author_avatar_id) if one})
    products = tagged_products({item.product_id for item in items if item.product_id})
    ties = tie_labels(viewer_id, {item.author_id for item in items}, now=now) if viewer_id is not None else {}
    useful = reacted_ids(viewer_id, [item.id for item in items]) if viewer_id is not None else set()
    return [
        FeedCard(
            item=item,
            picture=drawn.get(item.picture_id) if item.picture_id else None,
            author_avatar=drawn.get(item.author_avatar_id) if item.author_avatar_id else None,
            tie=ties.get(item.author_id),
            product=products.get(item.product_id) if item.product_id else None,
            is_useful_to_me=item.id in useful,
        )
        for item in items
    ]


TAGGED = f"""SELECT p.id, p.name, p.slug, {COUNTED.format(id="p.id", came="kept_at")}, {COUNTED.format(id="p.id", came="returned_at")}, a.*
FROM catalogue_product p LEFT JOIN LATERAL ({LEADING.format(product="p.id")}) a ON true WHERE p.id = ANY(%(products)s::bigint[])"""


def tagged_products(product_ids: Collection[int]) -> dict[int, TaggedProduct]:
    """Goods to name beside a post, in one statement."""
    rows = planned.rows(TAGGED, {"products": list(product_ids)}) if product_ids else []
    return {
        id: TaggedProduct(id, name, slug, picture_of(picture), kept, returned)
        for id, name, slug, kept, returned, *picture in rows
    }
