"""What raw SQL cannot do, and what the doctor finds when somebody switches a guard off."""

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.doctor import run
from quanzi.trade.payments import services
from quanzi.trade.payments.models import Notification, Payment

from .conftest import begin, only_kept, right_now, violations, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def captured(member, things) -> Payment:
    payment = begin(things.add(member), provider="offline")
    return services.capture_offline(payment_id=payment.pk, reference="bank 1", actor="staff:0", now=right_now())


@pytest.fixture
def refunded(captured):
    return services.refund(
        payment_id=captured.pk, amount_minor=1000, reason="坏了", idempotency_key="r", now=right_now()
    )


def sql(text: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, params)


REFUND = """INSERT INTO payments_refund (payment_id, number, amount_minor, reason, state, debit_account, ledger_key,
            idempotency_key, requested_at, provider_ref, attempts, last_error)
            VALUES (%s, 'RX', %s, 'x', %s, 'escrow.buyers', 'x', 'x', now(), '', 0, '')"""


@pytest.mark.parametrize(
    "change",
    [
        "amount_minor = 1",
        "currency = 'USD'",
        "number = 'other'",
        "payable_id = 99",
        "payable_kind = 'gift'",
        "provider = 'paysim'",
        "provider_ref = 'other'",
        "state = 'created', captured_at = NULL",
        "state = 'closed', captured_at = NULL",
        "state = 'nonsense'",
        "refunded_minor = 1251",
        "refunded_minor = -1",
        "captured_at = NULL",
    ],
)
def test_a_captured_payment_is_never_edited(captured, change):
    with pytest.raises(IntegrityError):
        sql(f"UPDATE payments_payment SET {change} WHERE id = %s", captured.pk)


@pytest.mark.parametrize("table", ["payments_payment", "payments_refund"])
def test_records_of_money_are_never_deleted(refunded, table):
    with pytest.raises(IntegrityError):
        sql(f"DELETE FROM {table}")


def test_more_than_was_captured_cannot_go_back(captured):
    with pytest.raises(IntegrityError, match="payment_refunded_within_amount"):
        sql(REFUND, captured.pk, 1251, "requested")


def test_a_second_refund_beyond_what_is_left_cannot_go_back(refunded, captured):
    with pytest.raises(IntegrityError, match="payment_refunded_within_amount"):
        sql(REFUND, captured.pk, 251, "requested")


def test_nothing_goes_back_from_what_was_never_captured(member, things):
    unpaid = begin(things.add(member), provider="offline")
    with pytest.raises(IntegrityError, match="payment_refunded_only_when_captured"):
        sql(REFUND, unpaid.pk, 1, "requested")


@pytest.mark.parametrize(("amount", "state"), [(0, "requested"), (-1, "requested"), (1, "done"), (1, "failed")])
def test_a_refund_begins_requested_with_an_amount_above_zero(captured, amount, state):
    with pytest.raises(IntegrityError):
        sql(REFUND, captured.pk, amount, state)


@pytest.mark.parametrize("change", ["amount_minor = 1", "state = 'failed', done_at = NULL", "payment_id = 0"])
def test_a_refund_that_is_done_is_never_edited(refunded, change):
    with pytest.raises(IntegrityError):
        sql(f"UPDATE payments_refund SET {change}")


def test_two_payments_cannot_both_count_for_one_thing(captured, things):
    other = begin(things.by_id[1], provider="offline", key="second")
    with pytest.raises(IntegrityError, match="payment_one_captured_per_payable"):
        sql(
            "UPDATE payments_payment SET state='captured', captured_at=now(), provider_ref='bank 2' WHERE id=%s",
            other.pk,
        )


def test_one_transaction_of_the_provider_belongs_to_one_payment(captured, things, member):
    other = begin(things.add(member), provider="offline")
    with pytest.raises(IntegrityError, match="payment_one_ref"):
        sql(
            "UPDATE payments_payment SET state='captured', captured_at=now(), provider_ref=%s WHERE id=%s",
            captured.provider_ref,
            other.pk,
        )


def test_a_capture_needs_its_proof(member, things):
    payment = begin(things.add(member), provider="offline")
    with pytest.raises(IntegrityError, match="payment_captured_has_proof"):
        sql("UPDATE payments_payment SET state='captured' WHERE id=%s", payment.pk)


def test_a_closed_payment_comes_back_only_as_surplus(member, things):
    payment = begin(things.add(member), provider="offline")
    services.close(payment_id=payment.pk, now=right_now())
    with pytest.raises(IntegrityError, match="no move from closed to captured"):
        sql(
            "UPDATE payments_payment SET state='captured', captured_at=now(), provider_ref='late' WHERE id=%s",
            payment.pk,
        )


def test_a_notification_is_stored_once_and_kept_as_it_came(member, things, provider):
    provider.pay(begin(things.add(member)))
    provider.notify()
    for change in ("raw = ''", "headers = '{}'", "content = '{}'", "received_at = now() + interval '1 day'"):
        with pytest.raises(IntegrityError):
            sql(f"UPDATE payments_notification SET {change}")
    with pytest.raises(IntegrityError):
        sql("DELETE FROM payments_notification")
    note = Notification.objects.get()
    note.pk = None
    with pytest.raises(IntegrityError, match="notification_once"), transaction.atomic():
        note.save(force_insert=True)


def found(id: str) -> int:
    return next(one.violations for one in run(only=[id]))


def test_the_doctor_finds_and_repairs_a_wrong_sum_of_refunds(captured, refunded):
    assert not violations()
    sql("UPDATE payments_payment SET refunded_minor = 3 WHERE id = %s", captured.pk)
    assert found("R1") == 1
    assert run(only=["R1"], fix=True)[0].is_well
    captured.refresh_from_db()
    assert captured.refunded_minor == 1000


def test_the_doctor_finds_money_that_is_not_in_the_books(member, things):
    payment = begin(things.add(member), provider="offline")
    sql("UPDATE payments_payment SET state='captured', captured_at=now(), provider_ref='x' WHERE id=%s", payment.pk)
    assert found("O1.payments") == 1


def test_the_doctor_finds_surplus_money_that_was_kept(captured):
    sql("UPDATE payments_payment SET surplus = true WHERE id = %s", captured.pk)
    assert found("O1.payments") == 1


def test_the_doctor_finds_and_applies_a_notification_whose_job_was_lost(member, things, provider):
    payment = begin(things.add(member))
    provider.pay(payment)
    with only_kept():
        provider.notify()
    sql("DELETE FROM procrastinate_jobs")
    sql("ALTER TABLE payments_notification DISABLE TRIGGER payments_guard")
    sql("UPDATE payments_notification SET received_at = now() - interval '16 minutes'")
    assert found("K1") == 2, "the lost one, and the guard that is off"
    sql("ALTER TABLE payments_notification ENABLE TRIGGER payments_guard")
    assert run(only=["K1"], fix=True)[0].is_well
    payment.refresh_from_db()
    assert payment.state == "captured"
    assert work() == 0
