"""Deals and teams as the staff sees them: seats, money, what fails next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet, Sum

from quanzi.kernel.clock import midnight, today
from quanzi.trade.deals.models import GroupDeal, Seat, SeatState, Team, TeamState
from quanzi.trade.deals.queries import DealTotals, totals

BY_DEADLINE = ("ending", "closing")
TEAM_GROUPS = ("forming", "ending", "succeeded", "failed", "all")


@dataclass(frozen=True)
class DealRow:
    """A deal with what became of its teams. standing: open, later, over or stopped."""

    deal: GroupDeal
    totals: DealTotals
    standing: str


@dataclass(frozen=True)
class TeamRow:
    """A team with its money. paid_minor: of live paid seats, as their orders were charged; people: their names."""

    team: Team
    standing: str
    missing: int
    paid_minor: int
    people: tuple[str, ...]


def deal_rows(*, before_id: int | None = None, limit: int = 50, now: datetime) -> list[DealRow]:
    """Deals, newest first, below `before_id`."""
    found = _with_goods(GroupDeal.objects.all())
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    deals = list(found.order_by("-pk")[:limit])
    counted = totals(deal_ids=[deal.pk for deal in deals])
    return [DealRow(deal, counted[deal.pk], deal_standing(deal, now)) for deal in deals]


def deal_standing(deal: GroupDeal, now: datetime) -> str:
    if deal.stopped_at is not None:
        return "stopped"
    if deal.starts_at > now:
        return "later"
    return "over" if deal.ends_at is not None and deal.ends_at <= now else "open"


def _with_goods(deals: QuerySet[GroupDeal]) -> QuerySet[GroupDeal]:
    return deals.select_related("sku__product", "circle")


def deal_by_id(deal_id: int) -> GroupDeal | None:
    return _with_goods(GroupDeal.objects.all()).filter(pk=deal_id).first()


def team_rows(
    *, group: str, deal_id: int | None = None, before_id: int | None = None, limit: int = 50, now: datetime
) -> list[TeamRow]:
    """Teams of a group, newest first, or by deadline those that end today (ending) or within a day (closing)."""
    found = Team.objects.filter(_group(group, now)).select_related("deal__sku__product", "opener")
    if deal_id is not None:
        found = found.filter(deal_id=deal_id)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    ordered = found.order_by("deadline", "pk") if group in BY_DEADLINE else found.order_by("-pk")
    teams = list(ordered[:limit])
    money, people = _money([team.pk for team in teams]), _people([team.pk for team in teams])
    return [_row(team, money.get(team.pk, 0), people.get(team.pk, ()), now) for team in teams]


def _group(group: str, now: datetime) -> Q:
    if group == "all":
        return Q()
    if group == "ending":
        tomorrow = midnight(today(now)) + timedelta(days=1)
        return Q(state=TeamState.FORMING, deadline__gt=now, deadline__lt=tomorrow)
    if group == "closing":
        return Q(state=TeamState.FORMING, deadline__gt=now, deadline__lt=now + timedelta(days=1))
    return Q(state=group)


def _row(team: Team, paid_minor: int, people: tuple[str, ...], now: datetime) -> TeamRow:
    is_over = team.state == TeamState.FORMING and team.deadline <= now
    missing = max(0, team.team_size - team.paid_seats) if team.state == TeamState.FORMING else 0
    return TeamRow(team, "closing" if is_over else str(team.state), missing, paid_minor, people)


def _money(team_ids: Collection[int]) -> dict[int, int]:
    live = Seat.objects.filter(team_id__in=team_ids, state=SeatState.PAID).values("team_id").order_by("team_id")
    return {row["team_id"]: row["paid"] or 0 for row in live.annotate(paid=Sum("order__amount_minor"))}


def _people(team_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    names: dict[int, list[str]] = {}
    live = Seat.objects.filter(team_id__in=team_ids, state=SeatState.PAID).order_by("paid_at", "pk")
    for team_id, name in live.values_list("team_id", "member__name"):
        names.setdefault(team_id, []).append(name)
    return {team_id: tuple(found) for team_id, found in names.items()}


def seats_of(team: Team) -> list[Seat]:
    """Every seat a team ever had, in order."""
    return list(Seat.objects.filter(team=team).select_related("member__avatar", "order", "invited_by").order_by("pk"))
