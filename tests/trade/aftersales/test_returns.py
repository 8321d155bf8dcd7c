"""Goods come back: by the law without anybody's leave, for a fault at the shop's cost, for money or for another variant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quanzi.goods.stock.errors import SoldOut
from quanzi.goods.stock.queries import free
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from quanzi.trade.aftersales import errors, services
from quanzi.trade.aftersales.models import Claim, Return, ReturnState
from quanzi.trade.aftersales.queries import of_lines
from quanzi.trade.sales import rules
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.services import close_windows
from tests.factories.goods import make_product, make_sku
from tests.factories.trade import make_received_order, make_staff

pytestmark = pytest.mark.django_db


def received(quantity: int = 1) -> OrderLine:
    product = make_product(on_sale=True)
    sku = make_sku(product=product, price_minor=3_000, stock_of=9)
    line = make_received_order(sku=sku, quantity=quantity).lines.get()
    assert isinstance(line, OrderLine)
    return line


def ask(line: OrderLine, **more: object) -> Claim:
    return services.ask(**{"line_id": line.pk, "member": line.member, "reason": "return", "now": clock.now(), **more})


def give_back(claim: Claim) -> None:
    services.send(claim_id=claim.pk, member=claim.member, carrier="顺丰", tracking="SF1", now=clock.now())
    services.arrive(claim_id=claim.pk, actor_member=make_staff("finance"), now=clock.now())


def test_a_lawful_return_is_agreed_at_once_and_paid_back_when_it_came(assert_well: Callable[[], None]) -> None:
    line, staff = received(2), make_staff("finance")
    claim = ask(line)
    back = Return.objects.get(claim=claim)
    assert (back.state, back.buyer_pays, back.quantity) == ("agreed", True, 2)
    with pytest.raises(errors.NotArrived):  # nobody refuses it before the goods were seen
        services.decline(claim_id=claim.pk, actor_member=staff, answer="不行", now=clock.now())
    before = free([line.sku_id])[line.sku_id]
    give_back(claim)
    with pytest.raises(IllegalMove):
        services.send(claim_id=claim.pk, member=line.member, carrier="顺丰", now=clock.now())
    row = of_lines([line.pk])[line.pk].giving_back
    assert row is not None and row.refund_by == row.arrived_at + timedelta(days=7)
    services.accept(claim_id=claim.pk, actor_member=staff, goods_back=True, now=clock.now())
    back.refresh_from_db()
    line.refresh_from_db()
    assert (back.state, back.is_sellable, line.refunded_minor) == ("settled", True, line.paid_minor)
    assert free([line.sku_id])[line.sku_id] == before + 2
    assert_well()


def test_another_variant_is_held_given_and_its_difference_goes_back(assert_well: Callable[[], None]) -> None:
    line = received()
    other = make_sku(product=line.product, price_minor=2_500, stock_of=1)
    claim = ask(line, for_sku_id=other.pk)
    assert free([other.pk])[other.pk] == 0
    with pytest.raises(errors.NotArrived):
        services.exchange(claim_id=claim.pk, actor_member=make_staff("finance"), is_sellable=True, now=clock.now())
    give_back(claim)
    done = services.exchange(claim_id=claim.pk, actor_member=make_staff("finance"), is_sellable=True, now=clock.now())
    back = Return.objects.get(claim=claim)
    line.refresh_from_db()
    assert (done.state, back.state, line.refunded_minor, line.returned_at) == ("exchanged", "settled", 500, None)
    assert (free([line.sku_id])[line.sku_id], free([other.pk])[other.pk]) == (9, 0)
    assert_well()


@pytest.mark.parametrize(("carrier", "begins_in"), [("", timedelta(0)), ("顺丰", timedelta(days=7))])
def test_the_days_for_complaints_begin_anew_with_what_was_given_instead(
    carrier: str, begins_in: timedelta, assert_well: Callable[[], None]
) -> None:
    with clock.frozen(clock.now()) as moving:
        line = received()
        before = rules.claim_closes_at(received_at=clock.now(), claim_hours=line.product.claim_hours)
        other = make_sku(product=line.product, price_minor=2_500, stock_of=1)
        claim = ask(line, for_sku_id=other.pk)
        moving.move(timedelta(days=5))
        give_back(claim)
        moving.move(timedelta(days=4))
        services.exchange(
            claim_id=claim.pk, actor_member=make_staff("finance"), is_sellable=True, carrier=carrier, now=clock.now()
        )
        line.refresh_from_db()
        assert line.claim_closes_at == before + timedelta(days=9) + begins_in
        assert line.return_closes_at is not None and line.return_closes_at > line.claim_closes_at
        close_windows(now=line.return_closes_at - timedelta(microseconds=1))
        assert OrderLine.objects.get(pk=line.pk).kept_at is None
        assert services.ask(
            line_id=line.pk,
            member=line.member,
            reason="spoiled",
            note="碎了",
            now=line.return_closes_at - timedelta(hours=1),
        )
        told = line.member.notices.get(kind="exchange_out" if carrier else "exchange_given")
        assert told.params["product"].startswith(line.product.name)
    assert_well()


def test_what_cannot_be_exchanged_is_refused_and_what_is_taken_back_frees_the_other(
    assert_well: Callable[[], None],
) -> None:
    line = received()
    for other, refusal in (
        (make_sku(stock_of=1), errors.OtherGoods),
        (make_sku(product=line.product, price_minor=100), SoldOut),
    ):
        with pytest.raises(refusal):
            ask(line, for_sku_id=other.pk)
    other = make_sku(product=line.product, price_minor=3_000, stock_of=1)
    claim = ask(line, reason="other_goods", note="发错了", for_sku_id=other.pk)
    services.withdraw(claim_id=claim.pk, member=line.member, now=clock.now())
    assert (free([other.pk])[other.pk], Return.objects.get(claim=claim).state) == (1, "ended")
    assert_well()


def test_a_return_that_nobody_sends_ends_by_itself(assert_well: Callable[[], None]) -> None:
    line = received()
    claim = ask(line)
    back = Return.objects.get(claim=claim)
    assert services.lapse_returns(back.send_by - timedelta(microseconds=1)) == 0
    assert services.lapse_returns(back.send_by) == 1
    claim.refresh_from_db()
    line.refresh_from_db()
    assert (claim.state, line.disputed_at) == ("withdrawn", None)
    assert_well()


def test_for_a_fault_the_shop_may_ask_for_the_goods_and_pays_the_way(assert_well: Callable[[], None]) -> None:
    line, staff = received(), make_staff("finance")
    claim = ask(line, reason="spoiled", note="碎了")
    back = services.ask_back(claim_id=claim.pk, actor_member=staff, now=clock.now())
    assert not back.buyer_pays
    with pytest.raises(errors.BackAlready):
        services.ask_back(claim_id=claim.pk, actor_member=staff, now=clock.now())
    services.accept(claim_id=claim.pk, actor_member=staff, now=clock.now())
    back.refresh_from_db()
    assert back.state == ReturnState.ENDED, "paid before they came: the buyer keeps them"
    assert_well()


def test_a_second_exchange_pays_only_what_the_first_did_not_and_what_came_back_is_what_is_put_on_the_shelf(
    assert_well: Callable[[], None],
) -> None:
    line, staff = received(), make_staff("finance")
    cheap, cheaper = (make_sku(product=line.product, price_minor=price, stock_of=5) for price in (2_000, 1_500))

    def left() -> list[int]:
        return [free([sku_id])[sku_id] for sku_id in (line.sku_id, cheap.pk, cheaper.pk)]

    for other, refunded, shelf in ((cheap, 1_000, [9, 4, 5]), (cheaper, 1_500, [9, 5, 4])):
        claim = ask(line, for_sku_id=other.pk)
        give_back(claim)
        services.exchange(claim_id=claim.pk, actor_member=staff, is_sellable=True, now=clock.now())
        line.refresh_from_db()
        assert (line.refunded_minor, left()) == (refunded, shelf)
    claim = ask(line)
    give_back(claim)
    services.accept(claim_id=claim.pk, actor_member=staff, goods_back=True, now=clock.now())
    line.refresh_from_db()
    assert (line.refunded_minor, left()) == (line.paid_minor, [9, 5, 5])
    assert_well()


def test_a_request_whose_goods_arrived_is_answered_and_no_longer_taken_back(assert_well: Callable[[], None]) -> None:
    line = received()
    claim = ask(line)
    give_back(claim)
    with pytest.raises(errors.GoodsCameBack):
        services.withdraw(claim_id=claim.pk, member=line.member, now=clock.now())
    services.accept(claim_id=claim.pk, actor_member=make_staff("finance"), goods_back=True, now=clock.now())
    line.refresh_from_db()
    assert line.refunded_minor == line.paid_minor
    assert_well()


def test_every_answer_locks_the_order_before_the_claim() -> None:
    staff = make_staff("finance")
    acts: tuple[Callable[[Claim], object], ...] = (
        lambda claim: services.accept(claim_id=claim.pk, actor_member=staff, now=clock.now()),
        lambda claim: services.decline(claim_id=claim.pk, actor_member=staff, answer="不行", now=clock.now()),
        lambda claim: services.withdraw(claim_id=claim.pk, member=claim.member, now=clock.now()),
        lambda claim: services.ask_back(claim_id=claim.pk, actor_member=staff, now=clock.now()),
    )
    for act in acts:
        claim = ask(received(), reason="spoiled", note="坏了")
        with CaptureQueriesContext(connection) as seen:
            act(claim)
        locks = [one["sql"].split(" FROM ")[1].split()[0].strip('"') for one in seen if "FOR UPDATE" in one["sql"]]
        assert locks.index("sales_order") < locks.index("aftersales_claim"), locks
