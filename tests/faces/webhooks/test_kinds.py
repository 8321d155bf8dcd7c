"""The catalogue is true: names stay, examples fit their schemas, events become what they say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from quanzi.base.events.events import DomainEvent
from quanzi.base.events.services import deliver_pending
from quanzi.community.posts.events import PostWritten
from quanzi.faces.webhooks import memory, telling
from quanzi.faces.webhooks.kinds import KINDS, TEST
from quanzi.faces.webhooks.models import Delivery, Message
from quanzi.kernel import clock
from tests.factories import community, deals, goods, trade
from tests.factories.hooks import make_endpoint

NAMES = [
    "order.placed", "order.paid", "order.released", "order.handed_over", "order.received", "order.cancelled",
    "order.refunded", "order.kept", "order.returned", "parcel.shipped", "parcel.arrived", "parcel.came_back",
    "purchase.sent", "purchase.confirmed", "purchase.shipped", "purchase.received", "purchase.cancelled",
    "goods.received", "payment.captured", "payment.closed", "refund.done", "refund.failed", "team.opened",
    "team.joined", "team.left", "team.succeeded", "team.failed", "claim.opened", "claim.decided", "post.published",
    "experience.published", "circle.founded", "member.joined", "member.erased", "product.published",
    "product.paused", "price.changed", "stock.returned", "stock.low", "lot.recalled", "lot.paused", "lot.released",
    "return.sent", "return.arrived", "dispute.opened", "dispute.decided", "compensation.granted", "compensation.paid", "invoice.issued",
    "invoice.reversed",
    "preorder.opened", "preorder.deposit_paid", "preorder.reached", "preorder.made", "preorder.missed",
    "preorder.called_off", "preorder.balance_asked", "preorder.balance_paid", "preorder.date_asked",
    "preorder.place_returned", "launch.planned", "launch.drawn", "launch.ended", "brand_day.planned",
    "chain.opened", "chain.ended", "bargain.opened", "bargain.answered", "round.opened", "round.closed",
    "round.cancelled", "round.goods_arrived", "round.pickup_missed", "store.opened",
    "store.amount_asked", "counter.paid", "station.opened",
]  # fmt: skip


def deliver() -> None:
    while deliver_pending():
        continue


def told(kind: str) -> list[dict[str, Any]]:
    return [
        json.loads(body)["data"]
        for body in Message.objects.filter(kind=kind).order_by("pk").values_list("body", flat=True)
    ]


def test_no_name_is_taken_away() -> None:
    assert list(KINDS) == NAMES


@pytest.mark.parametrize("name", [*NAMES, TEST.name])
def test_an_example_is_what_the_shape_makes_of_it(name: str) -> None:
    kind = KINDS.get(name, TEST)
    assert kind.checked(kind.example) == kind.example
    assert set(kind.schema["properties"]) == set(kind.example)
    assert kind.schema["additionalProperties"] is False


def test_the_life_of_an_order_is_told_in_ids_and_minor_units_without_names_or_contacts() -> None:
    endpoint = make_endpoint()
    order = trade.make_received_order()
    deliver()
    (paid,) = told("order.paid")
    line = order.lines.get()
    assert paid["order_id"] == order.pk
    assert paid["amount_minor"] == order.amount_minor
    assert paid["lines"] == [{
        "line_id": line.pk, "product_id": line.product_id, "sku_id": line.sku_id, "quantity": line.quantity, "paid_minor": line.paid_minor,
    }]  # fmt: skip
    for kind in ("order.placed", "order.released", "order.handed_over", "order.received", "payment.captured"):
        assert len(told(kind)) == 1, kind
    assert Delivery.objects.filter(endpoint=endpoint).count() == Message.objects.count()
    bodies = " ".join(Message.objects.values_list("body", flat=True))
    assert order.member.name not in bodies
    assert str(order.member.phone) not in bodies or not order.member.phone
    for words in order.ship_to.values():
        assert not words or str(words) not in bodies


def test_a_team_is_told_from_its_opening_to_its_success() -> None:
    make_endpoint()
    deal = deals.make_deal(sku=goods.make_sku(stock_of=20), team_size=2)
    team, order = deals.open_team(deal, trade.make_buyer())
    deals.pay(order)
    deliver()
    assert [one["team_id"] for one in told("team.opened")] == [team.pk]
    assert [(one["order_id"], one["paid_seats"]) for one in told("team.joined")] == [(order.pk, 1)]
    assert told("team.succeeded") == []


def test_a_post_is_told_only_when_a_visitor_could_read_it() -> None:
    make_endpoint()
    opened, closed = community.make_circle(admission="open"), community.make_circle(admission="invitation")
    public = community.make_post(author=opened.founder, circle=opened)
    private = community.make_post(author=closed.founder, circle=closed)
    for post in (public, private):
        kind = KINDS["post.published"]
        telling.tell(kind=kind, event=PostWritten(post.pk, post.author_id, post.circle_id, post.kind), now=clock.now())
    assert {one["post_id"] for one in told("post.published")} == {public.pk}


def test_while_nobody_listens_nothing_is_written_and_no_event_is_awaited_for_it() -> None:
    trade.make_order()
    deliver()
    assert not Message.objects.exists()
    assert not memory.is_wanted("order.placed")


def test_an_event_is_told_once_however_often_it_is_delivered() -> None:
    make_endpoint(kinds=["order.paid"])
    trade.make_paid_order()
    deliver()
    deliver()
    assert Message.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_only_kinds_that_were_chosen_are_told_and_the_endpoint_that_is_off_can_catch_up_later() -> None:
    mine, other = make_endpoint(kinds=["order.paid"]), make_endpoint(kinds=["order.placed"])
    other.state = "off"
    other.save()
    trade.make_paid_order()
    deliver()
    assert set(Message.objects.values_list("kind", flat=True)) == {"order.paid", "order.placed"}
    assert {(one.endpoint_id, one.message.kind) for one in Delivery.objects.select_related("message")} == {
        (mine.pk, "order.paid")
    }


def test_every_kind_but_the_test_has_an_event_of_its_own() -> None:
    events = [kind.event for kind in KINDS.values()]
    assert all(event is not None and issubclass(event, DomainEvent) for event in events)
    assert len(set(events)) == len(events)


pytestmark = pytest.mark.django_db
