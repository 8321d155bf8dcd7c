"""What must hold in the outbox."""

from datetime import timedelta

from quanzi.base.doctor import Rows, invariant, rows_of
from quanzi.base.events.delivery import deliver_pending
from quanzi.base.events.services import retry_now
from quanzi.kernel import clock

PATIENCE = timedelta(hours=1)
STUCK_AFTER_ATTEMPTS = 5


def deliver_again() -> None:
    """Give every waiting event one more chance now."""
    now = clock.now()
    retry_now(now=now)
    while deliver_pending(now=now):
        continue


@invariant(
    "K2",
    "Each event is applied exactly once by each of its consumers",
    fix=deliver_again,
)
def undelivered_events() -> Rows:
    """Delivered events with an open consumer, and events that are stuck."""
    return rows_of(
        """SELECT e.id, e.name, d.consumer, 'delivered but not applied' AS problem
           FROM events_event e JOIN events_delivery d ON d.event_id = e.id
           WHERE e.delivered_at IS NOT NULL AND d.applied_at IS NULL
           UNION ALL
           SELECT e.id, e.name, d.consumer, 'stuck: ' || d.last_error
           FROM events_event e JOIN events_delivery d ON d.event_id = e.id
           WHERE e.delivered_at IS NULL AND d.applied_at IS NULL AND d.attempts >= %(attempts)s
           UNION ALL
           SELECT e.id, e.name, '', 'nobody has delivered it'
           FROM events_event e
           WHERE e.delivered_at IS NULL AND e.next_attempt_at IS NULL AND e.occurred_at < %(limit)s""",
        {"attempts": STUCK_AFTER_ATTEMPTS, "limit": clock.now() - PATIENCE},
    )
