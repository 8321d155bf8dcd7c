"""From hand-over to kept: receipt, windows, the buyer's word, and what the shop has earned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from quanzi.kernel import clock
from quanzi.kernel.clock import SITE_ZONE, Clock
from quanzi.kernel.errors import IllegalMove
from quanzi.kernel.money import Money
from quanzi.trade.sales import errors, queries, rules, services
from quanzi.trade.sales.models import OrderState
from quanzi.trade.sales.states import BORN, ORDER_MOVES
from tests.factories.goods import make_product, make_sku
from tests.factories.trade import make_buyer, make_order, make_paid_order, make_point, make_received_order

Books = Callable[[str], Money]
CLAIM = timedelta(hours=48)


class TestWindows:
    def test_seven_days_count_from_the_day_after_signing_on_the_sites_calendar(self) -> None:
        late_evening = datetime(2027, 5, 1, 23, 30, tzinfo=SITE_ZONE)
        closes = rules.return_closes_at(received_at=late_evening.astimezone(UTC), rule="seven_days", return_days=7)
        assert closes == datetime(2027, 5, 9, tzinfo=SITE_ZONE)

    @pytest.mark.parametrize("rule", ["fresh", "made_to_order"])
    def test_fresh_and_made_to_order_goods_have_only_the_claim_window(self, rule: str) -> None:
        assert rules.return_closes_at(received_at=datetime(2027, 5, 1, tzinfo=UTC), rule=rule, return_days=7) is None

    def test_kept_needs_money_goods_receipt_and_a_word_or_closed_windows(self) -> None:
        at = datetime(2027, 5, 1, tzinfo=UTC)
        whole = {"is_captured": True, "handed_over_at": at, "received_at": at, "claim_closes_at": at + CLAIM}
        assert not rules.is_kept(rules.LineFacts(**whole), at)
        assert rules.is_kept(rules.LineFacts(**whole), at + CLAIM)
        assert rules.is_kept(rules.LineFacts(**whole, said_kept_at=at), at)
        assert not rules.is_kept(rules.LineFacts(**whole, return_closes_at=at + 2 * CLAIM), at + CLAIM)
        for missing in ("is_captured", "handed_over_at", "received_at"):
            assert not rules.is_kept(rules.LineFacts(**{**whole, missing: None}, said_kept_at=at), at + CLAIM)
        for against in ("disputed_at", "returned_at"):
            assert not rules.is_kept(rules.LineFacts(**whole, said_kept_at=at, **{against: at}), at + CLAIM)


def test_every_state_is_reached_and_only_two_are_ends() -> None:
    assert ORDER_MOVES.reachable(BORN) == set(OrderState.values)
    assert {state for state in OrderState.values if ORDER_MOVES.is_final(state)} == {"refunded"}
    assert ORDER_MOVES.after("cancelled") == {"paid"}


pytestmark = pytest.mark.django_db


def test_a_pickup_is_received_with_the_hand_over() -> None:
    order = make_received_order(point=make_point())
    line = order.lines.get()
    assert order.state == OrderState.RECEIVED
    assert line.claim_closes_at == clock.now() + CLAIM
    assert line.return_closes_at == datetime(2027, 5, 9, tzinfo=SITE_ZONE)


def test_a_delivery_is_received_when_the_buyer_says_so_and_twice_is_once() -> None:
    order = make_paid_order()
    services.mark_handed_over(order_id=order.pk, now=clock.now())
    assert order.lines.get().received_at is None
    for _ in range(2):
        services.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    order.refresh_from_db()
    assert [move.after for move in order.moves.order_by("id")] == ["placed", "paid", "handed_over", "received"]


def test_receipt_cannot_be_confirmed_before_the_goods_left_or_by_somebody_else() -> None:
    order = make_paid_order()
    with pytest.raises(IllegalMove):
        services.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    with pytest.raises(errors.NoSuchOrder):
        services.confirm_receipt(order_id=order.pk, member=make_buyer(), now=clock.now())


def test_a_silent_buyer_has_received_after_seven_days_and_not_before(time: Clock) -> None:
    order = make_paid_order()
    services.mark_handed_over(order_id=order.pk, now=clock.now())
    assert services.auto_receive(now=time.move(timedelta(days=7)) - timedelta(microseconds=1)) == 0
    assert services.auto_receive(now=clock.now()) == 1
    order.refresh_from_db()
    assert (order.state, order.received_at) == (OrderState.RECEIVED, clock.now())


def test_unpaid_goods_stay_here() -> None:
    order = make_order()
    with pytest.raises(errors.NotPaid):
        services.mark_handed_over(order_id=order.pk, now=clock.now())


def test_goods_may_leave_in_two_parts() -> None:
    skus = [make_sku(stock_of=3), make_sku(stock_of=3)]
    order = make_paid_order(lines=[(sku.pk, 1) for sku in skus], point=make_point())
    first, second = order.lines.order_by("id")

    services.mark_handed_over(order_id=order.pk, line_ids=[first.pk], now=clock.now())
    order.refresh_from_db()
    assert order.state == OrderState.PAID
    services.mark_handed_over(order_id=order.pk, line_ids=[second.pk], now=clock.now())

    order.refresh_from_db()
    assert order.state == OrderState.RECEIVED
    with pytest.raises(errors.NothingToHandOver):
        services.mark_handed_over(order_id=order.pk, now=clock.now())


def test_when_the_windows_close_the_goods_are_kept_and_the_money_is_earned_once(time: Clock, books: Books) -> None:
    order = make_received_order(sku=make_sku(price_minor=5_000, stock_of=5))
    closing = datetime(2027, 5, 9, tzinfo=SITE_ZONE)
    assert services.close_windows(now=closing - timedelta(microseconds=1)) == 0
    assert books("escrow.buyers") == Money(5_400)

    time.move(closing - clock.now())
    assert services.close_windows(now=clock.now()) == 1
    assert services.close_windows(now=clock.now()) == 0

    order.refresh_from_db()
    assert order.state == OrderState.COMPLETED
    assert [books(code) for code in ("escrow.buyers", "income.goods", "income.delivery")] == [
        Money(0),
        Money(5_000),
        Money(400),
    ]
    assert queries.product_counts([order.lines.get().product_id]).popitem()[1] == queries.KeptCount(1, 0)


def test_fresh_goods_are_kept_when_the_claim_window_closes(time: Clock) -> None:
    fresh = make_sku(product=make_product(on_sale=True, return_rule="fresh", claim_hours=24), stock_of=2)
    make_received_order(sku=fresh)
    assert services.close_windows(now=time.move(timedelta(hours=24))) == 1


def test_the_buyers_word_keeps_at_once_and_twice_is_once(books: Books) -> None:
    order = make_received_order(point=make_point())
    line = order.lines.get()
    for _ in range(2):
        services.say_kept(line_id=line.pk, member=order.member, now=clock.now())
    order.refresh_from_db()
    assert order.state == OrderState.COMPLETED
    assert books("income.goods") == Money(3_990)
    assert services.close_windows(now=clock.now() + timedelta(days=30)) == 0


def test_only_the_buyer_of_received_goods_says_kept() -> None:
    order = make_paid_order(point=make_point())
    line = order.lines.get()
    with pytest.raises(errors.NoSuchLine):
        services.say_kept(line_id=line.pk, member=make_buyer(), now=clock.now())
    with pytest.raises(errors.NotReceived):
        services.say_kept(line_id=line.pk, member=order.member, now=clock.now())


def test_a_disputed_line_is_not_kept_until_it_is_settled(time: Clock) -> None:
    order = make_received_order(point=make_point())
    line = order.lines.get()
    services.dispute_line(line_id=line.pk, now=clock.now())
    with pytest.raises(errors.IsDisputed):
        services.say_kept(line_id=line.pk, member=order.member, now=clock.now())
    assert services.close_windows(now=time.move(timedelta(days=30))) == 0

    services.settle_line(line_id=line.pk, now=clock.now())

    assert services.close_windows(now=clock.now()) == 1


def test_replayed_orders_are_paid_in_silence_and_never_prepared() -> None:
    order = make_paid_order(origin="replay", point=make_point())
    assert not hasattr(order, "fulfilment")
    assert not order.member.notices.exists()


def test_pages_and_lists_read_what_happened() -> None:
    order = make_received_order(point=make_point())
    services.say_kept(line_id=order.lines.get().pk, member=order.member, now=clock.now())

    page = queries.order_page(order.number, order.member)

    assert [move.after for move in page.moves] == ["placed", "paid", "handed_over", "received", "completed"]
    assert all(left.after == right.before for left, right in pairwise(page.moves))
    assert sum(step.amount.minor for step in page.steps) + page.goods.minor == page.card.amount.minor
    assert not page.lines[0].may_say_kept
    assert [row.said for row in queries.evidence(page.lines[0].product_id)] == [True]
    with pytest.raises(errors.NoSuchOrder):
        queries.order_page(order.number, make_buyer())


def test_my_orders_stand_by_the_moment_they_were_placed_page_after_page() -> None:
    member, point, sku, now = make_buyer(), make_point(), make_sku(stock_of=9), clock.now()
    placed = [now - timedelta(minutes=minutes) for minutes in (1, 5, 3, 3, 2)]
    made = [make_order(member=member, point=point, sku=sku, now=at) for at in placed]
    wanted = [made[at].pk for at in (0, 4, 3, 2, 1)]
    assert [card.id for card in queries.my_orders(member_id=member.pk)] == wanted
    paged, before = list[int](), None
    while page := queries.my_orders(member_id=member.pk, before_id=before, limit=2):
        paged, before = [*paged, *(card.id for card in page)], page[-1].id
    assert paged == wanted


@pytest.mark.parametrize("orders", [1, 20])
def test_a_list_of_orders_takes_three_queries(orders: int, django_assert_num_queries: object) -> None:
    member, point, sku = make_buyer(), make_point(), make_sku(stock_of=100)
    for _ in range(orders):
        make_order(member=member, point=point, sku=sku)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert len(queries.my_orders(member_id=member.pk)) == orders
    assert queries.group_counts(member_id=member.pk)["unpaid"] == orders
