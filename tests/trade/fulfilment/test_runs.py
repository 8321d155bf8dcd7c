"""A driver of our own: stops in their order, windows, and each stop done once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from quanzi.base.events.services import deliver_pending
from quanzi.goods.stock.queries import levels
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from quanzi.people.accounts.models import Member, StaffRole
from quanzi.trade.fulfilment import errors, rules
from quanzi.trade.fulfilment.models import Fulfilment, Run, Stop
from quanzi.trade.fulfilment.policies import DRIVING_ROLES
from quanzi.trade.fulfilment.queries.runs import coming, run_page, to_plan
from quanzi.trade.fulfilment.services import drivers, runs
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.faces.console.desk import staff_client
from tests.factories.goods import make_sku
from tests.factories.people import make_member, make_staff
from tests.factories.sending import make_driver
from tests.factories.trade import make_paid_order, open_fulfilment

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FIVE = datetime(2027, 5, 1, 9, tzinfo=UTC)
"""Five in the afternoon in Shanghai."""


def to_bring() -> tuple[Order, Fulfilment]:
    order = make_paid_order(sku=make_sku(stock_of=3))
    return order, open_fulfilment(order)


def plan(*found: Fulfilment, driver: Member | None = None, hours: int = 4, **fields: object) -> Run:
    return runs.plan_run(
        title="城西", driver=make_driver(driver), starts_at=FIVE, ends_at=FIVE + hours * HOUR,
        fulfilment_ids=[one.pk for one in found], actor="staff:0", now=clock.now(), **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def stop_of(run: Run, position: int = 1) -> Stop:
    return run.stops.get(position=position)


@pytest.mark.parametrize(("hours", "stops"), [(4, 1), (4, 7), (1, 5), (2, 2), (10, 40)])
def test_windows_lie_in_the_run_in_order_and_hold_the_expected_moment(hours: int, stops: int) -> None:
    end = FIVE + hours * HOUR
    found = rules.windows(starts_at=FIVE, ends_at=end, stops=stops)
    assert len(found) == stops and found == sorted(found)
    for n, (first, last) in enumerate(found):
        expected = FIVE + (end - FIVE) / stops * (n + 0.5)
        assert FIVE <= first <= expected < last <= end and last - first <= 2 * HOUR


def test_the_buyer_is_told_the_window_and_sees_how_many_stops_come_before() -> None:
    (first, one), (second, two) = to_bring(), to_bring()
    run = plan(one, two)
    deliver_pending(now=clock.now())
    [notice] = second.member.notices.filter(kind="run_planned")
    assert "05-01" in notice.params["window"]
    told = coming(order_id=second.pk)
    assert told is not None and told.before == 1
    runs.begin_run(run_id=run.pk, driver=run.driver, now=clock.now())
    runs.hand_over_at_stop(stop_id=stop_of(run).pk, driver=run.driver, now=clock.now())
    told = coming(order_id=second.pk)
    assert told is not None and (told.before, told.run_state) == (0, "under_way")
    assert first.pk != second.pk


def test_what_is_handed_over_leaves_the_stock_once_however_often_the_phone_says_it() -> None:
    order, found = to_bring()
    line = order.lines.get()
    run = plan(found)
    stop = stop_of(run)
    for _ in range(2):
        runs.hand_over_at_stop(stop_id=stop.pk, driver=run.driver, note="放在门口", now=clock.now())
    order.refresh_from_db()
    run.refresh_from_db()
    assert (order.state, run.state, levels([line.sku_id])[line.sku_id].on_hand) == ("handed_over", "done", 2)
    with pytest.raises(errors.StopIsOver):
        runs.miss_stop(stop_id=stop.pk, driver=run.driver, now=clock.now())


def test_who_was_not_there_is_told_and_comes_into_another_run() -> None:
    order, found = to_bring()
    run = plan(found)
    with pytest.raises(errors.InAnotherRun):
        plan(found)
    assert to_plan() == []
    runs.miss_stop(stop_id=stop_of(run).pk, driver=run.driver, now=clock.now())
    deliver_pending(now=clock.now())
    assert order.member.notices.filter(kind="stop_missed").count() == 1
    assert [one.number for one in to_plan()] == [order.number]
    again = plan(found)
    runs.call_off_run(run_id=again.pk, now=clock.now())
    assert [one.number for one in to_plan()] == [order.number]


def test_nothing_is_handed_over_of_an_order_that_was_refunded_meanwhile() -> None:
    order, found = to_bring()
    run = plan(found)
    sales.refund_order(order_id=order.pk, reason="late", actor="staff:0", idempotency_key="r", now=clock.now())
    deliver_pending(now=clock.now())
    page = run_page(run_id=run.pk)
    assert page is not None and page.stops[0].is_off and page.next_stop is None
    with pytest.raises(IllegalMove):
        runs.hand_over_at_stop(stop_id=stop_of(run).pk, driver=run.driver, now=clock.now())


def test_stops_change_places_and_windows_stay_until_the_driver_sets_out() -> None:
    (_, one), (_, two) = to_bring(), to_bring()
    run = plan(one, two)
    first, second = stop_of(run, 1), stop_of(run, 2)
    runs.move_stop(stop_id=second.pk, up=True, now=clock.now())
    moved = Stop.objects.get(pk=second.pk)
    assert (moved.position, moved.from_at) == (1, first.from_at)
    runs.begin_run(run_id=run.pk, driver=run.driver, now=clock.now())
    with pytest.raises(errors.RunIsOver):
        runs.move_stop(stop_id=second.pk, up=False, now=clock.now())


def test_the_same_key_is_the_same_run_and_a_run_needs_its_time() -> None:
    (_, one), (_, two) = to_bring(), to_bring()
    run = plan(one, key="k")
    assert plan(two, key="k") == run
    with pytest.raises(errors.BadRun):
        plan(two, hours=0)
    with pytest.raises(errors.NothingToSend):
        plan()


def test_the_database_lets_nobody_say_a_stop_otherwise() -> None:
    _, found = to_bring()
    run = plan(found)
    runs.miss_stop(stop_id=stop_of(run).pk, driver=run.driver, now=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Stop.objects.filter(run=run).update(state="handed_over")


def test_the_driver_goes_from_stop_to_stop_on_the_phone_and_nobody_else_sees_the_run() -> None:
    (order, one), (_, two) = to_bring(), to_bring()
    driver, client = make_driver(), Client()
    run = plan(one, two, driver=driver)
    where = reverse("storefront:drive_run", args=[run.code])
    client.force_login(make_member())
    assert client.get(where).status_code == 404 and client.get(reverse("storefront:drive")).status_code == 404
    client.force_login(driver)
    assert run.title in client.get(reverse("storefront:drive")).content.decode()
    client.post(where)
    drawn = client.get(where).content.decode()
    assert order.ship_to["detail"] in drawn and "tel:" in drawn
    stop = reverse("storefront:drive_stop", args=[run.code, stop_of(run).pk])
    for verb in ("here", "given", "given"):
        assert client.post(stop, {"act": verb}).status_code == 302
    assert client.post(stop, {"act": "missed"}).status_code == 409
    assert client.post(reverse("storefront:drive_stop", args=[run.code, 9999]), {"act": "here"}).status_code == 404
    order.refresh_from_db()
    assert order.state == "handed_over"
    client.force_login(order.member)
    assert client.get(reverse("storefront:order", args=[order.number])).status_code == 200


def test_the_staff_plans_a_run_on_the_page_and_follows_it() -> None:
    (_, one), driver, client = to_bring(), make_driver(), staff_client("operator")
    begins = clock.local(clock.now() + HOUR)
    sent = {
        "title": "城西", "driver": driver.pk, "row": [one.pk], "key": "k",
        "starts_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{begins + 3 * HOUR:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    assert client.post(reverse("console:runs"), {**sent, "driver": make_member().pk}).status_code == 422
    assert client.post(reverse("console:runs"), sent).status_code == 302
    run = Run.objects.get()
    drawn = client.get(reverse("console:run", args=[run.pk])).content.decode()
    assert run.code in drawn
    client.post(reverse("console:run_change", args=[run.pk]), {"act": "off"})
    run.refresh_from_db()
    assert run.state == "called_off"


def test_only_who_said_yes_drives_and_taking_it_away_ends_access_at_once() -> None:
    (_, one), member, boss, client = to_bring(), make_member(), make_staff(), Client()
    for _ in range(2):
        drivers.invite_driver(member=member, actor=boss, now=clock.now())
    assert member.notices.filter(kind="driver_invited").count() == 1
    with pytest.raises(errors.MayNotDrive):
        runs.plan_run(
            title="城西", driver=member, starts_at=FIVE, ends_at=FIVE + HOUR, fulfilment_ids=[one.pk], actor="staff:0", now=clock.now()
        )  # fmt: skip
    client.force_login(member)
    asked = reverse("storefront:drive_invitation")
    assert "Yes" in client.get(asked, headers={"accept-language": "en"}).content.decode()
    assert client.post(asked, {"act": "yes"}).status_code == 302
    run = plan(one, driver=member)
    where, stop = reverse("storefront:drive_run", args=[run.code]), stop_of(run)
    assert client.get(where).status_code == 200
    drivers.end_driver(driver_id=member.driving.get().pk, actor=boss, now=clock.now())
    assert client.get(where).status_code == 404 and client.get(reverse("storefront:drive")).status_code == 404
    with pytest.raises(errors.NoSuchStop):
        runs.hand_over_at_stop(stop_id=stop.pk, driver=member, now=clock.now())
    with pytest.raises(errors.MayNotDrive):
        drivers.give_run(run_id=run.pk, driver=member, actor=boss, now=clock.now())
    drivers.give_run(run_id=run.pk, driver=boss, actor=boss, now=clock.now())
    runs.hand_over_at_stop(stop_id=stop.pk, driver=boss, now=clock.now())


def test_the_database_names_nobody_driver_who_did_not_agree_and_edits_no_yes() -> None:
    (_, one), member = to_bring(), make_driver()
    run = plan(one, driver=member)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(driver=make_member())
    for change in ({"accepted_at": FIVE}, {"member": make_member()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            member.driving.update(**change)
    with connection.cursor() as cursor:
        for role in StaffRole.values:
            cursor.execute("SELECT fulfilment_may_drive(%s)", [make_staff(role).pk])
            assert cursor.fetchone() == (role in DRIVING_ROLES,)


def test_what_a_phone_sends_twice_is_one_word_and_a_refusal_is_told_as_json() -> None:
    (_, one), driver, client = to_bring(), make_driver(), Client()
    run = plan(one, driver=driver)
    client.force_login(driver)
    stop = reverse("storefront:drive_stop", args=[run.code, stop_of(run).pk])
    said = [
        client.post(stop, {"act": "given"}, headers={"accept": "application/json"}).json()["done"] for _ in range(2)
    ]
    assert said == [True, True]
    refused = client.post(stop, {"act": "missed"}, headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (409, "stop_over")
