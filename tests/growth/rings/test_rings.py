"""Rings are found and households are not; what a moderator decides counts at once, and can be taken back."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations, count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanzi.base.audit.models import AuditEntry
from quanzi.faces.console.pages.today import task_rows
from quanzi.faces.console.reading.desk import desk
from quanzi.growth.rings import rules, services
from quanzi.growth.sources.models import Touch, Visitor
from quanzi.growth.sources.services import direct_source
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import permissions_of
from quanzi.people.contact.models import Notice
from quanzi.people.trust import rings
from quanzi.people.trust.models import Ring, RingMember
from quanzi.people.trust.services import TieFact, record_ties
from tests.factories.people import befriend, make_address, make_member, make_staff

_numbers = count(1)
HANDS = st.sets(st.sampled_from(["device", "address", "payer"]))


def share_a_browser(people: list[Member]) -> None:
    now = clock.now()
    visitor = Visitor.objects.create(key=f"shared-{next(_numbers)}", first_seen_at=now, member=people[0])
    source = direct_source(now=now)
    for number, one in enumerate(people):
        Touch.objects.create(
            visitor=visitor, source=source, member=one, path="/", happened_at=now + timedelta(hours=number)
        )


def share_a_door(people: list[Member]) -> None:
    detail = f"文三路 {next(_numbers)} 号"
    for number, one in enumerate(people):
        make_address(one, detail=detail if number % 2 else detail.replace(" ", ""))


def recommend_to_each_other(people: list[Member]) -> None:
    now = clock.now()
    facts = [
        TieFact(one.pk, other.pk, "kept_advice", f"line:{next(_numbers)}")
        for pair in combinations(people, 2)
        for one, other in (pair, pair[::-1])
    ]
    record_ties(facts, now=now)


def plant(size: int) -> list[Member]:
    people = [make_member() for _ in range(size)]
    share_a_browser(people)
    share_a_door(people)
    recommend_to_each_other(people)
    return people


@pytest.mark.django_db
class TestFinding:
    def test_planted_rings_are_found_among_honest_people_and_nobody_else_is(self) -> None:
        planted = {tuple(sorted(one.pk for one in plant(size))) for size in (3, 5)}
        family = [make_member() for _ in range(4)]
        share_a_browser(family)
        share_a_door(family)
        recommend_to_each_other(family)
        for one, other in combinations(family, 2):
            befriend(one, other, kind="family")
        flatmates = [make_member() for _ in range(3)]
        share_a_door(flatmates)
        recommend_to_each_other(flatmates)
        couple = plant(2)
        strangers_at_a_tablet = [make_member() for _ in range(4)]
        share_a_browser(strangers_at_a_tablet)
        friends = [make_member() for _ in range(4)]
        recommend_to_each_other(friends)
        assert couple and services.look(now=clock.now()) == 2
        found = {tuple(sorted(row.id for row in ring.people)) for ring in rings.rings()}
        assert found == planted

    def test_a_ring_is_shown_once_with_what_each_pair_shares(self) -> None:
        people = plant(3)
        assert services.look(now=clock.now()) == 1
        assert services.look(now=clock.now()) == 0
        ring = rings.rings()[0]
        assert len(ring.signs) == 3
        assert ring.signs[0][2] == {"device": 1, "address": 1, "advice": 1}
        assert people[0].name in {name for row in ring.signs for name in row[:2]}

    def test_whose_ring_was_found_honest_is_not_shown_again_when_one_of_them_leaves(self) -> None:
        people, moderator = plant(4), make_staff("owner")
        services.look(now=clock.now())
        rings.decide_ring(
            ring_id=Ring.objects.get().pk, state="honest", reason="一家人", actor=moderator, now=clock.now()
        )
        Touch.objects.filter(member=people[0]).delete()
        Visitor.objects.filter(member=people[0]).update(member=None)
        assert services.look(now=clock.now()) == 0


@pytest.mark.django_db
class TestDeciding:
    def test_left_out_and_back_is_audited_and_everybody_is_told(self) -> None:
        people, moderator = plant(3), make_staff("owner")
        services.look(now=clock.now())
        ring, outs = Ring.objects.get(), RingMember.objects.filter(left_out=True)
        rings.decide_ring(ring_id=ring.pk, state="left_out", reason="同一个人", actor=moderator, now=clock.now())
        assert {row.member_id for row in outs} == {one.pk for one in people}
        rings.decide_ring(ring_id=ring.pk, state="honest", reason="查过了", actor=moderator, now=clock.now())
        assert not outs.all().exists()
        assert AuditEntry.objects.filter(action="ring.decide").count() == 2
        told = Notice.objects.filter(member=people[0]).order_by("pk").values_list("kind", flat=True)
        assert list(told) == ["left_out", "counted_again"]

    def test_a_decision_needs_a_moderator_and_a_reason(self) -> None:
        plant(3)
        services.look(now=clock.now())
        ring = Ring.objects.get()
        with pytest.raises(NotAllowed):
            rings.decide_ring(ring_id=ring.pk, state="left_out", reason="x", actor=make_member(), now=clock.now())
        with pytest.raises(rings.RingReasonNeeded):
            rings.decide_ring(ring_id=ring.pk, state="left_out", reason=" ", actor=make_staff("owner"), now=clock.now())


@given(HANDS, st.booleans())
def test_one_shared_thing_never_binds_two_people(hands, together) -> None:
    signs = dict.fromkeys(hands, 1) | ({"teams": 9} if together else {})
    assert rules.is_bound(signs) == (len(hands) > 1 and together)
    assert not rules.is_bound(signs | {"family": 1})
    assert rules.is_bound(signs | {"family": 1, "commission": 2}) == (len(hands) > 1)


def test_a_chain_of_recommendations_is_one_voice() -> None:
    assert rules.independent([1, 2, 3, 4], pairwise([1, 2, 3])) == 2
    assert rules.independent([1, 2], []) == 2
    assert rules.independent([1, 2], [(1, 9), (2, 9)]) == 2


@pytest.mark.django_db
def test_a_ring_that_waits_is_on_the_first_page_of_who_decides_and_of_nobody_else() -> None:
    plant(3)
    services.look(now=clock.now())
    tasks = desk(now=clock.now())
    moderator = permissions_of(make_staff("moderator"))
    (task,) = [task for task in tasks.tasks_for(moderator) if task.name == "rings"]
    (row,) = [row for row in task_rows(tasks, moderator, clock.now()) if row["href"].endswith("/console/circles/rings")]
    assert (task.n, row["n"]) == (1, 1)
    assert "rings" not in {one.name for one in tasks.tasks_for(permissions_of(make_staff("finance")))}
    rings.decide_ring(
        ring_id=Ring.objects.get().pk, state="honest", reason="一家人", actor=make_staff("owner"), now=clock.now()
    )
    assert "rings" not in {one.name for one in desk(now=clock.now()).tasks_for(moderator)}
