"""Times and limits, free of the database. Limits: the provider's own documentation."""

from datetime import datetime, timedelta

REFUNDS_MAX = 50
REFUND_WINDOW = timedelta(days=365)
ASK_AFTER = (timedelta(minutes=1), timedelta(minutes=3), timedelta(minutes=10), timedelta(minutes=30))
RETRY_AFTER = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5))
RETRY_LAST = timedelta(minutes=30)
ONLINE_LIFE = timedelta(minutes=15)
OFFLINE_LIFE = timedelta(days=3)


def expiry(*, now: datetime, pay_by: datetime | None, is_online: bool) -> datetime:
    """When a payment stops waiting: the offer's own end, else the default of its kind."""
    return pay_by or now + (ONLINE_LIFE if is_online else OFFLINE_LIFE)


def next_try(*, attempts: int, now: datetime) -> datetime:
    """When to try a refund again after so many attempts."""
    return now + (RETRY_AFTER[attempts - 1] if 0 < attempts <= len(RETRY_AFTER) else RETRY_LAST)
