"""Help before a review, and the note beside it: neither moves the review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed
from quanzi.people.contact.models import Notice
from quanzi.trade.aftersales import errors, rules, services
from quanzi.trade.aftersales.queries import draft_of, help_speed, helps_of, open_helps, solved_beside, solved_claims
from quanzi.trade.experiences.services import write_experience
from quanzi.trade.experiences.told import told
from quanzi.trade.sales.errors import NoSuchLine
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.services import say_kept
from tests.factories.goods import make_sku
from tests.factories.trade import make_buyer, make_paid_order, make_received_order, make_staff

pytestmark = pytest.mark.django_db


def received() -> OrderLine:
    return make_received_order(sku=make_sku(price_minor=3_000, stock_of=4)).lines.get()


def review(line: OrderLine, stars: int = 2) -> int:
    say_kept(line_id=line.pk, member=line.member, now=clock.now())
    made = write_experience(
        member=line.member, line_id=line.pk, title="碎了两个", body="", stars=stars, now=clock.now()
    )
    return made.post_id


def test_a_note_stands_beside_the_review_when_the_shop_gave_and_the_buyer_says_so(
    assert_well: Callable[[], None],
) -> None:
    line, staff = received(), make_staff("finance")
    post_id = review(line)
    claim = services.ask(line_id=line.pk, member=line.member, reason="spoiled", note="碎了", now=clock.now())
    with pytest.raises(errors.NotMadeGood):
        services.say_solved(claim_id=claim.pk, member=line.member, is_solved=True, now=clock.now())
    services.accept(claim_id=claim.pk, actor_member=staff, amount_minor=500, answer="抱歉", now=clock.now())
    with pytest.raises(errors.NoSuchClaim):
        services.say_solved(claim_id=claim.pk, member=make_buyer(), is_solved=True, now=clock.now())
    assert (solved_beside([post_id]), solved_claims([claim.pk])) == ({}, set())
    before = told(line.product_id)
    for _ in range(2):
        services.say_solved(claim_id=claim.pk, member=line.member, is_solved=True, now=clock.now())
    note = solved_beside([post_id])[post_id]
    assert (note.given_minor, note.was_exchanged, note.was_contested) == (500, False, False)
    assert told(line.product_id) == before
    assert_well()
    services.say_solved(claim_id=claim.pk, member=line.member, is_solved=False, now=clock.now())
    assert solved_beside([post_id]) == {}


@pytest.mark.parametrize(
    ("state", "dispute", "more", "is_good"),
    [
        ("accepted", None, False, True),
        ("exchanged", None, False, True),
        ("declined", None, False, False),
        ("declined", "closed", True, True),
        ("declined", "closed", False, False),
        ("accepted", "open", True, False),
        ("withdrawn", None, False, False),
    ],
)
def test_what_was_made_good(state: str, dispute: str | None, more: bool, is_good: bool) -> None:
    assert rules.was_made_good(state=state, dispute_state=dispute, was_given_more=more) is is_good


def test_help_is_answered_within_a_promise_that_is_counted_and_no_review_waits(assert_well: Callable[[], None]) -> None:
    slow, quick, staff, now = received(), received(), make_staff("support"), clock.now()
    first = services.ask_help(line_id=slow.pk, member=slow.member, words="碎了", stars=2, title="碎了两个", now=now)
    second = services.ask_help(line_id=quick.pk, member=quick.member, words="不甜", now=now)
    with pytest.raises(errors.HelpAsked):
        services.ask_help(line_id=slow.pk, member=slow.member, words="碎了", now=now)
    draft = draft_of(slow.pk, member_id=slow.member_id)
    assert draft is not None and (draft.stars, draft.title, draft.promised_by) == (
        2,
        "碎了两个",
        now + rules.HELP_WITHIN,
    )
    review(slow)
    assert [row.id for row in open_helps()] == [first.pk, second.pk]
    services.answer_help(ask_id=second.pk, actor_member=staff, answer="给你补一份", now=now + timedelta(hours=2))
    with pytest.raises(errors.HelpAnswered):
        services.answer_help(ask_id=second.pk, actor_member=staff, answer="再说一次", now=now + timedelta(hours=2))
    services.answer_help(ask_id=first.pk, actor_member=staff, answer="抱歉", now=now + timedelta(hours=30))
    speed = help_speed(since=now - timedelta(days=1), now=now + timedelta(days=2))
    assert (speed.asked, speed.answered, speed.in_time, speed.late) == (2, 2, 1, 1)
    assert (speed.half_within, speed.reviews, speed.before) == (timedelta(hours=16), 1, 1)
    assert helps_of([quick.pk])[quick.pk][0].answer == "给你补一份"
    assert Notice.objects.filter(kind="help_answered").count() == 2
    assert_well()


def test_who_may_ask_and_who_may_answer() -> None:
    line, now = received(), clock.now()
    with pytest.raises(NoSuchLine):
        services.ask_help(line_id=line.pk, member=make_buyer(), words="x", now=now)
    with pytest.raises(errors.HelpWordsNeeded):
        services.ask_help(line_id=line.pk, member=line.member, words=" ", now=now)
    paid = make_paid_order().lines.get()
    with pytest.raises(errors.HelpNotYet):
        services.ask_help(line_id=paid.pk, member=paid.member, words="x", now=now)
    made = services.ask_help(line_id=line.pk, member=line.member, words="x", now=now)
    with pytest.raises(NotAllowed):
        services.answer_help(ask_id=made.pk, actor_member=make_buyer(), answer="x", now=now)
    with pytest.raises(errors.NoSuchHelp):
        services.answer_help(ask_id=0, actor_member=make_staff("support"), answer="x", now=now)
