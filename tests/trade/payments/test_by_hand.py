"""What was paid in cash goes back by hand: somebody of the shop is asked to, writes down how, and the buyer reads both."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from quanzi.base.audit.models import AuditEntry
from quanzi.kernel import clock
from quanzi.people.contact.models import Notice
from quanzi.trade.payments import errors, services
from quanzi.trade.payments.models import Refund
from quanzi.trade.payments.states import RefundState
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.factories.people import log_in
from tests.factories.trade import make_paid_order, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    """Paid in cash, refunded."""
    made = make_paid_order()
    sales.refund_order(order_id=made.pk, reason="spoiled", actor="test", idempotency_key="r", now=clock.now())
    return made


def noted(reference: str = "现金，小王收") -> Refund:
    return services.note_paid_back(
        refund_id=Refund.objects.get().pk, reference=reference, actor="staff:0", now=clock.now()
    )


def page_of(order: Order) -> str:
    return log_in(Client(), order.member).get(f"/o/{order.number}").content.decode()


def test_the_books_have_it_at_once_and_the_buyer_has_it_when_somebody_paid_it(order: Order) -> None:
    refund = Refund.objects.get()
    assert (refund.state, refund.provider_ref) == (RefundState.DONE, "")
    assert "店里用现金或转账退给你" in page_of(order)
    noted()
    assert "店里用现金或转账退给你" not in page_of(order)
    told = Notice.objects.get(kind="refund_paid_by_hand")
    assert (told.member_id, told.params["reference"]) == (order.member_id, "现金，小王收")
    assert AuditEntry.objects.get(action="payments.pay_back").after["reference"] == "现金，小王收"


@pytest.mark.parametrize("reference", ["", "  \x00 ", "很" * 61])
def test_a_reference_is_needed(order: Order, reference: str) -> None:
    with pytest.raises(errors.ReferenceNeeded):
        noted(reference)


def test_it_is_paid_once_and_only_what_a_person_pays_is_paid_by_hand(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted()
    with pytest.raises(errors.PaidBackAlready):
        noted("again")
    with pytest.raises(errors.NoSuchRefund):
        services.note_paid_back(refund_id=10**9, reference="x", actor="staff:0", now=clock.now())
    Refund.objects.update(provider_ref="")
    monkeypatch.setattr("quanzi.trade.payments.providers.offline.Offline.is_online", True)
    with pytest.raises(errors.NoSuchRefund):
        noted()


def test_it_waits_in_the_console_until_it_is_written_down(order: Order) -> None:
    staff = log_in(Client(), make_staff("finance"))
    assert "笔退款要手工付" in staff.get("/console/").content.decode()
    here = reverse("console:cases")
    drawn = staff.get(here).content.decode()
    assert order.number in drawn and order.member.name in drawn
    act = reverse("console:refund_paid", args=[Refund.objects.get().pk])
    staff.post(act, {"reference": ""})
    assert Refund.objects.get().provider_ref == ""
    staff.post(act, {"reference": "工行 0091"})
    assert Refund.objects.get().provider_ref == "工行 0091"
    assert order.number not in staff.get(here).content.decode()


def test_programs_see_it_and_write_it_down(order: Order) -> None:
    staff = log_in(Client(), make_staff("finance"))
    (row,) = staff.get("/api/v1/staff/refunds-by-hand").json()
    assert (row["order"], row["buyer"], row["amount"]["minor"]) == (
        order.number, order.member.name, order.amount_minor,
    )  # fmt: skip
    path = f"/api/v1/staff/refunds-by-hand/{row['id']}/paid"
    answers = [
        staff.post(path, {"reference": "工行 0091"}, content_type="application/json").status_code for _ in range(2)
    ]
    assert answers == [204, 409]
    assert staff.get("/api/v1/staff/refunds-by-hand").json() == []
