"""The way between two people, sought from both ends, is the way that a walk to everybody finds."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quanzi.kernel import clock
from quanzi.people.safety.services import block
from quanzi.people.trust import queries, services
from tests.factories.people import befriend, make_member

pytestmark = pytest.mark.django_db

PERSON = st.integers(0, 6)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edges=st.sets(st.tuples(PERSON, PERSON, st.sampled_from(["friend", "follow", "helped"])), max_size=18),
    apart=st.sets(st.tuples(PERSON, PERSON), max_size=2),
    left_out=st.sets(st.tuples(PERSON, PERSON), max_size=2),
)
def test_a_path_is_the_one_that_a_walk_to_everybody_finds(edges, apart, left_out):
    now = clock.now()
    with transaction.atomic():
        people = [make_member(now=now) for _ in range(7)]
        facts = [services.TieFact(people[a].pk, people[b].pk, kind, "x:1") for a, b, kind in edges if a != b]
        services.record_ties(facts, now=now)
        for a, b in apart:
            if a != b:
                block(member=people[a], other=people[b], now=now)
        for a, b, _kind in edges:
            if (a, b) in left_out and a != b:
                services.set_used(member=people[a], target=people[b], used=False, now=now)
        walked = queries.reach(people[0].pk, now)
        for other in people[1:]:
            found = queries.path(people[0].pk, other.pk, now)
            assert (found and (found.steps, pytest.approx(found.strength), found.is_used)) == (
                (row := walked.get(other.pk)) and (row.steps, row.strength, row.is_used)
            )
        transaction.set_rollback(True)


def test_a_tie_at_the_fourth_step_gives_no_path():
    people = [make_member() for _ in range(5)]
    for one, other in pairwise(people):
        befriend(one, other)
    assert queries.path(people[0].pk, people[3].pk, clock.now()).path == tuple(one.pk for one in people[:4])
    assert queries.path(people[0].pk, people[4].pk, clock.now()) is None
