"""Launches whose people all come with money in hand: opened, joined and paid many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quanzi.base.events.services import record_history
from quanzi.base.rows import InsertMany, Select
from quanzi.people.accounts.models import Member
from quanzi.trade.deals import rules
from quanzi.trade.deals.errors import DealClosed, NoSuchDeal, TeamClosed
from quanzi.trade.deals.events import TeamOpened
from quanzi.trade.deals.models import GroupDeal, Team
from quanzi.trade.deals.policies import check_may_take_part
from quanzi.trade.deals.services.joining import as_team
from quanzi.trade.deals.services.many import hold_places, use_deals
from quanzi.trade.deals.services.seats import Claim
from quanzi.trade.payments.services import InHand, pay_offline_all
from quanzi.trade.sales.models import Order
from quanzi.trade.sales.services import Wish, place_all

_deals = Select(GroupDeal, "WHERE t.id = ANY (%s::bigint[])")
_insert_teams = InsertMany(Team)


@dataclass(frozen=True)
class Comer:
    """Somebody who takes one seat, and pays. Keys: of the order, of the payment."""

    member_id: int
    at: datetime
    order_key: str
    payment_key: str


@dataclass(frozen=True)
class Launch:
    """A team to be: the first of its people opens it, and invites the others."""

    deal_id: int
    people: Sequence[Comer]


@transaction.atomic
def gather(*, launches: Sequence[Launch], pickup_point_id: int, origin: str, actor: str) -> list[Team]:
    """Open the teams, seat their people, take the money: as `open_team`, `join_team` and `pay_offline` for one after another.

    All of it is new, and all of it happens or nothing. A refusal does not say whose it is; gather those launches one by
    one then. Raises NoSuchDeal, DealClosed, LimitReached, TeamFull, TeamClosed, what `place_all` and `pay_offline_all` raise.
    """
    deals = {deal.pk: deal for deal in _deals([list({launch.deal_id for launch in launches})])}
    teams = [_team(deals.get(launch.deal_id), launch) for launch in launches]
    _insert_teams(teams)
    claims = [
        (Claim(team, comer.member_id, launch.people[0].member_id), comer)
        for team, launch in zip(teams, launches, strict=True)
        for comer in launch.people
    ]
    hold_places([claim for claim, _ in claims])
    use_deals([claim for claim, _ in claims])
    wishes = [_wish(claim, comer) for claim, comer in claims]
    orders = place_all(wishes=wishes, pickup_point_id=pickup_point_id, origin=origin)
    record_history([(TeamOpened(one.pk, deal_id=one.deal_id, opener_id=one.opener_id), one.opened_at) for one in teams])
    paid = [_in_hand(order, comer) for order, (_, comer) in zip(orders, claims, strict=True)]
    pay_offline_all(payable_kind="order", paid=paid, actor=actor)
    return teams


def _team(deal: GroupDeal | None, launch: Launch) -> Team:
    if deal is None:
        raise NoSuchDeal
    opener = launch.people[0]
    if not rules.is_open(starts_at=deal.starts_at, ends_at=deal.ends_at, stopped_at=deal.stopped_at, now=opener.at):
        raise DealClosed
    if deal.circle_id is not None:
        for member in Member.objects.filter(pk__in=[comer.member_id for comer in launch.people]):
            check_may_take_part(member, deal)
    team = as_team(deal, opener.member_id, opener.at)
    if not all(rules.takes_people(state=team.state, deadline=team.deadline, now=comer.at) for comer in launch.people):
        raise TeamClosed
    return team


def _wish(claim: Claim, comer: Comer) -> Wish:
    team = claim.team
    return Wish(
        member_id=comer.member_id,
        lines=[(team.deal.sku_id, 1)],
        context={"team_id": team.pk, "deal_id": team.deal_id, "claim": claim},
        waits_for=f"team:{team.pk}",
        pay_by=rules.pay_by(deadline=team.deadline, now=comer.at),
        idempotency_key=comer.order_key,
        at=comer.at,
    )


def _in_hand(order: Order, comer: Comer) -> InHand:
    return InHand(order.pk, comer.member_id, comer.payment_key, comer.at)
