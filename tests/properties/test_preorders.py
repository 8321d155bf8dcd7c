"""Whatever people, the shop and the clock do with a batch, every fen is where its place says, and at the end nobody waits for money."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, sampled_from, tuples

from quanzi.kernel.clock import Clock, frozen
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.trade.payments.models import Payment
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.models import Place, Preorder
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.factories.preorders import DAY, HOUR, assert_preorders_add_up, bring, hold, make_preorder, order_balance
from tests.factories.trade import make_buyer, pay

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PEOPLE = 4
ACTS = (
    "hold", "hold", "hold", "leave", "make", "ask_balance", "order", "pay", "pay", "cancel", "refund", "bring", "ask_date", "yes", "no",
    "tick", "tick", "call_off",
)  # fmt: skip


def do(act: str, preorder: Preorder, member: Member, clock: Clock) -> None:
    """One thing that somebody does; what is refused changes nothing."""
    now = clock.at
    place = Place.objects.filter(preorder=preorder, member=member).order_by("-pk").first()
    if act == "hold":
        hold(preorder, member=member, now=now)
    elif act == "make":
        preorders.make_batch(preorder_id=preorder.pk, actor="test", now=now)
    elif act == "ask_balance":
        preorders.ask_balance(preorder_id=preorder.pk, actor="test", now=now)
    elif act == "bring":
        bring(preorder, 1, now=now)
    elif act == "ask_date":
        preorder.refresh_from_db()
        preorders.ask_date(preorder_id=preorder.pk, after=preorder.promised_on + DAY, reason="x", actor="test", now=now)
    elif act == "tick":
        clock.at = now + 13 * HOUR
        carry_on(clock.at)
    elif act == "call_off":
        preorders.call_off(preorder_id=preorder.pk, reason="x", actor="test", now=now)
    elif place is not None:
        _with_place(act, place, now)


def _with_place(act: str, place: Place, now: datetime) -> None:
    if act == "leave":
        preorders.leave(place_id=place.pk, member=place.member, now=now)
    elif act == "order":
        order_balance(place, now=now)
    elif act in ("yes", "no"):
        preorders.answer_date(place_id=place.pk, member=place.member, agrees=act == "yes", now=now)
    elif place.order is None:
        return
    elif act == "pay":
        pay(place.order, now=now)
    elif act == "cancel":
        sales.cancel_order(order_id=place.order.pk, actor="test", reason="test", now=now)
    elif act == "refund":
        sales.refund_order(order_id=place.order.pk, reason="x", actor="test", idempotency_key=f"p{place.pk}", now=now)


def carry_on(now: datetime) -> None:
    """What the worker does each minute."""
    sales.expire_unpaid(now=now)
    preorders.expire_asked(now)
    preorders.decide_due(now)
    preorders.close_answers(now)
    preorders.lapse_due(now)
    preorders.release_due(now)


def here(member: Member) -> int:
    """Minor units of a member's money that the shop holds or has."""
    return sum(p.amount_minor - p.refunded_minor for p in Payment.objects.filter(member=member, state="captured"))


def owed(member: Member, preorder: Preorder) -> int:
    """What their places say."""
    total = 0
    for place in Place.objects.filter(member=member, preorder=preorder):
        if place.state == "held":
            total += place.deposit_minor
        elif place.state == "settled":
            total += Order.objects.get(pk=place.order_id).amount_minor
    return total


@settings(max_examples=6, deadline=None)
@given(lists(tuples(sampled_from(ACTS), integers(0, PEOPLE - 1)), min_size=8, max_size=24))
def test_money_is_where_places_say_and_comes_back_in_the_end(story: list[tuple[str, int]]) -> None:
    with frozen(NOW) as clock:
        preorder = make_preorder(threshold=2, most=3)
        people = [make_buyer() for _ in range(PEOPLE)]
        for act, who in story:
            with contextlib.suppress(DomainError):
                do(act, preorder, people[who], clock)
            assert [here(one) for one in people] == [owed(one, preorder) for one in people], act
        for _ in range(3):  # the windows end one after the other
            clock.at += timedelta(days=6)
            carry_on(clock.at)
        preorder.refresh_from_db()
        assert not Place.objects.filter(preorder=preorder, state__in=["asked", "held"]).exclude(
            preorder__state="made", preorder__balance_from=None
        )
        assert_preorders_add_up()
