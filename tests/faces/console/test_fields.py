"""Fields about money and people, role by role, from the table itself: on pages, from the API, in the back room."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from quanzi.faces.api.services import make_token
from quanzi.faces.console.admin import SEALED
from quanzi.kernel import clock
from quanzi.people.accounts.models import StaffRole
from quanzi.people.accounts.policies import ALL_PERMISSIONS, FIELDS, ROLE_PERMISSIONS, can, may_see
from quanzi.people.accounts.services import create_stand_ins
from quanzi.people.accounts.sight import masked_phone
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.factories.people import log_in, make_member, make_staff
from tests.factories.trade import make_paid_order

pytestmark = pytest.mark.django_db

PHONE, DETAIL, WHY = "13800000001", "人民路 1 号 502", "spoilt-on-the-way"


def delivered_order() -> Order:
    """To be delivered, and a part of it was refunded."""
    order = make_paid_order()
    line = order.lines.get()
    sales.refund_line(line_id=line.pk, amount_minor=1, reason=WHY, actor="system", idempotency_key="f", now=clock.now())
    return order


def shown(text: str) -> dict[str, bool]:
    return {"phone": PHONE in text, "address": DETAIL in text, "refund": WHY in text}


@pytest.mark.parametrize("role", StaffRole.values)
def test_the_page_of_an_order_shows_each_role_what_the_table_says(role: str) -> None:
    order, me = delivered_order(), make_staff(role)
    answer = log_in(Client(), me).get(reverse("console:order", args=[order.number]))
    if not can(me, "orders.view"):
        assert answer.status_code == 403
        return
    text = answer.content.decode()
    assert shown(text) == {field: may_see(me, field) for field in ("phone", "address", "refund")}
    assert (masked_phone(PHONE) in text) is not may_see(me, "phone")


@pytest.mark.parametrize("role", StaffRole.values)
def test_the_api_answers_each_role_what_the_table_says(role: str) -> None:
    order, me = delivered_order(), make_staff(role)
    _, secret = make_token(member=me, name="test", now=clock.now())
    answer = Client(headers={"authorization": f"Bearer {secret}"}).get(f"/api/v1/orders/{order.number}")
    if answer.status_code != 200:
        assert not can(me, "orders.view")
        return
    assert shown(str(answer.json())) == {field: may_see(me, field) for field in ("phone", "address", "refund")}


def test_buyers_read_their_own_in_full() -> None:
    order = delivered_order()
    answer = log_in(Client(), order.member).get(f"/api/v1/orders/{order.number}")
    assert all(shown(str(answer.json())).values())


@pytest.mark.parametrize("role", StaffRole.values)
@pytest.mark.parametrize("model", SEALED)
def test_the_back_room_leaves_out_what_the_role_may_not_read(model: Any, role: str) -> None:
    request = RequestFactory().get("/backroom/")
    request.user = make_staff(role)
    left_out = admin.site._registry[model].get_exclude(request)
    for name, kind in SEALED[model].items():
        assert (name in left_out) is not may_see(request.user, kind)


@pytest.mark.parametrize("role", StaffRole.values)
def test_money_of_today_is_for_those_who_may_read_all_of_it(role: str) -> None:
    me = make_staff(role)
    page = log_in(Client(headers={"accept-language": "en"}), me).get(reverse("console:today")).content.decode()
    may = all(may_see(me, field) for field in ("ledger", "margin", "commission"))
    assert ("Commission owed" in page) is may


def test_whoever_reads_no_contacts_does_not_guess_them_by_searching() -> None:
    member = make_member(name="找得到的人", phone="+8613955577913")
    for role, finds in (("support", True), ("moderator", False)):
        client = log_in(Client(), make_staff(role))
        page = client.get(reverse("console:members"), {"words": "55577"}).content.decode()
        rows = client.get("/api/v1/staff/members", {"words": "55577"}).json()["items"]
        assert (member.name in page) is finds
        assert bool(rows) is finds
        assert member.name in client.get(reverse("console:members"), {"words": "找得到"}).content.decode()


def test_imported_people_stand_by_themselves() -> None:
    here = make_member(name="在这里的人")
    create_stand_ins(names=["别处来的人"], now=clock.now())
    client = log_in(Client(), make_staff("owner"))
    page = client.get(reverse("console:members"), {"stage": "imported"}).content.decode()
    assert "别处来的人" in page
    assert here.name not in page
    rows = client.get("/api/v1/staff/members", {"stage": "imported"}).json()["items"]
    assert [row["name"] for row in rows] == ["别处来的人"]


def test_every_field_is_opened_by_a_permission_that_exists_and_no_role_holds_more_than_the_owner() -> None:
    assert set(FIELDS.values()) <= ALL_PERMISSIONS
    for role, granted in ROLE_PERMISSIONS.items():
        assert granted <= ROLE_PERMISSIONS[StaffRole.OWNER], role


READERS = {
    "cost": {"owner", "operator", "finance"}, "margin": {"owner", "operator", "finance"}, "payer": {"owner", "finance"},
    "phone": {"owner", "operator", "fulfilment", "support"}, "address": {"owner", "operator", "fulfilment", "support"},
    "commission": {"owner", "operator", "finance"}, "ledger": {"owner", "operator", "finance"},
    "refund": {"owner", "operator", "support", "finance"}, "payout_account": {"owner", "finance"},
}  # fmt: skip
"""Who reads which field. Written out, so that a change of the table is seen in review."""


def test_the_table_says_what_was_agreed() -> None:
    found = {
        field: {role for role in StaffRole.values if needs in ROLE_PERMISSIONS[role]} for field, needs in FIELDS.items()
    }
    assert found == READERS
