"""The audit log as a chain: each row hangs on the one before, and whoever tampers is found."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base import doctor
from quanzi.base.audit import origin
from quanzi.base.audit.models import AuditEntry, AuditLink
from quanzi.base.audit.services import write
from quanzi.base.ledger.queries import settle_deferred

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def three_rows() -> list[AuditEntry]:
    rows = [write(actor=None, action="a", target=f"t:{number}", after={"n": number}, now=NOW) for number in range(3)]
    settle_deferred()
    return rows


def run_sql(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_rows_are_chained_when_they_commit() -> None:
    before = AuditLink.objects.count()
    rows = three_rows()
    links = list(AuditLink.objects.filter(entry__in=rows).order_by("seq"))
    assert [link.seq - before for link in links] == [1, 2, 3]
    assert [two.prev_hash == one.hash for one, two in pairwise(links)] == [True, True]
    assert doctor.run(only=["A3"])[0].is_well


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit_auditlink SET hash = repeat('a', 64)",
        "DELETE FROM audit_auditlink",
        "INSERT INTO audit_auditlink (entry_id, seq, prev_hash, hash) SELECT max(id), 99, '', '' FROM audit_auditentry",
    ],
)
def test_the_database_refuses_to_touch_links(attack: str) -> None:
    three_rows()
    with pytest.raises(IntegrityError), transaction.atomic():
        run_sql(attack)


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE audit_auditentry SET after = '{\"n\": 7}' WHERE target = 't:1'",
        "UPDATE audit_auditentry SET actor_label = 'somebody else' WHERE target = 't:0'",
        "UPDATE audit_auditlink SET hash = repeat('a', 64) WHERE seq = (SELECT min(seq) FROM audit_auditlink)",
        "DELETE FROM audit_auditlink WHERE seq = (SELECT max(seq) - 1 FROM audit_auditlink)",
    ],
)
def test_the_doctor_finds_what_somebody_with_all_rights_changed(tamper: str) -> None:
    three_rows()
    for table in ("audit_auditentry", "audit_auditlink"):
        run_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    run_sql(tamper)
    assert not doctor.run(only=["A3"])[0].is_well


def test_rows_say_from_where_they_come() -> None:
    with origin.coming_from(lambda: origin.Origin(ip="203.0.113.9", request_id="r1")):
        origin.note_session("session:12")
        row = write(actor=None, action="a", target="t", now=NOW)
    assert (row.ip, row.session, row.request_id) == ("203.0.113.9", "session:12", "r1")
    assert write(actor=None, action="a", target="t", now=NOW).ip == ""


def test_names_of_before_are_taken_out_and_the_chain_is_closed_anew() -> None:
    three_rows()
    AuditEntry.objects.create(at=NOW, actor_id=7, actor_label="小明", action="a", target="t:9")
    settle_deferred()
    run_sql(import_module("quanzi.base.audit.migrations.0006_no_names").UNNAME)
    assert AuditEntry.objects.get(target="t:9").actor_label == "member:7"
    assert doctor.run(only=["A3"])[0].is_well
    with pytest.raises(IntegrityError), transaction.atomic():
        run_sql("DELETE FROM audit_auditlink")
