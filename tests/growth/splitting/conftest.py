"""A circle of two groups that talk among themselves, made in a few statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from quanzi.community.circles.models import Circle
from quanzi.community.circles.services.moving import move_in
from quanzi.community.posts.models import Comment, Post
from quanzi.growth.splitting import services
from quanzi.growth.splitting.models import Split
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.factories.community import make_circle, make_person, make_post

GROUP = 14


@dataclass(frozen=True)
class Town:
    """A circle, its host, its two groups, and somebody who says nothing."""

    circle: Circle
    host: Member
    groups: tuple[list[Member], list[Member]]
    silent: Member


def make_town(*, admission: str = "open") -> Town:
    now = clock.now() - timedelta(days=10)
    host = make_person()
    more = {"question": "为什么来？"} if admission == "question" else {}
    circle = make_circle(founder=host, now=now, admission=admission, name="云栖", **more)
    people = Member.objects.bulk_create(
        Member(name=f"居民{k}", email=f"t{k}-{circle.pk}@town.example", joined_at=now, confirmed_at=now)
        for k in range(2 * GROUP + 1)
    )
    move_in(circle=circle, roles={one.pk: "member" for one in people}, now=now)
    groups = ([host, *people[: GROUP - 1]], people[GROUP - 1 : 2 * GROUP])
    posts: list[Post] = []
    for about, group in zip(("乌龙茶", "杨梅酒"), groups, strict=True):
        posts += [Post(circle=circle, author=one, kind="note", title=f"今天的{about}", created_at=now) for one in group]
    Post.objects.bulk_create(posts)
    said = [
        Comment(post=post, author=group[(place + step) % len(group)], body="好", created_at=now)
        for start, group in ((0, groups[0]), (len(groups[0]), groups[1]))
        for place, post in enumerate(posts[start : start + len(group)])
        for step in (1, 2, 3, 5)
    ]
    said.append(Comment(post=posts[0], author=groups[1][0], body="你们好", created_at=now))
    Comment.objects.bulk_create(said)
    return Town(circle, host, groups, people[-1])


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def propose(town: Town) -> Split:
    split = services.look(circle_id=town.circle.pk, now=clock.now())
    assert split is not None
    return split


def split_town(town: Town) -> Split:
    return services.split_circle(
        split_id=propose(town).pk, by=town.host, names={}, leaders={}, sure=True, now=clock.now()
    )


__all__ = ["Town", "make_post", "make_town", "propose", "split_town"]
