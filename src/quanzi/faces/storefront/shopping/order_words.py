"""What an order's page says first: the next act and its time, where the money is, and the four states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from quanzi.faces.storefront.shopping.drawing import either, is_chinese
from quanzi.faces.ui import formats
from quanzi.kernel.money import Money
from quanzi.trade.deals.queries import TeamCard
from quanzi.trade.fulfilment.models import FulfilmentState
from quanzi.trade.fulfilment.queries import Progress
from quanzi.trade.preorders.rules import KIND as PREORDER
from quanzi.trade.sales.models import DeliveryMethod, OrderState
from quanzi.trade.sales.queries import LineRow, OrderPage
from quanzi.trade.stations.queries import Fetching

AT_THE_COUNTER = ("counter:", "paylink:")
"""What was sold face to face: ready as soon as it is paid, at no hours of pickup."""


@dataclass(frozen=True)
class Standing:
    """Everything that decides the words. team: the order's team, when it has one; fetching: of an order in a round."""

    order: OrderPage
    progress: Progress | None
    team: TeamCard | None
    now: datetime
    fetching: Fetching | None = None

    @property
    def state(self) -> str:
        return self.order.card.state

    @property
    def is_pickup(self) -> bool:
        return self.order.card.method == DeliveryMethod.PICKUP

    @property
    def is_ready(self) -> bool:
        return self.progress is not None and self.progress.state == FulfilmentState.READY

    @property
    def is_gone(self) -> bool:
        return self.state in (OrderState.CANCELLED, OrderState.REFUNDED)

    def at(self, moment: datetime, *, mid: bool = True) -> str:
        return formats.until(moment, now=self.now, lang="zh" if is_chinese() else "en", mid=mid)

    def hours(self) -> str:
        """When it is picked up: in the window of its round, else while its point is open."""
        if self.fetching is not None:
            return formats.span(
                self.fetching.starts_at,
                self.fetching.ends_at,
                now=self.now,
                lang="zh" if is_chinese() else "en",
                mid=True,
            )
        point = self.order.point
        return either(point.hours, point.hours_en) if point else ""


def headline(here: Standing) -> str:
    """The next act and its time."""
    said = {
        OrderState.PLACED: lambda: gettext("Please pay by %(at)s") % {"at": here.at(here.order.card.pay_by)},
        OrderState.PAID: lambda: _while_paid(here),
        OrderState.HANDED_OVER: lambda: gettext("On its way to you"),
        OrderState.RECEIVED: lambda: _after_receipt(here),
        OrderState.COMPLETED: lambda: gettext("Settled"),
        OrderState.CANCELLED: lambda: gettext("This order was cancelled"),
        OrderState.REFUNDED: lambda: gettext("This order was refunded"),
    }
    return str(said[OrderState(here.state)]())


def _while_paid(here: Standing) -> str:
    if here.order.card.is_waiting and here.team is not None:
        if not here.team.missing:
            return gettext("Paid; it comes about, until %(at)s more people make it cheaper") % {
                "at": here.at(here.team.deadline)
            }
        left = ngettext("%(n)d seat to go, until %(at)s", "%(n)d seats to go, until %(at)s", here.team.missing)
        return left % {"n": here.team.missing, "at": here.at(here.team.deadline)}
    if here.order.card.is_waiting and here.order.card.waits_for.startswith("exchange:"):
        return gettext("Paid; it leaves when what you send back has arrived")
    if here.order.card.is_waiting and here.order.card.waits_for.startswith("preorder:"):
        return gettext("Paid in full; it leaves when the batch is here")
    if here.order.card.is_waiting and here.order.card.waits_for.startswith("chain:"):
        return gettext("Paid; it is prepared when the list has closed")
    if here.is_ready and here.order.card.waits_for.startswith(AT_THE_COUNTER):
        return gettext("Paid. Show the code at the counter; your goods are there")
    if here.is_ready:
        return _to_fetch(here)
    if here.fetching is not None and not here.fetching.to_door:
        return gettext("Paid. Pick it up %(hours)s; we tell you when it is here") % {"hours": here.hours()}
    return gettext("Paid, being prepared")


def _to_fetch(here: Standing) -> str:
    fetching = here.fetching
    if fetching is not None and fetching.to_door:
        return gettext("Your goods are here; your leader carries them to %(door)s") % {"door": fetching.to_door}
    if fetching is None or here.now < fetching.ends_at:
        return gettext("Your goods are here: pick them up %(hours)s") % {"hours": here.hours()}
    if here.now < fetching.kept_until:
        return gettext("Your goods still wait for you: fetch them by %(at)s") % {"at": here.at(fetching.kept_until)}
    return gettext("Nobody came for these goods; what keeps is refunded")


def _after_receipt(here: Standing) -> str:
    if any(line.is_disputed for line in here.order.lines):
        return gettext("We are looking into what you told us")
    ends = [closes_at(line) for line in here.order.lines if line.kept_at is None and line.returned_at is None]
    known = [end for end in ends if end is not None]
    if not known:
        return gettext("Settled")
    return gettext("Is everything fine? Tell us by %(at)s") % {"at": here.at(max(known))}


def closes_at(line: LineRow) -> datetime | None:
    """The later end of the line's windows: until then something can be wrong with it."""
    ends = [end for end in (line.claim_closes_at, line.return_closes_at) if end is not None]
    return max(ends, default=None)


def held(order: OrderPage) -> Money:
    """What of the order is in escrow now: lines that are neither kept nor back, or stand behind goods
    that were given for them, and the freight until the first of them is."""
    currency = order.card.amount.currency
    if order.card.paid_at is None or order.card.state in (OrderState.CANCELLED, OrderState.REFUNDED):
        return Money.zero(currency)
    open_lines = [
        line for line in order.lines if not (line.kept_at or line.dropped_at or (line.returned_at and line.is_earned))
    ]
    total = sum((line.left_to_refund for line in open_lines if line.left_to_refund), Money.zero(currency))
    settled = any(line.kept_at or line.returned_at for line in order.lines)
    return total if settled else total + order.freight


def where_the_money_is(here: Standing) -> str:
    """Empty for who may not read what was refunded."""
    order, back = here.order, here.order.card.refunded
    if back is None:
        return ""
    if here.state == OrderState.PLACED:
        return gettext("Nothing is charged until you pay. The goods are held for you.")
    if here.state == OrderState.CANCELLED:
        if back.minor == 0 and order.card.waits_for.startswith(f"{PREORDER}:"):
            return gettext("Nothing was charged for it. Your place and its deposit stand under My preorders.")
        return gettext("Nothing was charged.") if back.minor == 0 else _came_back(back)
    if here.state == OrderState.REFUNDED:
        return _came_back(back)
    in_escrow = held(order)
    if in_escrow.minor == 0:
        return _shared(order.card.amount - back, back) if back.minor else gettext("The shop has been paid.")
    said = gettext("%(amount)s held in escrow, not paid to the shop yet") % {"amount": formats.plain_money(in_escrow)}
    return said if back.minor == 0 else gettext("%(first)s; %(second)s") % {"first": said, "second": _came_back(back)}


def _shared(kept: Money, back: Money) -> str:
    """Nothing is in escrow any more: what the shop has, and what went back."""
    shares = {"kept": formats.plain_money(kept), "back": formats.plain_money(back)}
    return gettext("%(kept)s went to the shop, %(back)s back to where it came from") % shares


def _came_back(amount: Money) -> str:
    return gettext("%(amount)s goes back to where it came from") % {"amount": formats.plain_money(amount)}


def steps(here: Standing) -> list[dict[str, Any]]:
    """Paid, there, handed over, kept: each with its time; for an order that ended, how far it came."""
    order, progress = here.order, here.progress
    ready = progress.ready_at or progress.shipped_at if progress else None
    paid, middle, given, kept = order.card.paid_at, ready, order.received_at, order.completed_at
    if here.team is not None and order.card.released_at is None:
        names = [gettext("Paid"), gettext("Team"), _given_name(here), gettext("Kept")]
    else:
        names = [
            gettext("Paid"),
            gettext("Here") if here.is_pickup else gettext("Sent"),
            _given_name(here),
            gettext("Kept"),
        ]
    if kept is not None and all(line.kept_at is None for line in order.lines):
        names[3] = gettext("Settled")
    times = [paid, middle or given, given, kept]
    reached = sum(1 for time in times if time is not None) if not here.is_gone else 0
    return [
        {"title": name, "second": _second(here, index, time), "state": _mark(here, index, time, reached)}
        for index, (name, time) in enumerate(zip(names, times, strict=True))
    ]


def _given_name(here: Standing) -> str:
    return gettext("Picked up") if here.is_pickup else gettext("Received")


def _mark(here: Standing, index: int, time: datetime | None, reached: int) -> str:
    if time is not None:
        return "done"
    if here.is_gone:
        return "bad" if index == 0 or (here.order.card.paid_at is not None and index == 1) else "later"
    return "now" if index == reached else "later"


def _second(here: Standing, index: int, time: datetime | None) -> list[str]:
    if time is not None:
        return [here.at(time, mid=False)]
    if index == 2 and here.is_ready:
        return [gettext("waiting for you")]
    if index == 3 and any(line.is_disputed for line in here.order.lines):
        return [gettext("once it is answered")]
    if index == 3:
        ends = [end for end in map(closes_at, here.order.lines) if end is not None]
        return (
            [here.at(max(ends), mid=False), gettext("then the shop is paid")]
            if ends
            else [gettext("then the shop is paid")]
        )
    return []
