"""What pairs come to is kept beside their facts, and is always what the facts say."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quanzi.base.doctor import run
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.safety import services as safety
from quanzi.people.trust import queries, services
from quanzi.people.trust.models import Edge, Tie, TieKind
from quanzi.people.trust.rules import strength
from tests.factories.people import befriend, make_member

pytestmark = pytest.mark.django_db

PEOPLE = 4
PERSON = st.integers(0, PEOPLE - 1)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("fact"), PERSON, PERSON, st.sampled_from(list(TieKind)), st.integers(0, 900)),
        st.tuples(st.sampled_from(["withdraw", "hide", "leave out", "block", "unblock"]), PERSON, PERSON),
        st.tuples(st.sampled_from(["lock", "let in"]), PERSON),
    ),
    max_size=25,
)


def act(people: list[Member], what: tuple, number: int, now) -> None:
    verb, one = what[0], people[what[1]]
    other = people[what[2]] if len(what) > 2 else one
    pair = Tie.objects.filter(source=one, target=other, withdrawn_at=None)
    if verb in ("lock", "let in"):
        Member.objects.filter(pk=one.pk).update(is_active=verb == "let in")
    elif one.pk == other.pk:
        return
    elif verb == "fact":
        fact = services.TieFact(one.pk, other.pk, what[3], f"test:{number}", now - timedelta(days=what[4]))
        services.record_ties([fact], now=now)
    elif verb == "withdraw":
        pair.update(withdrawn_at=now)
    elif verb == "hide":
        pair.update(hidden=True)
    elif verb == "leave out":
        pair.update(is_used=False)
    elif verb == "block":
        safety.block(member=one, other=other, now=now)
    else:
        safety.unblock(member=one, other=other, now=now)


def edges() -> list[tuple]:
    return sorted(Edge.objects.values_list("source", "target", "still", "fading", "since", "peak", "hidden", "is_used"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_facts_counted_one_by_one_come_to_what_counting_them_anew_gives(acts):
    now = clock.now()
    with transaction.atomic():
        people = [make_member(now=now) for _ in range(PEOPLE)]
        for number, what in enumerate(acts):
            act(people, what, number, now)
        one_by_one = edges()
        assert [result.violations for result in run(only=["N3"])] == [0]
        Edge.objects.all().delete()
        services.count_all()
        assert edges() == one_by_one
        facts: dict[tuple[int, int], list] = {}
        for tie in Tie.objects.filter(withdrawn_at=None):
            facts.setdefault((tie.source_id, tie.target_id), []).append((tie.kind, now - tie.made_at))
        in_use = {(source, target): value for source, target, value in queries.ties_in_use(now)}
        assert in_use == {pair: pytest.approx(strength(facts[pair])) for pair in in_use}
        transaction.set_rollback(True)


def test_the_doctor_finds_a_number_that_drifted_and_counts_it_anew():
    one, other = make_member(), make_member()
    befriend(one, other)
    before = edges()
    Edge.objects.filter(source=one).update(still=0.1)
    assert [result.violations for result in run(only=["N3"])] == [1]
    assert [result.violations for result in run(fix=True, only=["N3"])] == [0]
    assert edges() == before


def test_nothing_is_recommended_through_a_tie_that_is_left_out_though_both_still_know_each_other():
    me, friend, far = (make_member(name) for name in ("我", "友", "远"))
    for one, other in pairwise((me, friend, far)):
        befriend(one, other)
    services.set_used(member=me, target=friend, used=False, now=clock.now())
    now = clock.now()
    found = queries.reach(me.pk, now)
    assert {one: row.is_used for one, row in found.items()} == {friend.pk: False}
    assert not queries.reach(friend.pk, now)[me.pk].is_used
    assert {pair[:2] for pair in queries.ties_in_use(now)} == {(friend.pk, far.pk), (far.pk, friend.pk)}
    services.set_used(member=me, target=friend, used=True, now=clock.now())
    assert queries.reach(me.pk, now)[far.pk].is_used


def test_one_new_fact_among_many_is_counted_in_a_few_statements_about_its_pair_alone():
    one, other = make_member(), make_member()
    befriend(one, other)
    before = dict(Edge.objects.filter(source=other).values_list("target", "version"))
    third = make_member()
    services.follow(member=one, target=third, now=clock.now())
    assert dict(Edge.objects.filter(source=other).values_list("target", "version")) == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trust_edge WHERE source_id = %s", [one.pk])
        assert cursor.fetchone()[0] == 2
