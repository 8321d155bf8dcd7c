"""A refund that the provider refused for good is sent again, once, under a number of its own."""

from __future__ import annotations

import pytest

from quanzi.kernel import clock
from quanzi.trade.payments import errors, providers, services
from quanzi.trade.payments.models import Refund
from quanzi.trade.payments.providers.protocol import Outcome, Refunded
from quanzi.trade.sales import services as sales
from tests.factories.trade import make_paid_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(monkeypatch: pytest.MonkeyPatch) -> Refund:
    """Of an order that was paid; the provider is asked over a network and says no."""
    order = make_paid_order()
    monkeypatch.setattr(type(providers.get("offline")), "is_online", True)
    sales.refund_order(order_id=order.pk, reason="spoiled", actor="test", idempotency_key="r", now=clock.now())
    made = order.refunds.get().payment_refund
    assert made is not None
    services.settle_refund(refund_id=made.pk, answer=Refunded(Outcome.FAILED, error="closed account"), now=clock.now())
    made.refresh_from_db()
    assert made.state == "failed"
    return made


def test_it_is_a_new_refund_of_the_same_amount_and_two_calls_make_one(failed: Refund) -> None:
    again = services.send_again(refund_id=failed.pk, actor="staff:0", now=clock.now())
    assert services.send_again(refund_id=failed.pk, actor="staff:0", now=clock.now()).pk == again.pk
    assert (again.amount_minor, again.again_of_id, again.state) == (failed.amount_minor, failed.pk, "requested")
    assert again.number != failed.number
    services.settle_refund(refund_id=again.pk, answer=Refunded(Outcome.DONE, provider_ref="p"), now=clock.now())
    again.payment.refresh_from_db()
    assert again.payment.refunded_minor == again.amount_minor


def test_only_what_was_refused_for_good_is_sent_again(failed: Refund) -> None:
    again = services.send_again(refund_id=failed.pk, actor="staff:0", now=clock.now())
    with pytest.raises(errors.NotRefused):
        services.send_again(refund_id=again.pk, actor="staff:0", now=clock.now())
    with pytest.raises(errors.NoSuchRefund):
        services.send_again(refund_id=10**9, actor="staff:0", now=clock.now())
