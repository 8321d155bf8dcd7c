"""Above a limit the API asks a second person, as the console does."""

from __future__ import annotations

import pytest

from quanzi.kernel import clock
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales.models import Claim
from quanzi.trade.aftersales.services import ask
from tests.faces.api.conftest import Caller
from tests.factories.goods import make_sku
from tests.factories.people import make_staff
from tests.factories.trade import make_received_order

pytestmark = pytest.mark.django_db


def test_a_claim_above_the_limit_is_answered_with_the_request_that_waits() -> None:
    order = make_received_order(sku=make_sku(price_minor=80_000, stock_of=5))
    claim = ask(line_id=order.lines.get().pk, member=order.member, reason="spoiled", note="坏了", now=clock.now())
    caller, path = Caller(make_staff("finance")), f"/staff/claims/{claim.pk}/accept"
    told = caller.send("POST", path, {}, status=202)
    assert (told["id"], told["state"]) == (Approval.objects.get().pk, "waiting")
    assert caller.send("POST", path, {}, status=202) == told
    assert Claim.objects.get(pk=claim.pk).state == "open"
