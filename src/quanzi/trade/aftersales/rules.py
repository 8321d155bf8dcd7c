"""Until when a buyer may ask for money back, what complaints say of a lot; without a database. Intervals are half-open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from quanzi.trade.aftersales.models import ClaimReason, ClaimState, CompensationReason, DisputeState

LONGEST_NOTE = 500
LONGEST_ANSWER = 200
MOST_PICTURES = 6
SEND_WITHIN = timedelta(days=10)
"""From the agreement; a return that nobody sent ends by itself."""
EVIDENCE_FOR = timedelta(days=3)
DECIDE_WITHIN = timedelta(days=7)
APPEAL_WITHIN = timedelta(days=7)
CONTEST_WITHIN = timedelta(days=7)
LONGEST_WORDS = 500
PAY_DIFFERENCE_WITHIN = timedelta(hours=24)
"""For a variant that costs more; then the exchange falls away, and the goods may come back for the money, or stay."""
REFUND_WITHIN = timedelta(days=7)
"""From the arrival of the goods: 消费者权益保护法 art. 25."""


@dataclass(frozen=True)
class LineFacts:
    """What decides whether a line may be claimed. received_at None: not with the buyer yet; the windows then have not begun."""

    is_paid: bool
    is_settled: bool
    received_at: datetime | None
    claim_closes_at: datetime | None
    return_closes_at: datetime | None


def closes_at(line: LineFacts) -> datetime | None:
    """The end of the later window; None while no window has begun."""
    ends = [end for end in (line.claim_closes_at, line.return_closes_at) if end is not None]
    return max(ends, default=None)


def may_ask(line: LineFacts, *, reason: str, now: datetime) -> bool:
    """Paid and neither returned nor refunded whole; faults while a window is open, sending back while its own is.

    The buyer's word "I keep it" waives nothing, so it does not matter here.
    """
    if not line.is_paid or line.is_settled:
        return False
    if line.received_at is None:
        return reason != ClaimReason.RETURN
    if reason == ClaimReason.RETURN:
        return line.return_closes_at is not None and now < line.return_closes_at
    end = closes_at(line)
    return end is not None and now < end


FAULTS_OF_A_LOT = (ClaimReason.SPOILED, ClaimReason.OTHER_GOODS)
"""What is told about the goods themselves; what is missing is the fault of whoever packed or handed over."""
FAULTS_OF_A_POINT = (ClaimReason.SPOILED, ClaimReason.OTHER_GOODS, ClaimReason.MISSING)

LEAST_COMPLAINTS = 3
PAUSE_ABOVE_BP = 500
"""A lot is paused when at least three lines complain and the whole interval of the rate lies above five per cent."""
TOO_FEW = 10
"""Below so many lines handed over a rate is not told: the interval would be wider than the answer."""
Z = 1.96
"""Of 95 %."""


@dataclass(frozen=True)
class Rate:
    """`of` lines, `count` of them with a complaint. low_bp, high_bp: 95 % interval of the rate behind it, by Wilson."""

    count: int
    of: int
    low_bp: int
    high_bp: int

    @property
    def is_told(self) -> bool:
        """Whether there is enough to speak of a rate at all."""
        return self.of >= TOO_FEW


def rate(count: int, of: int) -> Rate:
    """Wilson's interval, which stays honest for few lines and for none that complain. Raises ValueError for count > of."""
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of}")
    if of == 0:
        return Rate(0, 0, 0, 10_000)
    share, square = count / of, Z * Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return Rate(count, of, math.floor(max(0.0, middle - half) * 10_000), math.ceil(min(1.0, middle + half) * 10_000))


def passes_the_threshold(found: Rate) -> bool:
    return found.count >= LEAST_COMPLAINTS and found.low_bp > PAUSE_ABOVE_BP


def owed_for_recall(*, paid_minor: int, refunded_minor: int, quantity: int, recalled: int) -> int:
    """What goes back for `recalled` of `quantity` units: all that is left when it is all of them, else their share, rounded
    up for the buyer, and never more than is left."""
    left = paid_minor - refunded_minor
    return left if recalled >= quantity else min(left, -(-paid_minor * recalled // quantity))


def difference_minor(*, list_minor: int, other_minor: int, quantity: int, given_minor: int, left_minor: int) -> int:
    """What goes back when another variant is given: the difference of the list prices, less what went back for it at
    earlier exchanges of the line, and at most what is left of it."""
    return min(max((list_minor - other_minor) * quantity - given_minor, 0), left_minor)


def may_contest(*, state: str, left_minor: int, decided_at: datetime | None, now: datetime) -> bool:
    """An answer may be contested for seven days, while something of the line was not paid back."""
    is_answered = state in (ClaimState.DECLINED, ClaimState.ACCEPTED)
    return is_answered and left_minor > 0 and decided_at is not None and now < decided_at + CONTEST_WITHIN


LONGEST_SEND_TO = 120
LONGEST_REFERENCE = 64
LARGEST_COMPENSATION = 100_000_000
BY_LAW = {
    CompensationReason.THREEFOLD: (3, 50_000),
    CompensationReason.TENFOLD: (10, 100_000),
}
"""Times the price, and at least so much in fen: 消费者权益保护法 art. 55 (fraud), 食品安全法 art. 148 (unsafe food)."""


def lawful_minor(reason: str, *, paid_minor: int) -> int:
    """The least that a reason means by law for goods of this price, besides the refund; 1 where the shop is free."""
    times, least = BY_LAW.get(CompensationReason(reason), (0, 1))
    return max(times * paid_minor, least)


HELP_WITHIN = timedelta(hours=24)
"""Within which somebody who is not content is promised an answer; what came of the promise is counted and shown."""
FEW_STARS = 3
"""With so many stars or fewer, help is offered beside publishing."""


def was_made_good(*, state: str, dispute_state: str | None, was_given_more: bool) -> bool:
    """Whether a complaint ended with money or other goods, and is not contested any more."""
    if dispute_state is not None and dispute_state != DisputeState.CLOSED:
        return False
    return state in (ClaimState.ACCEPTED, ClaimState.EXCHANGED) or was_given_more
