"""What people say to each other ties them, as long as it stands."""

from __future__ import annotations

import pytest

from quanzi.community.posts import services
from quanzi.kernel import clock
from quanzi.people.trust.models import Tie
from quanzi.people.trust.services import withdraw_tie
from tests.factories.community import make_person, make_post
from tests.factories.people import make_staff

pytestmark = pytest.mark.django_db


def ties(**narrowed: object) -> set[tuple[int, int, str, str]]:
    live = Tie.objects.filter(withdrawn_at=None, **narrowed)
    return set(live.values_list("source", "target", "kind", "evidence"))


def test_an_answer_that_helped_ties_the_asker_to_the_helper_alone() -> None:
    post, helper, other = make_post(kind="question"), make_person(), make_person()
    for author in (helper, other):
        services.comment(post=post, author=author, body="蒸二十分钟", now=clock.now())
    first, second = post.comments.order_by("pk")
    services.accept_answer(post=post, comment=first, member=post.author, now=clock.now())
    assert ties(kind="helped") == {(post.author_id, helper.pk, "helped", f"answer:{post.pk}")}
    assert Tie.objects.get(kind="helped").made_at == first.created_at
    services.accept_answer(post=post, comment=second, member=post.author, now=clock.now())
    assert ties(kind="helped") == {(post.author_id, other.pk, "helped", f"answer:{post.pk}")}
    services.remove_comment(comment=second, member=other, now=clock.now())
    assert ties(kind="helped") == set()


def test_a_conversation_counts_once_and_ties_only_the_one_who_replied() -> None:
    post, reader = make_post(), make_person()
    rows = [services.comment(post=post, author=reader, body="好", now=clock.now()) for _ in range(3)]
    assert ties() == {(reader.pk, post.author_id, "replied", f"post:{post.pk}")}
    services.comment(post=post, author=post.author, answers=rows[0], body="谢谢", now=clock.now())
    services.comment(post=post, author=post.author, body="补充一句", now=clock.now())
    assert len(ties()) == 2
    for row in rows:
        services.remove_comment(comment=row, member=reader, now=clock.now())
    assert {one[:2] for one in ties()} == {(post.author_id, reader.pk)}


def test_what_a_moderator_hides_ties_nobody_until_it_is_shown_again() -> None:
    post, reader, staff = make_post(), make_person(), make_staff("owner")
    services.comment(post=post, author=reader, body="好", now=clock.now())
    before = ties()
    services.hide_post(post=post, moderator=staff, reason="广告", now=clock.now())
    assert ties() == set()
    services.show_post(post=post, moderator=staff, now=clock.now())
    assert ties() == before


def test_who_took_a_tie_back_is_not_tied_again_by_talking() -> None:
    post, reader = make_post(), make_person()
    services.comment(post=post, author=reader, body="好", now=clock.now())
    withdraw_tie(member=reader, target=post.author, now=clock.now())
    again = make_post(author=post.author)
    services.comment(post=again, author=reader, body="好", now=clock.now())
    assert ties() == set()
