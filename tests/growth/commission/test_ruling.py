"""Rules of commission are written and ended by owners, one for each level, and never edited."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.audit.models import AuditEntry
from quanzi.base.events.services import deliver_pending
from quanzi.growth.commission import errors
from quanzi.growth.commission.models import Accrual, CommissionRule
from quanzi.growth.commission.queries import rule_rows
from quanzi.growth.commission.services import create_rule, end_rule
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, NotAllowed
from quanzi.people.trust.services import invited
from tests.factories.people import make_member, make_staff
from tests.factories.trade import make_paid_order, make_received_order

pytestmark = pytest.mark.django_db


def written(**terms: Any) -> CommissionRule:
    usual = {"name": "邀请", "rate_bp": 500, "starts_at": clock.now(), "actor": make_staff("owner"), "now": clock.now()}
    return create_rule(**{**usual, **terms})


@pytest.mark.parametrize("role", ["operator", "finance", "support", "fulfilment", "moderator"])
def test_only_owners_write_and_end_rules(role: str) -> None:
    rule = written()
    with pytest.raises(NotAllowed):
        written(actor=make_staff(role))
    with pytest.raises(NotAllowed):
        end_rule(rule_id=rule.pk, actor=make_staff(role), now=clock.now())


def test_everything_that_is_wrong_is_said_at_once() -> None:
    now = clock.now()
    with pytest.raises(Errors) as refused:
        written(name=" ", rate_bp=3_001, depth=3, ends_at=now - timedelta(days=1))
    assert [one.code for one in refused.value] == [
        "commission_rule_name_needed", "commission_bad_rate", "commission_bad_depth", "commission_signature_needed",
        "commission_ends_too_early",
    ]  # fmt: skip


def test_one_rule_stands_for_each_level_and_all_levels_keep_to_thirty_percent() -> None:
    first = written(rate_bp=2_000)
    with pytest.raises(errors.RuleRuns):
        written()
    with pytest.raises(errors.RatesTooHigh):
        written(depth=2, signs=True, rate_bp=1_001)
    written(depth=2, signs=True, rate_bp=1_000)
    end_rule(rule_id=first.pk, actor=make_staff("owner"), now=clock.now())
    written(rate_bp=1_500)


def test_an_ended_rule_earns_nothing_more_and_what_it_earned_stays() -> None:
    inviter, buyer, owner = make_member(), make_member(), make_staff("owner")
    invited(inviter_id=inviter.pk, newcomer_id=buyer.pk, now=clock.now())
    rule = written(actor=owner)
    make_paid_order(member=buyer)
    deliver_pending(now=clock.now())
    end_rule(rule_id=rule.pk, actor=owner, now=clock.now())
    end_rule(rule_id=rule.pk, actor=owner, now=clock.now())
    make_received_order(member=buyer)
    deliver_pending(now=clock.now())
    (row,) = rule_rows(now=clock.now())
    assert (row.state, row.lines, row.earned_minor) == ("ended", 1, Accrual.objects.get().amount_minor)
    assert row.waiting_minor == row.earned_minor
    assert list(AuditEntry.objects.filter(target=f"rule:{rule.pk}").order_by("pk").values_list("action", flat=True)) == [
        "commission.rule", "commission.rule_end",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        "rate_bp = 3000",
        "depth = 1, name = 'x'",
        "starts_at = now()",
        "ends_at = NULL",
        "ends_at = now() + interval '1 year'",
    ],
)
def test_the_database_lets_a_rule_end_earlier_and_nothing_else(change: str) -> None:
    rule = written(ends_at=clock.now() + timedelta(days=9))
    with pytest.raises(IntegrityError, match="only ends"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE commission_commissionrule SET {change} WHERE id = %s", [rule.pk])
    with pytest.raises(IntegrityError, match="not deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM commission_commissionrule WHERE id = %s", [rule.pk])
