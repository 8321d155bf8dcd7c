"""Teams that people open, join, fill, leave, and that fail."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

from django.db import IntegrityError

from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.models import Seat, Team
from quanzi.trade.payments.models import Refund
from quanzi.trade.sales.models import Order
from tests.crash.plays.money import take_cash
from tests.crash.plays.play import PLAYS, STOCK, Facts, Play, free, is_one, order_of, told_once, work
from tests.factories import deals as deal_factory
from tests.factories.goods import make_sku
from tests.factories.trade import (
    make_buyer,
    make_point,
    pay,
    start_payment,
)


def _team(*, size: int = 3, people: int = 0, paid: int = 0) -> Facts:
    """A deal, and when `people` is above zero its team with so many seats, `paid` of them paid."""
    sku = make_sku(stock_of=STOCK)
    deal = deal_factory.make_deal(sku=sku, team_size=size)
    facts = {"sku": sku.pk, "deal": deal.pk, "member": make_buyer().pk, "point": make_point().pk}
    seats = [make_buyer() for _ in range(people)]
    if seats:
        team, first = deal_factory.open_team(deal, seats[0])
        orders = [first, *(deal_factory.join_team(team, one)[1] for one in seats[1:])]
        for order in orders[:paid]:
            pay(order)
        facts |= {"team": team.pk, "code": team.code, "order": orders[-1].pk, "last": seats[-1].pk}
    work()
    return facts


def _how(facts: Facts) -> dict[str, Any]:
    return {
        "member": Member.objects.get(pk=facts["member"]),
        "method": "pickup",
        "pickup_point_id": facts["point"],
        "idempotency_key": f"seat-{facts['member']}",
        "now": clock.now(),
    }


def _has_seat(facts: Facts) -> None:
    is_one(Seat.objects.filter(member_id=facts["member"], state="held"))
    is_one(Order.objects.filter(member_id=facts["member"]))
    seat = Seat.objects.get(member_id=facts["member"])
    assert seat.team.taken_seats == seat.team.seats.filter(state__in=["held", "paid"]).count()


PLAYS["open_team"] = Play(_team, lambda facts: deals.open_team(deal_id=facts["deal"], **_how(facts)), _has_seat)
PLAYS["join_team"] = Play(
    lambda: _team(people=1, paid=1), lambda facts: deals.join_team(team_code=facts["code"], **_how(facts)), _has_seat
)


def _last_seat() -> Facts:
    facts = _team(size=2, people=2, paid=1)
    return facts | {"payment": start_payment(order_of(facts)).pk}


def _has_succeeded(facts: Facts) -> None:
    team = Team.objects.get(pk=facts["team"])
    assert (team.state, team.paid_seats) == ("succeeded", 2)
    told_once("TeamSucceeded", team_id=team.pk)
    assert not Order.objects.filter(waits_for=f"team:{team.pk}", released_at=None).exists()


PLAYS["fill_team"] = Play(_last_seat, take_cash, _has_succeeded)


def _leave(facts: Facts) -> None:
    with contextlib.suppress(DomainError):  # the second time there is no seat to give back
        deals.leave_team(team_code=facts["code"], member=Member.objects.get(pk=facts["last"]), now=clock.now())
    work()


def _has_left(facts: Facts) -> None:
    team = Team.objects.get(pk=facts["team"])
    assert (team.taken_seats, team.paid_seats) == (1, 1)
    is_one(Refund.objects.filter(payment__payable_id=facts["order"]))


PLAYS["leave_team"] = Play(lambda: _team(people=2, paid=2), _leave, _has_left)


def _fail(facts: Facts) -> None:
    deals.fail_due(clock.now() + timedelta(hours=2), only=[facts["team"]])
    work()


def _has_failed(facts: Facts) -> None:
    team = Team.objects.get(pk=facts["team"])
    assert (team.state, team.taken_seats, team.paid_seats) == ("failed", 0, 0)
    told_once("TeamFailed", team_id=team.pk)
    for order in Order.objects.filter(waits_for=f"team:{team.pk}"):
        assert Refund.objects.filter(payment__payable_id=order.pk).count() == (order.state == "refunded")
        assert order.state in ("refunded", "cancelled")
    assert free(facts) == STOCK


PLAYS["fail_team"] = Play(lambda: _team(people=2, paid=2), _fail, _has_failed)


def _full_ladder() -> Facts:
    """Two of two have paid the first step, and the second one made it cheaper for both."""
    sku = make_sku(stock_of=STOCK)
    deal = deal_factory.make_deal(sku=sku, team_size=2, steps=[(3, 3_000)])
    make_point()
    team, first = deal_factory.open_team(deal, make_buyer())
    for order in (first, *(deal_factory.join_team(team, make_buyer())[1] for _ in range(2))):
        pay(order)
    work()
    return {"team": team.pk}


def _level(facts: Facts) -> None:
    deals.level_due(clock.now())
    work()


def _has_levelled(facts: Facts) -> None:
    team = Team.objects.get(pk=facts["team"])
    assert (team.final_minor, team.levelled_at is not None) == (3_000, True)
    for order in Order.objects.filter(waits_for=f"team:{team.pk}"):
        is_one(Refund.objects.filter(payment__payable_id=order.pk, amount_minor=490))
        assert order.amount_minor - order.refunded_minor == 3_000


PLAYS["level_team"] = Play(_full_ladder, _level, _has_levelled)


def _gather(facts: Facts) -> None:
    now = clock.now()
    people = [
        deals.Comer(one, now, f"gather-{facts['deal']}", f"gather-{facts['deal']}:{one}") for one in facts["people"]
    ]
    with contextlib.suppress(DomainError, IntegrityError):  # the second time it was done
        deals.gather(
            launches=[deals.Launch(facts["deal"], people)],
            pickup_point_id=facts["point"],
            origin="replay",
            actor="test",
        )


def _has_gathered(facts: Facts) -> None:
    team = Team.objects.get(deal_id=facts["deal"])
    assert (team.state, team.paid_seats) == ("succeeded", 2)
    told_once("TeamSucceeded", team_id=team.pk)
    assert Order.objects.filter(waits_for=f"team:{team.pk}", state="paid").count() == 2
    assert free(facts) == STOCK - 2


PLAYS["gather"] = Play(lambda: _team(size=2) | {"people": [make_buyer().pk, make_buyer().pk]}, _gather, _has_gathered)


def _fail_together(facts: Facts) -> None:
    deals.fail_together(clock.now() + timedelta(hours=2), only=[facts["team"]])
    work()


PLAYS["fail_together"] = Play(lambda: _team(people=2, paid=2), _fail_together, _has_failed)
