"""The order of the feed: what counts, that nobody comes twice in near succession, and that the way on is exact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from quanzi.growth.discovery.going_on import GoOn, read, written
from quanzi.growth.discovery.ranking import GAPS, LOOK, Because, Candidate, Eye, Ranked, ranked, spread

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEW = settings(max_examples=40, deadline=None)


def post(number: int, *, author: int = 0, hours: float = 1.0, **told: int | None) -> Candidate:
    known = {"circle_id": None, "product_id": None, "useful": 0, "kept": 0} | told
    return Candidate(id=number, author_id=author or 100 + number, made_at=NOW - timedelta(hours=hours), **known)  # type: ignore[arg-type]


posts = st.lists(
    st.builds(
        post, st.integers(1, 500), author=st.integers(1, 6), hours=st.floats(0, 900), circle_id=st.sampled_from([None, 1, 2]),
        product_id=st.sampled_from([None, 1, 2, 3]), useful=st.integers(0, 50), kept=st.integers(0, 500),
    ),
    max_size=40, unique_by=lambda one: one.id,
)  # fmt: skip
EYE = Eye(9, {1: 0.8, 2: 0.3}, {1: [1, 2], 2: [2]}, {3: 0.9}, {2: ["手工"]}, {1}, {2})


@FEW
@given(posts)
def test_every_post_stands_once_and_the_same_facts_give_the_same_order(some: list[Candidate]) -> None:
    order = [one.post.id for one in ranked(some, EYE, NOW)]
    assert sorted(order) == sorted(one.id for one in some)
    assert order == [one.post.id for one in ranked(reversed(some), EYE, NOW)]


@FEW
@given(posts)
def test_nobody_comes_twice_in_near_succession_where_somebody_else_is_near(some: list[Candidate]) -> None:
    order = [one.post for one in ranked(some, Eye(), NOW)]
    best_first = [one.post for one in sorted(ranked(some, Eye(), NOW), key=lambda one: (-one.score, -one.post.id))]
    for at, one in enumerate(order):
        before = {other.author_id for other in order[max(0, at - GAPS["author"]) : at]}
        waiting = [other for other in best_first if other not in order[:at]][:LOOK]
        assert one.author_id not in before or all(other.author_id in before for other in waiting)


def test_goods_and_circles_are_dealt_out_too_and_few_are_shown_all_the_same() -> None:
    def row(number: int, **told: int) -> Ranked:
        return Ranked(post(number, **told), 10.0 - number, Because("new"))

    goods = [
        row(1, product_id=7),
        row(2, product_id=7),
        row(3, product_id=8),
        row(4, product_id=9),
        row(5, product_id=10),
    ]
    assert [one.post.id for one in spread(goods)] == [1, 3, 4, 5, 2]
    circles = [row(1, circle_id=1), row(2, circle_id=1), row(3, circle_id=2)]
    assert [one.post.id for one in spread(circles)] == [1, 3, 2]
    alone = [row(1, author=5), row(2, author=5)]
    assert [one.post.id for one in spread(alone)] == [1, 2]


def test_trust_freshness_and_fit_move_a_post_up_and_the_strongest_is_its_reason() -> None:
    old, new = post(1, author=1, hours=200), post(2, author=3)
    assert [one.post.id for one in ranked([old, new], Eye(), NOW)] == [2, 1]
    first = ranked([old, new], EYE, NOW)[0]
    assert (first.post.id, first.because.kind) == (1, "author")
    reasons = {
        "kept": post(3, product_id=2), "asked": post(4, product_id=1, author=4), "fit": post(5, product_id=3), "circle": post(6, circle_id=2),
        "useful": post(7, useful=30), "many": post(8, kept=90), "new": post(9),
    }  # fmt: skip
    eye = Eye(9, {1: 0.8, 2: 0.9}, {2: [1, 2]}, {3: 0.9}, {}, {1}, {2})
    assert {ranked([one], eye, NOW)[0].because.kind: one.id for one in reasons.values()} == {
        name: one.id for name, one in reasons.items()
    }
    assert ranked([post(3, product_id=2)], eye, NOW)[0].because.number == 2


def test_nearer_and_stronger_friends_count_more_and_an_author_is_no_keeper_of_their_own_word() -> None:
    near, far = Eye(9, {1: 0.8}, {1: [1]}), Eye(9, {1: 0.1}, {1: [1]})
    shown = post(1, product_id=1)
    assert ranked([shown], near, NOW)[0].score > ranked([shown], far, NOW)[0].score
    assert ranked([post(2, author=1, product_id=1)], near, NOW)[0].because.kind == "author"


@FEW
@given(
    st.lists(st.integers(1, 2**50), max_size=130),
    st.integers(1, 2**50) | st.none(),
    st.lists(st.integers(1, 2**50), max_size=40),
)
def test_the_way_on_survives_the_address(ids: list[int], below: int | None, seen: list[int]) -> None:
    go = GoOn(tuple(ids), below, tuple(seen))
    assert read(written(go)) == go


@FEW
@given(st.text(max_size=60) | st.binary(max_size=40).map(lambda data: data.hex()))
def test_anything_else_is_no_way_on_or_one_that_leads_to_ids(text: str) -> None:
    go = read(text)
    assert go is None or all(one > 0 for one in (*go.ids, *go.seen))
    assert read(None) is None
    assert read("A" * 5000) is None
