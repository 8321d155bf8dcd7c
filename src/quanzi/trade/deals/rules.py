"""The rules of buying together, without a database. Intervals are half-open: at the deadline it is too late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from quanzi.trade.deals.models import RefundRule, TeamState

PAY_WITHIN = timedelta(minutes=15)
"""How long a seat waits for its payment, never past the deadline."""

EVERYBODY_TIED_UP_TO = 10
"""In a larger team people hardly know each other: there, each is tied to the opener only."""


@dataclass(frozen=True, slots=True)
class Step:
    """From so many paid seats on, this is the price of one unit. Minor units."""

    people: int
    price_minor: int


def ladder(*, team_size: int, price_minor: int, steps: Sequence[Sequence[int]]) -> tuple[Step, ...]:
    """All steps of a deal, the first one included: one step when more people change nothing."""
    return (Step(team_size, price_minor), *(Step(people, price) for people, price in steps))


def price_reached(steps: Sequence[Step], *, people: int) -> int:
    """What one unit costs with so many paid seats; below the first step it is the first step's price, which everybody pays."""
    return min([steps[0].price_minor, *(step.price_minor for step in steps if step.people <= people)])


def difference_minor(*, price_minor: int, final_minor: int, quantity: int, left_minor: int) -> int:
    """What goes back to one seat when a ladder has ended; left_minor: what of its line was paid and not refunded.

    A fen of the line always stays paid, whatever was given back for other reasons: a line that is refunded whole before the
    hand-over is not delivered any more.
    """
    return max(0, min((price_minor - final_minor) * quantity, left_minor - 1))


class Leaving(Enum):
    """What happens when a member leaves now."""

    CANCEL = "cancel"
    REFUND = "refund"
    REFUSED_BY_RULE = "refused_by_rule"
    HANDED_OVER = "handed_over"


def is_open(*, starts_at: datetime, ends_at: datetime | None, stopped_at: datetime | None, now: datetime) -> bool:
    """Whether a deal takes new teams."""
    return starts_at <= now and all(end is None or now < end for end in (ends_at, stopped_at))


def deadline(*, opened_at: datetime, window_minutes: int, ends_at: datetime | None) -> datetime:
    """A team lives its window and never past the end of its deal."""
    end = opened_at + timedelta(minutes=window_minutes)
    return end if ends_at is None else min(end, ends_at)


def takes_people(*, state: str, deadline: datetime, now: datetime) -> bool:
    """Whether seats may still be taken or paid."""
    return state == TeamState.FORMING and now < deadline


def pay_by(*, deadline: datetime, now: datetime) -> datetime:
    """Until when a held seat waits for its payment."""
    return min(now + PAY_WITHIN, deadline)


def leaving(*, is_paid: bool, team_state: str, is_handed_over: bool, refund_rule: str) -> Leaving:
    """Before success everybody may leave; after it the deal's refund rule decides."""
    if not is_paid:
        return Leaving.CANCEL
    if team_state != TeamState.SUCCEEDED:
        return Leaving.REFUND
    if is_handed_over:
        return Leaving.HANDED_OVER
    return Leaving.REFUND if refund_rule == RefundRule.UNTIL_HANDOVER else Leaving.REFUSED_BY_RULE


def ties(*, opener_id: int, member_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Directed pairs of people who bought together, both directions of each.

    Everybody with everybody up to EVERYBODY_TIED_UP_TO people, otherwise each with the opener.
    """
    people = sorted(set(member_ids))
    if len(people) <= EVERYBODY_TIED_UP_TO:
        return [(one, other) for one in people for other in people if one != other]
    if opener_id not in people:
        return []
    others = [one for one in people if one != opener_id]
    return [pair for other in others for pair in ((opener_id, other), (other, opener_id))]
