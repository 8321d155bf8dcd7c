"""A sheet's way: it ends whatever dies, what it held is forgotten, and nobody changes it while it is applied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from quanzi.goods.catalogue.models import Product
from quanzi.growth.importing.models import Sheet, SheetContent, SheetState
from quanzi.growth.importing.sheets import services
from quanzi.growth.importing.sheets.errors import SheetBusy
from quanzi.kernel import clock
from quanzi.kernel.clock import Clock, frozen
from tests.factories.people import make_staff

pytestmark = pytest.mark.django_db
GOODS = b"product,name,code,price\npeach,Peach,PEACH,39.90\njam,Jam,JAM,18\n"


@pytest.fixture
def time() -> Iterator[Clock]:
    with frozen(clock.now()) as stopped:
        yield stopped


def sent_in() -> Sheet:
    return services.send_in(kind="goods", data=GOODS, file_name="goods.csv", actor=make_staff("owner"), now=clock.now())


def started(sheet: Sheet) -> Sheet:
    seen = services.goods_plan(sheet).fingerprint
    return services.start(sheet=sheet, expected=seen, actor=make_staff("owner"), now=clock.now())


@pytest.mark.parametrize("state", [SheetState.WAITING, SheetState.APPLYING])
def test_a_sheet_whose_job_died_is_refused_after_an_hour_and_can_be_started_again(time: Clock, state: str) -> None:
    sheet = started(sent_in())
    Sheet.objects.filter(pk=sheet.pk).update(state=state)
    time.move(timedelta(minutes=59))
    services.forget_old(now=clock.now())
    assert Sheet.objects.get().state == state
    time.move(timedelta(minutes=2))
    services.forget_old(now=clock.now())
    sheet = Sheet.objects.get()
    assert (sheet.state, sheet.report["refused"]) == (SheetState.FAILED, "sheet_stuck")
    started(sheet)
    assert services.apply(sheet_id=sheet.pk, now=clock.now()).state == SheetState.DONE
    assert Product.objects.count() == 2


@pytest.mark.parametrize("state", [SheetState.UPLOADED, SheetState.FAILED, SheetState.WAITING, SheetState.APPLYING])
def test_after_a_day_nothing_is_left_of_what_a_sheet_held_however_far_it_came(time: Clock, state: str) -> None:
    Sheet.objects.filter(pk=sent_in().pk).update(state=state)
    time.move(timedelta(days=1, minutes=1))
    assert services.forget_old(now=clock.now()) == 1
    assert (Sheet.objects.get().state, SheetContent.objects.count()) == (SheetState.DROPPED, 0)


def test_goods_and_the_note_that_they_are_there_come_together(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = started(sent_in())
    with monkeypatch.context() as patch:
        patch.setattr(services, "_finish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.apply(sheet_id=sheet.pk, now=clock.now())
    assert not Product.objects.exists()
    assert services.apply(sheet_id=sheet.pk, now=clock.now()).state == SheetState.DONE


@pytest.mark.parametrize("state", [SheetState.WAITING, SheetState.APPLYING, SheetState.DONE, SheetState.DROPPED])
def test_the_columns_of_a_sheet_that_is_under_way_or_over_are_not_chosen_anew(state: str) -> None:
    sheet = sent_in()
    Sheet.objects.filter(pk=sheet.pk).update(state=state)
    with pytest.raises(SheetBusy):
        services.choose(sheet=sheet, mapping=sheet.mapping, options={}, now=clock.now())
