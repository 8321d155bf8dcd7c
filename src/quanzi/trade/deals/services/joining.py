"""Opening a team and joining one: an order that waits for the team, and a seat held by it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Required, TypedDict, Unpack

from django.db import IntegrityError, transaction

from quanzi.base.events.services import record
from quanzi.base.rows import Insert, Select
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.trade.deals import rules
from quanzi.trade.deals.errors import (
    AlreadyInTeam,
    BadSeatQuantity,
    DealClosed,
    LimitReached,
    NoSuchDeal,
    NoSuchTeam,
    NotNew,
    TeamClosed,
    TeamFull,
)
from quanzi.trade.deals.events import TeamOpened
from quanzi.trade.deals.models import GroupDeal, Seat, Team
from quanzi.trade.deals.policies import check_may_take_part, is_guest
from quanzi.trade.deals.services.newcomers import is_new
from quanzi.trade.deals.services.seats import Claim, hold_place, use_deal
from quanzi.trade.deals.states import LIVE_SEATS
from quanzi.trade.sales.errors import KeyReused
from quanzi.trade.sales.models import Order
from quanzi.trade.sales.services import place_order

Answer = tuple[Team, Order]

TOLD_BETTER = (TeamClosed, TeamFull, LimitReached, IntegrityError)
"""What stops somebody who has a seat in that very team already; then that is what they are told."""

_deal_by_id = Select(GroupDeal, "WHERE t.id = %s")
_team_by_code = Select(Team, "WHERE t.code = %s")
_insert_team = Insert(Team)


class Ordering(TypedDict, total=False):
    """How the goods of the seat are ordered, as `sales.services.place_order` takes it."""

    method: Required[str]
    pickup_point_id: int | None
    address_id: int | None
    note: str
    idempotency_key: Required[str]
    expected_amount_minor: int | None
    without_return: Collection[int]
    origin: str


class _AnsweredBefore(Exception):
    """The key placed an order before; what was done a second time must be undone."""


def open_team(
    *, deal_id: int, member: Member, quantity: int = 1, now: datetime, **ordering: Unpack[Ordering]
) -> Answer:
    """Open a team of a deal and hold its first seat until the order is paid. The same key gives the same answer.

    Raises DealClosed, LimitReached, or what placing an order raises.
    """

    def attempt() -> Answer:
        deal = _deal_by_id.first([deal_id])
        if deal is None:
            raise NoSuchDeal
        _check(deal, member, quantity)
        if deal.for_guests and not is_guest(member, deal):
            raise NoSuchDeal
        if not rules.is_open(starts_at=deal.starts_at, ends_at=deal.ends_at, stopped_at=deal.stopped_at, now=now):
            raise DealClosed
        team = _new_team(deal, member, now)
        crash.point("deals.open.team_made")
        order = _place(Claim(team, member.pk), member, quantity, ordering, now)
        record(TeamOpened(team.pk, deal_id=deal.pk, opener_id=member.pk), now=now)
        return team, order

    return _once(attempt, member, lambda team: team.deal_id == deal_id, lambda: False, quantity, ordering)


def join_team(
    *,
    team_code: str,
    member: Member,
    quantity: int = 1,
    invited_by_id: int | None = None,
    now: datetime,
    **ordering: Unpack[Ordering],
) -> Answer:
    """Hold a seat in a forming team until the order is paid. The same key gives the same answer.

    Raises TeamClosed, TeamFull, AlreadyInTeam, LimitReached, NotNew, or what placing an order raises.
    """

    def attempt() -> Answer:
        team = _team_by_code.first([team_code])
        if team is None:
            raise NoSuchTeam
        team.deal = _deal_by_id([team.deal_id])[0]
        _check(team.deal, member, quantity)
        if team.newcomers_only and not is_new(member_id=member.pk):
            raise NotNew
        if not rules.takes_people(state=team.state, deadline=team.deadline, now=now):
            raise TeamClosed
        return team, _place(Claim(team, member.pk, invited_by_id), member, quantity, ordering, now)

    return _once(
        attempt,
        member,
        lambda team: team.code == team_code,
        lambda: _has_seat(member, team_code),
        quantity,
        ordering,
    )


def _check(deal: GroupDeal, member: Member, quantity: int) -> None:
    if not 1 <= quantity <= deal.max_per_seat:
        raise BadSeatQuantity(field="quantity", most=deal.max_per_seat)
    check_may_take_part(member, deal)


def _new_team(deal: GroupDeal, opener: Member, now: datetime) -> Team:
    team = as_team(deal, opener.pk, now)
    _insert_team(team)
    return team


def as_team(deal: GroupDeal, opener_id: int, now: datetime) -> Team:
    """A new team on the terms of its deal, not saved yet."""
    return Team(
        deal=deal,
        code=new_code(),
        opener_id=opener_id,
        team_size=deal.team_size,
        most_seats=deal.most_seats,
        newcomers_only=deal.newcomers_only,
        price_minor=deal.price_minor,
        opened_at=now,
        deadline=rules.deadline(opened_at=now, window_minutes=deal.window_minutes, ends_at=deal.ends_at),
    )


def _place(claim: Claim, member: Member, quantity: int, ordering: Ordering, now: datetime) -> Order:
    """Take the scarce things in the order of locks (team, limit, stock), and write the order; its follower seats it."""
    team = claim.team
    hold_place(team=team, now=now)
    use_deal(deal=team.deal, member_id=claim.member_id)
    crash.point("deals.join.place_held")
    order: Order = place_order(
        member=member,
        lines=[(team.deal.sku_id, quantity)],
        context={"team_id": team.pk, "deal_id": team.deal_id, "claim": claim},
        waits_for=f"team:{team.pk}",
        pay_by=rules.pay_by(deadline=team.deadline, now=now),
        now=now,
        **ordering,
    )
    if claim.seat is None:
        raise _AnsweredBefore
    crash.point("deals.join.seated")
    return order


def _once(
    attempt: Callable[[], Answer],
    member: Member,
    is_same_team: Callable[[Team], bool],
    is_in_already: Callable[[], bool],
    quantity: int,
    ordering: Ordering,
) -> Answer:
    """Run an attempt whole or not at all; a refused repetition finds the first answer.

    Only the refused path looks for it, so that the usual one costs no query. Raises KeyReused for other content.
    """
    try:
        with transaction.atomic():
            return attempt()
    except (_AnsweredBefore, DomainError, IntegrityError) as refusal:
        seats = Seat.objects.select_related("team", "order")
        first = seats.filter(member=member, order__idempotency_key=ordering["idempotency_key"]).first()
        if first is None and isinstance(refusal, TOLD_BETTER) and is_in_already():
            raise AlreadyInTeam from refusal
        if first is None:
            raise
    if not (is_same_team(first.team) and _is_same_wish(first.order, quantity, ordering)):
        raise KeyReused
    return first.team, first.order


def _has_seat(member: Member, team_code: str) -> bool:
    return Seat.objects.filter(team__code=team_code, member=member, state__in=LIVE_SEATS).exists()


def _is_same_wish(order: Order, quantity: int, ordering: Ordering) -> bool:
    """Whether a repeated request asks for what its first one ordered."""
    asked = (ordering["method"], ordering.get("pickup_point_id"), quantity)
    return asked == (order.method, order.pickup_point_id, sum(line.quantity for line in order.lines.all()))
