"""What a process keeps of somebody's circle of trust is never older than the facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.trust import reaching
from quanzi.people.trust.queries import reach
from tests.factories.people import befriend, make_member

pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = {
    "a tie is withdrawn": "UPDATE trust_tie SET withdrawn_at = now() WHERE {one} IN (source_id, target_id)",
    "a tie is hidden": "UPDATE trust_tie SET hidden = true WHERE source_id = {one} AND target_id = {two}",
    "a tie is hidden from the other side": "UPDATE trust_tie SET hidden = true WHERE source_id = {two} AND target_id = {one}",
    "a block in front": "INSERT INTO safety_block (member_id, other_id, made_at) VALUES ({me}, {two}, now())",
    "a block on the way": "INSERT INTO safety_block (member_id, other_id, made_at) VALUES ({two}, {one}, now())",
    "somebody is gone": "UPDATE accounts_member SET is_active = false WHERE id = {two}",
    "somebody is erased": "UPDATE accounts_member SET erased_at = now(), email = NULL, phone = NULL WHERE id = {last}",
    "a new tie three steps away": "INSERT INTO trust_tie (source_id, target_id, kind, label, evidence, made_at, hidden)"
    " VALUES ({two}, {far}, 'follow', '', 'test', now() - interval '1 day', false)",
}


@pytest.fixture
def people() -> list[Member]:
    reaching.forget()
    found = [make_member(name) for name in ("我", "一", "二", "三", "远")]
    for one, other in pairwise(found[:4]):
        befriend(one, other)
    return found


def names(people: list[Member]) -> dict[str, int]:
    return dict(zip(("me", "one", "two", "last", "far"), (one.pk for one in people), strict=True))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_by_sql_is_read_at_once(people: list[Member], change: str) -> None:
    me, now = people[0].pk, clock.now()
    before = reach(me, now)
    assert set(before) == {one.pk for one in people[1:4]}
    with connection.cursor() as cursor:
        cursor.execute(change.format(**names(people)))
    after = reach(me, now)
    reaching.forget()
    assert after == reach(me, now) != before


def test_an_unchanged_circle_costs_one_small_statement(people: list[Member]) -> None:
    ask: Callable[[], object] = lambda: reach(people[0].pk, clock.now())  # noqa: E731
    first = ask()
    with CaptureQueriesContext(connection) as asked:
        assert ask() == first
    assert [one["sql"].count("trust_reach") for one in asked] == [0]


def test_strength_that_faded_for_a_while_is_counted_anew(people: list[Member]) -> None:
    reach(people[0].pk, clock.now())
    with CaptureQueriesContext(connection) as asked:
        reach(people[0].pk, clock.now() + timedelta(minutes=11))
    assert any("trust_reach" in one["sql"] for one in asked)
