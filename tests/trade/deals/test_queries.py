"""What pages read: facts only, visible to whom they may concern, in few queries whatever the number of rows."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from quanzi.community.circles import services as circles
from quanzi.goods.catalogue.models import Product
from quanzi.kernel.clock import Clock
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.safety import services as safety
from quanzi.trade.deals import queries
from quanzi.trade.deals.models import GroupDeal, Team
from tests.factories.community import make_circle
from tests.factories.deals import join_team, make_buyer, make_deal, open_team, pay
from tests.factories.goods import make_sku

pytestmark = pytest.mark.django_db


def paid_team(deal: GroupDeal, member: Member | None = None) -> Team:
    team, order = open_team(deal, member or make_buyer())
    pay(order)
    team.refresh_from_db()
    return team


def test_a_team_page_shows_who_paid_and_what_is_missing(clock: Clock) -> None:
    opener, friend, third = make_buyer("安"), make_buyer("贝"), make_buyer("可")
    team = paid_team(make_deal(), opener)
    join_team(team, friend)

    page = queries.team_page(code=team.code, viewer=third, now=clock.at)

    assert page is not None
    card = page.card
    assert (card.state, card.paid, card.missing, card.free, page.held) == ("forming", 1, 2, 1, 1)
    assert [(face.name, face.is_opener) for face in page.faces] == [("安", True)]
    assert (card.offer.price, card.offer.saving) == (Money(3_490), Money(500))
    assert (page.may_join, page.why_not, page.mine) == (True, "", None)


def test_a_member_sees_the_own_seat_and_what_leaving_would_do(clock: Clock) -> None:
    member = make_buyer()
    team, order = open_team(make_deal(), member)

    page = queries.team_page(code=team.code, viewer=member, now=clock.at)
    assert page is not None and page.mine is not None
    assert (page.mine.state, page.mine.order_number, page.mine.leaving) == ("held", order.number, "cancel")
    assert page.why_not == "already_in_team"

    pay(order)
    page = queries.team_page(code=team.code, viewer=member, now=clock.at)
    assert page is not None and page.mine is not None
    assert (page.mine.state, page.mine.leaving, page.mine.quantity) == ("paid", "refund", 1)
    assert queries.team_of_order(order.pk) == team.code


def test_from_the_deadline_on_a_team_is_shown_as_closed(clock: Clock) -> None:
    team = paid_team(make_deal())
    clock.at = team.deadline

    page = queries.team_page(code=team.code, viewer=None, now=clock.at)

    assert page is not None
    assert (page.card.state, page.card.free, page.why_not) == ("closed", 0, "team_closed")
    assert queries.open_teams(viewer=None, now=clock.at) == []


def test_a_team_without_a_paid_seat_is_not_shown_to_strangers(clock: Clock) -> None:
    open_team(make_deal(), make_buyer())
    assert queries.open_teams(viewer=None, now=clock.at) == []


def test_open_teams_are_those_one_may_join_and_the_nearest_come_first(clock: Clock) -> None:
    viewer = make_buyer()
    deal = make_deal()
    far, near = paid_team(deal), paid_team(deal)
    pay(join_team(near, make_buyer())[1])
    paid_team(deal, viewer)
    full = paid_team(make_deal(team_size=2))
    join_team(full, make_buyer())

    assert [card.code for card in queries.open_teams(viewer=viewer, now=clock.at)] == [near.code, far.code]
    other = make_deal()
    assert queries.open_teams(viewer=viewer, product_id=other.sku.product_id, now=clock.at) == []
    assert len(queries.my_teams(member=viewer, now=clock.at)) == 1


def test_between_people_who_blocked_each_other_teams_and_names_are_not_shown(clock: Clock) -> None:
    viewer, opener = make_buyer(), make_buyer("不见")
    team = paid_team(make_deal(), opener)
    safety.block(member=opener, other=viewer, now=clock.at)

    assert queries.open_teams(viewer=viewer, now=clock.at) == []
    page = queries.team_page(code=team.code, viewer=viewer, now=clock.at)
    assert page is not None
    assert (page.card.opener_name, page.faces[0].name, page.card.paid) == ("", "", 1)
    assert (page.card.opener_id, page.faces[0].member_id) == (None, None)


def test_once_a_team_has_ended_strangers_see_how_many_and_its_people_who(clock: Clock) -> None:
    opener, friend, stranger = make_buyer("安"), make_buyer("贝"), make_buyer()
    team = paid_team(make_deal(team_size=2), opener)
    failed = paid_team(make_deal(team_size=2), opener)
    pay(join_team(team, friend)[1])
    clock.at = failed.deadline

    for code, viewer in product([team.code, failed.code], [None, stranger]):
        page = queries.team_page(code=code, viewer=viewer, now=clock.at)
        assert page is not None
        assert (page.faces, page.card.opener_id, page.card.opener_name, page.card.opener_avatar) == ((), None, "", None)
    page = queries.team_page(code=team.code, viewer=friend, now=clock.at)
    assert page is not None
    assert ([face.name for face in page.faces], page.card.paid, page.card.opener_name) == (["安", "贝"], 2, "安")
    assert queries.my_teams(member=friend, now=clock.at)[0].opener_name == "安"
    assert queries.faces_of([team.pk], viewer=stranger) == {team.pk: ()}


def test_a_visitor_gets_names_in_a_team_that_forms_and_neither_numbers_nor_times_of_people(clock: Clock) -> None:
    team = paid_team(make_deal(), make_buyer("安"))

    page = queries.team_page(code=team.code, viewer=None, now=clock.at)
    assert page is not None
    [face] = page.faces
    assert (face.name, face.member_id, face.paid_at, page.card.opener_id) == ("安", None, None, None)
    page = queries.team_page(code=team.code, viewer=make_buyer(), now=clock.at)
    assert page is not None and page.faces[0].member_id == team.opener_id == page.card.opener_id


def test_deals_of_a_hidden_circle_are_shown_to_its_members_only(clock: Clock) -> None:
    founder = make_buyer()
    circle = make_circle(founder=founder, admission="invitation", now=clock.at)
    deal = make_deal(circle=circle)
    team = paid_team(deal, founder)

    for viewer in (None, make_buyer()):
        assert queries.open_deals(viewer=viewer, now=clock.at) == []
        assert queries.deal_page(deal_id=deal.pk, viewer=viewer, now=clock.at) is None
        assert queries.team_page(code=team.code, viewer=viewer, now=clock.at) is None
        assert queries.open_teams(viewer=viewer, now=clock.at) == []
        assert queries.deal_of_product(product_id=deal.sku.product_id, viewer=viewer, now=clock.at) is None
    assert [offer.id for offer in queries.open_deals(viewer=founder, circle_id=circle.pk, now=clock.at)] == [deal.pk]


def test_a_stranger_sees_the_deal_of_an_open_circle_and_is_told_to_join_it(clock: Clock) -> None:
    circle = make_circle(admission="open", now=clock.at)
    founder = circle.founder
    team = paid_team(make_deal(circle=circle), founder)
    stranger = make_buyer()

    page = queries.team_page(code=team.code, viewer=stranger, now=clock.at)
    assert page is not None and page.why_not == "deal_of_circle"
    circles.ask_to_join(circle=circle, member=stranger, now=clock.at)
    page = queries.team_page(code=team.code, viewer=stranger, now=clock.at)
    assert page is not None and page.may_join


def test_the_cheapest_open_deal_stands_for_a_product(clock: Clock) -> None:
    sku = make_sku(price_minor=3_990, stock_of=10)
    make_deal(sku=sku, price_minor=3_700)
    cheap = make_deal(sku=sku, price_minor=3_500)
    make_deal(sku=sku, price_minor=3_000, starts_at=clock.at + timedelta(days=1))

    offer = queries.deal_of_product(product_id=sku.product_id, now=clock.at)
    assert offer is not None and (offer.id, offer.is_open) == (cheap.pk, True)

    Product.objects.filter(pk=sku.product_id).update(state="paused")
    assert queries.deal_of_product(product_id=sku.product_id, now=clock.at) is None


def test_totals_count_facts_and_a_refunded_person_no_more(clock: Clock) -> None:
    from quanzi.trade.deals import services as deals

    deal = make_deal(team_size=2)
    team = paid_team(deal)
    _, order = join_team(team, make_buyer())
    pay(order)
    paid_team(deal)
    deals.leave_team(team_code=team.code, member=order.member, now=clock.at)

    [total] = queries.totals(deal_ids=[deal.pk]).values()
    assert (total.forming, total.succeeded, total.failed, total.people) == (1, 1, 0, 1)


@pytest.mark.parametrize("rows", [1, 20])
def test_lists_take_the_same_few_queries_for_one_row_and_for_twenty(
    clock: Clock, rows: int, django_assert_num_queries: Any
) -> None:
    viewer = make_buyer()
    for _ in range(rows):
        team = paid_team(make_deal(team_size=3))
        pay(join_team(team, viewer)[1])
        paid_team(team.deal)

    with django_assert_num_queries(3):
        assert len(queries.open_deals(viewer=viewer, limit=50, now=clock.at)) == rows
    with django_assert_num_queries(4):
        assert len(queries.open_teams(viewer=viewer, limit=50, now=clock.at)) == rows
    with django_assert_num_queries(3):
        assert len(queries.my_teams(member=viewer, limit=50, now=clock.at)) == rows


@pytest.mark.parametrize("people", [2, 20])
def test_a_team_page_takes_the_same_few_queries_for_two_people_and_for_twenty(
    clock: Clock, people: int, django_assert_num_queries: Any
) -> None:
    team = paid_team(make_deal(team_size=people + 1))
    for _ in range(people - 1):
        pay(join_team(team, make_buyer())[1])
    viewer = make_buyer()

    with django_assert_num_queries(5):  # the last one: what is left of the goods
        page = queries.team_page(code=team.code, viewer=viewer, now=clock.at)
    assert page is not None and len(page.faces) == people


def test_lists_go_on_where_they_ended(clock: Clock) -> None:
    deals = [make_deal() for _ in range(3)]
    first = queries.open_deals(viewer=None, limit=2, now=clock.at)
    rest = queries.open_deals(viewer=None, limit=2, before=first[-1].id, now=clock.at)
    assert [offer.id for offer in first + rest] == [deal.pk for deal in reversed(deals)]


def test_prices_on_cards_are_those_of_the_offers(clock: Clock) -> None:
    founder = make_buyer()
    circle = make_circle(founder=founder, admission="invitation", now=clock.at)
    skus = [make_sku(stock_of=50) for _ in range(4)]
    for sku, prices in zip(skus, ([900, 800], [700], [], [600]), strict=True):
        for price in prices:
            make_deal(sku=sku, price_minor=price, circle=circle if price in (800, 600) else None)
    products = {sku.product_id for sku in skus}
    for viewer in (None, founder, make_buyer()):
        asked: dict[str, Any] = {"product_ids": products, "viewer": viewer, "now": clock.at}
        found = {product_id: offer.price for product_id, offer in queries.offers(**asked).items()}
        assert queries.team_prices(**asked) == found
    assert queries.team_prices(product_ids=products, circle_ids=[circle.pk], now=clock.at) == queries.team_prices(
        product_ids=products, viewer=founder, now=clock.at
    )
