"""The feed's SQL beside its plain twin: the same posts, in the same order, with the same counts."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db.models import Q
from pytest_django import DjangoAssertNumQueries

from quanzi.community.circles.models import Circle
from quanzi.community.circles.queries import my_circle_ids
from quanzi.community.circles.services import ask_to_join
from quanzi.community.posts import services
from quanzi.community.posts.models import Post
from quanzi.community.posts.queries import feed
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.factories.community import make_circle, make_person, make_post

pytestmark = pytest.mark.django_db


def plain_feed(
    *, reader: Member, circle: Circle | None, kind: str | None, unwanted: set[int]
) -> list[tuple[int, int, int]]:
    visible = Post.objects.filter(hidden_at=None, removed_at=None).exclude(author_id__in=unwanted)
    visible = visible.filter(Q(circle=None) | Q(circle__admission="open") | Q(circle_id__in=my_circle_ids(reader)))
    if circle is not None:
        visible = visible.filter(circle=circle)
    if kind is not None:
        visible = visible.filter(kind=kind)
    return [
        (post.pk, post.reactions.count(), post.comments.filter(hidden_at=None, removed_at=None).count())
        for post in visible.order_by("-pk")
    ]


@pytest.fixture
def village() -> dict[str, Any]:
    """Three circles with different doors, six people, thirty posts, some hidden, removed, commented, found useful."""
    chance, now = random.Random(7), clock.now()
    people = [make_person() for _ in range(6)]
    circles = [
        make_circle(founder=people[0], name=name, admission=door)
        for name, door in [("甲", "open"), ("乙", "invitation"), ("丙", "invitation")]
    ]
    ask_to_join(circle=circles[0], member=people[1], now=now)
    posts = []
    for _ in range(30):
        circle = chance.choice([*circles, None])
        author = people[0] if circle is not None else chance.choice(people)
        post = make_post(
            author=author,
            circle=circle,
            kind=chance.choice(["note", "question"]),
            now=now.replace(year=now.year - chance.randint(1, 9)),
        )
        posts.append(post)
        for reader in chance.sample(people, 3):
            if post.circle is None or post.circle.admission == "open":
                services.react(post=post, member=reader, now=now)
    for post in chance.sample(posts, 4):
        services.remove_post(post=post, member=post.author, now=now)
    return {"people": people, "circles": circles}


@pytest.mark.parametrize("reader", range(3))
@pytest.mark.parametrize("kind", [None, "note", "question"])
def test_the_feed_equals_its_plain_twin(village: dict[str, Any], reader: int, kind: str | None) -> None:
    person, unwanted = village["people"][reader], {village["people"][5].pk}
    for circle in [None, *village["circles"]]:
        fast = feed(
            circle_ids=my_circle_ids(person),
            circle_id=circle.pk if circle else None,
            kind=kind,
            unwanted=unwanted,
            limit=50,
        )
        assert [(item.id, item.useful, item.comments) for item in fast] == plain_feed(
            reader=person, circle=circle, kind=kind, unwanted=unwanted
        )


def test_pages_follow_one_another_without_gap_or_repeat(village: dict[str, Any]) -> None:
    everything = [item.id for item in feed(limit=50)]
    paged: list[int] = []
    before = None
    while page := feed(before=before, limit=4):
        paged += [item.id for item in page]
        before = page[-1].id
    assert paged == everything


@pytest.mark.parametrize("posts", [1, 20])
def test_the_feed_is_one_statement(posts: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(posts):
        make_post()
    with django_assert_num_queries(1):
        assert len(feed()) == posts


def test_a_question_shows_the_accepted_answer_before_the_first() -> None:
    question, now = make_post(kind="question", title="菠菜放几天"), clock.now()
    services.comment(post=question, author=make_person("甲"), body="三天", now=now)
    better = services.comment(post=question, author=make_person("乙"), body="五天", now=now)
    assert (feed()[0].answer, feed()[0].answer_by) == ("三天", "甲")
    services.accept_answer(post=question, comment=better, member=question.author, now=now)
    assert (feed()[0].answer, feed()[0].answer_by) == ("五天", "乙")
