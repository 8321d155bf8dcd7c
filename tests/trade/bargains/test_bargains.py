"""Asking the merchant together, and the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Notice
from quanzi.trade.bargains import errors
from quanzi.trade.bargains import services as bargains
from quanzi.trade.bargains.models import Bargain
from quanzi.trade.bargains.queries import bargain_page, bargains_of, evidence_of, find_bargain
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.errors import NoSuchDeal
from quanzi.trade.deals.models import Team
from quanzi.trade.deals.queries import deal_page, open_deals, open_teams, team_prices
from tests.factories.community import make_circle
from tests.factories.deals import assert_deals_add_up, join_team, make_buyer, open_team, pay
from tests.factories.goods import make_sku

pytestmark = pytest.mark.django_db


def ask(opener: Member, *, now: Any, **more: Any) -> Bargain:
    sku = make_sku(price_minor=3_990, stock_of=50, now=now)
    return bargains.ask(**{"sku_id": sku.pk, "opener": opener, "wish_minor": 3_000, "quantity": 2, "now": now, **more})


def test_people_gather_the_shop_offers_and_those_who_asked_take_it_with_their_friends(clock: Clock) -> None:
    opener, friend, stranger, staff = (make_buyer() for _ in range(4))
    bargain = ask(opener, now=clock.at, words="一家两份，常年吃")
    bargains.add_voice(bargain=bargain, member=friend, quantity=1, now=clock.at)
    bargains.add_voice(bargain=bargain, member=friend, quantity=3, now=clock.at)
    found = evidence_of(bargain_id=bargain.pk, now=clock.at)
    assert found is not None
    assert (found.card.people, found.card.units, found.card.wish.minor, found.kept_lines) == (2, 5, 3_000, 0)

    ends = clock.at + timedelta(days=3)
    bargains.agree(bargain_id=bargain.pk, price_minor=3_200, minimum=2, ends_at=ends, actor=staff, now=clock.at)
    assert set(Notice.objects.filter(kind="bargain_agreed").values_list("member_id", flat=True)) == {
        opener.pk,
        friend.pk,
    }
    bargain.refresh_from_db()
    deal = bargain.deal
    assert deal is not None

    product = bargain.sku.product_id
    for viewer in (None, stranger, opener):  # it stands where it was asked for, on no shelf
        assert not open_deals(viewer=viewer, now=clock.at)
        assert not team_prices(product_ids=[product], viewer=viewer, now=clock.at)
    assert deal_page(deal_id=deal.pk, viewer=stranger, now=clock.at) is None
    assert deal_page(deal_id=deal.pk, viewer=opener, now=clock.at) is not None
    with pytest.raises(NoSuchDeal):
        open_team(deal, stranger)

    team, first = open_team(deal, opener)
    pay(first)
    assert not open_teams(viewer=make_buyer(), now=clock.at)
    pay(join_team(team, friend)[1])
    pay(join_team(team, stranger)[1])  # who was sent the link
    page = bargain_page(bargain=bargain, viewer=friend, now=clock.at)
    assert page.offer is not None
    assert (page.offer.team, page.offer.paid, page.offer.may_open) == (team.code, 3, True)

    clock.at = ends
    deals.fail_due(clock.at)
    deals.level_due(clock.at)
    team = Team.objects.get(pk=team.pk)
    assert (team.state, team.paid_seats, team.final_minor) == ("succeeded", 3, 3_200)
    assert_deals_add_up()


def test_a_no_has_its_reason_and_is_told_to_everybody_once(clock: Clock) -> None:
    opener, staff = make_buyer(), make_buyer()
    bargain = ask(opener, now=clock.at)
    with pytest.raises(errors.AnswerNeeded):
        bargains.decline(bargain_id=bargain.pk, reason=" ", actor=staff, now=clock.at)
    bargains.decline(bargain_id=bargain.pk, reason="这个价低于进价", actor=staff, now=clock.at)
    with pytest.raises(errors.AnsweredAlready):
        bargains.decline(bargain_id=bargain.pk, reason="再说一次", actor=staff, now=clock.at)
    assert Notice.objects.filter(member=opener, kind="bargain_declined").count() == 1
    assert_deals_add_up()


def test_one_open_wish_for_each_person_and_seven_days(clock: Clock) -> None:
    opener = make_buyer()
    bargain = ask(opener, now=clock.at)
    with pytest.raises(errors.AskedAlready):
        bargains.ask(sku_id=bargain.sku_id, opener=opener, wish_minor=2_000, now=clock.at)
    with pytest.raises(errors.BargainOver):
        bargains.add_voice(bargain=bargain, member=make_buyer(), quantity=1, now=bargain.closes_at)
    bargains.withdraw(bargain=bargain, member=opener, now=clock.at)
    assert bargain_page(bargain=bargain, viewer=opener, now=clock.at).card.people == 0


@pytest.mark.parametrize("wrong", [{"wish_minor": 3_990}, {"wish_minor": 0}, {"quantity": 0}, {"sku_id": 999_999}])
def test_wishes_that_make_no_sense_are_refused(clock: Clock, wrong: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        ask(make_buyer(), now=clock.at, **wrong)


def test_a_wish_of_a_circle_is_for_its_people(clock: Clock) -> None:
    host, stranger = make_buyer(), make_buyer()
    circle = make_circle(founder=host)
    bargain = ask(host, now=clock.at, circle=circle)
    assert find_bargain(bargain.code, viewer=stranger) is None
    with pytest.raises(errors.NoSuchBargain):
        bargains.add_voice(bargain=bargain, member=stranger, quantity=1, now=clock.at)
    with pytest.raises(errors.NoSuchBargain):
        ask(stranger, now=clock.at, circle=circle)
    assert [one.code for one in bargains_of(circle_id=circle.pk, now=clock.at)] == [bargain.code]
    assert not bargains_of(now=clock.at)


ATTACKS = {
    "agree without an offer": "UPDATE bargains_bargain SET state = 'agreed', answered_at = now()",
    "a no without a reason": "UPDATE bargains_bargain SET state = 'declined', answered_at = now()",
    "a wish above the price": "UPDATE bargains_bargain SET wish_minor = single_minor",
    "two voices of one person": (
        "INSERT INTO bargains_voice (bargain_id, member_id, quantity, said_at) SELECT bargain_id, member_id, 1, said_at"
        " FROM bargains_voice"
    ),
    "a lower wish afterwards": "UPDATE bargains_bargain SET wish_minor = 1",
    "words in somebody's mouth": "UPDATE bargains_bargain SET words = 'more'",
    "a voice too late": "UPDATE bargains_voice SET said_at = said_at + interval '8 days'",
    "a voice of somebody else": "UPDATE bargains_voice SET member_id = (SELECT max(id) FROM accounts_member)",
    "take a voice out": "DELETE FROM bargains_voice",
    "take the wish out": "DELETE FROM bargains_voice; DELETE FROM bargains_bargain",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_refuses_to(clock: Clock, attack: str) -> None:
    ask(make_buyer(), now=clock.at)
    make_buyer()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_the_database_refuses_a_second_answer_a_voice_after_it_and_a_team_of_who_did_not_ask(clock: Clock) -> None:
    opener, friend, staff = (make_buyer() for _ in range(3))
    bargain = ask(opener, now=clock.at)
    bargains.agree(
        bargain_id=bargain.pk, price_minor=3_200, minimum=2, ends_at=clock.at + timedelta(days=2), actor=staff, now=clock.at
    )  # fmt: skip
    bargain.refresh_from_db()
    team, _ = open_team(bargain.deal, opener)
    for sql in (
        "UPDATE bargains_bargain SET state = 'declined', deal_id = NULL, answer = 'x'",
        f"INSERT INTO bargains_voice (bargain_id, member_id, quantity, said_at) VALUES ({bargain.pk}, {friend.pk}, 1, '{clock.at}')",
        f"INSERT INTO deals_dealguest (deal_id, member_id) VALUES ({bargain.deal_id}, {friend.pk})",
        "UPDATE deals_groupdeal SET for_guests = false",
        "INSERT INTO deals_team (deal_id, code, opener_id, team_size, most_seats, newcomers_only, price_minor, state, taken_seats, paid_seats,"
        f" opened_at, deadline) SELECT deal_id, 'x', {friend.pk}, team_size, most_seats, newcomers_only, price_minor, 'forming', 0, 0, opened_at,"
        f" deadline FROM deals_team WHERE id = {team.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
