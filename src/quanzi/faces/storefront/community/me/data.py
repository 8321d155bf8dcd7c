"""Everything of one's own, as one file."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from quanzi.community.circles.queries import my_circles
from quanzi.community.posts.queries import comments_by, posts_by
from quanzi.faces.storefront.viewing import member_of, members_only
from quanzi.goods.wishes.queries import alerts, seen, wishes
from quanzi.goods.wishes.rules import MOST_WISHES
from quanzi.growth.importing.past.queries import orders_of as past_orders
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import addresses
from quanzi.people.contact.queries import devices, history
from quanzi.people.safety.queries import blocks_of, mutes_of
from quanzi.people.trust.queries import circle_of_trust
from quanzi.trade.sales.queries import my_orders

ORDERS = 100
PAST = 10_000


@members_only
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """A JSON file with profile, addresses, circles, ties, consents, posts, replies and orders; nothing about other people but names."""
    me = member_of(request)
    text = json.dumps(_everything(me), ensure_ascii=False, indent=2, default=str)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="quanzi-my-data.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _everything(me: Member) -> dict[str, Any]:
    ties = [one for one in circle_of_trust(me, clock.now(), limit=1000) if one.steps == 1]
    return {
        "profile": {
            "name": me.name, "bio": me.bio, "email": me.email, "phone": me.phone, "language": me.language,
            "joined_at": me.joined_at,
        },
        "addresses": [
            {"recipient": row.recipient, "phone": row.phone, "region": row.region_name, "detail": row.detail}
            for row in addresses(me)
        ],
        "circles": [card.name for card in my_circles(me)],
        "ties": [{"name": one.card.name, "word": one.label, "reasons": one.facts, "hidden": one.hidden} for one in ties],
        "blocked": [row.other.name for row in blocks_of(me)],
        "muted": [row.other.name for row in mutes_of(me)],
        "consents": [
            {"purpose": row.purpose, "channel": row.channel, "granted": row.granted, "at": row.decided_at,
             "wording": row.text.text_zh}
            for row in history(me)
        ],
        "wishlist": [row.card.name for row in wishes(me.pk, limit=MOST_WISHES)],
        "waiting_for": [{"goods": row.title, "asked_at": row.asked_at} for row in alerts(me.pk)],
        "looked_at": [card.name for card in seen(me.pk)],
        "devices_with_notices": [{"device": row.name, "since": row.made_at} for row in devices(me)],
        "posts": [
            {"kind": post.kind, "circle": post.circle.name if post.circle else "", "title": post.title, "text": post.body,
             "at": post.created_at, "hidden_because": post.hidden_reason}
            for post in posts_by(me.pk)
        ],
        "replies": [{"to": row.post.title, "text": row.body, "at": row.created_at} for row in comments_by(me.pk)],
        "orders": _orders(me),
        "orders_from_before": [
            {"shop": row.source, "number": row.number, "placed_at": row.placed_at, "bought": str(row.bought),
             "given_back": str(row.returned), "currency": row.bought.currency,
             "lines": [{"title": line.title, "quantity": line.quantity} for line in row.lines]}
            for row in past_orders(me.pk, limit=PAST)
        ],
    }  # fmt: skip


def _orders(me: Member) -> list[dict[str, Any]]:
    """All orders of the member, page by page, with where they went."""
    found: list[dict[str, Any]] = []
    before: int | None = None
    while cards := my_orders(member_id=me.pk, before_id=before, limit=ORDERS):
        found += [
            {"number": card.number, "state": card.state, "amount": str(card.amount), "placed_at": card.placed_at,
             "lines": [{"title": line.title, "quantity": line.quantity, "paid": str(line.paid)} for line in card.lines]}
            for card in cards
        ]  # fmt: skip
        before = cards[-1].id
    return found
