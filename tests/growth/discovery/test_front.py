"""The feed as shop front: what each reader sees first and why, that the switches truly switch, and that paging loses nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quanzi.community.circles.models import Circle
from quanzi.community.circles.services import ask_to_join
from quanzi.community.posts.models import Post, PostProduct, Reaction
from quanzi.growth.discovery.going_on import GoOn, written
from quanzi.growth.discovery.queries import front
from quanzi.growth.discovery.queries.front import front_page
from quanzi.growth.recommending.services import choose, order_feed
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.safety.services import block
from quanzi.people.trust.models import Ring, RingMember
from quanzi.people.trust.services import set_used
from tests.faces.storefront.browsing import browser
from tests.factories.community import make_circle, make_post
from tests.factories.goods import make_sku
from tests.factories.people import befriend, make_member, make_staff
from tests.factories.trade import make_received_order

pytestmark = pytest.mark.django_db


def ids_of(
    viewer: Member | None, *, is_personal: bool = True, go: str | None = None, limit: int = 20, only: str = "all"
) -> list[int]:
    asked = {"only": only, "go": go, "limit": limit, "now": clock.now()}
    return list(front_page(viewer_id=viewer.pk if viewer else None, is_personal=is_personal, **asked).ids)  # type: ignore[arg-type]


def drawn(member: Member | None, address: str = "") -> list[int]:
    page = browser(member).get(reverse("storefront:feed") + address).content.decode()
    return [int(one) for one in re.findall(r'<h3 class="clamp-\d"><a href="/n/(\d+)"', page)]


def written_long_ago(post: Post, hours: int) -> Post:
    Post.objects.filter(pk=post.pk).update(created_at=clock.now() - timedelta(hours=hours))
    return post


@pytest.fixture
def village() -> Circle:
    return make_circle(founder=make_member("村长"))


def test_a_friends_older_post_stands_before_a_strangers_new_one_and_the_card_says_why(village: Circle) -> None:
    me, friend, stranger = make_member(), make_member("小雨"), make_member("远人")
    befriend(me, friend)
    older = written_long_ago(make_post(author=friend), 30)
    newer = make_post(author=stranger)
    assert ids_of(me) == drawn(me) == [older.pk, newer.pk]
    assert "因为写的人是你认识的" in browser(me).get(reverse("storefront:feed")).content.decode()
    assert ids_of(stranger) == [newer.pk, older.pk]
    set_used(member=me, target=friend, used=False, now=clock.now())
    assert ids_of(me) == [newer.pk, older.pk]


def test_goods_that_friends_kept_carry_a_post_unless_they_are_left_out(village: Circle) -> None:
    me, friend, sku = make_member(), make_member(), make_sku(stock_of=9)
    befriend(me, friend)
    about = written_long_ago(make_post(author=village.founder), 40)
    PostProduct.objects.create(post=about, product=sku.product)
    newer = make_post(author=make_member())
    line = make_received_order(member=friend, sku=sku).lines.get()
    assert ids_of(me) == [newer.pk, about.pk]
    type(line).objects.filter(pk=line.pk).update(kept_at=clock.now())
    found = front_page(viewer_id=me.pk, is_personal=True, only="all", go=None, limit=20, now=clock.now())
    assert (found.ids[0], found.because[about.pk].kind, found.because[about.pk].number) == (about.pk, "kept", 1)
    leave_out(friend)
    assert ids_of(me) == [newer.pk, about.pk]


def leave_out(*people: Member) -> None:
    ring = Ring.objects.create(
        key=str(people[0].pk), signs=[], found_at=clock.now(), state="left_out", decided_at=clock.now(), decided_by=make_staff("owner"),
        reason="一个人",
    )  # fmt: skip
    RingMember.objects.bulk_create([RingMember(ring=ring, member=one, left_out=True) for one in people])


def test_words_of_people_left_out_and_their_hearts_move_nothing(village: Circle) -> None:
    me, loud = make_member(), [make_member() for _ in range(3)]
    pushed = written_long_ago(make_post(author=make_member()), 2)
    plain = make_post(author=make_member())
    Reaction.objects.bulk_create([Reaction(post=pushed, member=one, created_at=clock.now()) for one in loud])
    assert ids_of(me) == [pushed.pk, plain.pk]
    leave_out(*loud)
    assert ids_of(me) == [plain.pk, pushed.pk]


def test_latest_is_the_order_of_time_whoever_wrote_and_is_remembered(village: Circle) -> None:
    me, friend = make_member(), make_member()
    befriend(me, friend)
    made = [make_post(author=friend if at % 3 == 0 else make_member()) for at in range(9)]
    by_time = [one.pk for one in reversed(made)]
    assert drawn(me) != by_time
    assert drawn(me, "?order=latest") == by_time
    browser(me).post(reverse("storefront:feed_order"), {"order": "latest"})
    assert drawn(me) == by_time
    order_feed(member=me, order="fit", now=clock.now())
    assert drawn(me) != by_time
    answer = browser().post(reverse("storefront:feed_order"), {"order": "latest", "only": "question"})
    assert answer["Location"] == "/feed?only=question&order=latest"
    assert browser(me).post(reverse("storefront:feed_order"), {"order": "best"}).status_code == 404


def test_switched_off_two_people_with_the_same_audience_see_the_same_and_a_block_is_audience(village: Circle) -> None:
    me, other, friend, closed = make_member(), make_member(), make_member(), make_circle(admission="invitation")
    befriend(me, friend)
    for at in range(8):
        make_post(author=friend if at < 2 else make_member())
    mine = make_post(author=closed.founder, circle=closed)
    for one in (me, other):
        choose(member=one, is_personal=False, now=clock.now())
    assert drawn(me) == drawn(other) == drawn(None)
    assert mine.pk not in drawn(me)
    assert mine.pk in drawn(closed.founder)
    choose(member=me, is_personal=True, now=clock.now())
    assert drawn(me) != drawn(other)
    block(member=other, other=friend, now=clock.now())
    assert not {one.pk for one in Post.objects.filter(author=friend)} & set(drawn(other))


def test_page_after_page_every_post_comes_once_whatever_happens_meanwhile(
    village: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "NEWEST", front.NEWEST.replace("LIMIT 120", "LIMIT 7"))
    monkeypatch.setattr(front, "WINDOW", 7)
    me, friend = make_member(), make_member()
    befriend(me, friend)
    authors = [friend, *(make_member() for _ in range(4))]
    made = {make_post(author=authors[at % 5]).pk for at in range(20)}
    seen: list[int] = []
    go = None
    for _ in range(20):
        page = front_page(viewer_id=me.pk, is_personal=True, only="all", go=go, limit=3, now=clock.now())
        seen += page.ids
        make_post(author=friend)
        Reaction.objects.create(post_id=min(made), member=make_member(), created_at=clock.now())
        go = page.go
        if go is None:
            break
    assert len(seen) == len(set(seen))
    assert set(seen) == made


def test_a_way_on_opens_no_door(village: Circle) -> None:
    closed = make_circle(admission="invitation")
    hidden = make_post(author=closed.founder, circle=closed)
    forged = written(GoOn((hidden.pk,), None))
    assert ids_of(make_member(), go=forged) == []
    assert drawn(make_member(), f"?go={forged}") == []
    assert browser(make_member()).get("/feed?go=%F0%9F%A5%94").status_code == 200


def test_twenty_posts_cost_as_many_statements_as_one(village: Circle) -> None:
    me, friend = make_member(), make_member()
    befriend(me, friend)
    ask_to_join(circle=village, member=me, now=clock.now())

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser(me).get(reverse("storefront:feed")).status_code == 200
        return len(found)

    sku = make_sku(stock_of=1)
    for at in range(20):
        one = make_post(author=friend if at % 2 else village.founder)
        PostProduct.objects.create(post=one, product=sku.product)
        if at == 1:
            asked()
            few = asked()
    assert asked() == few
