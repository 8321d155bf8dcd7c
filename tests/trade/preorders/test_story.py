"""A batch from the first deposit to the goods: what is paid, held, counted, made, balanced and sent back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from quanzi.goods.stock.queries import free
from quanzi.kernel.clock import Clock, frozen
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals import services as approvals
from quanzi.trade.payments.models import Payment
from quanzi.trade.preorders import errors
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.asking import call_off_or_ask
from quanzi.trade.preorders.models import Answer, Place, Preorder
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import KeyReused
from quanzi.trade.sales.models import Order
from tests.factories.preorders import (
    DAY,
    DEPOSIT,
    HOUR,
    PRICE,
    ask,
    assert_preorders_add_up,
    bring,
    hold,
    make_made,
    make_preorder,
    order_balance,
    pay_deposit,
    start_deposit,
)
from tests.factories.trade import capture, make_address, make_buyer, make_staff, pay

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Clock]:
    with frozen(NOW) as clock:
        yield clock


def deposit_of(place: Place) -> Payment:
    return Payment.objects.get(payable_kind="deposit", payable_id=place.pk, state="captured")


def state_of(place: Place) -> str:
    place.refresh_from_db()
    return place.state


def test_a_place_counts_when_its_deposit_is_paid_and_not_before() -> None:
    preorder = make_preorder(threshold=2)
    asked = ask(preorder, quantity=2)
    preorder.refresh_from_db()
    assert (asked.state, asked.deposit_minor, preorder.taken, preorder.reached_at) == ("asked", 2 * DEPOSIT, 0, None)

    pay_deposit(asked)
    preorder.refresh_from_db()
    assert (asked.state, preorder.taken, preorder.reached_at) == ("held", 2, NOW)
    assert_preorders_add_up()


def test_money_for_a_batch_that_is_full_meanwhile_goes_back_by_itself() -> None:
    preorder = make_preorder(threshold=1, most=1)
    first, second = ask(preorder), ask(preorder)
    pay_deposit(first)
    pay_deposit(second)
    late = deposit_of(second)
    assert (state_of(second), second.end_reason, late.surplus, late.refunded_minor) == (
        "gone",
        "preorder_full",
        True,
        DEPOSIT,
    )
    with pytest.raises(errors.PreorderFull):
        ask(preorder)
    assert_preorders_add_up()


def test_the_threshold_is_missed_and_every_deposit_returns(clock: Clock) -> None:
    preorder = make_preorder(threshold=3)
    held, unpaid = [hold(preorder), hold(preorder)], ask(preorder)
    clock.at = preorder.closes_at
    assert preorders.decide_due(clock.at) == 1
    preorder.refresh_from_db()
    assert (preorder.state, preorder.taken) == ("missed", 0)
    assert [state_of(place) for place in held] == ["returned", "returned"]
    assert [deposit_of(place).refunded_minor for place in held] == [DEPOSIT, DEPOSIT]
    assert state_of(unpaid) == "gone"
    assert preorders.decide_due(clock.at) == 0  # repeatable: nothing is left
    assert_preorders_add_up()


def test_a_place_whose_deposit_is_not_paid_ends_when_the_batch_is_made_without_it(clock: Clock) -> None:
    preorder = make_preorder(threshold=1)
    hold(preorder)
    unpaid = ask(preorder)
    payment = start_deposit(unpaid)
    assert preorders.expire_asked(clock.at) == 0
    preorders.make_batch(preorder_id=preorder.pk, actor="test", now=clock.at)
    assert preorders.expire_asked(clock.at) == 1
    assert (state_of(unpaid), unpaid.end_reason) == ("gone", "preorder_made_without")
    capture(payment)  # it was on its way
    assert deposit_of(unpaid).refunded_minor == DEPOSIT
    assert_preorders_add_up()


def test_the_window_closes_at_its_very_moment(clock: Clock) -> None:
    preorder = make_preorder(threshold=1)
    place = ask(preorder, now=preorder.closes_at - timedelta(minutes=1))
    payment = start_deposit(place, now=preorder.closes_at - timedelta(minutes=1))
    clock.at = preorder.closes_at
    capture(payment)
    assert (state_of(place), deposit_of(place).surplus) == ("gone", True)
    with pytest.raises(errors.PreorderClosed):
        ask(preorder)
    assert_preorders_add_up()


def test_a_batch_is_made_and_its_goods_belong_to_its_places_alone() -> None:
    preorder, places = make_made(places=2)
    sku_id = preorder.goods.get().sku_id
    assert free([sku_id])[sku_id] == 0
    bring(preorder, 3)
    assert free([sku_id])[sku_id] == 1  # one more than was taken is anybody's
    assert_preorders_add_up()
    assert all(place.order_id is None for place in places)


def test_the_balance_credits_the_deposit_and_goods_leave_when_they_are_here() -> None:
    preorder, (place, other) = make_made(places=2)
    order = order_balance(place)
    assert order.amount_minor == PRICE + order.freight_minor
    pay(order)
    own = Payment.objects.get(payable_kind="order", payable_id=order.pk)
    assert (own.amount_minor, state_of(place)) == (order.amount_minor - DEPOSIT, "settled")
    assert order.state == "paid" and order.released_at is None

    bring(preorder, 1)
    order.refresh_from_db()
    assert order.released_at == NOW
    assert state_of(other) == "held"
    assert_preorders_add_up()


def test_who_paid_first_is_served_first_and_nobody_is_overtaken() -> None:
    preorder, (first, second) = make_made(places=2)
    late = pay(order_balance(second))
    bring(preorder, 1)
    early = pay(order_balance(first))
    preorders.release_due(NOW)
    late.refresh_from_db()
    early.refresh_from_db()
    assert (late.released_at, early.released_at) == (NOW, None)
    bring(preorder, 1)
    early.refresh_from_db()
    assert early.released_at == NOW
    assert_preorders_add_up()


def test_a_refund_of_the_whole_is_exact_and_split_over_the_two_payments() -> None:
    _, (place, _) = make_made(places=2)
    order = pay(order_balance(place))
    sales.refund_order(order_id=order.pk, reason="x", actor="test", idempotency_key="whole", now=NOW)
    own = Payment.objects.get(payable_kind="order", payable_id=order.pk)
    assert (own.refunded_minor, deposit_of(place).refunded_minor) == (own.amount_minor, DEPOSIT)
    order.refresh_from_db()
    assert (order.refunded_minor, order.state, state_of(place)) == (order.amount_minor, "refunded", "returned")
    assert_preorders_add_up()


def test_a_refund_in_parts_takes_the_balance_first_and_then_the_deposit() -> None:
    preorder, (place, _) = make_made(places=2)
    order = pay(order_balance(place))
    bring(preorder, 2)
    sales.mark_handed_over(order_id=order.pk, now=NOW)
    line = order.lines.get()
    own, ahead = Payment.objects.get(payable_kind="order", payable_id=order.pk), deposit_of(place)
    sales.refund_line(line_id=line.pk, amount_minor=5_000, reason="a", actor="test", idempotency_key="a", now=NOW)
    own.refresh_from_db()
    assert (own.refunded_minor, deposit_of(place).refunded_minor) == (5_000, 0)
    sales.refund_line(line_id=line.pk, amount_minor=4_000, reason="b", actor="test", idempotency_key="b", now=NOW)
    own.refresh_from_db()
    ahead.refresh_from_db()
    assert own.refunded_minor + ahead.refunded_minor == PRICE
    assert (own.refunded_minor, ahead.refunded_minor) == (own.amount_minor, PRICE - own.amount_minor)
    assert_preorders_add_up()


def test_kept_goods_are_income_over_the_full_price(clock: Clock) -> None:
    preorder, (place, _) = make_made(places=2)
    order = pay(order_balance(place))
    bring(preorder, 2)
    sales.mark_handed_over(order_id=order.pk, now=NOW)
    sales.confirm_receipt(order_id=order.pk, member=place.member, now=NOW)
    sales.say_kept(line_id=order.lines.get().pk, member=place.member, now=NOW)
    assert order.lines.get().released_minor == PRICE
    assert_preorders_add_up()


def test_an_unpaid_balance_lapses_and_the_deposit_returns(clock: Clock) -> None:
    preorder, (place, other) = make_made(places=2)
    order = order_balance(place)
    clock.at = preorder.balance_until + timedelta(minutes=6)
    assert preorders.lapse_due(clock.at) == 2
    order.refresh_from_db()
    assert (order.state, state_of(place), state_of(other)) == ("cancelled", "returned", "returned")
    assert deposit_of(place).refunded_minor == DEPOSIT
    preorders.release_due(clock.at)
    preorder.refresh_from_db()
    assert (preorder.state, preorder.taken) == ("done", 0)
    assert_preorders_add_up()


def test_a_place_can_be_left_until_the_balance_is_paid() -> None:
    preorder = make_preorder()
    member = make_buyer()
    asked = ask(preorder, member=member)
    assert preorders.leave(place_id=asked.pk, member=member, now=NOW).state == "gone"
    held = hold(preorder, member=member)
    assert preorders.leave(place_id=held.pk, member=member, now=NOW).state == "returned"
    assert preorders.leave(place_id=held.pk, member=member, now=NOW).state == "returned"
    preorder.refresh_from_db()
    assert preorder.taken == 0

    _, (first, second) = make_made(places=2)
    order = order_balance(first)
    preorders.leave(place_id=first.pk, member=first.member, now=NOW)
    order.refresh_from_db()
    assert (order.state, state_of(first), deposit_of(first).refunded_minor) == ("cancelled", "returned", DEPOSIT)
    pay(order_balance(second))
    with pytest.raises(errors.PaidInFull):
        preorders.leave(place_id=second.pk, member=second.member, now=NOW)
    with pytest.raises(errors.NoSuchPlace):
        preorders.leave(place_id=second.pk, member=member, now=NOW)
    assert_preorders_add_up()


def test_a_cancelled_balance_order_gives_the_place_its_goods_and_deposit_back() -> None:
    _, (place, _) = make_made(places=2)
    order = order_balance(place)
    sales.cancel_order(order_id=order.pk, actor="x", reason="y", member=place.member, now=NOW)
    place.refresh_from_db()
    assert (place.state, place.order_id) == ("held", None)
    again = order_balance(place)
    third = order_balance(place, note="other door")
    again.refresh_from_db()
    assert (again.state, third.state) == ("cancelled", "placed")
    pay(third)
    assert state_of(place) == "settled"
    assert_preorders_add_up()


def test_a_late_repetition_of_a_replaced_balance_order_takes_nothing_from_the_newer_one() -> None:
    preorder, (place, _) = make_made(places=2)
    address = make_address(place.member).pk
    first = order_balance(place, idempotency_key="one", address_id=address)
    second = order_balance(place, idempotency_key="two", address_id=address)

    assert order_balance(place, idempotency_key="one", address_id=address) == first
    with pytest.raises(KeyReused):
        order_balance(place, idempotency_key="one", address_id=address, note="other door")

    second.refresh_from_db()
    place.refresh_from_db()
    assert (second.state, place.order_id) == ("placed", second.pk)
    bring(preorder, 2)
    assert set(free([place.good.sku_id]).values()) == {0}
    pay(second)
    assert order_balance(place, idempotency_key="one", address_id=address) == first
    assert state_of(place) == "settled"
    assert_preorders_add_up()


def test_another_date_needs_a_yes_and_silence_is_a_no(clock: Clock) -> None:
    preorder, (yes, no) = make_made(places=2)
    other = hold(make_preorder())  # of another batch: not asked
    paid = pay(order_balance(no))
    change = preorders.ask_date(
        preorder_id=preorder.pk, after=preorder.promised_on + 7 * DAY, reason="雨季，染不干", actor="test", now=NOW
    )
    with pytest.raises(errors.StillAsking):
        preorders.ask_date(
            preorder_id=preorder.pk, after=preorder.promised_on + 9 * DAY, reason="x", actor="t", now=NOW
        )
    preorders.answer_date(place_id=yes.pk, member=yes.member, agrees=True, now=NOW)
    preorders.answer_date(place_id=no.pk, member=no.member, agrees=False, now=NOW)
    paid.refresh_from_db()
    assert (state_of(yes), state_of(no), paid.state) == ("held", "returned", "refunded")
    assert deposit_of(no).refunded_minor == DEPOSIT
    with pytest.raises(errors.NothingAsked):
        preorders.answer_date(place_id=yes.pk, member=yes.member, agrees=False, now=NOW)
    assert Answer.objects.filter(change=change).count() == 2 and state_of(other) == "held"

    with pytest.raises(errors.NotLater):
        preorders.ask_date(preorder_id=preorder.pk, after=NOW.date(), reason="x", actor="test", now=NOW)
    preorder.refresh_from_db()
    second = preorders.ask_date(
        preorder_id=preorder.pk, after=preorder.promised_on + DAY, reason="x", actor="test", now=NOW
    )
    clock.at = second.answer_by
    preorders.decide_due(clock.at)
    assert preorders.close_answers(clock.at) == 1
    assert (state_of(yes), yes.end_reason) == ("returned", "preorder_date_silent")
    assert_preorders_add_up()


def test_calling_off_gives_everything_back_at_every_stage(clock: Clock) -> None:
    preorder, (held, settled) = make_made(places=2)
    ordered = order_balance(held)
    paid = pay(order_balance(settled))
    preorders.call_off(preorder_id=preorder.pk, reason="工坊失火", actor="test", now=NOW)
    preorders.decide_due(NOW)
    ordered.refresh_from_db()
    paid.refresh_from_db()
    assert (ordered.state, paid.state) == ("cancelled", "refunded")
    assert (state_of(held), state_of(settled)) == ("returned", "returned")
    assert [deposit_of(place).refunded_minor for place in (held, settled)] == [DEPOSIT, DEPOSIT]
    with pytest.raises(errors.Ended):
        preorders.call_off(preorder_id=preorder.pk, reason="x", actor="test", now=NOW)
    assert_preorders_add_up()


def test_calling_off_above_the_limit_waits_for_a_second_person() -> None:
    preorder, _ = make_made(places=2)
    boss, other = make_staff("operator"), make_staff("owner")
    approvals.set_limit(name=limits.REFUND_ORDER, amount_minor=100, by=other, now=NOW)
    asked = call_off_or_ask(preorder_id=preorder.pk, reason="x", staff=boss, idempotency_key="off", now=NOW)
    assert asked is not None and asked.amount_minor == 2 * DEPOSIT
    again = call_off_or_ask(preorder_id=preorder.pk, reason="x", staff=boss, idempotency_key="off", now=NOW)
    assert again is not None and again.pk == asked.pk
    preorder.refresh_from_db()
    assert preorder.state == "made"
    approvals.approve(approval_id=asked.pk, by=other, now=NOW)
    preorder.refresh_from_db()
    assert preorder.state == "called_off"
    preorders.decide_due(NOW)
    assert_preorders_add_up()


def test_the_batch_is_made_by_hand_only_with_enough_deposits() -> None:
    preorder = make_preorder(threshold=2)
    hold(preorder)
    with pytest.raises(errors.BelowThreshold):
        preorders.make_batch(preorder_id=preorder.pk, actor="test", now=NOW)
    with pytest.raises(errors.NotMade):
        preorders.ask_balance(preorder_id=preorder.pk, actor="test", now=NOW)
    late = ask(preorder)
    hold(preorder)
    preorders.make_batch(preorder_id=preorder.pk, actor="test", now=NOW)
    pay_deposit(late)
    assert (state_of(late), deposit_of(late).surplus) == ("gone", True)
    assert_preorders_add_up()


def test_an_order_of_the_balance_needs_its_own_place_and_its_window(clock: Clock) -> None:
    preorder, (place, _) = make_made(places=2)
    with pytest.raises(errors.NoSuchPlace):
        preorders.order_balance(place_id=place.pk, member=make_buyer(), method="delivery", idempotency_key="k", now=NOW)
    clock.at = preorder.balance_until
    with pytest.raises(errors.BalanceNotAsked):
        order_balance(place)
    assert not Order.objects.exists()


def test_terms_that_make_no_sense_are_all_told_at_once() -> None:
    from quanzi.kernel.errors import Errors

    with pytest.raises(Errors) as told:
        make_preorder(threshold=9, most=5, closes_at=NOW - HOUR, title="")
    assert {one.code for one in told.value.errors} >= {"bad_preorder_terms", "bad_preorder_window"}
    assert not Preorder.objects.exists()
