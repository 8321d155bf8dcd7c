"""Acts of the staff over the API: each leaves an audit row, money asks for a fresh second step, approvals ask for a person."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from quanzi.base.audit.models import AuditEntry
from quanzi.base.events.services import deliver_pending
from quanzi.faces.api import traces
from quanzi.faces.api.models import ApiToken
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts import second_step
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.services import reset_second_step, set_staff_role
from quanzi.people.approvals.models import Approval
from quanzi.people.contact.models import Notice
from quanzi.trade.sales.services import refund_or_ask
from tests.faces.api.conftest import ROOT, Caller
from tests.faces.api.shapes import operations
from tests.faces.api.test_bad_input import address, body_for
from tests.faces.api.world import make_world
from tests.factories.goods import make_sku
from tests.factories.people import log_in, make_staff
from tests.factories.trade import make_paid_order

pytestmark = pytest.mark.django_db


def waiting() -> Approval:
    order = make_paid_order(sku=make_sku(price_minor=80_000, stock_of=5))
    found = refund_or_ask(
        order_id=order.pk, reason="spoilt", staff=make_staff("finance"), idempotency_key="k", now=clock.now()
    )
    assert isinstance(found, Approval)
    return found


def person(role: str = "owner", *, minutes_ago: int = 0) -> Client:
    """A browser whose second step was taken some minutes ago."""
    client = log_in(Client(headers={"accept-language": "en"}), make_staff(role))
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] = time.time() - minutes_ago * 60
    session.save()
    return client


def decide(client: Client, one: Approval, verb: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"{ROOT}/staff/approvals/{one.pk}/{verb}", body or {}, content_type="application/json")


class TestApprovals:
    def test_a_person_with_a_fresh_step_agrees_and_it_is_done(self) -> None:
        one = waiting()
        answer = decide(person(), one, "approve")
        assert (answer.status_code, answer.json()["state"]) == (200, "approved")
        assert answer.json()["outcome"].startswith("order_refund:")

    def test_an_old_step_is_asked_again_and_nothing_is_done(self) -> None:
        one = waiting()
        answer = decide(person(minutes_ago=20), one, "approve")
        assert (answer.status_code, answer.json()["code"]) == (403, "confirm_again")
        one.refresh_from_db()
        assert one.state == "waiting"

    def test_no_token_decides(self) -> None:
        one, token = waiting(), Caller(make_staff("owner"))
        assert decide(token.client, one, "approve").status_code == 401
        assert decide(token.client, one, "decline", {"answer": "no"}).status_code == 401
        assert token.get("/staff/approvals")[0]["id"] == one.pk

    def test_declining_needs_words(self) -> None:
        one = waiting()
        assert decide(person(), one, "decline", {"answer": ""}).status_code == 422
        assert decide(person(), one, "decline", {"answer": "no"}).json()["state"] == "declined"


def test_a_refund_with_a_session_asks_for_the_step_again_as_the_console_does() -> None:
    order = make_paid_order()
    path = f"{ROOT}/staff/orders/{order.number}/refund"
    sent = {"reason": "spoilt"}
    old = person("finance", minutes_ago=20).post(
        path, sent, content_type="application/json", headers={"Idempotency-Key": "refund-1"}
    )
    assert (old.status_code, old.json()["code"]) == (403, "confirm_again")
    fresh = person("finance").post(path, sent, content_type="application/json", headers={"Idempotency-Key": "refund-1"})
    assert fresh.status_code == 201


class TestTraces:
    def test_every_write_of_the_staff_that_is_done_leaves_a_row(self) -> None:
        owner = make_staff("owner")
        world, caller, done = make_world(make_staff("owner")), Caller(owner), 0
        for one in operations():
            if one.method == "GET" or "/staff/" not in one.path:
                continue
            body = body_for(one, world) if one.body is not None else None
            with transaction.atomic():
                before = AuditEntry.objects.filter(actor_id=owner.pk).count()
                answer = caller.ask(one.method, address(one, world), body, key=f"trace-{done:08d}")
                if answer.status_code < 400:
                    done += 1
                    assert AuditEntry.objects.filter(actor_id=owner.pk).count() > before, (one.method, one.path)
                transaction.set_rollback(True)
        assert done >= 12

    def test_the_row_falls_with_the_act(self, rf: Any) -> None:
        request = rf.post("/api/v1/staff/x")
        request.auth = make_staff("owner")

        def breaks() -> HttpResponse:
            raise RuntimeError

        with pytest.raises(RuntimeError):
            traces.leaving(request, "x", breaks)
        assert traces.leaving(request, "x", lambda: HttpResponse(status=422)).status_code == 422
        assert not AuditEntry.objects.filter(action="api.x").exists()
        traces.leaving(request, "x", lambda: HttpResponse(status=204))
        assert AuditEntry.objects.filter(action="api.x", actor_id=request.auth.pk).count() == 1


class TestLeaving:
    def test_another_role_ends_sessions_and_tokens_of_the_staff(self) -> None:
        member = make_staff("finance")
        page, caller = log_in(Client(), member), Caller(member)
        own = Caller(member, scopes=["me:read"])
        assert page.get("/console/").status_code == 200
        set_staff_role(member=member, role="support", actor=make_staff("owner"), now=clock.now())
        deliver_pending(now=clock.now())
        assert page.get("/console/").status_code == 302
        assert ApiToken.objects.get(pk=caller.token.pk).revoked_at is not None
        assert ApiToken.objects.get(pk=own.token.pk).revoked_at is None

    def test_an_owner_resets_a_lost_second_step_and_the_person_is_told(self) -> None:
        owner, member = make_staff("owner"), make_staff("support")
        page = log_in(Client(), member)
        answer = log_in(Client(), owner).post(f"/console/staff/{member.pk}/second-step")
        assert answer.status_code == 302
        deliver_pending(now=clock.now())
        assert not second_step.is_set(Member.objects.get(pk=member.pk))
        assert page.get("/console/").status_code == 302
        assert Notice.objects.filter(member=member, kind="second_step_reset").count() == 1
        assert AuditEntry.objects.filter(action="factor.reset_by_owner", actor_id=owner.pk).count() == 1

    def test_nobody_resets_their_own_and_only_owners_do(self) -> None:
        owner, other = make_staff("owner"), make_staff("operator")
        for by, whom in ((owner, owner), (other, owner)):
            with pytest.raises(NotAllowed):
                reset_second_step(member_id=whom.pk, by=by, now=clock.now())
