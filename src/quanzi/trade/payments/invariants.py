"""What must hold of payments, for the doctor."""

from django.db import connection

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import invariant
from quanzi.kernel import clock
from quanzi.trade.payments.rules import REFUNDS_MAX

require_audit("payments.refund", "SELECT 'refund:' || id AS target FROM payments_refund")


@invariant("O1.payments", "Each captured payment is booked once, and one that nobody waits for went back in full")
def captures_without_a_home() -> str:
    """Captures missing in the books or booked with another amount, surplus money kept, cases left for a day."""
    return """
        SELECT p.number AS place, 'captured, but not booked with its amount' AS problem
        FROM payments_payment p
        LEFT JOIN ledger_transaction t ON t.key = 'capture:' || p.number
        LEFT JOIN ledger_account a ON a.code = 'cash.' || p.provider
        LEFT JOIN ledger_entry e ON e.transaction_id = t.id AND e.account_id = a.id AND e.amount_minor = p.amount_minor
        WHERE p.state = 'captured' AND e.id IS NULL
        UNION ALL
        SELECT t.key, 'booked, but not captured'
        FROM ledger_transaction t LEFT JOIN payments_payment p ON t.key = 'capture:' || p.number
        WHERE t.kind = 'payment.capture' AND (p.id IS NULL OR p.state <> 'captured')
        UNION ALL
        SELECT p.number, 'surplus money was not sent back in full'
        FROM payments_payment p WHERE p.surplus AND p.refunded_minor <> p.amount_minor
        UNION ALL
        SELECT min(p.number), 'more than one payment counts for ' || p.payable_kind || ' ' || p.payable_id
        FROM payments_payment p WHERE p.state = 'captured' AND NOT p.surplus
        GROUP BY p.payable_kind, p.payable_id HAVING count(*) > 1
        UNION ALL
        SELECT n.event_id, 'a case is open for more than a day: ' || n.verdict
        FROM payments_notification n
        WHERE n.decision = 'case' AND n.resolved_at IS NULL AND n.received_at < now() - interval '24 hours'"""


def resum_refunds() -> None:
    """Set what was refunded of each payment to the sum of its live refunds."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE payments_payment p SET refunded_minor = s.live_minor
               FROM (SELECT p2.id, coalesce(sum(r.amount_minor) FILTER (WHERE r.state <> 'failed'), 0) AS live_minor
                     FROM payments_payment p2 LEFT JOIN payments_refund r ON r.payment_id = p2.id GROUP BY p2.id) s
               WHERE s.id = p.id AND p.refunded_minor <> s.live_minor"""
        )


@invariant("R1", "Refunds never exceed what was captured, and each is booked exactly while it lives", fix=resum_refunds)
def wrong_refunds() -> str:
    """Sums that differ, too many refunds, refunds the books do not know, failed ones not reversed there."""
    return f"""
        SELECT p.number AS place, 'refunds do not add up' AS problem
        FROM payments_payment p LEFT JOIN payments_refund r ON r.payment_id = p.id AND r.state <> 'failed'
        GROUP BY p.id HAVING coalesce(sum(r.amount_minor), 0) <> p.refunded_minor
                          OR coalesce(sum(r.amount_minor), 0) > p.amount_minor
        UNION ALL
        SELECT p.number, 'more than {REFUNDS_MAX} refunds'
        FROM payments_payment p JOIN payments_refund r ON r.payment_id = p.id
        WHERE p.provider <> 'offline' GROUP BY p.id HAVING count(*) > {REFUNDS_MAX}
        UNION ALL
        SELECT r.number, 'not booked with its amount'
        FROM payments_refund r LEFT JOIN ledger_transaction t ON t.key = r.ledger_key
        LEFT JOIN ledger_account a ON a.code = r.debit_account
        LEFT JOIN ledger_entry e ON e.transaction_id = t.id AND e.account_id = a.id AND e.amount_minor = r.amount_minor
        WHERE e.id IS NULL
        UNION ALL
        SELECT r.number, 'failed and reversed do not go together'
        FROM payments_refund r JOIN ledger_transaction t ON t.key = r.ledger_key
        LEFT JOIN ledger_transaction back ON back.reverses_id = t.id
        WHERE (r.state = 'failed') <> (back.id IS NOT NULL)
        UNION ALL
        SELECT t.key, 'booked, but there is no such refund'
        FROM ledger_transaction t LEFT JOIN payments_refund r ON r.ledger_key = t.key
        WHERE t.kind = 'payment.refund' AND r.id IS NULL
        UNION ALL
        SELECT r.number, 'the provider has not confirmed it for a day'
        FROM payments_refund r
        WHERE r.state IN ('requested', 'unknown') AND r.requested_at < now() - interval '24 hours'"""


def apply_waiting() -> None:
    """Give every waiting notification its effect."""
    from quanzi.trade.payments import queries, services

    now = clock.now()
    for notification_id in queries.stale_notifications(before=now):
        services.apply_notification(notification_id=notification_id, now=now)


@invariant("K1", "Each notification is stored once, as it came, and decided", fix=apply_waiting)
def undecided_notifications() -> str:
    """Notifications without bytes, undecided for fifteen minutes, or decided without a time; guards switched off."""
    return """
        SELECT provider || ' ' || event_id AS place, 'undecided for fifteen minutes' AS problem
        FROM payments_notification WHERE decision = 'pending' AND received_at < now() - interval '15 minutes'
        UNION ALL
        SELECT provider || ' ' || event_id, 'its bytes or its time of decision are missing'
        FROM payments_notification
        WHERE length(raw) = 0 OR (decision <> 'pending') <> (applied_at IS NOT NULL)
        UNION ALL
        SELECT min(provider) || ' ' || min(event_id), 'stored more than once'
        FROM payments_notification GROUP BY provider, event_id HAVING count(*) > 1
        UNION ALL
        SELECT tgrelid::regclass::text, 'guard ' || tgname || ' is switched off'
        FROM pg_trigger WHERE tgname = 'payments_guard' AND NOT tgisinternal AND tgenabled = 'D'"""
