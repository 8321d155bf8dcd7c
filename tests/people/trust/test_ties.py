"""Asking, agreeing, declining, following, buying together, withdrawing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from quanzi.base.doctor import run
from quanzi.kernel import clock
from quanzi.people.contact.models import Notice
from quanzi.people.safety import services as safety
from quanzi.people.trust import errors, ports, queries, services
from quanzi.people.trust.models import Tie, TieKind, TieRequest
from tests.factories.people import befriend, bought_together, make_member

pytestmark = pytest.mark.django_db


def live(one, other):
    return list(Tie.objects.filter(source=one, target=other, withdrawn_at=None).values_list("kind", "label"))


def test_agreeing_makes_a_tie_in_each_direction_with_each_ones_own_word():
    one, other = make_member(), make_member()
    befriend(one, other, kind=TieKind.FAMILY, label="妹妹", answer="姐姐")
    assert live(one, other) == [("family", "妹妹")]
    assert live(other, one) == [("family", "姐姐")]
    assert set(Notice.objects.values_list("member_id", "kind")) == {(other.pk, "tie_asked"), (one.pk, "tie_accepted")}


def test_asking_somebody_who_asked_first_is_the_answer():
    one, other = make_member(), make_member()
    services.ask_tie(source=one, target=other, kind="friend", label="老赵", now=clock.now())
    services.ask_tie(source=other, target=one, kind="friend", label="小周", now=clock.now())
    assert live(one, other) == [("friend", "老赵")] and live(other, one) == [("friend", "小周")]


def test_declining_makes_nothing_tells_nobody_and_is_not_asked_again_soon():
    one, other = make_member(), make_member()
    asked = services.ask_tie(source=one, target=other, kind="friend", now=clock.now())
    services.answer_tie(request_id=asked.pk, member=other, accept=False, now=clock.now())
    again = services.ask_tie(source=one, target=other, kind="friend", now=clock.now())
    assert again.pk == asked.pk and not Tie.objects.exists()
    assert Notice.objects.count() == 1
    assert [row.id for row in queries.requests_from(one)] == [asked.pk]
    assert queries.requests_to(other) == []
    later = services.ask_tie(source=one, target=other, kind="friend", now=clock.now() + timedelta(days=31))
    assert later.pk != asked.pk


def test_a_request_can_be_answered_by_the_one_who_was_asked_only():
    one, other, third = make_member(), make_member(), make_member()
    asked = services.ask_tie(source=one, target=other, kind="friend", now=clock.now())
    for somebody in (one, third):
        with pytest.raises(errors.RequestNotFound):
            services.answer_tie(request_id=asked.pk, member=somebody, accept=True, now=clock.now())
    assert not Tie.objects.exists()


def test_answering_twice_changes_nothing():
    one, other = make_member(), make_member()
    asked = services.ask_tie(source=one, target=other, kind="friend", now=clock.now())
    for _ in range(2):
        services.answer_tie(request_id=asked.pk, member=other, accept=True, now=clock.now())
    assert Tie.objects.count() == 2
    with pytest.raises(errors.RequestNotFound):
        services.answer_tie(request_id=asked.pk, member=other, accept=False, now=clock.now())


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"kind": "follow"}, errors.UnknownKind),
        ({"kind": "bought_together"}, errors.UnknownKind),
        ({"label": "字" * 21}, errors.LabelTooLong),
    ],
)
def test_a_bad_request_is_refused(change, error):
    one, other = make_member(), make_member()
    with pytest.raises(error):
        services.ask_tie(**{"source": one, "target": other, "kind": "friend", "now": clock.now(), **change})
    assert not TieRequest.objects.exists()


def test_nobody_is_tied_to_oneself_or_asks_for_the_same_tie_twice():
    one, other = make_member(), make_member()
    with pytest.raises(errors.NotOneself):
        services.ask_tie(source=one, target=one, kind="friend", now=clock.now())
    befriend(one, other)
    with pytest.raises(errors.AlreadyTied):
        services.ask_tie(source=one, target=other, kind="friend", now=clock.now())


def test_across_a_block_a_person_is_not_there():
    one, other = make_member(), make_member()
    safety.block(member=other, other=one, now=clock.now())
    for act in (
        lambda: services.ask_tie(source=one, target=other, kind="friend", now=clock.now()),
        lambda: services.follow(member=one, target=other, now=clock.now()),
    ):
        with pytest.raises(errors.PersonNotFound):
            act()


def test_too_many_open_requests_must_wait():
    one = make_member()
    for _ in range(services.OPEN_REQUEST_LIMIT):
        services.ask_tie(source=one, target=make_member(), kind="friend", now=clock.now())
    with pytest.raises(errors.TooManyRequests):
        services.ask_tie(source=one, target=make_member(), kind="friend", now=clock.now())


def test_following_is_one_sided_and_happens_once():
    one, other = make_member(), make_member()
    for _ in range(2):
        services.follow(member=one, target=other, now=clock.now())
    assert live(one, other) == [("follow", "")] and live(other, one) == []
    services.unfollow(member=one, target=other, now=clock.now())
    assert live(one, other) == []
    services.follow(member=one, target=other, now=clock.now() + timedelta(seconds=1))
    assert live(one, other) == [("follow", "")]


def test_the_same_fact_told_twice_is_one_fact():
    one, other = make_member(), make_member()
    fact = services.TieFact(one.pk, other.pk, TieKind.BOUGHT_TOGETHER, "team:1")
    back = services.TieFact(other.pk, one.pk, TieKind.BOUGHT_TOGETHER, "team:1")
    assert services.record_ties([fact, back, fact], now=clock.now()) == 2
    assert services.record_ties([fact], now=clock.now()) == 0
    assert services.record_tie(source_id=one.pk, target_id=one.pk, kind="follow", evidence="x", now=clock.now()) == 0


def test_after_a_withdrawal_only_their_own_word_ties_them_again():
    one, other = make_member(), make_member()
    bought_together(one, other)
    services.withdraw_tie(member=one, target=other, now=clock.now())
    bought_together(one, other)
    assert live(one, other) == [] and live(other, one) == []
    befriend(one, other)
    bought_together(one, other)
    assert sorted(live(one, other)) == [("bought_together", ""), ("friend", "")]


def test_withdrawing_leaves_the_others_own_following_and_needs_a_tie():
    one, other = make_member(), make_member()
    befriend(one, other)
    services.follow(member=other, target=one, now=clock.now())
    services.withdraw_tie(member=one, target=other, now=clock.now())
    assert live(other, one) == [("follow", "")]
    with pytest.raises(errors.TieNotFound):
        services.withdraw_tie(member=one, target=other, now=clock.now())


def test_an_invitation_ties_both_once_and_tells_the_inviter():
    one, other = make_member("林雨"), make_member("王姨")
    assert services.invited(inviter_id=one.pk, newcomer_id=other.pk, now=clock.now())
    assert not services.invited(inviter_id=one.pk, newcomer_id=other.pk, now=clock.now())
    assert not services.invited(inviter_id=one.pk, newcomer_id=one.pk, now=clock.now())
    with translation.override("en"):
        assert queries.tie_label(one.pk, other.pk, clock.now()).words == "Came through your invitation"
        assert queries.tie_label(other.pk, one.pk, clock.now()).words == "Invited you"
    assert Notice.objects.filter(member=one, kind="guest_arrived").count() == 1


def test_a_path_is_said_with_the_readers_own_words_only():
    me, sister, friend = make_member("我"), make_member("小雨"), make_member("陈念")
    befriend(me, sister, kind="family", label="妹妹", answer="姐姐")
    befriend(sister, friend, label="前同事", answer="大忙人")
    bought_together(me, friend, times=1)
    services.withdraw_tie(member=me, target=friend, now=clock.now())
    with translation.override("en"):
        assert queries.tie_label(me.pk, sister.pk, clock.now()).words == "妹妹"
        assert queries.tie_label(me.pk, friend.pk, clock.now()).words == "妹妹’s friend"
        edges = queries.path_words((me.pk, sister.pk, friend.pk), clock.now())
        assert [(edge.face.name, edge.label) for edge in edges] == [("我", ""), ("小雨", "妹妹"), ("陈念", "friend")]


def test_labels_of_many_people_take_the_same_few_queries(django_assert_num_queries):
    me = make_member()
    people = [make_member() for _ in range(20)]
    for other in people:
        bought_together(me, other, times=2)
    for wanted in (people[:1], people):
        with django_assert_num_queries(2), translation.override("en"):
            labels = queries.tie_labels(me.pk, [other.pk for other in wanted], clock.now())
        assert {label.words for label in labels.values()} == {"Bought together 2 times"} and len(labels) == len(wanted)


def test_my_circle_of_trust_gives_reasons_in_facts(django_assert_num_queries):
    me, sister, friend = make_member("我"), make_member("小雨"), make_member("陈念")
    befriend(me, sister, kind="family", label="妹妹")
    bought_together(me, sister, times=6)
    befriend(sister, friend)
    services.set_hidden(member=me, target=sister, hidden=True, now=clock.now())
    with translation.override("en"), django_assert_num_queries(4):
        first, second = queries.circle_of_trust(me, clock.now())
    assert (first.card.name, first.bars, first.word, first.label, first.hidden) == ("小雨", 5, "strong", "妹妹", True)
    assert first.facts == ("Family: you both agreed", "Bought together 6 times")
    assert (second.card.name, second.steps, second.facts) == (
        "陈念",
        2,
        ("Through 小雨; you have no tie of your own.",),
    )


def test_a_neighbour_without_a_tie_is_named_when_a_room_knows_them(monkeypatch):
    me, near, far = make_member(), make_member(), make_member()
    monkeypatch.setattr(ports, "_neighbours", [])
    ports.register_neighbours(lambda viewer_id, ids: set(ids) & {near.pk})
    with translation.override("en"):
        labels = queries.tie_labels(me.pk, [near.pk, far.pk], clock.now())
    assert {one: (label.words, label.steps) for one, label in labels.items()} == {near.pk: ("In a circle with you", 0)}


def test_the_doctor_finds_and_closes_a_one_sided_tie():
    one, other = make_member(), make_member()
    befriend(one, other)
    Tie.objects.filter(source=one).delete()
    found = run(only=["N2"])
    assert [result.violations for result in found] == [1]
    assert [result.violations for result in run(fix=True, only=["N2"])] == [0]
    assert live(other, one) == []


def test_ones_own_word_can_be_changed():
    one, other = make_member(), make_member()
    befriend(one, other, label="老赵")
    services.set_label(member=one, target=other, label="赵叔", now=clock.now())
    assert live(one, other) == [("friend", "赵叔")]
    with pytest.raises(errors.TieNotFound):
        services.set_label(member=one, target=make_member(), label="x", now=clock.now())
