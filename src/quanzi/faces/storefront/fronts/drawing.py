"""From the rows of a front to what its template draws."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from quanzi.community.posts.queries import feed
from quanzi.faces.storefront.community.drawing import goods_of, note_of
from quanzi.growth.discovery.queries import post_cards
from quanzi.growth.discovery.queries.feed import TaggedProduct, tagged_products
from quanzi.growth.fronts.centres import Centre
from quanzi.growth.fronts.queries.fronts import FrontPage, PinRow, front_page
from quanzi.people.accounts.models import Member


def front_of(
    centre: Centre, viewer: Member | None, circle_ids: Collection[int], *, now: datetime, page: FrontPage | None = None
) -> dict[str, Any]:
    """intro; sections: (name, title, items) in the owner's order, those with something in them. page: when it was read before."""
    page = page or front_page(centre)
    goods = tagged_products({pin.product_id for pin in page.pins if pin.product_id is not None})
    wanted = [pin.post_id for pin in page.pins if pin.post_id is not None]
    items = feed(circle_ids=circle_ids, ids=wanted, limit=len(wanted)) if wanted else []
    cards = post_cards(items, viewer_id=viewer.pk if viewer is not None else None, now=now)
    notes = {card.item.id: note_of(card) for card in cards}
    filled = {
        "pins": (
            gettext("Picked by %(name)s") % {"name": centre.name},
            [row for pin in page.pins if not pin.stands and (row := _pinned(pin, notes, goods, centre.name))],
        ),
        "kept": (
            gettext("Kept, and stood by"),
            [_stood_by(pin, goods) for pin in page.pins if pin.stands and pin.product_id in goods],
        ),
    }
    sections = [(name, *filled[name]) for name in page.sections if name in filled and filled[name][1]]
    return {"intro": page.intro, "sections": sections, "order": page.sections}


def _pinned(
    pin: PinRow, notes: Mapping[int, dict[str, Any]], goods: Mapping[int, TaggedProduct], name: str
) -> dict[str, Any] | None:
    """A note as one line, or goods, said to be of their making where they are; nothing where the reader may not see it."""
    if pin.post_id is not None:
        note = notes.get(pin.post_id)
        return {"href": note["href"], "title": note["text"], "pic": note["pic"], "words": pin.note} if note else None
    tagged = goods.get(pin.product_id or 0)
    return goods_of(tagged) | {"words": pin.note, "made_by": name if pin.is_made else ""} if tagged else None


def _stood_by(pin: PinRow, goods: Mapping[int, TaggedProduct]) -> dict[str, Any]:
    """Goods with the words of the one who kept them, and why they stand here."""
    assert pin.product_id is not None and pin.kept_at is not None
    return goods_of(goods[pin.product_id]) | {
        "words": pin.note,
        "by_name": pin.by_name,
        "at": pin.kept_at,
        "by": reverse("storefront:member", args=[pin.by_id]),
    }
