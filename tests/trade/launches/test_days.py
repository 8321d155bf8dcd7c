"""Brand days: prices in their hours, reminders, a record afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue.models import Maker
from quanzi.goods.pricing.models import TimedPrice
from quanzi.kernel.clock import Clock
from quanzi.people.contact.models import Notice
from quanzi.trade.launches import errors
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.invariants import day_prices_hold_everywhere, hold_prices
from quanzi.trade.launches.models import BrandDay, Reminder
from quanzi.trade.launches.queries import calendar, day_of_sku, day_page
from quanzi.trade.launches.services import DayPlan
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.queries import cart_view
from tests.factories.goods import make_sku
from tests.factories.launches import assert_launches_add_up, make_day
from tests.factories.trade import make_buyer, make_order, make_point, pay
from tests.trade.launches.conftest import NOW

pytestmark = pytest.mark.django_db
HOUR, MS = timedelta(hours=1), timedelta(milliseconds=1)


def order_of(day: BrandDay, **fields: object) -> object:
    line = (day.goods.get().sku_id, 2)
    return launches.order_of_day(
        day_id=day.pk, member=make_buyer(), lines=fields.pop("lines", [line]), method="pickup",
        pickup_point_id=make_point().pk, idempotency_key="day", **fields,
    )  # fmt: skip


def test_its_prices_hold_from_its_opening_to_the_moment_before_its_end(clock: Clock) -> None:
    day = make_day()
    for at in (day.starts_at - MS, day.ends_at):
        with pytest.raises(errors.DayNotOpen):
            order_of(day, now=at)
    clock.at = day.ends_at - MS
    order = pay(order_of(day, now=clock.at))
    assert order.amount_minor == 6_000
    assert order.released_at == clock.at
    other = make_sku(stock_of=3)
    with pytest.raises(errors.NotOfDay):
        order_of(day, lines=[(other.pk, 1)], now=clock.at)
    assert_launches_add_up()


def test_its_prices_hold_in_every_cart_and_each_line_says_why(clock: Clock) -> None:
    day = make_day()
    sku, other, member = day.goods.get().sku, make_sku(stock_of=3), make_buyer()
    for one in (sku, other):
        sales.add_to_cart(member=member, sku_id=one.pk, quantity=2, now=NOW)

    def costs() -> list[int]:
        return [row.total.minor for row in cart_view(member=member, now=clock.at).rows if row.total]

    plain = [2 * sku.price_minor, 2 * other.price_minor]
    assert costs() == plain and day_of_sku(sku_id=sku.pk, now=NOW).is_open is False
    clock.at = day.starts_at
    assert costs() == [6_000, plain[1]]
    lines = [(sku.pk, 2), (other.pk, 2)]
    order = pay(make_order(member=member, lines=lines, now=clock.at))
    assert [line.paid_minor for line in order.lines.order_by("id")] == [6_000, plain[1]]
    step = order.adjustments.get(line__sku=sku)
    assert (step.source, step.label_zh, step.amount_minor) == (f"day:{day.pk}", "拾皮专场 · 专场价", 6_000 - plain[0])
    way = day_of_sku(sku_id=sku.pk, now=clock.at)
    assert (way.is_open, way.price.minor, way.was) == (True, 3_000, None)

    clock.at = day.ends_at - MS
    assert costs() == [6_000, plain[1]]
    clock.at = day.ends_at
    assert costs() == plain and day_of_sku(sku_id=sku.pk, now=clock.at) is None
    assert_launches_add_up()


def test_a_day_that_is_called_off_changes_no_price_and_the_doctor_mends_what_is_missing(clock: Clock) -> None:
    off, day = make_day(), make_day()
    launches.call_off_day(day_id=off.pk, actor="test", now=NOW)
    assert not TimedPrice.objects.filter(source=f"day:{off.pk}").exists()
    TimedPrice.objects.all().delete()
    TimedPrice.objects.create(
        sku=off.goods.get().sku, price_minor=1, starts_at=NOW, ends_at=day.ends_at, source=f"day:{off.pk}", label_zh="", label_en=""
    )  # fmt: skip
    assert len(list(day_prices_hold_everywhere())) == 2
    hold_prices()
    assert list(day_prices_hold_everywhere()) == []
    assert TimedPrice.objects.get().source == f"day:{day.pk}"


def test_the_database_lets_nobody_take_off_more_than_the_day_says(clock: Clock) -> None:
    day = make_day()
    clock.at = day.starts_at
    order = order_of(day, now=clock.at)
    deliver_pending()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sales_adjustment (order_id, line_id, kind, label_zh, label_en, amount_minor, source)"
            " SELECT order_id, id, 'day', '', '', -list_minor * quantity, %s FROM sales_orderline WHERE order_id = %s; SET CONSTRAINTS ALL IMMEDIATE",
            [f"day:{day.pk}", order.pk],
        )


def test_what_was_really_charged_before_may_stand_struck_through(clock: Clock) -> None:
    day = make_day()
    sku = day.goods.get().sku
    pay(make_order(sku=sku, now=NOW))
    clock.at = day.starts_at
    assert day_page(slug=day.slug, viewer=None, now=clock.at).goods[0].was.minor == sku.price_minor
    assert day_of_sku(sku_id=sku.pk, now=clock.at).was.minor == sku.price_minor


def test_who_asked_is_reminded_once_when_it_opens_and_of_few_things_on_one_day(clock: Clock) -> None:
    days, member = [make_day() for _ in range(4)], make_buyer()
    for day in days[:3]:
        launches.remind(day_id=day.pk, member=member, now=NOW)
        launches.remind(day_id=day.pk, member=member, now=NOW)
    with pytest.raises(errors.TooManyReminders):
        launches.remind(day_id=days[3].pk, member=member, now=NOW)
    launches.unremind(day_id=days[0].pk, member=member)
    launches.remind(day_id=days[3].pk, member=member, now=NOW)
    launches.call_off_day(day_id=days[1].pk, actor="test", now=NOW)

    clock.at = days[0].starts_at
    told = [launches.tell_reminders(day_id=day.pk, now=clock.at) for day in days * 2]

    assert told == [0, 0, 1, 1, 0, 0, 0, 0]
    assert Notice.objects.filter(member=member, kind="day_opens").count() == 2
    assert Reminder.objects.filter(told_at=None).count() == 1  # of the day that was called off
    with pytest.raises(errors.DayBegun):
        launches.remind(day_id=days[3].pk, member=make_buyer(), now=clock.at)


def test_everything_wrong_with_a_plan_is_told_at_once() -> None:
    sku = make_sku(price_minor=4_000)
    maker = Maker.objects.create(name="别家", slug="bie-jia")
    with pytest.raises(Exception) as refused:
        launches.plan_day(
            maker_id=maker.pk, title="", starts_at=NOW, ends_at=NOW + 99 * HOUR, goods=[DayPlan(sku.pk, 4_000)],
            actor="test", now=NOW,
        )  # fmt: skip
    assert set(refused.value.fields) == {"title", "starts_at", "goods"}


def test_its_terms_are_never_edited_and_its_price_belongs_to_its_hours(clock: Clock) -> None:
    day = make_day()
    clock.at = day.starts_at
    order = order_of(day, now=clock.at)
    deliver_pending()
    for sql in (
        "UPDATE launches_brandday SET ends_at = ends_at + interval '1 day'",
        "UPDATE launches_brandday SET called_off_at = starts_at",
        "UPDATE launches_daygood SET price_minor = 1",
        "DELETE FROM launches_brandday",
        "INSERT INTO sales_adjustment (order_id, line_id, kind, label_zh, label_en, amount_minor, source)"
        f" SELECT {order.pk}, NULL, 'day', '', '', -1, 'day:{day.pk}'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql + "; SET CONSTRAINTS ALL IMMEDIATE")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_the_calendar_shows_several_brands_a_day_and_keeps_past_ones(clock: Clock) -> None:
    days = [make_day() for _ in range(2)]
    ahead, past = calendar(viewer=None, now=NOW)
    assert ([len(one.days) for one in ahead], past) == ([2], [])
    clock.at = days[0].ends_at
    ahead, past = calendar(viewer=None, now=clock.at)
    assert (ahead, [len(one.days) for one in past]) == ([], [2])
    page = day_page(slug=days[0].slug, viewer=None, now=clock.at)
    assert (page.day.phase, page.goods[0].price.minor) == ("past", 3_000)
