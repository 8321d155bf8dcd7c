"""Sixty-four callers at once: one effect. The control takes the guard away, here in the test, and sees the race."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest.mock import patch

import pytest
from django.db import connection

from quanzi.base.ledger.models import Transaction
from quanzi.base.rows import Select
from quanzi.kernel.errors import DomainError
from quanzi.trade.payments import services
from quanzi.trade.payments.models import Notification, Payment, Refund
from quanzi.trade.payments.services import notices

from .conftest import begin, only_kept, right_now, violations, work

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS = 64


def at_once(call, callers: int = CALLERS) -> list[object]:
    """Run the call in as many threads, released together; DomainErrors come back as results."""
    gate = Barrier(callers)

    def one(index: int) -> object:
        try:
            connection.ensure_connection()
            gate.wait(60)
            return call(index)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(one, range(callers)))


def test_64_copies_of_one_notification_have_one_effect(member, things, provider):
    payment = begin(things.add(member))
    provider.pay(payment)
    copies = [provider.signed(*provider.notes()[-1]) for _ in range(CALLERS)]
    assert at_once(lambda index: provider.post(*copies[index])) == [200] * CALLERS
    note = Notification.objects.get()
    at_once(lambda index: services.apply_notification(notification_id=note.pk, now=right_now()), 16)
    work()
    payment.refresh_from_db()
    assert payment.state == "captured"
    assert things.by_id[1].captured == [payment.number]
    assert Transaction.objects.filter(kind="payment.capture").count() == 1
    assert not violations()


def test_the_race_is_real_without_the_row_lock(member, things, provider):
    """Control: callers that do not wait for each other's lock all find the notification undecided."""
    payment = begin(things.add(member))
    provider.pay(payment)
    with only_kept():
        provider.notify()
    note, gate, seen = Notification.objects.get(), Barrier(8), []
    unlocked = Select(Notification, "WHERE t.id = %s")

    def waiting(row, now):
        gate.wait(60)
        seen.append(row.decision)
        raise DomainError

    with (
        patch.object(notices, "_locked", unlocked),
        patch.object(notices, "_apply_paid", waiting),
    ):
        at_once(lambda index: services.apply_notification(notification_id=note.pk, now=right_now()), 8)
    assert seen == ["pending"] * 8


def test_64_different_proofs_of_payment_count_once_and_the_rest_goes_back(member, things):
    thing = things.add(member)
    payments = [begin(thing, provider="offline", key=f"k{index}") for index in range(16)]
    at_once(
        lambda index: services.capture_offline(
            payment_id=payments[index].pk, reference=f"bank {index}", actor="replay", now=right_now()
        ),
        16,
    )
    assert Payment.objects.filter(state="captured", surplus=False).count() == 1
    assert len(thing.captured) == 1
    assert sum(Payment.objects.values_list("refunded_minor", flat=True)) == 15 * 1250
    assert not violations()


def test_64_refunds_never_exceed_the_payment(member, things):
    payment = begin(things.add(member), provider="offline")
    services.capture_offline(payment_id=payment.pk, reference="", actor="replay", now=right_now())
    results = at_once(
        lambda index: services.refund(
            payment_id=payment.pk, amount_minor=100, reason="", idempotency_key=f"k{index}", now=right_now()
        )
    )
    assert sum(isinstance(one, Refund) for one in results) == 12
    payment.refresh_from_db()
    assert payment.refunded_minor == 1200
    assert not violations()


def test_64_starts_with_one_key_make_one_payment(member, things):
    thing = things.add(member)
    results = at_once(lambda index: begin(thing, provider="offline").pk)
    assert len(set(results)) == 1
    assert Payment.objects.count() == 1
