"""The staff's pages of sign-up lists."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quanzi.kernel import clock
from quanzi.people.approvals.models import Approval
from quanzi.trade.chains.services import end_due
from tests.faces.console.desk import page, staff_client
from tests.factories.chains import make_chain, sign_up
from tests.factories.community import make_circle
from tests.factories.deals import pay
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


def test_a_list_stands_with_everybody_in_it_and_is_called_off_with_a_reason() -> None:
    circle = make_circle()
    chain = make_chain(circle=circle, opener=circle.founder)
    member = make_member("小雨")
    circle.memberships.create(member=member, state="joined", asked_at=clock.now(), joined_at=clock.now())
    order = sign_up(chain, member, 2, words="早点拿")
    pay(order)
    desk = staff_client("operator")
    assert chain.title in page(desk, "chains") and chain.title not in page(desk, "chains", query="?show=closed")
    shown = page(desk, "chain", chain.pk)
    assert "小雨" in shown and "早点拿" in shown and order.number in shown and "79.80" in shown
    assert "call-off" not in page(staff_client("fulfilment"), "chain", chain.pk)

    where = reverse("console:chain_call_off", args=[chain.pk])
    desk.post(where, {"reason": "", "key": "a"})
    chain.refresh_from_db()
    assert chain.state == "open"
    desk.post(where, {"reason": "产地下雨", "key": "a"})
    end_due(clock.now())
    order.refresh_from_db()
    assert order.refunded_minor == order.amount_minor and not Approval.objects.exists()
    shown = page(desk, "chain", chain.pk)
    assert "产地下雨" in shown and "call-off" not in shown
