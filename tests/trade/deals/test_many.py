"""Launches gathered and failed together, against the same done one seat after another: the rows are the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import Model, QuerySet

from quanzi.base.audit.models import AuditEntry
from quanzi.base.events.models import Event
from quanzi.base.ledger.models import Entry, Transaction
from quanzi.goods.stock.models import Reservation
from quanzi.people.accounts.models import Member
from quanzi.people.trust.models import Tie
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.errors import LimitReached, TeamClosed
from quanzi.trade.deals.models import DealUse, GroupDeal, Seat, Team
from quanzi.trade.deals.services import Comer, Launch
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.models import Payment, Refund
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import NotRefundable
from quanzi.trade.sales.models import Adjustment, Order, OrderLine, OrderMove, OrderRefund, RefundPart
from tests.factories.deals import assert_deals_add_up, make_buyer, make_deal
from tests.factories.trade import make_point
from tests.trade.deals.conftest import NOW

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
OVER = NOW + timedelta(days=2)
DRAWN = (
    "number",
    "code",
    "key",
    "hash",
    "ref",
    "target",
    "evidence",
    "payload",
    "waits_for",
    "source",
    "recorded_at",
    "moved_by",
)


def plain(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """What rows say, without their own and each other's numbers."""
    return [_plain(row) for row in rows.order_by("pk")]


def _plain(row: Model) -> dict[str, Any]:
    names = [one.attname for one in row._meta.concrete_fields]
    return {
        name: getattr(row, name)
        for name in names
        if name != "id" and not name.endswith("_id") and not any(word in name for word in DRAWN)
    }


def written(team: Team) -> dict[str, Any]:
    """Everything that a team brought about."""
    seats = Seat.objects.filter(team=team)
    orders = Order.objects.filter(pk__in=seats.values("order"))
    lines = OrderLine.objects.filter(order__in=orders)
    paid = Payment.objects.filter(payable_id__in=orders.values("pk"))
    booked = Transaction.objects.filter(ref__in=[f"payment:{one.pk}" for one in paid])
    keys = [f"team:{team.pk}", *(f"order:{one.pk}" for one in orders), *(f"payment:{one.pk}" for one in paid)]
    refunds = Refund.objects.filter(payment__in=paid)
    return {
        "team": _plain(Team.objects.get(pk=team.pk)),
        "seats": plain(seats),
        "invited": [one.invited_by_id == team.opener_id for one in seats.order_by("pk")],
        "uses": plain(DealUse.objects.filter(deal=team.deal)),
        "orders": plain(orders),
        "moves": [
            (one.before, one.after, one.cause, one.actor.split(":")[0], one.moved_at)
            for one in OrderMove.objects.filter(order__in=orders).order_by("order", "pk")
        ],
        "lines": plain(lines),
        "steps": plain(Adjustment.objects.filter(order__in=orders)),
        "holds": plain(Reservation.objects.filter(ref__in=[f"order_line:{one.pk}" for one in lines])),
        "payments": plain(paid),
        "refunds": [*plain(refunds), *plain(OrderRefund.objects.filter(order__in=orders))],
        "parts": plain(RefundPart.objects.filter(order__in=orders)),
        "books": [
            *plain(booked),
            *((one.amount_minor, one.account.code) for one in Entry.objects.filter(transaction__in=booked)),
        ],
        "audit": plain(AuditEntry.objects.filter(target__in=[f"refund:{one.pk}" for one in refunds])),
        "events": sorted(
            (one.key.split(":")[0], one.name, one.occurred_at, sorted(one.payload), one.payload.get("missing"))
            for one in Event.objects.filter(key__in=keys)
        ),
        "ties": sorted((one.kind, one.made_at) for one in Tie.objects.filter(evidence=f"team:{team.pk}")),
    }


def people(count: int) -> list[int]:
    return [make_buyer(f"人{number}").pk for number in range(count)]


def launch(deal: GroupDeal, who: list[int], *, key: str = "a") -> Launch:
    return Launch(deal.pk, [Comer(one, NOW + SECOND * place, key, f"{key}:{place}") for place, one in enumerate(who)])


def one_by_one(deal: GroupDeal, who: list[int], point_id: int) -> Team:
    """The twin: opened, joined and paid through the services for one."""
    members = [Member.objects.get(pk=one) for one in who]
    how: dict[str, Any] = {
        "method": "pickup",
        "pickup_point_id": point_id,
        "idempotency_key": "twin",
        "origin": "replay",
    }
    team, order = deals.open_team(deal_id=deal.pk, member=members[0], now=NOW, **how)
    for place, member in enumerate(members):
        at = NOW + SECOND * place
        if place:
            _, order = deals.join_team(team_code=team.code, member=member, invited_by_id=who[0], now=at, **how)
        payments.pay_offline(
            payable_kind="order", payable_id=order.pk, member_id=member.pk, reference="", actor="import:log",
            idempotency_key=f"twin:{place}", now=at,
        )  # fmt: skip
    return team


def gather(*launches: Launch, point_id: int) -> list[Team]:
    return deals.gather(launches=launches, pickup_point_id=point_id, origin="replay", actor="import:log")


@pytest.mark.parametrize("coming", [3, 2])
def test_gathered_launches_are_written_like_those_that_came_one_by_one(coming: int) -> None:
    point = make_point(now=NOW).pk
    deal, again, twin = (make_deal(team_size=3, now=NOW) for _ in range(3))
    gathered = gather(launch(deal, people(coming)), launch(again, people(coming), key="b"), point_id=point)
    single = one_by_one(twin, people(coming), point)
    if coming < 3:
        assert deals.fail_together(OVER, only=[team.pk for team in gathered]) == 2
        assert deals.fail_due(OVER, only=[single.pk]) == 1
    expected = written(single)
    for team in gathered:
        for name, rows in written(team).items():
            assert (name, rows) == (name, expected[name])
    assert expected["orders"][0]["state"] == ("paid" if coming == 3 else "refunded")
    assert_deals_add_up()


def test_somebody_in_several_of_the_launches_is_counted_for_each_and_is_new_once() -> None:
    point = make_point(now=NOW).pk
    deal = make_deal(team_size=2, per_member_limit=2, now=NOW)
    ann, bea, cleo = people(3)
    gather(launch(deal, [ann, bea], key="1"), launch(deal, [ann, cleo], key="2"), point_id=point)
    assert DealUse.objects.get(deal=deal, member_id=ann).used == 2
    first = [one.payload["is_first"] for one in Event.objects.filter(name="sales.OrderPaid").order_by("pk")]
    assert first == [True, True, False, True]
    with pytest.raises(LimitReached):
        gather(launch(deal, [ann, bea], key="3"), point_id=point)
    assert Team.objects.count() == 2


def test_one_key_twice_and_one_who_comes_too_late_are_refused_with_all_the_others() -> None:
    point = make_point(now=NOW).pk
    deal = make_deal(team_size=2, now=NOW)
    who = people(2)
    late = [Comer(one, NOW + timedelta(days=place), "late", f"late:{place}") for place, one in enumerate(who)]
    with pytest.raises(TeamClosed):
        gather(launch(deal, people(2), key="b"), Launch(deal.pk, late), point_id=point)
    assert not Team.objects.exists() and not Order.objects.exists() and not Payment.objects.exists()
    gather(launch(deal, who), point_id=point)
    other = make_deal(team_size=2, now=NOW)
    with pytest.raises(IntegrityError):
        gather(launch(other, who), point_id=point)


def test_what_cannot_be_given_back_together_is_left_whole_and_given_back_one_by_one() -> None:
    point = make_point(now=NOW).pk
    deal = make_deal(team_size=3, now=NOW)
    touched, plain_one = gather(launch(deal, people(1), key="1"), launch(deal, people(1), key="2"), point_id=point)
    line = OrderLine.objects.get(order__seat__team=touched)
    sales.refund_line(line_id=line.pk, amount_minor=5, reason="dent", actor="system", idempotency_key="dent", now=NOW)
    with pytest.raises(NotRefundable):
        deals.fail_together(OVER, only=[touched.pk, plain_one.pk])
    assert set(Team.objects.values_list("state", flat=True)) == {"forming"}
    assert deals.fail_due(OVER) == 2
    assert set(Order.objects.values_list("state", flat=True)) == {"refunded"}
    assert deals.fail_together(OVER) == 0
