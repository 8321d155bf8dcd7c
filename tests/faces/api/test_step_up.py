"""Who comes with a session takes the second step again before money moves, over the API as in the console."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from quanzi.faces.api.conditions import ASKS_AGAIN
from quanzi.faces.api.routes.all import api
from quanzi.growth.commission.services import make_payout
from quanzi.kernel import clock
from quanzi.people.accounts import second_step
from quanzi.people.accounts.models import Member
from tests.faces.api.conftest import ROOT, Caller, refusal_in
from tests.faces.api.shapes import Operation, operations
from tests.faces.api.test_bad_input import address, body_for
from tests.faces.api.world import World, make_world
from tests.factories.commission import make_leader, make_payable_line
from tests.factories.people import log_in, make_invitation, make_member, make_staff

pytestmark = pytest.mark.django_db

ASKED = {
    "let_fresh_go",
    "refund_order", "refund_line", "capture_payment", "receive_money", "accept_claim", "decline_claim", "exchange_goods",
    "recall_lot", "decide_dispute", "promise_compensation", "pay_compensation", "withdraw_compensation", "give_coupon", "resolve_case",
    "send_refund_again", "note_paid_back", "make_payout", "send_payout", "finish_payout", "fail_payout", "put_payout_account", "approve", "decline",
    "make_token", "invite_to_staff", "withdraw_staff_invitation", "make_webhook_endpoint", "renew_webhook_secret",
    "add_commission_rule", "end_commission_rule", "call_off_round", "call_preorder_off", "call_any_chain_off", "end_wait_of_stop", "settle_leader",
}  # fmt: skip
"""Money, and what opens doors for longer than a session. Written out, so that a change is seen in review."""

ONES_OWN = {"call_off", "leave_preorder"}
"""The buyer takes their own money back by a rule of the shop."""

BOOKED_ONLY = {"enter_spend"}
"""Writes down what was spent elsewhere; nothing leaves the house."""

ACCOUNT = {"method": "bank", "holder": "林小雨", "number": "6222020200112233445"}

MONEY = """
SELECT (SELECT count(*) FROM ledger_transaction), (SELECT count(*) FROM payments_refund),
       (SELECT count(*) FROM payments_payment WHERE state = 'captured'), (SELECT count(*) FROM approvals_approval),
       (SELECT string_agg(id || state, ',' ORDER BY id) FROM commission_payout), (SELECT count(*) FROM commission_payoutaccount)
"""


def money() -> Any:
    with connection.cursor() as cursor:
        cursor.execute(MONEY)
        return cursor.fetchone()


def marked() -> set[str]:
    api.get_openapi_schema()
    found = [
        operation
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
        if ASKS_AGAIN in (operation.openapi_extra or {})
    ]
    return {operation.view_func.__name__ for operation in found}


@pytest.fixture
def world() -> World:
    """With something to pay, to pay out, and to take back, for whoever asks."""
    found = make_world(make_staff("owner"))
    leader = make_leader()
    make_payable_line(leader)
    due, have = make_leader(), found.me.values
    make_payable_line(due)
    payout = make_payout(member_id=leader.pk, staff=make_staff("finance"), idempotency_key="k", now=clock.now())
    have |= {"payout_id": payout.pk, "due": due.pk}
    have["invitation_id"] = make_invitation().pk
    return found


def send(client: Client, one: Operation, world: World) -> Any:
    """One write, about things that are there."""
    have = world.me.values
    changed = {
        "receive_money": {"number": have["order"].number},
        "call_off": {"number": have["paid_order"].number},
    }.get(one.id, {})
    body = body_for(one, world) if one.body is not None else {}
    body |= {
        "make_payout": {"member_id": have["due"]},
        "put_payout_account": ACCOUNT,
        "enter_spend": {"amount_minor": 1},
    }.get(one.id, {})
    return getattr(client, one.method.lower())(
        ROOT + address(one, world, **changed), body, content_type="application/json", headers={"Idempotency-Key": f"step-{one.id}"[:60]}
    )  # fmt: skip


def person(member: Member) -> Client:
    return log_in(Client(headers={"accept-language": "en"}), member)


@pytest.fixture
def _stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_step, "RECENT", timedelta(0))


@pytest.fixture(autouse=True)
def _uncounted(settings: Any) -> None:
    settings.API_MEMBER_CALLS = 0


def writes() -> list[Operation]:
    return [one for one in operations() if one.method != "GET"]


def test_the_operations_that_ask_again_are_these_and_the_document_says_so() -> None:
    assert marked() == ASKED
    said = {
        one.id
        for one in writes()
        if "confirm_again" in one.described["responses"].get("403", {}).get("description", "")
    }
    assert said == ASKED


def test_whatever_moves_money_asks_again(world: World) -> None:
    """Each write is sent by an owner with a fresh step; what changed the books, payments or payouts must be in the table."""
    buyer, staff, moved = person(world.me.member), person(make_staff("owner")), set()
    for one in writes():
        client = staff if "/staff/" in one.path else buyer
        kept = client.cookies.copy()
        with transaction.atomic():
            before = money()
            send(client, one, world)
            if money() != before:
                moved.add(one.id)
            transaction.set_rollback(True)
        client.cookies = kept  # one of them logs out
    assert moved - ASKED == ONES_OWN | BOOKED_ONLY
    assert moved >= {
        "refund_order", "refund_line", "capture_payment", "receive_money", "accept_claim", "make_payout", "fail_payout", "put_payout_account",
    }  # fmt: skip


@pytest.mark.usefixtures("_stale")
def test_an_old_step_is_asked_again_everywhere_and_nothing_is_done(world: World) -> None:
    client, before = person(world.me.member), money()
    for one in writes():
        if one.id in ASKED:
            assert refusal_in(send(client, one, world)) == (403, "confirm_again"), one.id
    assert money() == before


@pytest.mark.usefixtures("_stale")
def test_members_without_a_second_step_and_programs_are_not_asked(world: World) -> None:
    answer = person(make_leader(has_account=False)).put(
        f"{ROOT}/me/payout-account", ACCOUNT, content_type="application/json"
    )
    assert answer.status_code == 200
    caller = Caller(make_staff("owner"))
    caller.send(
        "POST",
        f"/staff/orders/{world.me.values['paid_order'].number}/refund",
        {"reason": "spoilt"},
        status=201,
        key="a-key-of-mine",
    )


@pytest.mark.usefixtures("_stale")
def test_pages_that_give_programs_rights_of_the_staff_ask_again_too() -> None:
    client, sent = person(make_staff("owner")), {"name": "x", "days": "30", "scope": ["staff:money"]}
    assert client.post("/me/tokens", sent).url.startswith("/account/2fa/reauthenticate/")
    assert person(make_member()).post("/me/tokens", sent | {"scope": ["me:read"]}).status_code == 200
