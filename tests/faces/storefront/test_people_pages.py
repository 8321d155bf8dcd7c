"""Other people's pages and the circle of trust."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quanzi.community.posts import services as posts
from quanzi.kernel import clock
from quanzi.people.safety import services as safety
from quanzi.people.safety.models import Block, Mute, Report
from quanzi.people.trust.models import Tie, TieRequest
from quanzi.people.trust.services import ask_tie
from tests.faces.storefront.browsing import browser, page, send
from tests.factories.community import make_circle, make_post
from tests.factories.people import befriend, bought_together, make_member

pytestmark = pytest.mark.django_db


def test_visitors_see_only_people_who_wrote_something_public() -> None:
    quiet, writer = make_member(), make_member("陈念")
    make_post(author=writer, title="蒸了二十分钟")
    assert browser().get(reverse("storefront:member", args=[quiet.pk])).status_code == 302
    assert "蒸了二十分钟" in page(browser(), "member", writer.pk)


def test_posts_of_closed_circles_stay_behind_their_door() -> None:
    circle = make_circle(admission="invitation")
    make_post(author=circle.founder, circle=circle, title="只给自己人看")
    assert "只给自己人看" not in page(browser(make_member()), "member", circle.founder.pk)


def test_following_and_back() -> None:
    me, other = make_member(), make_member()
    client = browser(me)
    send(client, "member_act", other.pk, act="follow")
    assert Tie.objects.filter(source=me, target=other, kind="follow", withdrawn_at=None).count() == 1
    send(client, "member_act", other.pk, act="unfollow")
    assert not Tie.objects.filter(source=me, withdrawn_at=None).exists()


def test_a_tie_is_left_out_of_recommending_and_the_other_side_is_not_told() -> None:
    me, friend = make_member("小雨"), make_member("小满")
    befriend(me, friend)
    client = browser(me)
    send(client, "trust_act", friend.pk, act="use", unused="on")
    assert not Tie.objects.get(source=me).is_used
    assert "不用于推荐" in page(client, "trust")
    assert 'name="unused" checked' not in page(browser(friend), "trust")
    send(client, "trust_act", friend.pk, act="use")
    assert Tie.objects.get(source=me).is_used


def test_both_sides_read_why_they_are_tied() -> None:
    asker, helper = make_member("小雨"), make_member("小满")
    post = make_post(author=asker, kind="question", title="怎么蒸")
    comment = posts.comment(post=post, author=helper, body="二十分钟", now=clock.now())
    posts.accept_answer(post=post, comment=comment, member=asker, now=clock.now())
    assert "对方的回答帮到你 1 次" in page(browser(asker), "trust")
    theirs = page(browser(helper), "trust")
    assert "你回复过对方" in theirs and "你的回答帮到对方 1 次" in theirs
    Tie.objects.filter(source=helper).update(withdrawn_at=clock.now())
    assert "你的回答帮到对方 1 次" in page(browser(helper), "trust")


def test_asking_answering_hiding_and_taking_back_a_tie() -> None:
    me, sister = make_member("小雨"), make_member("小满")
    client = browser(me)
    send(client, "member_act", sister.pk, act="ask", kind="family", label="妹妹")
    assert "等对方决定" in page(client, "member", sister.pk)
    theirs = browser(sister)
    assert "小雨" in page(theirs, "trust")
    asked = TieRequest.objects.get()
    send(theirs, "trust", request=asked.pk, act="accept", label="姐姐")
    assert "妹妹" in page(client, "trust")
    assert 'name="act" value="label"' in page(client, "member", sister.pk)
    send(client, "trust_act", sister.pk, act="label", label="小妹")
    assert "小妹" in page(client, "trust")
    assert "小妹" not in page(theirs, "trust")
    send(client, "trust_act", sister.pk, act="look", hidden="on")
    assert Tie.objects.get(source=me).hidden
    send(client, "trust_act", sister.pk, act="look")
    assert not Tie.objects.get(source=me).hidden
    send(client, "trust_act", sister.pk, act="withdraw")
    page(client, "trust")  # shows the word of what was just done, once
    assert "小满" not in page(client, "trust")


def test_nobody_answers_a_request_made_to_somebody_else() -> None:
    asked = ask_tie(source=make_member(), target=make_member(), kind="friend", now=clock.now())
    assert send(browser(make_member()), "trust", request=asked.pk, act="accept").status_code == 404
    assert send(browser(make_member()), "trust", request="x", act="accept").status_code == 404
    assert not Tie.objects.exists()


@pytest.mark.parametrize(("kind", "label", "field"), [("boss", "", "kind"), ("friend", "长" * 21, "label")])
def test_a_bad_question_for_a_tie_is_refused_beside_its_field(kind: str, label: str, field: str) -> None:
    response = send(browser(make_member()), "member_act", make_member().pk, act="ask", kind=kind, label=label)
    assert response.status_code == 422
    assert f'id="f-{field}-error"' in response.content.decode()
    assert not TieRequest.objects.exists()


def test_whoever_blocked_me_is_not_there_and_whom_i_blocked_can_be_unblocked() -> None:
    me, other = make_member(), make_member("李工")
    make_post(author=other, title="我写的")
    client = browser(me)
    send(client, "member_act", other.pk, act="block")
    drawn = page(client, "member", other.pk)
    assert "我写的" not in drawn
    assert "unblock" in drawn
    assert "李工" in page(client, "kept_away")
    assert browser(other).get(reverse("storefront:member", args=[me.pk])).status_code == 404
    assert send(browser(other), "member_act", me.pk, act="follow").status_code == 404
    send(client, "member_act", other.pk, act="unblock")
    assert not Block.objects.exists()


def test_muting_and_reporting() -> None:
    me, other = make_member(), make_member()
    client = browser(me)
    send(client, "member_act", other.pk, act="mute")
    assert Mute.objects.get().other == other
    send(client, "member_act", other.pk, act="unmute")
    assert not Mute.objects.exists()
    assert send(client, "member_act", other.pk, act="report", reason="no such").status_code == 422
    send(client, "member_act", other.pk, act="report", reason="fraud", note="私下收款")
    assert (Report.objects.get().subject, Report.objects.get().note) == (f"member:{other.pk}", "私下收款")


@pytest.mark.parametrize("verb", ["follow", "block", "mute", "ask", "report"])
def test_nobody_does_this_to_oneself(verb: str) -> None:
    me = make_member()
    response = send(browser(me), "member_act", me.pk, act=verb, kind="friend", reason="spam")
    assert response.status_code in (409, 422)


@pytest.mark.parametrize("address", ["/u/0", "/u/99999999999999999999", "/me/trust/999999", "/messages/1", "/u/x"])
def test_people_and_messages_that_are_not_there(address: str) -> None:
    assert browser(make_member()).get(address).status_code in (404, 405)


def test_names_with_script_are_shown_as_text() -> None:
    me, other = make_member(), make_member("<script>alert(1)</script>")
    befriend(me, other, label="<b>x</b>")
    client = browser(me)
    for drawn in (page(client, "member", other.pk), page(client, "trust"), page(browser(other), "me")):
        assert "<script>alert" not in drawn
        assert "<b>x</b>" not in drawn


@pytest.mark.parametrize("people", [1, 20])
def test_the_circle_of_trust_costs_the_same_for_one_and_for_twenty(people, django_assert_max_num_queries) -> None:
    me = make_member()
    for _ in range(people):
        other = make_member()
        bought_together(me, other)
        safety.mute(member=make_member(), other=other, now=clock.now())
    client = browser(me)
    page(client, "trust")
    with django_assert_max_num_queries(20):
        page(client, "trust")


@pytest.mark.parametrize("posts", [1, 20])
def test_a_members_page_costs_the_same_for_one_post_and_for_twenty(posts, django_assert_max_num_queries) -> None:
    writer, client = make_member(), browser(make_member())
    for _ in range(posts):
        make_post(author=writer)
    page(client, "member", writer.pk)
    with django_assert_max_num_queries(24):
        page(client, "member", writer.pk)
