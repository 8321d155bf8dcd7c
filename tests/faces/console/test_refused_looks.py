"""Who of the staff tried what their role does not open stands in the audit log, once, however often they try."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from quanzi.base.audit import services as audit
from quanzi.base.audit.models import AuditEntry
from quanzi.kernel import clock
from tests.faces.api.conftest import Caller
from tests.factories.people import log_in, make_member, make_staff

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[int | None, str, dict[str, str]]]:
    found = AuditEntry.objects.filter(action="look.refused").order_by("pk")
    return list(found.values_list("actor_id", "target", "after"))


def test_pages_operations_and_the_back_room_leave_a_row_with_who_and_what() -> None:
    support, member = make_staff("support"), make_member()
    client, caller = log_in(Client(REMOTE_ADDR="203.0.113.9"), support), Caller(support)
    client.get("/console/audit")
    client.post("/console/staff/role", {"member": "1", "role": "owner"})
    client.get("/backroom/audit/auditentry/")
    assert caller.ask("GET", "/staff/ledger").status_code == 403
    log_in(Client(), member).get("/console/")
    assert rows() == [
        (support.pk, "/console/audit", {"method": "GET"}),
        (support.pk, "/console/staff/role", {"method": "POST"}),
        (support.pk, "/backroom/audit/auditentry/", {"method": "GET"}),
        (support.pk, "/api/v1/staff/ledger", {"method": "GET"}),
        (member.pk, "/console/", {"method": "GET"}),
    ]
    assert AuditEntry.objects.filter(action="look.refused").earliest("pk").ip == "203.0.113.9"


def test_asking_again_and_again_fills_no_log() -> None:
    client = log_in(Client(), make_staff("moderator"))
    for _ in range(3):
        client.get("/console/ledger")
    for number in range(1, 60):
        client.get(f"/console/payouts/{number}")
    assert len(rows()) == 30


def test_an_hour_later_it_is_noted_again() -> None:
    member, now = make_staff("support"), clock.now()
    seen = [
        audit.note_refused(actor=member, target="/console/audit", method="GET", now=now + timedelta(minutes=minutes))
        for minutes in (0, 59, 61)
    ]
    assert seen == [True, False, True]


def test_what_is_refused_for_another_reason_is_no_look() -> None:
    caller = Caller(make_staff("owner"), scopes=["me:read"])
    assert caller.ask("GET", "/staff/ledger").json()["code"] == "scope_needed"
    Client().get("/console/audit")
    log_in(Client(), make_member()).get("/backroom/")
    assert [row for row in rows() if not row[1].startswith("/backroom/")] == []
