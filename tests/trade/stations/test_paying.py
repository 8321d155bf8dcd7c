"""What a leader earns by handing over, and what happens to goods that nobody fetches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue.models import Product
from quanzi.kernel import crash
from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import NotAllowed
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.services import set_limit
from quanzi.people.contact.models import Notice
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderState
from quanzi.trade.stations import errors, queries, rules
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.asking import settle_or_ask
from quanzi.trade.stations.models import Earning, Settlement, Stop
from quanzi.trade.stations.services import GoodPlan
from tests.factories.goods import make_sku
from tests.factories.stations import assert_rounds_add_up, make_round, order_in
from tests.factories.trade import make_staff, pay
from tests.trade.stations.conftest import NOW

pytestmark = pytest.mark.django_db
WEEKS = timedelta(days=21)


class Day:
    """Two paid orders of one unit at 30.00, of which the leader gets a tenth; cut off and ready to be fetched."""

    def __init__(self, clock: Clock) -> None:
        self.clock, sku = clock, make_sku(stock_of=9)
        self.round = make_round(goods=[GoodPlan(sku.pk, 3_000, 9, leader_bp=1_000)])
        self.orders = [pay(order_in(self.round)) for _ in range(2)]
        self.stop = Stop.objects.select_related("station__point__leader").get()
        self.leader = self.stop.station.point.leader
        clock.at = self.round.cut_off_at
        stations.close_due(clock.at)
        deliver_pending()
        for one in Fulfilment.objects.all():
            stations.arriving.fulfilment.make_ready(fulfilment_id=one.pk, actor="test", now=clock.at)
        clock.at = self.round.pickup_from

    def hand(self, order: Order) -> None:
        code = Fulfilment.objects.get(order=order).pickup_code
        stations.hand_over(station_id=self.stop.station_id, code=code, actor=self.leader, key=code, now=self.clock.at)
        deliver_pending()

    def keep(self) -> None:
        self.clock.at += WEEKS
        sales.close_windows(now=self.clock.at)
        deliver_pending()
        stations.carry_on(self.clock.at)


@pytest.fixture
def day(clock: Clock) -> Day:
    return Day(clock)


def test_a_part_is_earned_at_the_hand_over_and_owed_when_the_goods_are_kept(day: Day) -> None:
    day.hand(day.orders[0])
    pay_now = queries.pay_of(leader_id=day.leader.pk, now=day.clock.at)
    assert (pay_now.waiting.minor, pay_now.payable.minor, pay_now.level) == (300, 0, "new")
    assert stations.carry_on(day.clock.at) == 0

    day.keep()

    assert queries.due_to_leader(day.leader.pk) == [(Earning.objects.get().pk, 300)]
    assert stations.carry_on(day.clock.at) == 0
    assert [row.name for row in queries.leaders_due()] == [day.leader.name]
    assert_rounds_add_up()


def test_a_settlement_pays_what_is_owed_once_and_a_later_refund_is_taken_off_the_next(day: Day) -> None:
    for order in day.orders:
        day.hand(order)
    day.keep()
    staff = make_staff("finance")
    words = {"leader_id": day.leader.pk, "reference": "bank 1", "staff": staff, "key": "k", "now": day.clock.at}
    with pytest.raises(NotAllowed):
        stations.settle_leader(**{**words, "staff": make_staff("operator")})
    made = stations.settle_leader(**words)
    assert (made.amount_minor, stations.settle_leader(**words)) == (600, made)
    with pytest.raises(errors.NothingDue):
        stations.settle_leader(**{**words, "key": "other"})

    line = day.orders[0].lines.get()
    sales.refund_line(
        line_id=line.pk, amount_minor=1_500, reason="test", actor="test", idempotency_key="r", now=day.clock.at
    )
    deliver_pending()  # the refund itself takes it back, not the next round of the clock

    assert queries.pay_of(leader_id=day.leader.pk, now=day.clock.at).payable.minor == -150
    assert queries.earnings_of(leader_id=day.leader.pk)[-1].money.minor == 150
    assert_rounds_add_up()


def test_above_the_limit_a_second_person_agrees_to_a_settlement(day: Day) -> None:
    day.hand(day.orders[0])
    day.keep()
    one, owner = make_staff("finance"), make_staff("owner")
    set_limit(name="payout", amount_minor=100, by=owner, now=day.clock.at)
    words = {"leader_id": day.leader.pk, "reference": "bank 1", "staff": one, "key": "k", "now": day.clock.at}
    asked = settle_or_ask(**words)
    assert asked is not None and not Settlement.objects.exists()
    approvals.approve(approval_id=asked.pk, by=owner, now=day.clock.at)
    assert Settlement.objects.get().approved_by == owner
    assert_rounds_add_up()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM stations_earning", "UPDATE stations_earning SET amount_minor = 9999",
        "UPDATE stations_earning SET payable_at = now()", "UPDATE stations_earning SET leader_id = leader_id + 1",
    ],
)  # fmt: skip
def test_raw_sql_cannot_say_that_more_was_earned(day: Day, statement: str) -> None:
    day.hand(day.orders[0])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_keeps_is_refunded_after_the_second_window_and_fresh_goods_wait_for_the_shop(day: Day) -> None:
    day.hand(day.orders[0])
    until = day.round.pickup_until
    stations.note_missed(until)
    assert stations.end_missed(until + rules.SECOND_WINDOW - timedelta(milliseconds=1)) == 0
    day.clock.at = until + rules.SECOND_WINDOW
    assert (stations.end_missed(day.clock.at), stations.end_missed(day.clock.at)) == (1, 0)
    deliver_pending()
    assert Order.objects.get(pk=day.orders[1].pk).state == OrderState.REFUNDED
    assert Notice.objects.filter(kind="round_not_fetched", member_id=day.orders[1].member_id).count() == 1
    assert_rounds_add_up()


def test_who_comes_while_others_are_refunded_gets_the_goods_and_no_refund(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = day.round.pickup_until
    stations.note_missed(until)
    day.clock.at = until + rules.SECOND_WINDOW

    def first_is_refunded(name: str) -> None:
        if name == "stations.missed.one_refunded":
            monkeypatch.undo()
            day.hand(day.orders[1])

    monkeypatch.setattr(crash, "point", first_is_refunded)
    assert stations.end_missed(day.clock.at) == 1

    fetched = Order.objects.get(pk=day.orders[1].pk)
    assert (fetched.state, fetched.refunded_minor) == (OrderState.RECEIVED, 0)
    assert Order.objects.get(pk=day.orders[0].pk).state == OrderState.REFUNDED
    assert_rounds_add_up()


def test_fresh_goods_that_nobody_fetched_are_not_refunded_in_silence(clock: Clock) -> None:
    sku = make_sku(stock_of=9)
    Product.objects.filter(pk=sku.product_id).update(return_rule="fresh")
    made = make_round(sku=sku)
    order = pay(order_in(made))
    clock.at = made.cut_off_at
    stations.close_due(clock.at)
    deliver_pending()
    stations.arriving.fulfilment.make_ready(fulfilment_id=Fulfilment.objects.get().pk, actor="test", now=clock.at)
    clock.at = made.pickup_until + rules.SECOND_WINDOW
    stations.note_missed(clock.at)
    assert stations.end_missed(clock.at) == 0
    assert Order.objects.get(pk=order.pk).state == OrderState.PAID
    assert clock.at > NOW


@pytest.mark.parametrize(
    ("record", "level"),
    [
        (rules.Record(0, 0, 0, 0, 0, 0, 0), "new"), (rules.Record(20, 40, 2, 1, 10, 9, 3), "good"),
        (rules.Record(20, 40, 3, 1, 10, 9, 3), "steady"), (rules.Record(100, 200, 4, 2, 20, 19, 9), "best"),
        (rules.Record(100, 200, 4, 3, 20, 19, 9), "good"),
    ],
)  # fmt: skip
def test_a_level_follows_from_facts(record: rules.Record, level: str) -> None:
    assert rules.level_of(record) == level
