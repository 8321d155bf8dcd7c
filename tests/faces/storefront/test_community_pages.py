"""Circles and posts as pages: who sees what, what bad input is told, and that forms work without script."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from quanzi.community.circles.models import Membership
from quanzi.community.circles.services import ask_to_join, make_join_link, remove_member, revoke_join_link
from quanzi.community.posts.models import Comment, Post
from quanzi.community.posts.services import comment
from quanzi.kernel import clock
from quanzi.people.safety.models import Reason, Report
from tests.faces.storefront.browsing import browser, page
from tests.factories.community import make_circle, make_person, make_post

pytestmark = pytest.mark.django_db


def test_a_visitor_reads_an_open_circle_and_is_led_to_log_in_to_write() -> None:
    circle = make_circle(charter="只说用过的")
    make_post(author=circle.founder, circle=circle, title="蒸了二十分钟")
    drawn = page(browser(), "circle", circle.slug)
    assert "蒸了二十分钟" in drawn
    assert "只说用过的" in drawn
    response = browser().get(reverse("storefront:write"))
    assert (response.status_code, response.url.split("?")[1]) == (302, "next=/write")


def test_a_closed_door_shows_the_door_and_none_of_the_posts() -> None:
    circle = make_circle(admission="invitation", summary="老街坊")
    post = make_post(author=circle.founder, circle=circle, title="只给自己人看")
    client = browser(make_person())
    response = client.get(reverse("storefront:circle", args=[circle.slug]), follow=True)
    assert response.redirect_chain[-1][0] == reverse("storefront:circle_join", args=[circle.slug])
    assert "只给自己人看" not in response.content.decode()
    assert client.get(reverse("storefront:post", args=[post.pk])).status_code == 404
    assert "只给自己人看" not in page(client, "feed")


def test_joining_by_a_link_from_a_message() -> None:
    circle, newcomer = make_circle(admission="invitation"), make_person()
    link = make_join_link(circle=circle, member=circle.founder, now=clock.now())
    client = browser(newcomer)
    assert circle.founder.name in page(client, "join_link", link.token)
    response = client.post(reverse("storefront:join_link", args=[link.token]), {"token": link.token})
    assert response.url == reverse("storefront:circle", args=[circle.slug])
    assert Membership.objects.get(circle=circle, member=newcomer).state == "joined"
    assert client.get("/j/not-a-link").status_code == 404


def test_a_link_says_on_arrival_whether_it_still_lets_in_and_lets_in_who_had_asked() -> None:
    circle, asker = make_circle(admission="question", question="你住几号楼"), make_person()
    link = make_join_link(circle=circle, member=circle.founder, now=clock.now())
    client = browser(asker)
    client.post(reverse("storefront:circle_join", args=[circle.slug]), {"answer": "三号楼"})
    button = f'name="token" value="{link.token}"'
    assert button in page(client, "join_link", link.token)
    revoke_join_link(link=link, member=circle.founder, now=clock.now())
    drawn = page(browser(make_person()), "join_link", link.token)
    assert "这个链接已经不能用了" in drawn and button not in drawn


def test_whoever_was_taken_out_reads_why_at_the_door_and_fills_in_nothing() -> None:
    circle, member = make_circle(admission="question", question="你住几号楼"), make_person()
    link = make_join_link(circle=circle, member=circle.founder, now=clock.now())
    ask_to_join(circle=circle, member=member, token=link.token, now=clock.now())
    remove_member(circle=circle, member=member, moderator=circle.founder, reason="卖假货", now=clock.now())
    drawn = page(browser(member), "circle_join", circle.slug)
    assert "卖假货" in drawn and 'name="answer"' not in drawn


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "回答"), ("en", "answer")])
def test_an_empty_answer_is_told_beside_its_field_in_the_readers_language(language: str, words: str) -> None:
    circle = make_circle(admission="question", question="你住几号楼")
    client = browser(make_person(), language)
    response = client.post(reverse("storefront:circle_join", args=[circle.slug]), {"answer": " "})
    drawn = response.content.decode()
    assert response.status_code == 422
    assert 'id="f-answer-error"' in drawn
    assert words in drawn


@pytest.mark.parametrize("title", ["", " ", "长" * 61, "\u202e"])
def test_a_bad_title_is_refused_beside_its_field_and_the_text_is_not_lost(title: str) -> None:
    client = browser(make_person())
    response = client.post(reverse("storefront:write"), {"kind": "note", "title": title, "body": "写了半天的话"})
    drawn = response.content.decode()
    assert response.status_code == 422
    assert 'id="f-title-error"' in drawn
    assert "写了半天的话" in drawn
    assert not Post.objects.exists()


def test_script_in_a_post_is_shown_as_text() -> None:
    author = make_person("<img src=x onerror=alert(1)>")
    post = make_post(
        author=author, title="<script>alert(1)</script>", body="<script>alert(2)</script> javascript:alert(3)"
    )
    drawn = page(browser(), "post", post.pk)
    assert "<script>alert" not in drawn
    assert "<img src=x" not in drawn
    assert "&lt;script&gt;alert(2)" in drawn


def test_writing_reading_answering_and_accepting_without_script() -> None:
    asker, helper = make_person(), make_person("老赵")
    client = browser(asker)
    response = client.post(reverse("storefront:write"), {"kind": "question", "title": "菠菜放几天"})
    post = Post.objects.get()
    assert response.url == reverse("storefront:post", args=[post.pk])
    browser(helper).post(reverse("storefront:post_comment", args=[post.pk]), {"body": "五天"})
    row = Comment.objects.get()
    assert "五天" in page(client, "post", post.pk)
    client.post(reverse("storefront:post_act", args=[post.pk]), {"act": "accept", "comment": row.pk})
    post.refresh_from_db()
    assert post.accepted_comment_id == row.pk
    browser(helper).post(reverse("storefront:post_act", args=[post.pk]), {"act": "useful"})
    assert post.reactions.count() == 1


def test_nobody_edits_removes_or_hides_what_is_not_theirs() -> None:
    post, stranger = make_post(), browser(make_person())
    assert stranger.get(reverse("storefront:post_edit", args=[post.pk])).status_code == 404
    for verb in ("remove", "hide", "accept", "nonsense"):
        response = stranger.post(reverse("storefront:post_act", args=[post.pk]), {"act": verb, "reason": "因为"})
        assert response.status_code in (403, 404), verb
    post.refresh_from_db()
    assert post.removed_at is None and post.hidden_at is None


def test_only_moderators_manage_a_circle() -> None:
    circle = make_circle()
    address = reverse("storefront:circle_manage", args=[circle.slug])
    assert browser(make_person()).get(address).status_code == 403
    assert browser().get(address).status_code == 302
    keeper = browser(circle.founder)
    assert keeper.get(address).status_code == 200
    bad = keeper.post(address, {"act": "update", "name": "", "admission": "open"})
    assert bad.status_code == 422
    good = keeper.post(address, {"act": "update", "name": "新名字", "charter": "好好说话", "admission": "open"})
    assert good.status_code == 302
    circle.refresh_from_db()
    assert (circle.name, circle.charter) == ("新名字", "好好说话")


def test_founding_and_inviting() -> None:
    client = browser(make_person())
    page(client, "circle_found")
    response = client.post(reverse("storefront:circle_found"), {"name": "周末做饭", "admission": "open"}, follow=True)
    assert response.status_code == 200
    assert "/j/" in response.content.decode()


@pytest.mark.parametrize("posts", [1, 20])
def test_the_feed_costs_the_same_for_one_and_for_twenty_posts(
    posts: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    reader, circle = make_person(), make_circle()
    client = browser(reader)
    page(client, "feed")
    for _ in range(posts):
        make_post(author=make_person())
    page(client, "circle", circle.slug)
    with django_assert_max_num_queries(24):
        page(client, "feed")


@pytest.mark.parametrize(
    "address", ["/n/0", "/n/99999999999999999999", "/c/no-such", "/j/x", "/experience/1", "/n/1/edit"]
)
def test_what_is_not_there_is_a_plain_404(address: str) -> None:
    assert browser(make_person()).get(address).status_code == 404


@pytest.mark.parametrize("answers", [1, 20])
def test_a_post_costs_the_same_with_one_answer_and_with_twenty(
    answers: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    post, client = make_post(), browser(make_person())
    for _ in range(answers):
        comment(post=post, author=make_person(), body="蒸十五分钟也行", now=clock.now())
    page(client, "post", post.pk)
    with django_assert_max_num_queries(26):
        page(client, "post", post.pk)


def test_a_post_is_reported_with_every_reason_that_the_page_offers() -> None:
    for reason in Reason.values:
        client, post = browser(make_person()), make_post()
        assert f'value="{reason}"' in page(client, "post", post.pk)
        act = reverse("storefront:post_act", args=[post.pk])
        assert client.post(act, {"act": "report", "reason": reason}).status_code == 302
    assert Report.objects.count() == len(Reason.values)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["circle", "circle_about", "circle_invite", "circle_manage"])
def test_every_page_of_a_circle_opens_for_its_founder(name: str, language: str) -> None:
    circle = make_circle()
    page(browser(circle.founder, language), name, circle.slug)
