"""Who is reached, and when a path is gone."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.safety import services as safety
from quanzi.people.trust import queries, services
from quanzi.people.trust.models import Tie, TieKind
from quanzi.people.trust.rules import path_strength, strength
from tests.factories.people import befriend, bought_together, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    """Five people in a row, each the friend of the next."""
    people = [make_member(name) for name in ("甲", "乙", "丙", "丁", "戊")]
    for one, other in pairwise(people):
        befriend(one, other)
    return people


def test_a_path_ends_after_three_steps(line):
    found = queries.reach(line[0].pk, clock.now())
    assert {one: found[one].steps for one in found} == {line[1].pk: 1, line[2].pk: 2, line[3].pk: 3}
    assert found[line[3].pk].path == tuple(person.pk for person in line[:4])


def test_a_tie_at_the_fourth_step_changes_nothing(line):
    before = queries.reach(line[0].pk, at := clock.now())
    stranger = make_member("己")
    befriend(line[3], stranger)
    befriend(line[4], stranger, kind=TieKind.FAMILY)
    bought_together(line[3], line[4], times=5)
    assert queries.reach(line[0].pk, at) == before
    assert queries.path(line[0].pk, line[4].pk, clock.now()) is None


def test_asking_for_more_than_three_steps_gives_three(line):
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(steps) FROM trust_reach(%s, 9, %s)", [line[0].pk, clock.now()])
        assert cursor.fetchone()[0] == 3
    assert set(queries.reach(line[0].pk, clock.now(), max_steps=1)) == {line[1].pk}


def test_the_strength_of_a_path_is_that_of_the_rules(line):
    now = clock.now()
    bought_together(line[0], line[1], times=3, now=now - timedelta(days=400))
    tie = strength([(TieKind.FRIEND, timedelta(0))])
    first = strength([(TieKind.FRIEND, timedelta(0))] + [(TieKind.BOUGHT_TOGETHER, timedelta(days=400))] * 3)
    found = queries.reach(line[0].pk, now + timedelta(seconds=2))
    assert found[line[1].pk].strength == pytest.approx(first, abs=1e-6)
    assert found[line[3].pk].strength == pytest.approx(path_strength([first, tie, tie]), abs=1e-6)


def test_the_strongest_path_wins_over_a_weaker_direct_tie():
    me, sister, shop = make_member("我"), make_member("妹妹"), make_member("店主")
    services.follow(member=me, target=shop, now=clock.now())
    befriend(me, sister, kind=TieKind.FAMILY)
    befriend(sister, shop, kind=TieKind.FAMILY)
    found = queries.path(me.pk, shop.pk, clock.now())
    assert found is not None and found.path == (me.pk, sister.pk, shop.pk)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edges=st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6), st.sampled_from(["friend", "follow"])), max_size=16)
)
def test_the_database_finds_the_strongest_path_of_any_small_network(edges):
    now = clock.now()
    with transaction.atomic():
        people = [make_member(now=now).pk for _ in range(7)]
        facts = [services.TieFact(people[a], people[b], kind, "x:1") for a, b, kind in edges if a != b]
        services.record_ties(facts, now=now)
        found = {one: (row.steps, row.strength) for one, row in queries.reach(people[0], now).items()}
        expected = _search(people[0], now)
        assert {one: pytest.approx(value) for one, (_, value) in found.items()} == expected
        transaction.set_rollback(True)


def _search(start: int, now) -> dict[int, float]:
    """Every path of at most three steps, tried one by one."""
    pairs: dict[tuple[int, int], list] = {}
    for tie in Tie.objects.all():
        pairs.setdefault((tie.source_id, tie.target_id), []).append((tie.kind, now - tie.made_at))
    weights = {pair: strength(facts) for pair, facts in pairs.items()}
    best: dict[int, float] = {}
    paths = [((start,), [])]
    for _ in range(3):
        paths = [
            ((*seen, b), [*ties, value])
            for seen, ties in paths
            for (a, b), value in weights.items()
            if a == seen[-1] and b not in seen
        ]
        for seen, ties in paths:
            best[seen[-1]] = max(best.get(seen[-1], 0.0), path_strength(ties))
    return best


def test_a_withdrawn_tie_removes_the_path_at_once(line):
    services.withdraw_tie(member=line[2], target=line[1], now=clock.now())
    assert set(queries.reach(line[0].pk, clock.now())) == {line[1].pk}
    assert set(queries.reach(line[3].pk, clock.now())) == {line[2].pk, line[4].pk}


def test_a_block_removes_the_path_at_once_in_both_directions(line):
    safety.block(member=line[2], other=line[1], now=clock.now())
    assert set(queries.reach(line[0].pk, clock.now())) == {line[1].pk}
    assert line[1].pk not in queries.reach(line[2].pk, clock.now())
    safety.unblock(member=line[2], other=line[1], now=clock.now())
    assert line[2].pk in queries.reach(line[0].pk, clock.now())


def test_nobody_is_reached_who_blocked_the_viewer(line):
    safety.block(member=line[2], other=line[0], now=clock.now())
    assert set(queries.reach(line[0].pk, clock.now())) == {line[1].pk}


def test_a_hidden_tie_carries_nobody_else_but_stays_visible_to_its_owner(line):
    services.set_hidden(member=line[1], target=line[2], hidden=True, now=clock.now())
    assert set(queries.reach(line[0].pk, clock.now())) == {line[1].pk}
    assert line[2].pk in queries.reach(line[1].pk, clock.now())
    assert line[1].pk not in queries.reach(line[2].pk, clock.now())
    services.set_hidden(member=line[1], target=line[2], hidden=False, now=clock.now())
    assert line[2].pk in queries.reach(line[0].pk, clock.now())


def test_an_erased_person_carries_no_path(line):
    Member.objects.filter(pk=line[1].pk).update(email=None, phone=None, erased_at=clock.now())
    assert queries.reach(line[0].pk, clock.now()) == {}


def test_what_happens_tomorrow_is_not_read_today():
    one, other = make_member(), make_member()
    befriend(one, other, now=clock.now() + timedelta(days=1))
    assert queries.reach(one.pk, clock.now()) == {}


def test_raw_sql_cannot_edit_a_fact_or_bring_a_withdrawn_tie_back(line):
    services.withdraw_tie(member=line[0], target=line[1], now=clock.now())
    for change in (
        "withdrawn_at = NULL",
        "kind = 'family'",
        "made_at = made_at - interval '1 day'",
        "target_id = source_id",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE trust_tie SET {change} WHERE source_id = %s", [line[0].pk])
