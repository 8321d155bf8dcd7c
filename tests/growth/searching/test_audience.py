"""No query by any role finds, counts or suggests what is outside its audience: random lives against a slow oracle that asks the policies."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest
from django.db import connection

from quanzi.community.circles.models import Admission, Circle, Membership
from quanzi.community.posts import policies
from quanzi.community.posts.models import Post
from quanzi.growth.searching import services
from quanzi.growth.searching.folding import fold
from quanzi.growth.searching.models import POSTS
from quanzi.growth.searching.queries import Asked, reader_of, search, suggest
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member, StaffRole
from quanzi.people.safety.models import Block, Mute
from quanzi.people.safety.queries import blocked_ids, muted_ids
from tests.factories.community import make_circle, make_post
from tests.factories.people import befriend, make_member, make_staff

pytestmark = pytest.mark.django_db

WORDS = ("水蜜桃", "减肥第一天", "蒸螃蟹", "tomato soup", "團長今天休息")
ASKED = ("水蜜桃", "减肥", "螃蟹", "tomato", "团长", "jianfei", "天")


def may_find(reader: Member | None, post: Post) -> bool:
    """By the policy of a single post; narrower for the staff, who moderate in the circle and do not search behind doors."""
    if post.hidden_at is not None or (reader is not None and post.author_id in muted_ids(reader.pk)):
        return False
    if reader is not None and reader.is_staff and post.circle is not None and post.circle.admission != Admission.OPEN:
        place = Membership.objects.filter(circle=post.circle, member=reader, state="joined")
        return place.exists() and post.removed_at is None and post.author_id not in blocked_ids(reader.pk)
    return policies.may_read(reader, post)


def holds(post: Post, words: str) -> bool:
    text = fold(f"{post.title} {post.body}")
    return "减肥" in fold(post.title) if words == "jianfei" else words in text


def live(dice: random.Random, people: list[Member], circles: list[Circle]) -> None:
    """One thing happens, by plain SQL as often as by a service."""
    one, other, circle = dice.choice(people), dice.choice(people), dice.choice(circles)
    post = Post.objects.order_by("?").first()
    now = clock.now()
    match dice.randrange(11):
        case 0 | 1 | 2:
            place = Membership.objects.filter(member=one, state="joined").order_by("?").first()
            make_post(
                author=one,
                circle=place.circle if place else None,
                title=dice.choice(WORDS),
                body=dice.choice(WORDS),
                now=now,
            )
        case 3:
            Membership.objects.update_or_create(
                circle=circle, member=one, defaults={"state": "joined", "asked_at": now, "joined_at": now}
            )
        case 4:
            Membership.objects.filter(circle=circle, member=one).update(state=dice.choice(("left", "removed")))
        case 5:
            Circle.objects.filter(pk=circle.pk).update(admission=dice.choice(Admission.values), question="?")
        case 6 if post:
            Post.objects.filter(pk=post.pk).update(hidden_at=dice.choice((now, None)), hidden_reason="x")
        case 7 if post:
            Post.objects.filter(pk=post.pk).update(removed_at=dice.choice((now, None)))
        case 8 if one != other:
            (Block if dice.random() < 0.5 else Mute).objects.get_or_create(
                member=one, other=other, defaults={"made_at": now}
            )
        case 9 if post:
            Post.objects.filter(pk=post.pk).update(title=dice.choice(WORDS), circle=dice.choice((circle, None)))
        case 10:
            services.choose(member=one, is_findable=dice.random() < 0.6)
        case _:
            Block.objects.filter(member=one).delete()


@pytest.mark.parametrize("seed", range(4))
def test_nobody_finds_or_counts_what_they_may_not_read(seed: int) -> None:
    dice = random.Random(seed)
    people = [make_member(f"水蜜桃{number}") for number in range(4)] + [make_staff(StaffRole.MODERATOR)]
    circles = [make_circle(founder=dice.choice(people[:4]), name=f"减肥{n}{seed}") for n in range(3)]
    for one, other in pairwise(people):
        befriend(one, other)
    for step in range(36):
        live(dice, people, circles)
        if step % 4 == 3:
            for reader in (None, *people):
                assert_the_same(reader, dice.choice(ASKED))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM searching_stale")
        assert cursor.fetchone() == (0,)


def assert_the_same(reader: Member | None, words: str) -> None:
    now = clock.now()
    known = reader_of(reader, now)
    found = search(asked=Asked(words=words), reader=known, now=now)
    posts = [one for one in Post.objects.select_related("circle") if may_find(reader, one) and holds(one, words)]
    if found.is_loose:
        assert not posts
        return
    assert Counter(one.kind for one in posts) == {kind: n for kind, n in found.counts.items() if kind in POSTS}
    assert {one.pk for one in posts} == {key for kind in POSTS for key in found.ids.get(kind, [])}
    assert Counter(one.circle_id for one in posts if one.circle_id) == Counter(dict(found.circles))
    for kind, key in suggest(words=words, reader=known):
        assert key in found.ids[kind], "a suggestion is something that may be found"
    mine = set(known.circles)
    for key in found.ids.get("circle", []):
        circle = Circle.objects.get(pk=key)
        assert circle.admission != Admission.INVITATION or key in mine
    for key in found.ids.get("member", []):
        assert reader is not None and key not in blocked_ids(reader.pk)
        assert Member.objects.filter(pk=key, search_choice__is_findable=True).exists()
