"""One run brings goods to stations and to doors; the station's count is the hand-over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.kernel.clock import Clock
from quanzi.people.contact.models import Notice
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.models import Run
from quanzi.trade.fulfilment.queries.runs import loads_to_plan, run_page
from quanzi.trade.fulfilment.rules import Place, in_order
from quanzi.trade.fulfilment.services import runs
from tests.factories.sending import make_driver
from tests.factories.stations import assert_rounds_add_up
from tests.trade.fulfilment.test_runs import to_bring
from tests.trade.stations.conftest import NOW
from tests.trade.stations.test_leading import Day

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def day(clock: Clock) -> Day:
    return Day(clock)


def plan(day: Day, *fulfilment_ids: int) -> Run:
    return runs.plan_run(
        title="城西", driver=make_driver(), starts_at=day.clock.at, ends_at=day.clock.at + 4 * HOUR,
        fulfilment_ids=fulfilment_ids, refs=[one.ref for one in loads_to_plan(now=day.clock.at)], actor="staff:0", now=day.clock.at,
    )  # fmt: skip


def test_areas_stay_together_the_soonest_first_and_a_place_finds_its_area_by_its_address() -> None:
    door = [Place(f"d{n}", "330106", "浙江省 杭州市 西湖区", f"文三路{n}号") for n in (12, 9)]
    other = Place("o", "330102", "浙江省 杭州市 上城区", "中河路3号")
    late, soon = NOW + 5 * HOUR, NOW + HOUR
    assert in_order([*door, other]) == ["o", "d9", "d12"]
    station = Place("s", "", "", "西湖区古墩路1号", soon)
    assert in_order([*door, other, station]) == ["s", "d9", "d12", "o"]
    far = Place("f", "", "", "余杭区", late)
    assert in_order([far, *door, other, station]) == ["s", "d9", "d12", "f", "o"]


def test_one_run_goes_to_a_station_and_to_a_door_and_the_count_is_the_hand_over(day: Day) -> None:
    order, door = to_bring()
    [load] = loads_to_plan(now=day.clock.at)
    assert load.goods == ((f"{day.first.lines.get().title} [{day.lot.code}]", 5),)
    assert load.due_at == day.round.pickup_from
    run = plan(day, door.pk)
    assert loads_to_plan(now=day.clock.at) == []
    station, house = run.stops.order_by("position")
    runs.arrive_at_stop(stop_id=station.pk, driver=run.driver, now=day.clock.at)
    assert Notice.objects.filter(member=day.leader, kind="load_arrived").count() == 1
    page = run_page(run_id=run.pk)
    assert page is not None and page.next_stop is not None and page.next_stop.number == order.number
    with pytest.raises(errors.CountedThere):
        runs.hand_over_at_stop(stop_id=station.pk, driver=run.driver, now=day.clock.at)
    runs.hand_over_at_stop(stop_id=house.pk, driver=run.driver, now=day.clock.at)
    run.refresh_from_db()
    assert (run.state, run.stops.get(pk=station.pk).state) == ("done", "arrived")
    day.count(5)
    stop = run.stops.get(pk=station.pk)
    assert (stop.state, stop.ended_at) == ("handed_over", day.clock.at)
    assert_rounds_add_up()


def test_what_was_short_waits_for_another_run(day: Day) -> None:
    run = plan(day)
    day.count(3)
    run.refresh_from_db()
    assert run.state == "done" and [one.goods[0][1] for one in loads_to_plan(now=day.clock.at)] == [2]
    again = plan(day)
    runs.miss_stop(stop_id=again.stops.get().pk, driver=again.driver, now=day.clock.at)
    assert len(loads_to_plan(now=day.clock.at)) == 1
    with pytest.raises(errors.NoSuchLoad):
        runs.plan_run(
            title="x", driver=run.driver, starts_at=day.clock.at, ends_at=day.clock.at + HOUR, refs=["round_stop:0"],
            actor="staff:0", now=day.clock.at,
        )  # fmt: skip
