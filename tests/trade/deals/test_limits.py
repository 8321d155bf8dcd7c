"""Who may take a seat, how many, and what a repeated or a hopeless request gets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.community.circles import services as circles
from quanzi.goods.stock.errors import OutOfStock
from quanzi.goods.stock.queries import free
from quanzi.kernel.clock import Clock
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.errors import (
    AlreadyInTeam,
    BadSeatQuantity,
    BadTerms,
    DealClosed,
    EndsTooEarly,
    LimitReached,
    NoSuchDeal,
    NoSuchTeam,
    NotCheaper,
    NotInCircle,
    NotThroughTeam,
    TeamFull,
)
from quanzi.trade.deals.models import DealUse, Seat, Team
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import KeyReused, PriceChanged
from quanzi.trade.sales.models import Order
from tests.factories.community import make_circle
from tests.factories.deals import (
    assert_deals_add_up,
    join_team,
    make_buyer,
    make_deal,
    make_point,
    open_team,
    pay,
)
from tests.factories.goods import make_sku

pytestmark = pytest.mark.django_db


def test_nobody_has_two_seats_in_a_team() -> None:
    member = make_buyer()
    team, _ = open_team(make_deal(per_member_limit=5), member)

    with pytest.raises(AlreadyInTeam):
        join_team(team, member)
    assert Team.objects.get(pk=team.pk).taken_seats == 1
    assert_deals_add_up()


def test_a_full_team_takes_nobody_and_a_place_that_comes_free_is_taken(clock: Clock) -> None:
    team, _ = open_team(make_deal(team_size=2), make_buyer())
    _, second = join_team(team, make_buyer())

    with pytest.raises(TeamFull):
        join_team(team, make_buyer())
    deals.leave_team(team_code=team.code, member=second.member, now=clock.at)
    join_team(team, make_buyer())
    assert_deals_add_up()


def test_a_member_is_in_as_many_teams_of_a_deal_as_it_allows(clock: Clock) -> None:
    deal = make_deal(per_member_limit=2)
    member = make_buyer()
    first, _ = open_team(deal, member)
    open_team(deal, member)
    other, _ = open_team(deal, make_buyer())

    with pytest.raises(LimitReached):
        open_team(deal, member)
    with pytest.raises(LimitReached):
        join_team(other, member)
    assert Team.objects.get(pk=other.pk).taken_seats == 1
    assert Order.objects.filter(member=member).count() == 2

    deals.leave_team(team_code=first.code, member=member, now=clock.at)
    join_team(other, member)
    assert DealUse.objects.get(member=member).used == 2
    assert_deals_add_up()


def test_sold_out_goods_leave_neither_team_nor_seat_nor_use() -> None:
    deal = make_deal(stock_of=1)
    team, _ = open_team(deal, make_buyer())

    with pytest.raises(OutOfStock):
        join_team(team, make_buyer())
    with pytest.raises(OutOfStock):
        open_team(deal, make_buyer())

    assert (Team.objects.count(), Seat.objects.count(), DealUse.objects.count()) == (1, 1, 1)
    assert free([deal.sku_id]) == {deal.sku_id: 0}
    assert_deals_add_up()


def test_one_seat_may_hold_as_many_units_as_the_deal_says() -> None:
    deal = make_deal(max_per_seat=2)
    _, order = open_team(deal, make_buyer(), quantity=2)
    assert order.amount_minor == 2 * 3_490

    for quantity in (0, 3, -1):
        with pytest.raises(BadSeatQuantity):
            open_team(deal, make_buyer(), quantity=quantity)


def test_the_same_request_again_finds_the_same_team_and_seat() -> None:
    deal = make_deal(per_member_limit=3)
    member, friend = make_buyer(), make_buyer()

    first = open_team(deal, member, idempotency_key="open")
    again = open_team(deal, member, idempotency_key="open")
    assert first == again

    seated = join_team(first[0], friend, idempotency_key="join")
    assert join_team(first[0], friend, idempotency_key="join") == seated
    assert (Team.objects.count(), Seat.objects.count(), Order.objects.count()) == (1, 2, 2)
    assert_deals_add_up()


def test_the_same_key_with_other_content_is_refused() -> None:
    deal, other = make_deal(max_per_seat=2), make_deal()
    member = make_buyer()
    open_team(deal, member, idempotency_key="k")

    with pytest.raises(KeyReused):
        open_team(other, member, idempotency_key="k")
    with pytest.raises(KeyReused):
        open_team(deal, member, idempotency_key="k", quantity=2)
    assert_deals_add_up()


def test_the_same_request_after_the_team_is_full_or_over_still_finds_its_answer(clock: Clock) -> None:
    team, first = open_team(make_deal(team_size=2), make_buyer())
    _, second = join_team(team, make_buyer(), idempotency_key="join")
    pay(first)
    pay(second)

    assert join_team(team, second.member, idempotency_key="join")[1] == second


def test_a_price_that_changed_since_it_was_shown_takes_no_seat() -> None:
    deal = make_deal()
    with pytest.raises(PriceChanged):
        open_team(deal, make_buyer(), expected_amount_minor=3_000)
    assert not Team.objects.exists()
    assert open_team(deal, make_buyer(), expected_amount_minor=3_490)


def test_a_deal_of_a_circle_is_for_its_members(clock: Clock) -> None:
    circle = make_circle(name="锦绣邻里", admission="open", now=clock.at)
    deal = make_deal(circle=circle)
    stranger = make_buyer()
    with pytest.raises(NotInCircle):
        open_team(deal, stranger)

    circles.ask_to_join(circle=circle, member=stranger, now=clock.at)
    team, _ = open_team(deal, stranger)
    with pytest.raises(NotInCircle):
        join_team(team, make_buyer())


def test_a_deal_of_a_closed_circle_does_not_exist_for_strangers(clock: Clock) -> None:
    circle = make_circle(admission="invitation", now=clock.at)
    deal = make_deal(circle=circle)

    with pytest.raises(NoSuchDeal):
        open_team(deal, make_buyer())


def test_unknown_deals_and_teams_are_not_found(clock: Clock) -> None:
    deal = make_deal()
    team, _ = open_team(deal, make_buyer())
    deal.pk, team.code = 10**9, "NOSUCHTEAM"

    with pytest.raises(NoSuchDeal):
        open_team(deal, make_buyer())
    with pytest.raises(NoSuchTeam):
        join_team(team, make_buyer())
    with pytest.raises(NoSuchTeam):
        deals.leave_team(team_code="", member=make_buyer(), now=clock.at)
    with pytest.raises(NoSuchDeal):
        deals.stop_deal(deal_id=10**9, actor="test", now=clock.at)


def test_a_deal_that_has_not_started_opens_no_team(clock: Clock) -> None:
    with pytest.raises(DealClosed):
        open_team(make_deal(starts_at=clock.at + timedelta(minutes=1)), make_buyer())


def test_an_order_cannot_claim_a_team_without_a_seat(clock: Clock) -> None:
    deal = make_deal()
    team, _ = open_team(deal, make_buyer())

    with pytest.raises(NotThroughTeam):
        sales.place_order(
            member=make_buyer(),
            lines=[(deal.sku_id, 1)],
            method="pickup",
            pickup_point_id=make_point().pk,
            context={"team_id": team.pk},
            waits_for=f"team:{team.pk}",
            idempotency_key="sneak",
            now=clock.at,
        )


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"team_size": 1}, BadTerms),
        ({"team_size": 101}, BadTerms),
        ({"window_minutes": 0}, BadTerms),
        ({"per_member_limit": 0}, BadTerms),
        ({"max_per_seat": 0}, BadTerms),
        ({"price_minor": 0}, NotCheaper),
        ({"price_minor": -1}, NotCheaper),
        ({"price_minor": 3_990}, NotCheaper),
    ],
)
def test_terms_that_make_no_sense_are_refused(terms: dict[str, int], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        make_deal(**terms)


def test_a_deal_ends_after_it_starts(clock: Clock) -> None:
    with pytest.raises(EndsTooEarly):
        make_deal(ends_at=clock.at, sku=make_sku())
