"""Both sides over HTTP: the shop's own server is called by the provider's own notifier, with faults as planned."""

import time

import pytest

from quanzi.trade.payments.models import Notification, Payment
from quanzi.trade.payments.tasks import apply_leftovers, pick_up_leftovers

from .conftest import begin, only_kept, right_now, violations, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(live_server, settings, provider):
    settings.PAYSIM_NOTIFY_URL = f"{live_server.url}/pay/notify/paysim/"
    return live_server


def deliver(provider, after: float = 0) -> int:
    return provider.application.notifier.send_due(time.time() + after)


def answers(provider) -> list[tuple[str, str]]:
    rows = provider.application.store.rows("SELECT state, last_answer FROM outbox ORDER BY id")
    return [(row["state"], row["last_answer"]) for row in rows]


def test_a_payment_goes_through_while_everything_is_forged_probed_and_duplicated(member, things, provider, shop):
    payment = begin(things.add(member))
    forge = ["bad_signature", "own_key", "other_serial", "changed_body", "old", "future", "no_signature_type"]
    provider.plan(forge=[*forge, "wrong_amount", "wrong_merchant"], probe=True, duplicate=100)
    provider.pay(payment)
    assert deliver(provider) == 1
    assert answers(provider) == [("done", "200")]
    work()
    payment.refresh_from_db()
    assert payment.state == "captured"
    assert things.by_id[1].captured == [payment.number]
    decisions = sorted(Notification.objects.values_list("decision", "verdict"))
    assert decisions == [("applied", "verified"), ("case", "other_merchant"), ("case", "wrong_amount")]
    assert not violations()


def test_a_dropped_notification_comes_again_and_reordered_ones_all_count(member, things, provider, shop):
    payments = [begin(things.add(member)) for _ in range(3)]
    provider.plan(drop=1, reorder=3, retry_s=[5.0])
    for payment in payments:
        provider.pay(payment)
    assert deliver(provider) == 3
    provider.plan()
    assert deliver(provider, after=6) == 1
    work()
    assert set(Payment.objects.values_list("state", flat=True)) == {"captured"}
    assert not violations()


def test_a_notification_that_comes_after_the_poll_changes_nothing(member, things, provider, shop):
    payment = begin(things.add(member))
    provider.plan(delay_s=90_000)
    provider.pay(payment)
    from quanzi.trade.payments import services

    services.sync(payment_id=payment.pk, now=right_now())
    assert deliver(provider) == 0
    assert deliver(provider, after=90_001) == 1
    work()
    assert Notification.objects.get().decision == "repeated"
    assert things.by_id[1].captured == [payment.number]


def test_lost_jobs_are_picked_up(member, things, provider, shop):
    from datetime import timedelta

    from django.db import connection

    payment = begin(things.add(member), now=right_now() - timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    pick_up_leftovers(now=right_now())
    pick_up_leftovers(now=right_now())
    assert work() == 1
    payment.refresh_from_db()
    assert payment.state == "closed"


def test_a_notification_whose_process_died_is_applied_a_minute_later(member, things, provider, shop):
    from datetime import timedelta

    payment = begin(things.add(member))
    provider.pay(payment)
    with only_kept():
        assert deliver(provider) == 1
    apply_leftovers(now=right_now())
    assert Notification.objects.get().decision == "pending"
    apply_leftovers(now=right_now() + timedelta(seconds=61))
    work()
    payment.refresh_from_db()
    assert (Notification.objects.get().decision, payment.state) == ("applied", "captured")
