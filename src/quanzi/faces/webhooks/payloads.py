"""From an event to the data that is told of it. None: this one is not for the outside."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.urls import reverse

from quanzi.base.events.events import DomainEvent
from quanzi.community.posts.events import PostWritten
from quanzi.community.posts.models import Post
from quanzi.community.posts.policies import may_read
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.stock.events import BackInStock, StockLow
from quanzi.trade.deals.events import OfTeam, SeatLeft, SeatPaid
from quanzi.trade.deals.models import Team
from quanzi.trade.experiences.events import ExperienceWritten
from quanzi.trade.sales.events import LineKept, LineReturned, OfOrder, OrderRefunded
from quanzi.trade.sales.models import Order


def plain(event: DomainEvent) -> dict[str, Any]:
    """The values of the event itself; its shape chooses among them."""
    return event.payload()


def order(event: OfOrder) -> dict[str, Any]:
    found = Order.objects.get(pk=event.order_id)
    lines = found.lines.order_by("pk").values("product_id", "sku_id", "quantity", "paid_minor", line_id=F("pk"))
    data = {
        "order_id": found.pk, "number": found.number, "state": found.state, "member_id": found.member_id,
        "amount_minor": found.amount_minor, "refunded_minor": found.refunded_minor, "currency": found.currency,
        "lines": list(lines),
    }  # fmt: skip
    if isinstance(event, OrderRefunded):
        data |= {"refund_id": event.refund_id, "refund_minor": event.amount_minor, "is_whole": event.is_whole}
    return data


def line(event: LineKept | LineReturned) -> dict[str, Any]:
    number = Order.objects.values_list("number", flat=True).get(pk=event.order_id)
    return {**event.payload(), "number": number}


def team(event: OfTeam) -> dict[str, Any]:
    found = Team.objects.get(pk=event.team_id)
    data = {
        "team_id": found.pk, "deal_id": found.deal_id, "state": found.state, "team_size": found.team_size,
        "paid_seats": found.paid_seats, "most_seats": found.most_seats, "final_minor": found.final_minor,
    }  # fmt: skip
    if isinstance(event, SeatPaid | SeatLeft):
        data |= {"member_id": event.member_id, "order_id": event.order_id}
    return data


def post(event: PostWritten | ExperienceWritten) -> dict[str, Any] | None:
    """Only what a visitor could read."""
    found = Post.objects.select_related("circle").filter(pk=event.post_id).first()
    if found is None or not may_read(None, found):
        return None
    data: dict[str, Any] = {
        "post_id": found.pk, "kind": found.kind, "title": found.title, "author_id": found.author_id,
        "circle_id": found.circle_id, "path": reverse("storefront:post", args=[found.pk]),
    }  # fmt: skip
    if isinstance(event, ExperienceWritten):
        data |= {"product_id": event.product_id, "stars": event.stars}
    return data


def sku(event: BackInStock | StockLow) -> dict[str, Any]:
    return {**event.payload(), "product_id": Sku.objects.values_list("product_id", flat=True).get(pk=event.sku_id)}
