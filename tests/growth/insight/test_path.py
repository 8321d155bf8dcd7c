"""From a post to a relation: each step counts people, after they read, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

import pytest
from django.urls import reverse

from quanzi.community.circles.services import ask_to_join
from quanzi.community.posts.models import Post
from quanzi.growth.insight.models import Reading
from quanzi.growth.insight.queries.path import AuthorPath, PathSteps, path_of, read_authors, told_path
from quanzi.growth.insight.rules import share_interval
from quanzi.growth.insight.services import KEPT, forget, note_reading
from quanzi.growth.sources.models import Visitor
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.trust.models import Ring, RingMember
from quanzi.people.trust.services import follow
from tests.faces.storefront.browsing import browser, page
from tests.factories.community import make_circle, make_post
from tests.factories.goods import make_sku
from tests.factories.people import make_member, make_staff
from tests.factories.trade import make_received_order

pytestmark = pytest.mark.django_db
_numbers = count(1)


def arrive(member: Member | None = None) -> Visitor:
    return Visitor.objects.create(key=f"reader-{next(_numbers):012d}", first_seen_at=clock.now(), member=member)


def read(post: Post, visitor: Visitor, *, is_in: bool = True, at: datetime | None = None) -> bool:
    known = visitor.member_id if is_in else None
    return note_reading(post=post, visitor_key=visitor.key, member_id=known, now=at or clock.now())


def path(author: Member, *, days: int = 30) -> AuthorPath:
    now = clock.now()
    return path_of(author.pk, since=now - timedelta(days=days), until=now + timedelta(seconds=5))


def test_the_path_from_a_post_to_a_first_order() -> None:
    circle = make_circle()
    author, before = circle.founder, clock.now() - timedelta(days=2)
    first, second = make_post(author=author, circle=circle), make_post(author=author, circle=circle)
    people = [make_member() for _ in range(4)]
    make_received_order(member=people[3], sku=make_sku(stock_of=5), now=before)  # had bought before
    follow(member=people[3], target=author, now=clock.now() - timedelta(days=3))  # and followed before
    for one in people:
        read(first, arrive(one), at=clock.now() - timedelta(days=1))
    read(second, arrive(people[0]))  # another browser, another post: the same person
    read(second, arrive(), is_in=False)
    follow(member=people[0], target=author, now=clock.now())
    ask_to_join(circle=circle, member=people[0], now=clock.now())
    ask_to_join(circle=make_circle(), member=people[1], now=clock.now())
    for one in (people[0], people[3]):
        make_received_order(member=one, sku=make_sku(stock_of=5))
    found = path(author)
    assert found.whole == PathSteps(read=5, signed_out=1, followed=1, joined=1, ordered=1)
    assert [(one.post_id, one.steps.read) for one in found.by_post] == [(first.pk, 4), (second.pk, 1)]
    assert sum(week.steps.read for week in found.by_week) == 5
    assert path_of(author.pk, since=before, until=before).whole == PathSteps()
    assert read_authors(since=before, until=clock.now() + timedelta(seconds=5)) == [(author.pk, 5)]


def test_who_reads_signed_out_and_joins_later_is_followed_on() -> None:
    author = make_member()
    post, visitor = make_post(author=author), arrive()
    read(post, visitor, is_in=False)
    newcomer = make_member()
    Visitor.objects.filter(pk=visitor.pk).update(member=newcomer)
    follow(member=newcomer, target=author, now=clock.now())
    assert path(author).whole == PathSteps(read=1, signed_out=1, followed=1)


def test_an_author_looking_in_a_reload_and_a_stranger_to_the_house_count_nothing() -> None:
    author = make_member()
    post, reader = make_post(author=author), arrive()
    assert not read(post, arrive(author))
    assert not note_reading(post=post, visitor_key="never-arrived", member_id=None, now=clock.now())
    assert not note_reading(post=post, visitor_key=None, member_id=None, now=clock.now())
    assert read(post, reader) and read(post, reader)
    assert Reading.objects.count() == path(author).whole.read == 1


def test_people_left_out_of_counts_are_left_out_here() -> None:
    author, loud = make_member(), make_member()
    read(make_post(author=author), arrive(loud))
    ring = Ring.objects.create(
        key="r", signs=[], found_at=clock.now(), state="left_out", decided_at=clock.now(), decided_by=make_staff("owner"), reason="x"
    )  # fmt: skip
    RingMember.objects.create(ring=ring, member=loud, left_out=True)
    assert path(author).whole.read == 0


def test_readings_are_forgotten() -> None:
    now = clock.now()
    read(make_post(author=make_member()), arrive(), at=now - KEPT - timedelta(hours=1))
    assert forget(now=now) == 1


def test_a_share_of_few_is_unsure() -> None:
    low, high = share_interval(1, 10)
    assert (round(low, 3), round(high, 3)) == (0.018, 0.404)
    assert share_interval(0, 0) == (0.0, 1.0)


def test_the_page_of_a_post_says_that_it_was_opened_and_its_author_reads_sums_without_small_numbers() -> None:
    author, circle = make_member(), make_circle(admission="invitation")
    post, hidden = make_post(author=author), make_post(author=circle.founder, circle=circle)
    for reader in (*(make_member() for _ in range(4)), None, author):
        client = browser(reader)
        client.get(reverse("storefront:post", args=[post.pk]), headers={"User-Agent": "Mozilla/5.0"})
        assert client.post(reverse("storefront:post_read", args=[post.pk])).status_code == 204
        assert client.post(reverse("storefront:post_read", args=[hidden.pk])).status_code == 404
    follow(member=Visitor.objects.exclude(member=None).order_by("pk").first().member, target=author, now=clock.now())  # type: ignore[union-attr, arg-type]
    assert path(author).whole.read == 5
    told = told_path(author.pk, since=clock.now() - timedelta(days=1), until=clock.now() + timedelta(seconds=5))
    assert (told.whole.read, told.whole.followed, told.whole.joined) == (5, None, 0)
    assert "几位" in page(browser(author), "readers")
    assert page(browser(make_member()), "readers")
