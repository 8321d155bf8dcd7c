"""Brand days: prices in their hours, reminders, a record afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue.models import Maker
from quanzi.kernel.clock import Clock
from quanzi.people.contact.models import Notice
from quanzi.trade.launches import errors
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.models import BrandDay, Reminder
from quanzi.trade.launches.queries import calendar, day_page
from quanzi.trade.launches.services import DayPlan
from tests.factories.goods import make_sku
from tests.factories.launches import assert_launches_add_up, make_day
from tests.factories.trade import make_buyer, make_point, pay
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
