"""What a checked supplier sends waits until somebody of the shop has looked at it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from quanzi.goods.catalogue.models import Lot
from quanzi.goods.stock.queries import free
from quanzi.kernel import clock
from quanzi.kernel.errors import InvalidInput
from quanzi.people.contact.models import Notice
from quanzi.trade.aftersales import errors, services
from quanzi.trade.aftersales.models import QualityCheck
from quanzi.trade.aftersales.queries import lot_page
from tests.factories.goods import make_sku
from tests.factories.people import make_staff
from tests.factories.supply import arrive, line_of, make_goods, make_purchase, make_supplier

pytestmark = pytest.mark.django_db


def waiting(units: int = 10) -> Lot:
    """A lot that has come in and waits; so many are still to come."""
    line = line_of(make_purchase(make_goods(make_supplier(is_checked=True)), quantity=units + 5))
    found = arrive(line, units).lot
    assert found is not None
    return found


def look_at(lot: Lot, *, is_passed: bool, flawed: int = 0, sampled: int = 3) -> QualityCheck:
    return services.check_lot(
        lot_id=lot.pk, sampled=sampled, flawed=flawed, words="开了三箱", is_passed=is_passed, actor=make_staff(), now=clock.now()
    )  # fmt: skip


def test_it_is_sold_when_it_passes(assert_well: Callable[[], None]) -> None:
    make_staff("operator")
    lot = waiting()
    assert (free([lot.sku_id])[lot.sku_id], lot_page(lot.pk).waits_for_check) == (0, True)
    assert Notice.objects.filter(kind="lot_waits").count() == 1
    with pytest.raises(errors.CheckFirst):
        services.release(lot_id=lot.pk, reason="急着卖", actor=make_staff(), now=clock.now())
    assert look_at(lot, is_passed=False, flawed=2).is_passed is False
    assert free([lot.sku_id])[lot.sku_id] == 0
    look_at(lot, is_passed=True)
    page = lot_page(lot.pk)
    assert (free([lot.sku_id])[lot.sku_id], page.paused_at, page.waits_for_check) == (10, None, False)
    assert [(one.is_passed, one.flawed) for one in page.checks] == [(True, 0), (False, 2)]
    with pytest.raises(errors.NothingToCheck):
        look_at(lot, is_passed=True)
    assert_well()


def test_what_comes_later_of_the_same_lot_waits_with_it(assert_well: Callable[[], None]) -> None:
    line = line_of(make_purchase(make_goods(make_supplier(is_checked=True)), quantity=15))
    lot = arrive(line, 10, lot_code="SAME").lot
    assert lot is not None
    arrive(line, 5, lot_code="SAME")
    assert (free([lot.sku_id])[lot.sku_id], lot_page(lot.pk).pauses[0].held) == (0, 15)
    look_at(lot, is_passed=True)
    assert free([lot.sku_id])[lot.sku_id] == 15
    assert_well()


def test_a_lot_that_complaints_stopped_waits_for_a_check_when_more_of_it_comes(assert_well: Callable[[], None]) -> None:
    line = line_of(make_purchase(make_goods(make_supplier(is_checked=True)), quantity=15))
    lot = arrive(line, 10, lot_code="SAME").lot
    assert lot is not None
    look_at(lot, is_passed=True)
    services.pause(lot_id=lot.pk, reason="投诉", actor=make_staff("operator"), now=clock.now())
    assert not lot_page(lot.pk).waits_for_check
    arrive(line, 5, lot_code="SAME")
    page = lot_page(lot.pk)
    assert (page.waits_for_check, page.pauses[0].held, free([lot.sku_id])[lot.sku_id]) == (True, 15, 0)
    with pytest.raises(errors.CheckFirst):
        services.release(lot_id=lot.pk, reason="没事", actor=make_staff("operator"), now=clock.now())
    assert_well()


def test_other_suppliers_goods_do_not_wait() -> None:
    sku = make_sku()
    arrive(line_of(make_purchase(make_goods(make_supplier(), sku=sku))), 10)
    assert free([sku.pk])[sku.pk] == 10


@pytest.mark.parametrize(("sampled", "flawed"), [(0, 0), (3, 4), (3, -1), (10_001, 0)])
def test_nobody_finds_more_flaws_than_they_opened(sampled: int, flawed: int) -> None:
    lot = waiting()
    with pytest.raises(InvalidInput):
        look_at(lot, is_passed=True, sampled=sampled, flawed=flawed)
    look_at(lot, is_passed=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        QualityCheck.objects.update(flawed=4)
