"""Another variant that costs more: the difference is an order, what was paid counts, and a refund of both is the exact inverse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from quanzi.base.events.services import deliver_pending
from quanzi.goods.stock.queries import free
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Address, Member
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales import errors, services
from quanzi.trade.aftersales.asking import accept_or_ask
from quanzi.trade.aftersales.models import Claim, Return
from quanzi.trade.aftersales.queries import of_lines
from quanzi.trade.aftersales.services.swapping import Where
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import AddressNeeded, PointNeeded
from quanzi.trade.sales.models import Order, OrderLine, PickupPoint
from tests.factories.goods import make_sku
from tests.factories.people import log_in
from tests.factories.trade import (
    make_address,
    make_buyer,
    make_point,
    make_received_order,
    make_staff,
    open_fulfilment,
    pay,
)
from tests.trade.aftersales.test_returns import ask, give_back, received

pytestmark = pytest.mark.django_db


def dearer(line: OrderLine, price_minor: int = 3_500) -> int:
    return make_sku(product=line.product, price_minor=price_minor, stock_of=5).pk


def wanted(line: OrderLine, sku_id: int) -> tuple[Claim, Order]:
    claim = ask(line, for_sku_id=sku_id)
    order = Return.objects.select_related("new_order").get(claim=claim).new_order
    assert order is not None
    return claim, order


def exchanged(line: OrderLine, sku_id: int, staff: Member) -> Order:
    """The whole way: asked, paid, came back, given, and received."""
    claim, order = wanted(line, sku_id)
    pay(order)
    give_back(claim)
    services.exchange(claim_id=claim.pk, actor_member=staff, is_sellable=True, now=clock.now())
    order.refresh_from_db()
    return order


def test_the_difference_is_paid_and_a_refund_of_the_new_goods_is_the_inverse_of_both(
    assert_well: Callable[[], None],
) -> None:
    line, staff = received(2), make_staff("finance")
    sku_id = dearer(line)
    claim, order = wanted(line, sku_id)
    assert (order.amount_minor, order.freight_minor, order.lines.get().paid_minor) == (1_000, 0, 1_000)
    assert [step.amount_minor for step in order.adjustments.filter(kind="exchange")] == [-6_000]
    assert free([sku_id])[sku_id] == 3
    give_back(claim)
    with pytest.raises(errors.DifferenceNotPaid):
        services.exchange(claim_id=claim.pk, actor_member=staff, is_sellable=True, now=clock.now())
    pay(order)
    shelf = free([line.sku_id])[line.sku_id]
    services.exchange(claim_id=claim.pk, actor_member=staff, is_sellable=True, now=clock.now())
    line.refresh_from_db()
    order.refresh_from_db()
    assert (line.refunded_minor, line.returned_at is None, order.released_at is None) == (0, False, False)
    assert free([line.sku_id])[line.sku_id] == shelf + 2
    assert_well()
    sales.refund_order(order_id=order.pk, reason="后悔了", actor="staff:0", idempotency_key="back", now=clock.now())
    line.refresh_from_db()
    assert (line.refunded_minor, free([sku_id])[sku_id]) == (line.paid_minor, 5)
    assert_well()


@pytest.mark.parametrize("by_point", [True, False])
def test_the_buyer_says_where_the_dearer_goods_go(by_point: bool, assert_well: Callable[[], None]) -> None:
    line = received()
    sku_id, point, other = dearer(line), make_point(), make_address(line.member)
    Address.objects.filter(pk=other.pk).update(detail="新家 9 号")
    where = Where(pickup_point_id=point.pk) if by_point else Where(address_id=other.pk)
    claim = ask(line, for_sku_id=sku_id, where=where)
    order = Return.objects.select_related("new_order").get(claim=claim).new_order
    assert order is not None
    told = (order.method, order.pickup_point_id, (order.ship_to or {}).get("detail"))
    assert told == (("pickup", point.pk, None) if by_point else ("delivery", None, "新家 9 号"))
    assert_well()


def test_a_place_that_is_not_the_buyers_is_refused_and_nothing_is_asked() -> None:
    line = received()
    sku_id, foreign, closed = dearer(line), make_address(make_buyer()), make_point()
    PickupPoint.objects.filter(pk=closed.pk).update(is_open=False)
    for where in (Where(address_id=foreign.pk), Where(pickup_point_id=closed.pk), Where()):
        with pytest.raises((AddressNeeded, PointNeeded, Errors)):
            ask(line, for_sku_id=sku_id, where=where)
    assert not Claim.objects.exists()


def test_an_unpaid_difference_leaves_sending_back_or_keeping(assert_well: Callable[[], None]) -> None:
    line = received()
    sku_id = dearer(line)
    claim, order = wanted(line, sku_id)
    sales.expire_unpaid(now=order.pay_by)
    row = of_lines([line.pk])[line.pk].giving_back
    assert row is not None and (row.for_sku_id, row.new_order, row.state) == (None, None, "agreed")
    assert free([sku_id])[sku_id] == 5
    claim.refresh_from_db()
    assert claim.state == "open"
    services.withdraw(claim_id=claim.pk, member=line.member, now=clock.now())
    assert_well()


@pytest.mark.parametrize("how", ["withdraw", "call_off", "accept", "lapse"])
def test_what_is_decided_otherwise_gives_the_paid_difference_back(how: str, assert_well: Callable[[], None]) -> None:
    line = received()
    sku_id = dearer(line)
    claim, order = wanted(line, sku_id)
    pay(order)
    if how == "withdraw":
        services.withdraw(claim_id=claim.pk, member=line.member, now=clock.now())
    elif how == "call_off":
        services.call_off(order_id=order.pk, member=line.member, now=clock.now())
    elif how == "accept":
        services.accept(claim_id=claim.pk, actor_member=make_staff("finance"), now=clock.now())
    else:
        services.lapse_returns(clock.now() + timedelta(days=11))
    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.state, line.refunded_minor) == ("refunded", line.paid_minor if how == "accept" else 0)
    assert free([sku_id])[sku_id] == 5
    assert_well()


def test_part_of_the_worth_goes_back_from_what_was_paid_before_and_all_of_it_from_both(
    assert_well: Callable[[], None],
) -> None:
    line, staff = received(), make_staff("finance")
    order = exchanged(line, dearer(line), staff)
    sent = open_fulfilment(order)
    fulfilment.ship(fulfilment_id=sent.pk, actor_member=make_staff("operator"), carrier="顺丰", now=clock.now())
    sales.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    new = order.lines.get()
    claim = ask(new, reason="spoiled", note="有划痕")
    assert of_lines([new.pk])[new.pk].left.minor == 3_500
    line.refresh_from_db()
    assert line.released_at is None, "it stays in escrow until the new goods are settled"
    services.accept(claim_id=claim.pk, actor_member=staff, amount_minor=1_200, now=clock.now())
    new.refresh_from_db()
    line.refresh_from_db()
    assert (new.refunded_minor, line.refunded_minor, new.returned_at) == (0, 1_200, None)
    again = exchanged(new, dearer(line, 4_000), staff)
    assert again.amount_minor == 500
    sales.refund_order(order_id=again.pk, reason="都退了", actor="staff:0", idempotency_key="back", now=clock.now())
    for one in (line, new):
        one.refresh_from_db()
        assert one.refunded_minor == one.paid_minor
    assert_well()


def test_what_was_paid_before_is_earned_with_the_new_goods(assert_well: Callable[[], None]) -> None:
    line, staff = received(), make_staff("finance")
    order = exchanged(line, dearer(line), staff)
    fulfilment.ship(
        fulfilment_id=open_fulfilment(order).pk, actor_member=make_staff("operator"), carrier="顺丰", now=clock.now()
    )
    sales.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    sales.say_kept(line_id=order.lines.get().pk, member=order.member, now=clock.now())
    while deliver_pending(now=clock.now()):
        continue
    line.refresh_from_db()
    assert (line.released_minor, order.lines.get().released_minor) == (3_000, 500)
    assert_well()


def with_limit(minor: int) -> Member:
    owner = make_staff("owner")
    approvals.set_limit(name="refund.order", amount_minor=minor, by=owner, now=clock.now())
    return owner


def test_what_goes_back_of_both_is_one_decision_for_a_second_person(assert_well: Callable[[], None]) -> None:
    line, staff, owner = received(), make_staff("finance"), with_limit(3_499)
    order = exchanged(line, dearer(line), staff)
    new = order.lines.get()
    for key, line_id in (("whole", None), ("line", new.pk)):
        asked = sales.refund_or_ask(
            order_id=order.pk, line_id=line_id, reason="后悔了", staff=staff, idempotency_key=key, now=clock.now()
        )
        assert isinstance(asked, Approval) and asked.amount_minor == 3_500, "500 and the 3,000 behind it"
        line.refresh_from_db()
        order.refresh_from_db()
        assert (order.refunded_minor, line.refunded_minor) == (0, 0)
    approvals.approve(approval_id=asked.pk, by=owner, now=clock.now())
    line.refresh_from_db()
    order.refresh_from_db()
    assert (order.refunded_minor, line.refunded_minor) == (500, 3_000)
    assert_well()


def test_within_the_limit_one_person_gives_both_back_and_it_counts_once_more_for_the_day() -> None:
    line, staff = received(), make_staff("finance")
    with_limit(3_500)
    order = exchanged(line, dearer(line), staff)
    sales.refund_or_ask(order_id=order.pk, reason="后悔了", staff=staff, idempotency_key="a", now=clock.now())
    line.refresh_from_db()
    assert line.refunded_minor == 3_000


def test_small_parts_of_both_orders_count_together_before_the_whole(assert_well: Callable[[], None]) -> None:
    line, staff, owner = received(), make_staff("finance"), with_limit(3_000)
    order = exchanged(line, dearer(line), staff)
    new = order.lines.get()
    done = sales.refund_or_ask(
        order_id=line.order_id, line_id=line.pk, amount_minor=1_000, reason="少了", staff=staff, idempotency_key="a", now=clock.now()
    )  # fmt: skip
    assert not isinstance(done, Approval)
    asked = sales.refund_or_ask(order_id=order.pk, reason="都退", staff=staff, idempotency_key="b", now=clock.now())
    assert isinstance(asked, Approval) and asked.amount_minor == 2_500, "1,000 went back by one person, 2,500 are left"
    sales.refund_line(
        line_id=new.pk, amount_minor=100, reason="x", actor="system", idempotency_key="c", now=clock.now()
    )
    approvals.approve(approval_id=asked.pk, by=owner, now=clock.now())
    line.refresh_from_db()
    assert line.refunded_minor == line.paid_minor
    assert_well()


def test_a_claim_about_the_dearer_goods_is_one_decision_too(
    assert_well: Callable[[], None],
) -> None:
    line, staff, owner = received(), make_staff("finance"), with_limit(3_200)
    order = exchanged(line, dearer(line), staff)
    fulfilment.ship(
        fulfilment_id=open_fulfilment(order).pk, actor_member=make_staff("operator"), carrier="顺丰", now=clock.now()
    )
    sales.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    claim = ask(order.lines.get(), reason="spoiled", note="有划痕")
    asked = accept_or_ask(
        claim_id=claim.pk, staff=staff, amount_minor=None, goods_back=False, answer="", now=clock.now()
    )
    assert isinstance(asked, Approval) and asked.amount_minor == 3_500
    approvals.approve(approval_id=asked.pk, by=owner, now=clock.now())
    line.refresh_from_db()
    assert (line.refunded_minor, order.lines.get().refunded_minor) == (3_000, 500)
    assert_well()


def test_the_pages_of_dearer_goods_lead_to_what_was_paid_before() -> None:
    line, staff = received(), make_staff("finance")
    order = exchanged(line, dearer(line), staff)
    found = open_fulfilment(order)
    fulfilment.ship(fulfilment_id=found.pk, actor_member=make_staff("fulfilment"), carrier="顺丰", now=clock.now())
    sales.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    browser = log_in(Client(), order.member)
    page = browser.get(f"/o/{order.number}").content.decode()
    assert f'href="/o/{line.order.number}"' in page
    form = browser.get(f"/o/{order.number}/claim").content.decode()
    whole = Money(line.paid_minor - line.refunded_minor + order.lines.get().paid_minor)
    assert f"{whole.minor / 100:.2f}" in form and "含之前那件付的钱" in form
    plain = make_received_order()
    assert "含之前那件付的钱" not in log_in(Client(), plain.member).get(f"/o/{plain.number}/claim").content.decode()
