"""Background entries. Each may run twice without harm."""

from datetime import datetime, timedelta

from quanzi.base.jobs.registry import job, periodic
from quanzi.trade.payments import queries, services


@job("payments.apply_notification", retries=8)
def apply_notification(*, notification_id: int, now: datetime) -> None:
    services.apply_notification(notification_id=notification_id, now=now)


@job("payments.send_refund", retries=8)
def send_refund(*, refund_id: int, now: datetime) -> None:
    services.send_refund(refund_id=refund_id, now=now)


@job("payments.poll", retries=8)
def poll(*, payment_id: int, now: datetime) -> None:
    services.poll(payment_id=payment_id, now=now)


@periodic("payments.pick_up_leftovers", "*/5 * * * *")
def pick_up_leftovers(*, now: datetime) -> None:
    """What should have moved by itself and did not, for instance because its job was lost."""
    for notification_id in queries.stale_notifications(before=now - timedelta(minutes=5)):
        services.apply_notification(notification_id=notification_id, now=now)
    for payment_id in queries.stale_payments(before=now - timedelta(minutes=10)):
        services.sync(payment_id=payment_id, now=now)
    for refund_id in queries.stale_refunds(before=now - timedelta(hours=1)):
        services.send_refund(refund_id=refund_id, now=now)
