"""Windows and what "kept" means, free of the database. All times are aware; `now` is always given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from quanzi.goods.catalogue.models import NEEDS_WORD, ReturnRule
from quanzi.kernel.clock import local, midnight

PAY_WITHIN_MINUTES = 15
AUTO_RECEIVE_AFTER = timedelta(days=7)
MOST_LINES = 100
MOST_OF_ONE = 999
LONGEST_NOTE = 200
LONGEST_REASON = 80
LONGEST_KEY = 80


def clean(text: str) -> str:
    """One line as a person meant it: no control characters (a database refuses some), no blanks around."""
    return "".join(ch for ch in text if ch.isprintable()).strip()


def is_id(number: int | None) -> bool:
    """Whether this could be the id of a row at all."""
    return number is not None and 0 < number < 2**63


def is_key(text: str) -> bool:
    """An idempotency key that can be stored as it is."""
    return 1 <= len(text) <= LONGEST_KEY and text.isprintable()


def may_be_sent_back(*, rule: str, gave_up: bool) -> bool:
    """Without a reason: by the rule, unless the law lets the buyer give it up for this purchase and they did."""
    return rule == ReturnRule.SEVEN_DAYS or (rule in NEEDS_WORD and not gave_up)


def return_closes_at(*, received_at: datetime, rule: str, return_days: int, gave_up: bool = False) -> datetime | None:
    """The end of the return window, counted from the day after signing on the site's calendar; None when there is none.

    Signed on 1 May with seven days: 2 to 8 May are the buyer's, the window closes as 9 May begins.
    Fresh and made-to-order goods have the claim window only. Source: 消费者权益保护法 art. 25, 七日无理由退货暂行办法.
    """
    if not may_be_sent_back(rule=rule, gave_up=gave_up):
        return None
    closing_day = local(received_at).date() + timedelta(days=return_days + 1)
    return midnight(closing_day)


def claim_closes_at(*, received_at: datetime, claim_hours: int) -> datetime:
    """The end of the window in which a fault is reported, counted from receipt."""
    return received_at + timedelta(hours=claim_hours)


@dataclass(frozen=True)
class LineFacts:
    """What decides whether an order line is kept."""

    is_captured: bool
    handed_over_at: datetime | None = None
    received_at: datetime | None = None
    claim_closes_at: datetime | None = None
    return_closes_at: datetime | None = None
    disputed_at: datetime | None = None
    returned_at: datetime | None = None
    said_kept_at: datetime | None = None


def windows_closed(line: LineFacts, now: datetime) -> bool:
    """Claim and return windows have both ended; a window that never began has not ended."""
    if line.received_at is None or line.claim_closes_at is None:
        return False
    return line.claim_closes_at <= now and (line.return_closes_at is None or line.return_closes_at <= now)


def is_kept(line: LineFacts, now: datetime) -> bool:
    """Paid, handed over, received, not returned, no open dispute; and the windows closed or the buyer said so."""
    if not line.is_captured or line.handed_over_at is None or line.received_at is None:
        return False
    if line.disputed_at is not None or line.returned_at is not None:
        return False
    return line.said_kept_at is not None or windows_closed(line, now)
