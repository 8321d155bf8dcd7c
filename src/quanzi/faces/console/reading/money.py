"""Payments that need a person."""

from __future__ import annotations

from quanzi.faces.console.reading.refs import order_numbers
from quanzi.people.accounts.models import Member
from quanzi.trade.payments.models import Notification, Payment, Refund
from quanzi.trade.payments.states import Decision, RefundState

MOST = 100


def open_cases() -> list[Notification]:
    """Proven messages that fit nothing we asked for, oldest first."""
    waiting = Notification.objects.filter(decision=Decision.CASE, resolved_at=None)
    return list(waiting.defer("raw", "headers").order_by("received_at", "pk")[:MOST])


def paid_ahead(order_id: int) -> list[Payment]:
    """Payments for something else (a deposit) that count for an order."""
    return list(Payment.objects.filter(credits__order=order_id, credits__ended_at=None))


def refunds_by_hand() -> list[tuple[Refund, str, str]]:
    """Refunds that somebody has to pay in cash or by transfer, oldest first, with the number of their order and the name of the buyer."""
    waiting = Refund.objects.filter(state=RefundState.DONE, provider_ref="").select_related("payment")
    rows = list(waiting.order_by("requested_at", "pk")[:MOST])
    numbers = order_numbers(f"payment:{row.payment_id}" for row in rows)
    names = dict(Member.objects.filter(pk__in={row.payment.member_id for row in rows}).values_list("pk", "name"))
    return [(row, numbers.get(f"payment:{row.payment_id}", ""), names.get(row.payment.member_id, "")) for row in rows]


def failed_refunds() -> list[tuple[Refund, str]]:
    """Refunds that the provider refused for good, with the number of their order."""
    rows = list(
        Refund.objects.filter(state=RefundState.FAILED, again=None).select_related("payment").order_by("-pk")[:MOST]
    )
    numbers = order_numbers(f"payment:{row.payment_id}" for row in rows)
    return [(row, numbers.get(f"payment:{row.payment_id}", "")) for row in rows]
