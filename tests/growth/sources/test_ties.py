"""Keeping what somebody recommended ties the one who kept it; and all ties can be made anew from their facts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quanzi.base.events.services import deliver_pending
from quanzi.community.posts import services as posts
from quanzi.growth.sources.services import invitation_for, record_touch
from quanzi.kernel import clock
from quanzi.people.trust.models import Edge, Tie
from quanzi.people.trust.services import rebuild, set_hidden, withdraw_tie
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.services import refund_line, say_kept
from tests.factories.community import make_person, make_post
from tests.factories.people import befriend
from tests.factories.trade import make_buyer, make_received_order

pytestmark = pytest.mark.django_db


def rows() -> list[tuple]:
    return sorted(Tie.objects.values_list("source", "target", "kind", "evidence", "made_at", "withdrawn_at", "hidden"))


def edges() -> list[tuple]:
    return sorted(Edge.objects.values_list("source", "target", "still", "fading", "since", "peak", "hidden", "is_used"))


def kept_through_a_link(*, days_before: float = 1):
    """Somebody shares the page of goods; another comes by it, orders and keeps."""
    now = clock.now()
    friend, buyer = make_person(), make_buyer()
    order = make_received_order(member=buyer, now=now)
    line = OrderLine.objects.select_related("product").get(order=order)
    link = invitation_for(member=friend, target=f"/p/{line.product.slug}", kind="share", now=now)
    record_touch(
        visitor_key=f"k{buyer.pk}", source=link, path="/", member_id=buyer.pk, now=now - timedelta(days=days_before)
    )
    say_kept(line_id=line.pk, member=buyer, now=now)
    deliver_pending(now=now)
    return friend, buyer, line


def test_keeping_what_somebody_shared_ties_the_buyer_to_them_and_giving_it_back_does_not() -> None:
    friend, buyer, line = kept_through_a_link()
    tie = Tie.objects.get(kind="kept_advice")
    assert (tie.source_id, tie.target_id, tie.evidence) == (buyer.pk, friend.pk, f"line:{line.pk}")
    refund_line(
        line_id=line.pk,
        amount_minor=None,
        reason="坏了",
        actor="test",
        idempotency_key="back",
        goods_back=True,
        now=clock.now(),
    )
    deliver_pending(now=clock.now())
    assert not Tie.objects.filter(kind="kept_advice").exists()


def test_a_link_that_was_followed_long_ago_recommended_nothing() -> None:
    kept_through_a_link(days_before=31)
    assert not Tie.objects.filter(kind="kept_advice").exists()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["comment", "accept", "remove", "friend", "withdraw", "hide"]),
            st.integers(0, 2), st.integers(0, 2),
        ),
        min_size=3, max_size=14,
    ),
    st.data(),
)  # fmt: skip
def test_ties_made_fact_by_fact_are_those_that_a_rebuild_makes(acts, data) -> None:
    now = clock.now()
    people = [make_person(now=now) for _ in range(3)]
    questions = [make_post(author=one, kind="question", now=now) for one in people]
    for number, (verb, a, b) in enumerate(acts):
        at = now + timedelta(seconds=number)
        one, post = people[a], questions[b]
        comment = post.comments.filter(author=one, removed_at=None).order_by("-pk").first()
        tied = Tie.objects.filter(source=one, target=post.author, withdrawn_at=None).exists()
        if verb == "comment":
            posts.comment(post=post, author=one, body="好", now=at)
        elif verb == "accept" and comment is not None:
            posts.accept_answer(post=post, comment=comment, member=post.author, now=at)
        elif verb == "remove" and comment is not None:
            posts.remove_comment(comment=comment, member=one, now=at)
        elif verb == "friend" and a != b and not Tie.objects.filter(source=one, target=post.author, kind="friend"):
            befriend(one, post.author, now=at)
        elif verb == "withdraw" and a != b and tied:
            withdraw_tie(member=one, target=post.author, now=at)
        elif verb == "hide" and tied:
            set_hidden(member=one, target=post.author, hidden=True, now=at)
    before = rows(), edges()
    rebuild()
    assert (rows(), edges()) == before
    lost = Tie.objects.filter(kind__in=["helped", "replied"], withdrawn_at=None, hidden=False)
    Tie.objects.filter(pk__in=[row.pk for row in lost if data.draw(st.booleans())]).delete()
    Edge.objects.filter(source=people[0]).update(still=0.5)
    rebuild()
    assert (rows(), edges()) == before
