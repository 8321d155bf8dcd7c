"""The door of a circle: who comes in, who waits, who is told why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.community.circles import errors, services
from quanzi.community.circles.models import CircleRole, JoinLink, Membership, MembershipState
from quanzi.community.circles.policies import may_moderate, may_post, may_read
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed
from quanzi.people.contact.models import Notice
from tests.factories.community import make_circle, make_person

pytestmark = pytest.mark.django_db


def test_an_open_circle_lets_everybody_in_once() -> None:
    circle, newcomer, now = make_circle(), make_person(), clock.now()
    first = services.ask_to_join(circle=circle, member=newcomer, now=now)
    again = services.ask_to_join(circle=circle, member=newcomer, now=now + timedelta(days=1))
    assert first.state == MembershipState.JOINED
    assert (again.pk, again.joined_at) == (first.pk, now)


def test_a_question_wants_an_answer_and_then_a_moderator() -> None:
    circle, newcomer, now = make_circle(admission="question", question="你常做什么菜"), make_person("老赵"), clock.now()
    with pytest.raises(errors.AnswerNeeded) as refused:
        services.ask_to_join(circle=circle, member=newcomer, answer="  ", now=now)
    assert "answer" in refused.value.fields
    place = services.ask_to_join(circle=circle, member=newcomer, answer="红烧肉", now=now)
    assert (place.state, may_post(newcomer, circle)) == (MembershipState.ASKED, False)
    services.answer_request(membership_id=place.pk, moderator=circle.founder, accept=True, now=now)
    assert may_post(newcomer, circle)
    with pytest.raises(errors.AlreadyAnswered):
        services.answer_request(membership_id=place.pk, moderator=circle.founder, accept=False, reason="晚了", now=now)


def test_a_refusal_needs_a_reason_which_the_person_reads() -> None:
    circle, newcomer, now = make_circle(admission="question", question="你住哪栋"), make_person(), clock.now()
    place = services.ask_to_join(circle=circle, member=newcomer, answer="不告诉你", now=now)
    with pytest.raises(errors.ReasonNeeded):
        services.answer_request(membership_id=place.pk, moderator=circle.founder, accept=False, now=now)
    services.answer_request(
        membership_id=place.pk, moderator=circle.founder, accept=False, reason="只收本小区的邻居", now=now
    )
    deliver_pending(now=now)
    notice = Notice.objects.get(member=newcomer, kind="join_refused")
    assert notice.params["reason"] == "只收本小区的邻居"


def test_strangers_answer_no_requests() -> None:
    circle, newcomer, now = make_circle(admission="question", question="?"), make_person(), clock.now()
    place = services.ask_to_join(circle=circle, member=newcomer, answer="好", now=now)
    with pytest.raises(NotAllowed):
        services.answer_request(membership_id=place.pk, moderator=make_person(), accept=True, now=now)


def test_an_invitation_circle_is_closed_to_strangers_and_opened_by_a_link() -> None:
    circle, newcomer, now = make_circle(admission="invitation"), make_person(), clock.now()
    assert not may_read(newcomer, circle)
    with pytest.raises(errors.NotInvited):
        services.ask_to_join(circle=circle, member=newcomer, now=now)
    link = services.make_join_link(circle=circle, member=circle.founder, now=now)
    place = services.ask_to_join(circle=circle, member=newcomer, token=link.token, now=now)
    assert (place.state, place.invited_by_id) == (MembershipState.JOINED, circle.founder_id)
    assert may_read(newcomer, circle)


@pytest.mark.parametrize("spoil", ["expired", "revoked", "unknown", "other circle"])
def test_a_bad_link_says_that_it_has_expired(spoil: str) -> None:
    circle, now = make_circle(admission="invitation"), clock.now()
    home = make_circle(name="别的圈子") if spoil == "other circle" else circle
    link = services.make_join_link(circle=home, member=home.founder, expires_at=now + timedelta(hours=1), now=now)
    if spoil == "revoked":
        services.revoke_join_link(link=link, member=circle.founder, now=now)
    token = "nonsense" if spoil == "unknown" else link.token
    at = now + timedelta(hours=1) if spoil == "expired" else now
    with pytest.raises(errors.LinkExpired):
        services.ask_to_join(circle=circle, member=make_person(), token=token, now=at)


def test_a_link_used_up_says_so_and_lets_nobody_in() -> None:
    circle, now = make_circle(admission="invitation"), clock.now()
    link = services.make_join_link(circle=circle, member=circle.founder, uses=1, now=now)
    services.ask_to_join(circle=circle, member=make_person(), token=link.token, now=now)
    late = make_person()
    with pytest.raises(errors.LinkUsedUp):
        services.ask_to_join(circle=circle, member=late, token=link.token, now=now)
    assert not Membership.objects.filter(circle=circle, member=late).exists()


def test_who_was_taken_out_reads_why_and_does_not_walk_back_in() -> None:
    circle, person, now = make_circle(), make_person(), clock.now()
    services.ask_to_join(circle=circle, member=person, now=now)
    services.remove_member(circle=circle, member=person, moderator=circle.founder, reason="连续刷屏", now=now)
    with pytest.raises(errors.RemovedBefore) as refused:
        services.ask_to_join(circle=circle, member=person, now=now)
    assert "连续刷屏" in refused.value.text


def test_leaving_and_coming_back_is_free_but_the_founder_stays() -> None:
    circle, person, now = make_circle(), make_person(), clock.now()
    services.ask_to_join(circle=circle, member=person, now=now)
    services.leave(circle=circle, member=person, now=now)
    assert services.ask_to_join(circle=circle, member=person, now=now).state == MembershipState.JOINED
    with pytest.raises(errors.FounderStays):
        services.leave(circle=circle, member=circle.founder, now=now)


def test_roles_are_given_by_the_founder_only_and_founding_is_handed_over_whole() -> None:
    circle, person, now = make_circle(), make_person(), clock.now()
    services.ask_to_join(circle=circle, member=person, now=now)
    with pytest.raises(NotAllowed):
        services.appoint(circle=circle, member=circle.founder, role="moderator", founder=person, now=now)
    services.appoint(circle=circle, member=person, role="founder", founder=circle.founder, now=now)
    circle.refresh_from_db()
    assert circle.founder_id == person.pk
    assert Membership.objects.filter(circle=circle, role=CircleRole.FOUNDER).count() == 1
    assert may_moderate(person, circle)
    assert [one.kind for one in Notice.objects.filter(member=person, kind__startswith="circle_role")] == [
        "circle_role_founder"
    ]


def test_a_closed_circle_takes_nobody() -> None:
    circle, now = make_circle(), clock.now()
    services.close_circle(circle=circle, moderator=circle.founder, now=now)
    circle.refresh_from_db()
    with pytest.raises(errors.CircleClosed):
        services.ask_to_join(circle=circle, member=make_person(), now=now)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO circles_membership (circle_id, member_id, role, state, answer, reason, asked_at)"
        " SELECT circle_id, member_id, 'member', 'asked', '', '', now() FROM circles_membership",
        "UPDATE circles_membership SET state = 'joined', joined_at = NULL",
        "UPDATE circles_circle SET admission = 'question', question = ''",
    ],
)
def test_the_database_refuses_what_no_service_writes(statement: str) -> None:
    make_circle()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("name", ["", "   ", "很" * 41])
def test_a_circle_needs_a_fitting_name(name: str) -> None:
    with pytest.raises(errors.NameNeeded):
        make_circle(name=name)


def test_a_question_circle_needs_its_question() -> None:
    with pytest.raises(errors.QuestionNeeded):
        make_circle(admission="question", question=" ")


def test_the_uses_of_a_link_never_fall_below_zero_in_the_database() -> None:
    circle = make_circle()
    link = services.make_join_link(circle=circle, member=circle.founder, uses=0, now=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        JoinLink.objects.filter(pk=link.pk).update(uses_left=-1)
