"""From rows of the queries to what the components draw."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from quanzi.community.posts.models import PostKind
from quanzi.growth.discovery.queries import FeedCard
from quanzi.growth.discovery.queries.feed import TaggedProduct


def note_of(card: FeedCard) -> dict[str, Any]:
    """A card of the waterfall."""
    item = card.item
    is_question = item.kind == PostKind.QUESTION
    return {
        "href": reverse("storefront:post", args=[item.id]),
        "text": item.title,
        "pic": card.picture,
        "film": item.film_seconds,
        "kind": item.kind,
        "author": {"id": item.author_id, "name": item.author_name, "avatar": card.author_avatar},
        "tie": card.tie.words if card.tie else None,
        "goods": goods_of(card.product) if card.product else None,
        "counts": counts_of(item.useful, item.comments, is_question=is_question),
        "answer": gettext("%(name)s: %(text)s") % {"name": item.answer_by, "text": item.answer}
        if item.answer
        else None,
        "stars": None,
        "got_sample": item.got_sample,
    }


def goods_of(product: TaggedProduct) -> dict[str, Any]:
    """Goods named in a post, with what was kept and returned."""
    return {
        "href": reverse("storefront:product", args=[product.slug]),
        "title": product.name,
        "pic": product.picture,
        "kept": product.kept,
        "returned": product.returned,
    }


def counts_of(useful: int, comments: int, *, is_question: bool) -> str | None:
    """ "12 found this useful · 4 replies"; nothing when there is nothing to count."""
    parts = []
    if is_question and comments:
        parts.append(ngettext("%(n)d answer", "%(n)d answers", comments) % {"n": comments})
    if useful:
        parts.append(ngettext("%(n)d found this useful", "%(n)d found this useful", useful) % {"n": useful})
    if comments and not is_question:
        parts.append(ngettext("%(n)d reply", "%(n)d replies", comments) % {"n": comments})
    return " · ".join(parts) or None
