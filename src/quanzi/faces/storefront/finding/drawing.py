"""From what was found to rows and cards, with the words marked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from quanzi.community.circles.models import Admission
from quanzi.community.circles.queries import cards as circle_cards
from quanzi.community.posts.models import PostKind
from quanzi.community.posts.queries import feed
from quanzi.faces.storefront.community.drawing import note_of
from quanzi.faces.storefront.shopping.discover import shelf_of
from quanzi.goods.catalogue.queries import makers_by_id, product_cards
from quanzi.growth.discovery.queries import FeedCard, post_cards
from quanzi.growth.searching.folding import excerpt, pieces
from quanzi.growth.searching.models import POSTS
from quanzi.growth.searching.queries import Reader, findable
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import cards as member_cards
from quanzi.people.trust.queries import tie_labels


def marked(text: str, words: Collection[str]) -> SafeString:
    """The text with the words in it marked; every letter of it is escaped."""
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", one.text) if one.is_hit else one.text,) for one in pieces(text, words)),
    )


def goods_rows(ids: Sequence[int], words: Collection[str], me: Member | None, now: datetime) -> list[dict[str, Any]]:
    """Cards of goods, in this order."""
    cards = shelf_of(product_cards(ids=list(ids)), me, now) if ids else []
    return [{**card, "marked": marked(card["title"], words)} for card in cards]


def post_rows(ids: Sequence[int], words: Collection[str], reader: Reader, now: datetime) -> list[dict[str, Any]]:
    """What people wrote, in this order; read once more where the reader may read."""
    items = feed(ids=ids, circle_ids=reader.circles, unwanted=reader.unwanted, limit=50) if ids else []
    place = {one: number for number, one in enumerate(ids)}
    cards = post_cards(sorted(items, key=lambda item: place[item.id]), viewer_id=reader.member_id, now=now)
    return [_post_row(card, words, reader) for card in cards]


def _post_row(card: FeedCard, words: Collection[str], reader: Reader) -> dict[str, Any]:
    item = card.item
    said = excerpt(item.excerpt, words) if item.excerpt else ""
    labels = {PostKind.QUESTION: gettext("Question"), PostKind.EXPERIENCE: gettext("Experience")}
    row = note_of(card)
    return {
        **row,
        "marked": marked(item.title, words),
        "said": marked(said, words) if said else "",
        "label": labels.get(PostKind(item.kind), ""),
        "is_kept": item.kind == PostKind.EXPERIENCE,
        "at": item.created_at,
        "talk": f"{row['href']}#talk" if reader.member_id not in (None, item.author_id) else None,
    }


def circle_rows(ids: Sequence[int], words: Collection[str], reader: Reader) -> list[dict[str, Any]]:
    """Circles, in this order; by invitation only those the reader is in."""
    found = {card.id: card for card in circle_cards(list(ids))} if ids else {}
    shown = [found[one] for one in ids if one in found]
    return [
        {
            "href": reverse("storefront:circle", args=[card.slug]),
            "title": marked(card.name, words),
            "second": card.summary or card.place,
            "members": ngettext("%(n)d person", "%(n)d people", card.members) % {"n": card.members},
            "pic": card.cover,
        }
        for card in shown
        if card.admission != Admission.INVITATION or card.id in reader.circles
    ]


def people_rows(ids: Sequence[int], words: Collection[str], reader: Reader, now: datetime) -> list[dict[str, Any]]:
    """People who agreed to be found, in this order."""
    shown = findable(ids) if reader.member_id is not None else []
    cards = member_cards(shown)
    ties = tie_labels(reader.member_id, shown, now) if reader.member_id is not None and shown else {}
    return [
        {"card": cards[one], "href": reverse("storefront:member", args=[one]), "name": marked(cards[one].name, words),
         "tie": ties[one].words if one in ties else None}
        for one in shown if one in cards
    ]  # fmt: skip


def maker_rows(ids: Sequence[int], words: Collection[str]) -> list[dict[str, Any]]:
    """Makers, in this order."""
    return [
        {"card": {"name": one.name, "avatar": one.portrait}, "href": reverse("storefront:maker", args=[one.slug]),
         "name": marked(one.name, words), "second": one.place or None}
        for one in makers_by_id(ids)
    ]  # fmt: skip


def suggested(found: Sequence[tuple[str, int]], words: Collection[str], reader: Reader) -> list[dict[str, Any]]:
    """Suggestions with their address, in this order: goods, makers, circles, people."""
    ids = {kind: [one for other, one in found if other == kind] for kind, _ in found}
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for card in product_cards(ids=ids.get("product", [])) if ids.get("product") else []:
        rows["product", card.id] = _suggestion(
            card.name, reverse("storefront:product", args=[card.slug]), gettext("Goods"), words
        )
    for maker in makers_by_id(ids.get("maker", [])):
        rows["maker", maker.id] = _suggestion(
            maker.name, reverse("storefront:maker", args=[maker.slug]), gettext("Maker"), words
        )
    for circle in circle_cards(ids["circle"]) if ids.get("circle") else []:
        if circle.admission != Admission.INVITATION or circle.id in reader.circles:
            address = reverse("storefront:circle", args=[circle.slug])
            rows["circle", circle.id] = _suggestion(circle.name, address, gettext("Circle"), words)
    for one, person in member_cards(findable(ids.get("member", []))).items():
        rows["member", one] = _suggestion(
            person.name, reverse("storefront:member", args=[one]), gettext("Person"), words
        )
    return [rows[key] for key in found if key in rows]


def _suggestion(name: str, href: str, kind: str, words: Collection[str]) -> dict[str, Any]:
    return {"text": marked(name, words), "href": href, "kind": kind}


GROUPS = {"goods": ("product",), "posts": POSTS, "circles": ("circle",), "people": ("member",), "makers": ("maker",)}
"""What stands together on the page, and the kinds in it."""
