"""The price together, explained, and only where it belongs."""

from __future__ import annotations

import pytest

from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.pricing.services import Quote, QuoteLine, quote
from quanzi.kernel.clock import Clock
from quanzi.trade.deals.errors import NoSuchDeal
from quanzi.trade.deals.models import GroupDeal
from tests.factories.deals import make_buyer, make_deal, open_team
from tests.factories.goods import make_sku

pytestmark = pytest.mark.django_db


def price(deal: GroupDeal, clock: Clock, quantity: int = 1, **context: object) -> Quote:
    return quote(lines=[QuoteLine(deal.sku_id, quantity)], context=context, now=clock.at)


def test_alone_the_goods_cost_what_they_cost(clock: Clock) -> None:
    assert price(make_deal(), clock).amount_minor == 3_990


def test_together_they_cost_less_and_the_reason_is_told(clock: Clock) -> None:
    deal = make_deal()
    answer = price(deal, clock, quantity=2, deal_id=deal.pk)

    assert answer.amount_minor == 6_980
    [step] = answer.lines[0].steps
    assert (step.kind, step.label_zh, step.amount_minor, step.source) == (
        "team",
        "三份同箱，省分装",
        -1_000,
        f"deal:{deal.pk}",
    )


def test_a_deal_without_a_reason_says_how_many_buy_together(clock: Clock) -> None:
    deal = make_deal(reason_zh="", team_size=5)
    [step] = price(deal, clock, deal_id=deal.pk).lines[0].steps
    assert (step.label_zh, step.label_en) == ("5 人一起买", "5 people buy together")


def test_a_team_keeps_the_price_it_opened_with(clock: Clock) -> None:
    deal = make_deal()
    team, _ = open_team(deal, make_buyer())
    GroupDeal.objects.filter(pk=deal.pk).update(price_minor=3_900)

    assert price(deal, clock, team_id=team.pk).amount_minor == 3_490
    assert price(deal, clock, deal_id=deal.pk).amount_minor == 3_900


def test_a_team_price_never_makes_goods_dearer(clock: Clock) -> None:
    deal = make_deal()
    catalogue.change_price(sku=deal.sku, price_minor=3_000, actor="test", now=clock.at)
    assert price(deal, clock, deal_id=deal.pk).amount_minor == 3_000


def test_other_goods_of_the_same_quote_keep_their_price(clock: Clock) -> None:
    deal, other = make_deal(), make_sku(price_minor=1_000, stock_of=1)
    lines = [QuoteLine(deal.sku_id, 1), QuoteLine(other.pk, 1)]
    answer = quote(lines=lines, context={"deal_id": deal.pk}, now=clock.at)
    assert [line.total_minor for line in answer.lines] == [3_490, 1_000]


@pytest.mark.parametrize("context", [{"deal_id": 10**9}, {"team_id": 10**9}])
def test_an_unknown_deal_has_no_price(clock: Clock, context: dict[str, int]) -> None:
    with pytest.raises(NoSuchDeal):
        price(make_deal(), clock, **context)
