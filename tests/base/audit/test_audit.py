"""The audit log is written once, and the doctor knows what must stand in it."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base import doctor
from quanzi.base.audit import queries, registry
from quanzi.base.audit.models import AuditEntry
from quanzi.base.audit.services import write

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@dataclass
class Clerk:
    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


def test_a_change_says_who_what_before_and_after():
    write(
        actor=Clerk(7, "ming"),
        action="price.changed",
        target="sku:3",
        before={"price_minor": 100},
        after={"price_minor": 90},
        now=NOW,
        ip="203.0.113.9",
    )
    row = queries.history(target="sku:3")[0]
    assert (row.actor_id, row.actor_label, row.action, row.ip) == (7, "member:7", "price.changed", "203.0.113.9")
    assert (row.before, row.after, row.at) == ({"price_minor": 100}, {"price_minor": 90}, NOW)


def test_what_happens_without_a_person_is_signed_by_a_word():
    write(actor=None, action="team.failed", target="team:1", now=NOW)
    write(actor="import", action="team.failed", target="team:2", now=NOW)
    assert [row.actor_label for row in queries.history()] == ["import", "system"]


def test_the_history_is_filtered_and_paged():
    for number in range(5):
        write(actor=Clerk(number % 2, "clerk"), action=f"a{number % 2}", target=f"t:{number}", now=NOW)
    newest = queries.history(limit=2)
    assert [row.target for row in newest] == ["t:4", "t:3"]
    assert [row.target for row in queries.history(before_id=newest[-1].id, limit=9)] == ["t:2", "t:1", "t:0"]
    assert {row.target for row in queries.history(action="a1")} == {"t:1", "t:3"}
    assert {row.target for row in queries.history(actor_id=0)} == {"t:0", "t:2", "t:4"}


@pytest.mark.parametrize(
    "attack", ["UPDATE audit_auditentry SET actor_label = 'nobody'", "DELETE FROM audit_auditentry"]
)
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_rows_cannot_be_changed_or_removed_even_as_a_replica(attack, role):
    write(actor=None, action="a", target="t:1", now=NOW)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = {role}")
        cursor.execute(attack)
    assert AuditEntry.objects.get().actor_label == "system"


def test_the_doctor_names_changes_without_their_row(monkeypatch):
    monkeypatch.setattr(registry, "_required", {})
    registry.require_audit(
        "refund.made", "SELECT 'refund:' || n AS target FROM generate_series(1, 3) n WHERE n % 2 = 1"
    )
    write(actor=None, action="refund.made", target="refund:1", now=NOW)
    found = doctor.run(only=["A1"])[0]
    assert [row["target"] for row in found.sample] == ["refund:3"]
    write(actor=None, action="refund.made", target="refund:3", now=NOW)
    assert doctor.run(only=["A1"])[0].is_well


def test_an_action_is_declared_once(monkeypatch):
    monkeypatch.setattr(registry, "_required", {})
    registry.require_audit("refund.made", "SELECT 1")
    registry.require_audit("refund.made", "SELECT 1")
    with pytest.raises(ValueError, match="already"):
        registry.require_audit("refund.made", "SELECT 2")


def test_the_doctor_finds_rows_that_name_nobody():
    AuditEntry.objects.create(at=NOW, action="", actor_label="", target="")
    assert doctor.run(only=["A1"])[0].sample[0]["problem"] == "names nobody or nothing"
