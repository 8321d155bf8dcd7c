"""Teams as members see them. Every number is a count of seats whose order has a captured payment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F, Q, QuerySet

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.community.circles.models import Admission
from quanzi.community.circles.queries import my_circle_ids
from quanzi.goods.stock.queries import free
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.safety.queries import blocked_ids
from quanzi.trade.deals import rules
from quanzi.trade.deals.models import Seat, SeatState, Team, TeamState
from quanzi.trade.deals.policies import may_see, may_take_part
from quanzi.trade.deals.queries.offers import DealOffer, StepRow, as_offers, is_on_sale
from quanzi.trade.deals.rules import Leaving
from quanzi.trade.deals.services.newcomers import is_new
from quanzi.trade.deals.states import LIVE_SEATS
from quanzi.trade.sales.models import OrderState

MOST = 100
CLOSED = "closed"
"""Shown between a deadline and the minute in which the team is failed."""


@dataclass(frozen=True, slots=True)
class Face:
    """A member with a paid seat. member_id, name and avatar are left out where one of the two blocked the other; member_id and
    paid_at are not for visitors."""

    member_id: int | None
    name: str
    avatar: Picture | None
    is_opener: bool
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class MySeat:
    """The viewer's own seat. leaving: what leaving would do now ("cancel", "refund", or why it is not possible).

    paid: for goods and delivery, less what went back; levelled: what came back because the ladder had reached its step.
    """

    state: str
    order_id: int
    order_number: str
    order_state: str
    pay_by: datetime
    quantity: int
    leaving: str
    paid: Money
    levelled: Money | None


@dataclass(frozen=True, slots=True)
class TeamCard:
    """A team in a list. paid: live paid seats now; missing: paid seats it still needs; free: seats nobody holds.

    On a ladder (`offer.steps`): reached: the price that live paid seats make now, and once it has ended the final one;
    next_step: what more people would make of it, None at the end of the ladder or of the team.
    The opener is named while the team takes people, and to its people (ADR 0007); opener_id is not for visitors.
    """

    id: int
    code: str
    state: str
    opener_id: int | None
    opener_name: str
    opener_avatar: Picture | None
    team_size: int
    paid: int
    missing: int
    free: int
    deadline: datetime
    price: Money
    reached: Money
    next_step: StepRow | None
    offer: DealOffer


@dataclass(frozen=True, slots=True)
class TeamPage:
    """A team with its faces. left_after: people who were refunded after success; may_join: the viewer, now.

    is_sold_out: it takes people, and there is nothing left for one more; those who are in keep theirs.

    faces is empty for whoever has no seat in a team that has ended: they see how many paid, not who.
    """

    card: TeamCard
    opened_at: datetime
    succeeded_at: datetime | None
    failed_at: datetime | None
    faces: tuple[Face, ...]
    held: int
    left_after: int
    mine: MySeat | None
    may_join: bool
    why_not: str
    is_sold_out: bool


def team_page(*, code: str, viewer: Member | None, now: datetime) -> TeamPage | None:
    """A team by its code; None when there is none or its circle is hidden from the viewer."""
    team = _with_goods(Team.objects.all()).filter(code=code).first()
    if team is None or not may_see(viewer, team.deal):
        return None
    seats = list(
        Seat.objects.filter(team=team)
        .exclude(state=SeatState.RELEASED)
        .select_related("member__avatar", "order")
        .order_by("id")
    )
    hidden = blocked_ids(viewer.pk) if viewer is not None else set()
    mine = next(
        (seat for seat in seats if viewer is not None and seat.member_id == viewer.pk and seat.state in LIVE_SEATS),
        None,
    )
    takes_people = rules.takes_people(state=team.state, deadline=team.deadline, now=now)
    is_sold_out = takes_people and free([team.deal.sku_id])[team.deal.sku_id] <= 0
    why_not = _why_not(team, mine, viewer, now) or ("sold_out" if is_sold_out else "")
    is_named = mine is not None or takes_people
    return TeamPage(
        card=_cards([team], now, viewer=viewer, hidden=hidden, is_mine=mine is not None)[0],
        opened_at=team.opened_at,
        succeeded_at=team.succeeded_at,
        failed_at=team.failed_at,
        faces=tuple(_face(seat, team, viewer, hidden) for seat in seats if is_named and seat.state == SeatState.PAID),
        held=sum(seat.state == SeatState.HELD for seat in seats),
        left_after=sum(seat.state == SeatState.REFUNDED for seat in seats) if team.state == TeamState.SUCCEEDED else 0,
        mine=_mine(mine, team) if mine is not None else None,
        may_join=not why_not,
        why_not=why_not,
        is_sold_out=is_sold_out,
    )


def open_teams(
    *,
    viewer: Member | None,
    circle_ids: Collection[int] = (),
    limit: int = 20,
    product_id: int | None = None,
    sku_id: int | None = None,
    circle_id: int | None = None,
    now: datetime,
) -> list[TeamCard]:
    """Teams with at least one paid seat that still take people, the nearest to success first.

    Without those of people whom the viewer blocked or is blocked by, of hidden circles, and the viewer's own.
    circle_ids: without a viewer, circles whose teams are seen too.
    """
    teams = Team.objects.filter(
        state=TeamState.FORMING, deadline__gt=now, paid_seats__gt=0, taken_seats__lt=F("most_seats")
    )
    if product_id is not None:
        teams = teams.filter(deal__sku__product_id=product_id)
    if sku_id is not None:
        teams = teams.filter(deal__sku_id=sku_id)
    if circle_id is not None:
        teams = teams.filter(deal__circle_id=circle_id)
    mine = circle_ids
    if viewer is not None:
        mine = my_circle_ids(viewer)
        in_already = Seat.objects.filter(member=viewer, state__in=LIVE_SEATS).values("team_id")
        teams = teams.exclude(opener_id__in=blocked_ids(viewer.pk)).exclude(pk__in=in_already)
    teams = teams.filter(deal__for_guests=False).filter(
        Q(deal__circle=None) | Q(deal__circle__admission=Admission.OPEN) | Q(deal__circle_id__in=mine)
    )
    nearest = _with_goods(teams).order_by(F("team_size") - F("paid_seats"), "deadline", "id")
    return _cards(list(nearest[: max(1, min(limit, MOST))]), now, viewer=viewer)


def my_teams(*, member: Member, before: int | None = None, limit: int = 20, now: datetime) -> list[TeamCard]:
    """Teams in which the member has a live seat, newest first; `before` is the id of the last one seen."""
    teams = Team.objects.filter(pk__in=Seat.objects.filter(member=member, state__in=LIVE_SEATS).values("team_id"))
    if before is not None:
        teams = teams.filter(pk__lt=before)
    newest = list(_with_goods(teams).order_by("-id")[: max(1, min(limit, MOST))])
    return _cards(newest, now, viewer=member, hidden=blocked_ids(member.pk), is_mine=True)


def faces_of(team_ids: Collection[int], *, viewer: Member | None) -> dict[int, tuple[Face, ...]]:
    """The people with a paid seat in each of these teams, which still take people, in the order of their seats; in one query and
    one more for a member."""
    hidden = blocked_ids(viewer.pk) if viewer is not None else set()
    seats = Seat.objects.filter(team_id__in=team_ids, team__state=TeamState.FORMING, state=SeatState.PAID).order_by(
        "team_id", "id"
    )
    found: dict[int, list[Face]] = {team_id: [] for team_id in team_ids}
    for seat in seats.select_related("member__avatar", "team"):
        found[seat.team_id].append(_face(seat, seat.team, viewer, hidden))
    return {team_id: tuple(faces) for team_id, faces in found.items()}


TEAM_OF_ORDER = (
    "SELECT t.code FROM deals_seat s JOIN deals_team t ON t.id = s.team_id WHERE s.order_id = %s ORDER BY s.id LIMIT 1"
)


def team_of_order(order_id: int) -> str:
    """The code of the team that an order belongs to; empty when none."""
    return str(planned.value(TEAM_OF_ORDER, [order_id]) or "")


def _with_goods(teams: QuerySet[Team]) -> QuerySet[Team]:
    return teams.select_related("deal__sku__product", "deal__circle", "opener__avatar")


def _cards(
    teams: Sequence[Team],
    now: datetime,
    *,
    viewer: Member | None,
    hidden: Collection[int] = (),
    is_mine: bool = False,
) -> list[TeamCard]:
    """hidden: people who are not named to the viewer; is_mine: the viewer has a seat in each of the teams."""
    offers = {offer.id: offer for offer in as_offers([team.deal for team in teams], now)}
    cards = [_card(team, offers[team.deal_id], now) for team in teams]
    if viewer is None:
        cards = [replace(card, opener_id=None) for card in cards]
    return [
        card
        if team.opener_id not in hidden and (is_mine or card.state == TeamState.FORMING)
        else replace(card, opener_id=None, opener_name="", opener_avatar=None)
        for team, card in zip(teams, cards, strict=True)
    ]


def _card(team: Team, offer: DealOffer, now: datetime) -> TeamCard:
    is_over = team.state == TeamState.FORMING and now >= team.deadline
    is_forming = team.state == TeamState.FORMING
    return TeamCard(
        id=team.pk,
        code=team.code,
        state=CLOSED if is_over else team.state,
        opener_id=team.opener_id,
        opener_name=team.opener.name,
        opener_avatar=team.opener.avatar,
        team_size=team.team_size,
        paid=team.paid_seats,
        missing=max(0, team.team_size - team.paid_seats) if is_forming else 0,
        free=team.most_seats - team.taken_seats if is_forming and not is_over else 0,
        deadline=team.deadline,
        price=Money(team.price_minor, offer.price.currency),
        reached=_reached(team, offer),
        next_step=next((one for one in offer.steps if one.people > team.paid_seats), None) if is_forming else None,
        offer=offer,
    )


def _reached(team: Team, offer: DealOffer) -> Money:
    if team.final_minor is not None:
        return Money(team.final_minor, offer.price.currency)
    reached = [step.price for step in offer.steps if step.people <= team.paid_seats]
    return reached[-1] if reached else Money(team.price_minor, offer.price.currency)


def _face(seat: Seat, team: Team, viewer: Member | None, hidden: Collection[int]) -> Face:
    is_hidden = seat.member_id in hidden
    return Face(
        member_id=None if is_hidden or viewer is None else seat.member_id,
        name="" if is_hidden else seat.member.name,
        avatar=None if is_hidden else seat.member.avatar,
        is_opener=seat.member_id == team.opener_id,
        paid_at=seat.paid_at if viewer is not None else None,
    )


def _mine(seat: Seat, team: Team) -> MySeat:
    leaving: Leaving = rules.leaving(
        is_paid=seat.state == SeatState.PAID,
        team_state=team.state,
        is_handed_over=seat.order.state != OrderState.PAID,
        refund_rule=team.deal.refund_rule,
    )
    return MySeat(
        state=seat.state,
        order_id=seat.order_id,
        order_number=seat.order.number,
        order_state=seat.order.state,
        pay_by=seat.order.pay_by,
        quantity=sum(line.quantity for line in seat.order.lines.all()),
        leaving=leaving.value,
        paid=Money(seat.order.amount_minor - seat.order.refunded_minor, seat.order.currency),
        levelled=Money(seat.levelled_minor, seat.order.currency) if seat.levelled_minor else None,
    )


def _why_not(team: Team, mine: Seat | None, viewer: Member | None, now: datetime) -> str:
    """The code of the refusal that joining would meet, empty when none; the service has the last word."""
    if mine is not None:
        return "already_in_team"
    if not rules.takes_people(state=team.state, deadline=team.deadline, now=now):
        return "team_closed"
    if team.taken_seats >= team.most_seats:
        return "team_full"
    if viewer is not None and not may_take_part(viewer, team.deal):
        return "deal_of_circle"
    if viewer is not None and team.newcomers_only and not is_new(member_id=viewer.pk):
        return "not_new"
    return "" if is_on_sale(team.deal) else "not_on_sale"
