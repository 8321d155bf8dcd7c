"""Commission over the API and on the member's own page: sums, lines, accounts without numbers, payouts by finance."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quanzi.growth.commission.models import Payout, PayoutAccount
from quanzi.growth.commission.services import make_payout
from quanzi.kernel import clock
from tests.faces.api.conftest import Caller
from tests.factories.commission import make_account, make_leader, make_payable_line
from tests.factories.people import log_in, make_member, make_staff

pytestmark = pytest.mark.django_db


def sent(caller: Caller, path: str, body: dict[str, Any], key: str = "payout-key-1") -> Any:
    return caller.client.post(f"/api/v1{path}", body, content_type="application/json", headers={"Idempotency-Key": key})


def test_finance_pays_what_is_due_and_the_member_reads_it() -> None:
    leader = make_leader()
    make_payable_line(leader)
    finance = Caller(make_staff("finance"))
    (due,) = finance.client.get("/api/v1/staff/commission").json()
    assert (due["member_id"], due["due"]["minor"]) == (leader.pk, 1_000)
    made = sent(finance, "/staff/payouts", {"member_id": leader.pk})
    assert (made.status_code, made.json()["state"], made.json()["account_tail"]) == (201, "approved", "1234")
    again = sent(finance, "/staff/payouts", {"member_id": leader.pk})
    assert again.json()["id"] == made.json()["id"]
    where = f"/staff/payouts/{made.json()['id']}"
    assert sent(finance, f"{where}/sent", {"reference": "R1"}, "payout-key-2").json()["state"] == "sent"
    assert sent(finance, f"{where}/done", {}, "payout-key-3").json()["state"] == "done"
    assert len(finance.client.get(f"/api/v1{where}").json()["lines"]) == 1
    mine = Caller(leader).client
    assert mine.get("/api/v1/me/commission").json()["paid"]["minor"] == 1_000
    assert mine.get("/api/v1/me/commission/lines").json()["items"][0]["payout_id"] == made.json()["id"]
    assert mine.get("/api/v1/me/payouts").json()[0]["reference"] == "R1"


@pytest.mark.parametrize("role", ["operator", "support", "fulfilment", "moderator"])
def test_other_roles_neither_read_nor_pay(role: str) -> None:
    leader, caller = make_leader(), Caller(make_staff(role))
    make_payable_line(leader)
    assert caller.client.get("/api/v1/staff/commission").status_code == 403
    assert sent(caller, "/staff/payouts", {"member_id": leader.pk}).status_code == 403
    assert not Payout.objects.exists()


def test_the_account_is_said_by_a_person_and_its_number_is_never_answered() -> None:
    member = make_member()
    body = {"method": "bank", "holder": "林小雨", "number": "6222000000001234"}
    by_token = Caller(member).client.put("/api/v1/me/payout-account", body, content_type="application/json")
    assert (by_token.status_code, PayoutAccount.objects.count()) == (401, 0)
    page = log_in(Client(), member)
    assert page.post(reverse("storefront:commission"), body).status_code == 302
    told = Caller(member).client.get("/api/v1/me/payout-account").json()
    assert told["tail"] == "1234"
    assert "6222" not in str(told)
    assert "6222" not in page.get(reverse("storefront:commission")).content.decode()


class TestTheMembersPage:
    def test_each_line_leads_to_its_payout_and_somebody_elses_payout_does_not_exist(self) -> None:
        leader = make_leader()
        make_payable_line(leader)
        payout = make_payout(member_id=leader.pk, staff=make_staff("finance"), idempotency_key="page", now=clock.now())
        where = reverse("storefront:payout", args=[payout.pk])
        mine = log_in(Client(), leader)
        assert where in mine.get(reverse("storefront:commission")).content.decode()
        assert mine.get(where).status_code == 200
        assert log_in(Client(), make_member()).get(where).status_code == 404

    def test_a_wrong_account_is_said_and_not_kept(self) -> None:
        answer = log_in(Client(), make_member()).post(
            reverse("storefront:commission"), {"method": "bank", "holder": "x", "number": "12"}
        )
        assert (answer.status_code, PayoutAccount.objects.count()) == (422, 0)

    def test_twenty_lines_cost_as_many_queries_as_one(self, django_assert_max_num_queries: Any) -> None:
        leader = make_leader()
        make_payable_line(leader)
        page = log_in(Client(), leader)
        page.get(reverse("storefront:commission"))
        for _ in range(4):
            make_payable_line(leader)
        with django_assert_max_num_queries(16):
            page.get(reverse("storefront:commission"))


def test_only_finance_reads_the_whole_number_and_only_while_there_is_money_to_send() -> None:
    leader, finance = make_leader(), make_staff("finance")
    make_payable_line(leader)
    payout = make_payout(member_id=leader.pk, staff=finance, idempotency_key="see", now=clock.now())
    where = reverse("console:payout", args=[payout.pk])
    desk = log_in(Client(), finance)
    assert "6222000000001234" in desk.get(where).content.decode()
    assert log_in(Client(), make_staff("operator")).get(where).status_code == 403
    desk.post(reverse("console:payout_move", args=[payout.pk]), {"step": "failed", "reason": "wrong"})
    assert "6222000000001234" not in desk.get(where).content.decode()
    assert make_account(leader).tail == "1234"
