"""What must hold of commission that was paid out."""

from quanzi.base.doctor import invariant


@invariant("C2", "Payouts of commission are what the books paid, and what the books owe is what is still due")
def unbooked_payouts() -> str:
    """Payouts whose booking is missing, left over or of another amount; a debt that does not follow from accruals and payouts."""
    return """
        SELECT 'payout:' || p.id AS place, p.amount_minor, coalesce(sum(e.amount_minor), 0) AS booked_minor,
               'is not what the books paid' AS problem
        FROM commission_payout p
        LEFT JOIN ledger_transaction t ON t.ref = 'payout:' || p.id
        LEFT JOIN ledger_account a ON a.code = 'payable.commission'
        LEFT JOIN ledger_entry e ON e.transaction_id = t.id AND e.account_id = a.id
        GROUP BY p.id HAVING coalesce(sum(e.amount_minor), 0)
            <> CASE WHEN p.state IN ('sent', 'done') THEN p.amount_minor ELSE 0 END
        UNION ALL
        SELECT 'payable.commission', owed.minor, owed.booked_minor, 'is not what accruals and payouts leave' FROM (
            SELECT (SELECT coalesce(sum(amount_minor - reversed_minor), 0) FROM commission_accrual WHERE payable_at IS NOT NULL)
                 - (SELECT coalesce(sum(amount_minor), 0) FROM commission_payout WHERE state IN ('sent', 'done')) AS minor,
                   (SELECT coalesce(-sum(e.amount_minor), 0) FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
                    WHERE a.code = 'payable.commission') AS booked_minor) owed
        WHERE owed.minor <> owed.booked_minor"""


@invariant("C3", "No commission is paid twice, or before it is payable, or above the limit by one person")
def wrongly_paid() -> str:
    """Sums that are not their lines, accruals that were paid too much or too early, payouts without their second person."""
    return """
        SELECT 'payout:' || p.id AS place, p.amount_minor AS minor, 'is not the sum of its lines' AS problem
        FROM commission_payout p LEFT JOIN commission_payoutline l ON l.payout_id = p.id
        GROUP BY p.id HAVING coalesce(sum(l.amount_minor), 0) <> p.amount_minor
        UNION ALL
        SELECT 'accrual:' || a.id, sum(l.amount_minor), 'was paid more than it ever came to, or before it was payable'
        FROM commission_accrual a JOIN commission_payoutline l ON l.accrual_id = a.id AND l.is_live
        GROUP BY a.id HAVING sum(l.amount_minor) NOT BETWEEN 0 AND a.amount_minor OR a.payable_at IS NULL
        UNION ALL
        SELECT 'accrual:' || a.id, a.amount_minor, 'is marked as paid without a payout' FROM commission_accrual a
        WHERE a.state = 'paid' AND NOT EXISTS (
            SELECT FROM commission_payoutline l JOIN commission_payout p ON p.id = l.payout_id
            WHERE l.accrual_id = a.id AND l.is_live AND l.kind = 'earned' AND p.state IN ('sent', 'done'))
        UNION ALL
        SELECT 'payout:' || p.id, p.amount_minor, 'has no second person' FROM commission_payout p
        LEFT JOIN approvals_approval s ON s.id = p.approval_id AND s.state = 'approved' AND s.decided_by_id = p.approved_by_id
        WHERE p.needs_second AND p.state IN ('approved', 'sent', 'done') AND s.id IS NULL
        UNION ALL
        SELECT tgrelid::regclass::text, 0, 'guard ' || tgname || ' is switched off'
        FROM pg_trigger WHERE tgname LIKE 'payout!_%' ESCAPE '!' AND NOT tgisinternal AND tgenabled = 'D'"""
