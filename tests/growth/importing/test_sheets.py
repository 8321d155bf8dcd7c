"""A sheet's way: it ends whatever dies, what it held is forgotten, and nobody changes it while it is applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connections

from quanzi.goods.catalogue import services as catalogue
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


@pytest.mark.django_db(transaction=True)
def test_how_far_a_sheet_is_can_be_read_before_its_goods_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "TOLD_EVERY_SECONDS", 0)
    rows = "".join(f"g{n},Goods {n},G-{n},1\n" for n in range(4))
    data = f"product,name,code,price\n{rows}".encode()
    owner = make_staff("owner")
    sheet = services.send_in(kind="goods", data=data, file_name="goods.csv", actor=owner, now=clock.now())
    started(sheet)
    read: list[tuple[int, int]] = []
    create = catalogue.create_product

    def looking(**given: Any) -> Product:
        with aside_reading() as ask:
            read.append((ask("SELECT done FROM importing_sheet"), ask("SELECT count(*) FROM catalogue_product")))
        return create(**given)

    monkeypatch.setattr(catalogue, "create_product", looking)
    assert services.apply(sheet_id=sheet.pk, now=clock.now()).state == SheetState.DONE
    assert read == [(0, 0), (1, 0), (2, 0), (3, 0)]
    assert (Sheet.objects.get().done, Product.objects.count()) == (4, 4)


@contextmanager
def aside_reading() -> Iterator[Callable[[str], int]]:
    """Somebody else who reads while it goes on."""
    side = connections.create_connection(DEFAULT_DB_ALIAS)

    def ask(sql: str) -> int:
        with side.cursor() as cursor:
            cursor.execute(sql)
            return int(cursor.fetchone()[0])

    try:
        yield ask
    finally:
        side.close()


@pytest.mark.parametrize("state", [SheetState.WAITING, SheetState.APPLYING, SheetState.DONE, SheetState.DROPPED])
def test_the_columns_of_a_sheet_that_is_under_way_or_over_are_not_chosen_anew(state: str) -> None:
    sheet = sent_in()
    Sheet.objects.filter(pk=sheet.pk).update(state=state)
    with pytest.raises(SheetBusy):
        services.choose(sheet=sheet, mapping=sheet.mapping, options={}, now=clock.now())
