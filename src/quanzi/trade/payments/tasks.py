"""Background entries. Each may run twice without harm."""

from datetime import datetime, timedelta

from quanzi.base.jobs import services as jobs
from quanzi.base.jobs.registry import job, periodic
from quanzi.trade.payments import queries, services


@job("payments.apply_notification", retries=8)
def apply_notification(*, notification_id: int, now: datetime) -> None:
    services.apply_notification(notification_id=notification_id, now=now)


@job("payments.send_refund", retries=8)
def send_refund(*, refund_id: int, now: datetime) -> None:
    services.send_refund(refund_id=refund_id, now=now)


@job("payments.poll", retries=0)
def poll(*, payment_id: int, now: datetime) -> None:
    """Jobs that were put off by an earlier version."""
    services.sync(payment_id=payment_id, now=now)


@job("payments.sync", retries=0)
def sync(*, payment_id: int, now: datetime) -> None:
    services.sync(payment_id=payment_id, now=now)


@job("payments.check_refund", retries=0)
def check_refund(*, refund_id: int, now: datetime) -> None:
    """A try outside the refund's own row of tries, which goes on by itself."""
    services.send_refund(refund_id=refund_id, now=now, is_last=True)


@periodic("payments.ask_about_waiting", "* * * * *")
def ask_about_waiting(*, now: datetime) -> None:
    """Payments whose moment to be asked about came in the last minute: a lost notification is found so."""
    for payment_id in queries.due_to_ask(since=now - timedelta(minutes=1), now=now):
        jobs.enqueue("payments.sync", unique=f"payments.sync:{payment_id}", payment_id=payment_id)


@periodic("payments.apply_leftovers", "* * * * *")
def apply_leftovers(*, now: datetime) -> None:
    """Notifications whose effect is missing after a minute: the process that stored them died before applying or asking a job."""
    for notification_id in queries.stale_notifications(before=now - timedelta(minutes=1)):
        mark = f"payments.notification:{notification_id}"
        jobs.enqueue("payments.apply_notification", unique=mark, notification_id=notification_id)


@periodic("payments.pick_up_leftovers", "*/5 * * * *")
def pick_up_leftovers(*, now: datetime) -> None:
    """What should have moved by itself and did not gets a job again, one each, so that none holds up the others."""
    for payment_id in queries.stale_payments(before=now - timedelta(minutes=10)):
        jobs.enqueue("payments.sync", unique=f"payments.sync:{payment_id}", payment_id=payment_id)
    for refund_id in queries.stale_refunds(before=now - timedelta(hours=1)):
        jobs.enqueue("payments.check_refund", unique=f"payments.refund:{refund_id}", refund_id=refund_id)
