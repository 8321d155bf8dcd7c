"""Notifications over the real endpoint, from a provider that signs for real. Rows "notify" of the attack list."""

from unittest.mock import patch

import pytest
from django.db import OperationalError

from quanzi.base.events.models import Event
from quanzi.trade.payments import services
from quanzi.trade.payments.models import Notification, Payment, Refund
from quanzi.trade.payments.providers import wire
from quanzi.trade.payments.services import notices

from .conftest import begin, only_kept, right_now, violations, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(member, things, provider):
    """A payment that the payer has paid; nobody has told us yet."""
    payment = begin(things.add(member))
    provider.pay(payment)
    return payment


def state_of(payment: Payment) -> str:
    return Payment.objects.get(pk=payment.pk).state


def test_a_true_notification_pays_once_and_keeps_its_bytes(paid, provider, things):
    assert provider.notify() == 200
    note = Notification.objects.get()
    assert state_of(paid) == "captured"
    assert (note.decision, note.verdict) == ("applied", "verified")
    assert bytes(note.raw).startswith(b'{"id"')
    assert set(note.headers) == {f"Wechatpay-{name}" for name in wire.SIGNED_HEADERS}
    assert things.by_id[1].captured == [paid.number]
    assert not violations()


@pytest.mark.parametrize(
    "kind",
    ["bad_signature", "own_key", "other_serial", "no_signature_type", "changed_body", "old", "future", "probe"],
)
def test_a_message_that_does_not_prove_its_sender_is_answered_401_and_leaves_no_trace(
    paid, provider, kind, monkeypatch
):
    monkeypatch.setattr("quanzi.base.fetching.lines.Line.ask", lambda *a, **k: pytest.fail("it made us call somebody"))
    assert provider.post(*provider.forged(kind)) == 401
    assert state_of(paid) == "created"
    assert not Notification.objects.exists()


def test_after_a_signature_probe_the_right_one_is_accepted(paid, provider):
    assert provider.post(*provider.forged("probe")) == 401
    assert provider.notify() == 200


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("wrong_amount", "wrong_amount"),
        ("wrong_currency", "other_currency"),
        ("wrong_merchant", "other_merchant"),
        ("wrong_app", "other_app"),
        ("other_order", "unknown_number"),
    ],
)
def test_a_rightly_signed_message_that_does_not_fit_opens_a_case_and_never_pays(paid, provider, kind, verdict):
    assert provider.post(*provider.forged(kind)) == 200
    work()
    note = Notification.objects.get()
    assert (note.decision, note.verdict) == ("case", verdict)
    assert state_of(paid) == "created"
    assert Event.objects.filter(name="payments.CaseOpened").count() == 1
    assert provider.notify() == 200
    work()
    assert state_of(paid) == "captured"
    services.resolve_case(notification_id=note.pk, resolution="asked the provider", actor="staff:0", now=right_now())
    assert not violations()


@pytest.mark.parametrize("total", [0, -1, 0.005, "12.50", "１２", "1,000", 2**63, None, True, [], {}])
def test_an_amount_that_is_no_amount_never_pays(paid, provider, total):
    event, content = provider.notes()[-1]
    content["amount"]["total"] = total
    assert provider.post(*provider.signed(event, content)) == 200
    work()
    assert Notification.objects.get().verdict == "malformed_amount"
    assert state_of(paid) == "created"


def test_a_transaction_that_is_not_a_success_never_pays(paid, provider):
    event, content = provider.notes()[-1]
    assert provider.post(*provider.signed(event, content | {"trade_state": "CLOSED"})) == 200
    work()
    assert (Notification.objects.get().verdict, state_of(paid)) == ("not_a_success", "created")


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', '{"a":NaN}', "[" * 10_000, "[]", '"x"', "{}"])
def test_rightly_signed_nonsense_is_a_400(paid, provider, text):
    from paysim import forge

    body = text.encode()
    assert provider.post(body, forge.headers(provider.application.notifier.signer(), body)) == 400
    assert not Notification.objects.exists()


def test_five_megabytes_are_refused_unread(provider):
    assert provider.post(b"[" * 5_000_000, {}) == 413


def test_an_encoded_body_is_not_unpacked(paid, provider):
    body, headers = provider.signed(*provider.notes()[-1])
    assert provider.post(body, headers | {"Content-Encoding": "gzip"}) == 415


def test_no_other_method_and_no_other_provider_is_answered(provider):
    assert provider.client.get("/pay/notify/paysim/").status_code == 405
    assert provider.client.post("/pay/notify/nobody/", b"{}", content_type="application/json").status_code == 404
    assert provider.client.post("/pay/notify/offline/", b"{}", content_type="application/json").status_code == 404


def test_an_effect_that_cannot_happen_now_is_left_to_a_job(paid, provider, things):
    with patch.object(notices, "apply", side_effect=OperationalError("lock timeout")):
        assert provider.notify() == 200
    assert (Notification.objects.get().decision, state_of(paid)) == ("pending", "created")
    work()
    assert (Notification.objects.get().decision, state_of(paid)) == ("applied", "captured")


def test_a_message_whose_effect_was_lost_gets_it_when_it_is_repeated(paid, provider, things):
    event, content = provider.notes()[-1]
    with only_kept():
        assert provider.post(*provider.signed(event, content)) == 200
    assert Notification.objects.get().decision == "pending"
    assert provider.post(*provider.signed(event, content)) == 200
    work()
    assert Notification.objects.get().decision == "applied"
    assert things.by_id[1].captured == [paid.number]


def test_a_repeated_notification_changes_nothing(paid, provider, things):
    for _ in range(5):
        assert provider.notify() == 200
        work()
    event, content = provider.notes()[-1]
    assert provider.post(*provider.signed(event | {"id": "another-id"}, content)) == 200
    work()
    decisions = sorted(Notification.objects.values_list("decision", flat=True))
    assert decisions == ["applied", "repeated"]
    assert things.by_id[1].captured == [paid.number]
    assert not violations()


def test_success_after_close_is_refunded_in_full(member, things, provider):
    payment = begin(things.add(member))
    assert services.close(payment_id=payment.pk, now=right_now()).state == "closed"
    provider.pay(payment, force=True)
    provider.notify()
    work()
    payment.refresh_from_db()
    assert (payment.state, payment.surplus, payment.refunded_minor) == ("captured", True, 1250)
    assert Notification.objects.get().decision == "surplus"
    assert Refund.objects.get().state == "done"
    assert things.by_id[1].captured == []
    assert things.by_id[1].refunded == [], "money that was never wanted is not reported as a refund"
    assert not violations()


def test_a_second_transaction_for_one_order_is_refunded_in_full(paid, provider, things):
    provider.notify()
    work()
    second = provider.pay(paid, force=True)
    provider.notify()
    work()
    extra = Payment.objects.get(provider_ref=second)
    assert (extra.surplus, extra.refunded_minor, extra.number != paid.number) == (True, 1250, True)
    paid.refresh_from_db()
    assert (paid.refunded_minor, things.by_id[1].captured) == (0, [paid.number])
    refunds = provider.application.store.rows("SELECT transaction_id, amount FROM refund")
    assert [tuple(row) for row in refunds] == [(second, 1250)]
    assert not violations()


def test_two_payments_of_one_order_pay_it_once(member, things, provider):
    thing = things.add(member)
    first, second = begin(thing, key="a"), begin(thing, key="b")
    for payment in (second, first):
        provider.pay(payment)
        provider.notify()
    work()
    first.refresh_from_db(), second.refresh_from_db()
    assert {first.surplus, second.surplus} == {True, False}
    assert len(thing.captured) == 1
    assert not violations()


def test_money_that_the_order_no_longer_wants_is_refunded_in_full(paid, provider, things):
    things.by_id[1].is_wanted = False
    provider.notify()
    work()
    paid.refresh_from_db()
    assert (paid.surplus, paid.refunded_minor) == (True, 1250)
    assert not violations()


def test_a_refund_told_before_its_payment_opens_a_case_and_later_fits(paid, provider):
    event, content = provider.notes()[-1]
    early = {
        "mchid": content["mchid"],
        "out_refund_no": "R000",
        "refund_status": "SUCCESS",
        "refund_id": "50",
        "amount": {"refund": 1250, "total": 1250},
    }
    assert provider.post(*provider.signed(event | {"id": "early", "event_type": "REFUND.SUCCESS"}, early)) == 200
    work()
    assert Notification.objects.get().verdict == "unknown_refund"
    provider.notify()
    work()
    assert state_of(paid) == "captured"


def test_an_event_that_moves_no_money_is_kept_and_ignored(paid, provider):
    event, content = provider.notes()[-1]
    provider.post(*provider.signed(event | {"event_type": "PAYSCORE.USER_OPEN_SERVICE"}, content))
    work()
    assert (Notification.objects.get().decision, state_of(paid)) == ("ignored", "created")


def test_both_keys_are_accepted_in_the_overlap_and_the_old_one_refused_afterwards(paid, provider):
    ring = provider.application.keys
    old = ring.platform_keys()[-1]
    new = ring.rotate()
    try:
        for how in ("newest", "oldest"):
            provider.plan(sign_with=how)
            assert provider.notify() == 200
        body, headers = provider.signed(*provider.notes()[-1])
        assert headers["Wechatpay-Serial"] == old.serial
        published = (ring.home / "trust" / f"{old.serial}.cert.pem").read_bytes()
        (ring.home / "trust" / f"{old.serial}.cert.pem").unlink()
        assert provider.post(body, headers) == 401
        (ring.home / "trust" / f"{old.serial}.cert.pem").write_bytes(published)
    finally:
        ring.retire(new)


def test_a_forged_return_page_proves_nothing_only_the_provider_does(member, things, provider):
    payment = begin(things.add(member))
    assert services.sync(payment_id=payment.pk, now=right_now()).state == "created"
    provider.pay(payment)
    assert services.sync(payment_id=payment.pk, now=right_now()).state == "captured"
