"""Coupons: taken within their limits, with one order at a time, and back when it is undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import Errors, NotAllowed
from quanzi.people.approvals.models import Approval
from quanzi.people.approvals.services import approve
from quanzi.people.contact.models import Notice
from quanzi.trade.rewards import errors, services
from quanzi.trade.rewards.models import Coupon, TakenCoupon
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import PriceChanged
from quanzi.trade.sales.models import Order
from quanzi.trade.sales.services.ending import _expire
from tests.factories.community import make_circle
from tests.factories.goods import make_sku
from tests.factories.rewards import assert_coupons_add_up, make_coupon, make_taken, order_with
from tests.factories.trade import (
    capture,
    make_buyer,
    make_order,
    make_paid_order,
    make_point,
    make_staff,
    pay,
    start_payment,
)

pytestmark = pytest.mark.django_db


def test_a_coupon_is_taken_holds_a_price_and_is_used_when_that_is_paid(clock: Clock) -> None:
    me = make_buyer()
    coupon = make_coupon()
    taken = services.take_coupon(code=coupon.code, member=me, now=clock.at)
    with pytest.raises(errors.TakenBefore):
        services.take_coupon(code=coupon.code, member=me, now=clock.at)
    order = order_with(taken, sku=make_sku(price_minor=3_000, stock_of=9), point=make_point())
    assert (order.goods_minor, order.discount_minor, order.amount_minor) == (3_000, 500, 2_500)
    step = order.adjustments.get(kind="coupon")
    assert (step.amount_minor, step.label_zh, step.source) == (-500, "优惠券：见面礼", f"coupon:{taken.pk}")
    assert order.lines.get().paid_minor == 2_500
    with pytest.raises(errors.CouponNotFree):
        order_with(taken)
    pay(order)
    taken.refresh_from_db()
    assert (taken.order, taken.backs) == (order, 0)
    assert_coupons_add_up()


@pytest.mark.parametrize(
    ("terms", "price", "off"),
    [
        ({"kind": "percent", "off_minor": 0, "off_bp": 1_500, "cap_minor": 800}, 3_333, 499),
        ({"kind": "percent", "off_minor": 0, "off_bp": 1_500, "cap_minor": 400}, 3_333, 400),
        ({"off_minor": 1_999}, 2_000, 1_999),
    ],
)
def test_it_takes_off_what_it_says_and_never_everything(terms: dict[str, Any], price: int, off: int) -> None:
    taken = make_taken(make_buyer(), **terms)
    order = order_with(taken, sku=make_sku(price_minor=price, stock_of=1), point=make_point())
    assert (order.discount_minor, order.amount_minor) == (off, price - off)


def test_what_it_is_not_for_is_refused_and_costs_what_it_costs(clock: Clock) -> None:
    me, cheap, dear = make_buyer(), make_sku(price_minor=1_000, stock_of=5), make_sku(price_minor=9_000, stock_of=5)
    point = make_point()
    taken = make_taken(me, product_id=cheap.product_id)
    with pytest.raises(errors.CouponNotForThis):
        order_with(taken, lines=[(cheap.pk, 1), (dear.pk, 1)], point=point)
    order = order_with(taken, lines=[(cheap.pk, 2), (dear.pk, 1)], point=point)
    assert {line.sku_id: line.paid_minor for line in order.lines.all()} == {cheap.pk: 1_500, dear.pk: 9_000}
    stranger = make_buyer()
    with pytest.raises(errors.CouponNotFree):
        make_order(member=stranger, context={"coupon_id": taken.pk})
    clock.move(timedelta(days=10))
    late = make_taken(me, now=clock.at - timedelta(days=11))
    with pytest.raises(errors.CouponNotFree):
        order_with(late)


def test_freight_counts_what_is_left_and_the_price_that_was_seen_holds() -> None:
    taken = make_taken(make_buyer())
    sku = make_sku(price_minor=10_000, stock_of=3)
    with pytest.raises(PriceChanged):
        order_with(taken, sku=sku, expected_amount_minor=9_500)
    order = order_with(taken, sku=sku, expected_amount_minor=9_900)
    assert (order.discount_minor, order.freight_minor, order.amount_minor) == (500, 400, 9_900)


@pytest.mark.parametrize("ending", ["cancelled", "expired", "refunded"])
def test_it_comes_back_once_when_the_whole_order_is_undone(ending: str, clock: Clock) -> None:
    taken = make_taken(make_buyer())
    order = order_with(taken)
    if ending == "cancelled":
        sales.cancel_order(order_id=order.pk, actor="test", reason="changed", now=clock.at)
        sales.cancel_order(order_id=order.pk, actor="test", reason="changed", now=clock.at)
    elif ending == "expired":
        sales.expire_unpaid(now=order.pay_by)
    else:
        pay(order)
        sales.refund_order(order_id=order.pk, reason="undone", actor="system", idempotency_key="all", now=clock.at)
    ends_at = taken.ends_at
    taken.refresh_from_db()
    assert (taken.order, taken.held_at, taken.backs, taken.ends_at) == (None, None, 1, ends_at)
    order_with(taken)
    assert_coupons_add_up()


def test_a_part_refund_keeps_it_used_and_all_lines_bring_it_back(clock: Clock) -> None:
    a, b, c = (make_sku(price_minor=price, stock_of=5) for price in (1_001, 999, 1))
    taken = make_taken(make_buyer())
    order = pay(order_with(taken, lines=[(a.pk, 1), (b.pk, 1), (c.pk, 1)]))
    lines = list(order.lines.order_by("pk"))
    assert sum(line.paid_minor for line in lines) == 1_501
    sales.mark_handed_over(order_id=order.pk, now=clock.at)
    back = 0
    for number, line in enumerate(lines):
        taken.refresh_from_db()
        assert taken.order == order
        made = sales.refund_line(
            line_id=line.pk, amount_minor=None, reason="came back", actor="system", goods_back=True,
            idempotency_key=f"line-{number}", now=clock.at,
        )  # fmt: skip
        assert made.amount_minor == line.paid_minor
        back += made.amount_minor
    order.refresh_from_db()
    taken.refresh_from_db()
    assert (
        back == 1_501 and order.refunded_minor == back
    )  # the freight stays with the shop: the order lives, the coupon is free
    assert (order.state != "refunded", taken.order, taken.backs) == (True, None, 1)
    sales.refund_order(order_id=order.pk, reason="the rest", actor="system", idempotency_key="rest", now=clock.at)
    taken.refresh_from_db()
    assert taken.backs == 1
    assert_coupons_add_up()


def test_a_coupon_whose_time_ran_out_meanwhile_comes_back_with_seven_days_and_an_unpaid_order_gives_them_once(
    clock: Clock,
) -> None:
    taken = make_taken(make_buyer())
    for given in (True, False):
        clock.at = taken.ends_at - timedelta(minutes=1)
        order = order_with(taken)
        clock.at = order.pay_by
        sales.expire_unpaid(now=clock.at)
        taken.refresh_from_db()
        assert (taken.ends_at > clock.at) is given
    assert taken.lengthened_at is not None
    paid = make_taken(make_buyer())
    clock.at = paid.ends_at - timedelta(minutes=1)
    order = pay(order_with(paid))
    clock.move(timedelta(days=2))
    sales.refund_order(order_id=order.pk, reason="undone", actor="system", idempotency_key="all", now=clock.at)
    paid.refresh_from_db()
    assert paid.ends_at == clock.at + timedelta(days=7)


@pytest.mark.parametrize("is_free", [True, False])
def test_late_money_revives_an_order_only_while_its_coupon_is_free(is_free: bool, clock: Clock) -> None:
    taken = make_taken(make_buyer())
    order = order_with(taken)
    payment = start_payment(order)
    clock.at = order.pay_by
    assert _expire(order.pk, clock.at)  # before anybody asked the provider
    if not is_free:
        other = order_with(taken)
    capture(payment)
    order.refresh_from_db()
    taken.refresh_from_db()
    payment.refresh_from_db()
    if is_free:
        assert (order.state, taken.order) == ("paid", order)
    else:
        assert (order.state, taken.order, payment.refunded_minor) == ("cancelled", other, payment.amount_minor)
    assert_coupons_add_up()


def test_limits_hold_in_all_for_one_person_in_time_and_for_a_circle(clock: Clock) -> None:
    circle = make_circle(now=clock.at)
    people = [make_buyer() for _ in range(3)]
    two = make_coupon(most=2)
    for one in people[:2]:
        services.take_coupon(code=two.code, member=one, now=clock.at)
    with pytest.raises(errors.AllTaken):
        services.take_coupon(code=two.code, member=people[2], now=clock.at)
    with pytest.raises(errors.CircleOnly):
        services.take_coupon(code=make_coupon(circle_id=circle.pk).code, member=people[0], now=clock.at)
    with pytest.raises(errors.NotTakenNow):
        services.take_coupon(
            code=make_coupon(opens_at=clock.at + timedelta(hours=1)).code, member=people[0], now=clock.at
        )
    over = make_coupon()
    services.end_coupon(coupon_id=over.pk, actor=make_staff("owner"), now=clock.at)
    with pytest.raises(errors.NotTakenNow):
        services.take_coupon(code=over.code, member=people[0], now=clock.at)
    assert_coupons_add_up()


def test_a_code_tells_nothing_and_tries_are_counted(clock: Clock) -> None:
    me, by_code, page = make_buyer(), make_coupon(way="code", most=1), make_coupon()
    spoken = f"{by_code.code[:4]}-{by_code.code[4:]}".lower()
    services.take_by_code(code=spoken, member=make_buyer(), now=clock.at)
    for code in ("0" * 12, page.code, by_code.code, "", "𝟘" * 99):  # unknown, of a page, all taken, nonsense
        with pytest.raises(errors.CodeHoldsNothing):
            services.take_by_code(code=code, member=me, now=clock.at)
    good = make_coupon(way="code")
    for _ in range(5):
        with pytest.raises(errors.CodeHoldsNothing):
            services.take_by_code(code="1" * 12, member=me, now=clock.at)
    with pytest.raises(errors.TooManyCodes):
        services.take_by_code(code=good.code, member=me, now=clock.at)
    clock.move(timedelta(hours=1))
    assert services.take_by_code(code=good.code, member=me, now=clock.at).coupon == good


def test_the_shop_gives_one_with_a_reason_and_asks_a_second_person_above_its_limit(clock: Clock) -> None:
    staff, owner, me = make_staff("operator"), make_staff("owner"), make_buyer()
    coupon = make_coupon(way="given", off_minor=30_000, from_minor=30_001, each=2)
    shared: dict[str, Any] = {"coupon_id": coupon.pk, "staff": staff, "reason": "颠簸压坏了", "now": clock.at}
    first = services.give_or_ask(member_id=me.pk, idempotency_key="a", **shared)
    assert first == services.give_or_ask(member_id=me.pk, idempotency_key="a", **shared)
    asked = services.give_or_ask(member_id=me.pk, idempotency_key="b", **shared)
    assert isinstance(asked, Approval) and asked.amount_minor == 30_000
    with pytest.raises(errors.NotToYourself):
        services.give_or_ask(member_id=staff.pk, idempotency_key="c", **shared)
    with pytest.raises(NotAllowed):
        services.give_or_ask(member_id=me.pk, idempotency_key="d", **{**shared, "staff": make_staff("fulfilment")})
    approve(approval_id=asked.pk, by=owner, now=clock.at)
    assert [one.nth for one in TakenCoupon.objects.filter(member=me).order_by("nth")] == [1, 2]
    assert Notice.objects.filter(member=me, kind="coupon_given").count() == 2


def test_terms_that_would_harm_are_refused_field_by_field(clock: Clock) -> None:
    with pytest.raises(Errors) as wrong:
        make_coupon(name_zh="", off_minor=0, most=0, each=99, use_days=None, way="heads", closes_at=clock.at)
    assert set(wrong.value.fields) == {"name_zh", "off_minor", "most", "each", "use_days", "way", "closes_at"}
    with pytest.raises(errors.OffTooMuch):
        make_coupon(off_minor=2_000)
    for both in (
        {"off_bp": 1_300},
        {"cap_minor": 500},
        {"kind": "percent", "off_bp": 1_300, "cap_minor": 500, "off_minor": 300},
    ):
        with pytest.raises(errors.AmountOrShare):
            make_coupon(**both)
    with pytest.raises(NotAllowed):
        make_coupon(staff=make_staff("support"))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE rewards_coupon SET off_minor = 600",
        "UPDATE rewards_coupon SET taken = 0",
        "UPDATE rewards_coupon SET way = 'heads'",
        "DELETE FROM rewards_codetries; DELETE FROM rewards_takencoupon",
        "UPDATE rewards_takencoupon SET order_id = NULL, held_at = NULL WHERE order_id IS NOT NULL",
        "UPDATE rewards_takencoupon SET order_id = %(other)s, held_at = now() WHERE order_id IS NULL",
        "UPDATE rewards_takencoupon SET ends_at = ends_at + interval '1 day'",
        "INSERT INTO rewards_takencoupon (coupon_id, member_id, nth, way, reason, key, taken_at, ends_at, backs) "
        "SELECT coupon_id, member_id, 2, way, '', '', taken_at, ends_at, 0 FROM rewards_takencoupon",
        "INSERT INTO sales_adjustment (order_id, kind, label_zh, label_en, amount_minor, source) "
        "VALUES (%(other)s, 'coupon', '', '', -1, 'coupon:1')",
        "UPDATE sales_order SET state = 'cancelled' WHERE id = %(order)s",
    ],
)
def test_the_database_refuses_what_no_program_should_write(sql: str) -> None:
    me = make_buyer()
    order = order_with(make_taken(me))
    make_taken(me)
    other = make_order(member=me)
    assert_coupons_add_up()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, {"order": order.pk, "other": other.pk})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_order_without_a_coupon_asks_nothing_more() -> None:
    me, sku, point = make_buyer(), make_sku(stock_of=9), make_point()
    make_taken(me)
    with CaptureQueriesContext(connection) as asked:
        make_paid_order(member=me, sku=sku, point=point)
    assert not [query for query in asked if "rewards_" in query["sql"]]
    assert Order.objects.count() == 1 and Coupon.objects.count() == 1
