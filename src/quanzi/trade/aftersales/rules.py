"""Until when a buyer may ask for money back, without a database. Intervals are half-open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.trade.aftersales.models import ClaimReason

LONGEST_NOTE = 500
LONGEST_ANSWER = 200
MOST_PICTURES = 6


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
