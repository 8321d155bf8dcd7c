"""What people of a team hear. Nothing is told to people of a replayed log: they are records, not readers."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet

from quanzi.base.events.registry import react_to
from quanzi.kernel.money import Money
from quanzi.people.contact.services import notify
from quanzi.trade.deals.events import SeatLeft, SeatPaid, TeamFailed, TeamSucceeded
from quanzi.trade.deals.models import Seat
from quanzi.trade.deals.services.newcomers import is_new
from quanzi.trade.payments.events import PaymentCaptured
from quanzi.trade.sales.events import is_recorded
from quanzi.trade.sales.models import OrderOrigin

STAYED = Q(ended_at=None) | Q(ended_at__gt=F("team__succeeded_at")) | Q(ended_at__gte=F("team__failed_at"))
"""Seats that lived when their team ended."""


def _last_or_recorded(event: SeatPaid) -> bool:
    """TeamSucceeded tells it better; of a recorded seat nobody is told."""
    return not (event.missing or event.more) or is_recorded(event)


@react_to(SeatPaid, consumer="deals.tell_friends", unless=_last_or_recorded)
def tell_friends(event: SeatPaid, *, now: datetime) -> None:
    """The opener, and whoever invited the newcomer, hear that one more has paid."""
    seat = _readers().filter(order_id=event.order_id).first()
    if seat is None:
        return
    told = {seat.team.opener_id, event.invited_by_id or seat.team.opener_id} - {event.member_id}
    for member_id in told:
        mark = f"{seat.team_id}:{seat.pk}"
        if event.missing:
            _tell(seat, "team_joined", now, to=member_id, mark=mark, name=seat.member.name, left=event.missing)
        else:
            _tell(seat, "ladder_joined", now, to=member_id, mark=mark, name=seat.member.name, more=event.more)


@react_to(SeatLeft, consumer="deals.tell_leaver")
def tell_leaver(event: SeatLeft, *, now: datetime) -> None:
    """Whoever left after paying reads that the money is on its way."""
    seat = _readers().filter(order_id=event.order_id).first()
    if seat is not None and event.was_paid:
        _tell(seat, "team_left", now)


@react_to(TeamSucceeded, consumer="deals.tell_success", unless=is_recorded)
def tell_success(event: TeamSucceeded, *, now: datetime) -> None:
    """Everybody with a seat: it worked, the goods are being prepared."""
    for seat in _readers().filter(STAYED, team_id=event.team_id, paid_at__isnull=False):
        if seat.team.final_minor is None:
            _tell(seat, "team_succeeded", now)
        else:
            final = str(Money(seat.team.final_minor, seat.order.currency))
            _tell(seat, "ladder_ended", now, people=seat.team.paid_seats, final=final)


@react_to(TeamFailed, consumer="deals.tell_failure", unless=is_recorded)
def tell_failure(event: TeamFailed, *, now: datetime) -> None:
    """Everybody who had paid: the team did not fill up, all the money goes back."""
    for seat in _readers().filter(STAYED, team_id=event.team_id, paid_at__isnull=False):
        _tell(seat, "team_failed", now)


def _is_wanted(event: PaymentCaptured) -> bool:
    return not event.surplus or event.payable_kind != "order"


@react_to(PaymentCaptured, consumer="deals.tell_latecomer", unless=_is_wanted)
def tell_latecomer(event: PaymentCaptured, *, now: datetime) -> None:
    """Somebody paid when the team had closed: it does not count, and all of it goes back."""
    seat = _readers().filter(order_id=event.payable_id).first()
    if seat is None:
        return
    is_late = not seat.team.newcomers_only or now >= seat.team.deadline or is_new(member_id=seat.member_id)
    _tell(seat, "team_late" if is_late else "team_not_new", now, mark=f"payment:{event.payment_id}")


def _readers() -> QuerySet[Seat]:
    seats = Seat.objects.select_related("member", "team__deal__sku__product", "order")
    return seats.exclude(order__origin=OrderOrigin.REPLAY).order_by("id")


def _tell(seat: Seat, kind: str, now: datetime, *, to: int | None = None, mark: str = "", **params: object) -> None:
    order = seat.order
    known = {
        "product": seat.team.deal.sku.product.name,
        "number": order.number,
        "amount": str(Money(order.amount_minor, order.currency)),
    }
    notify(
        member_id=to or seat.member_id,
        kind=kind,
        params={**known, **params},
        link=f"/t/{seat.team.code}",
        key=f"{kind}:{mark or seat.pk}",
        now=now,
    )
