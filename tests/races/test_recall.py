"""A recall and a hand-over at the same moment: one comes first, and nobody who was given the goods is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from quanzi.kernel import clock
from quanzi.trade.aftersales import services
from quanzi.trade.aftersales.models import Recall, RecalledLine
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.errors import NoLotFit
from quanzi.trade.fulfilment.models import LineLot
from quanzi.trade.sales.models import OrderLine
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.trade import make_paid_order, make_staff, open_fulfilment
from tests.races.conftest import Race

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = 8


def test_whoever_is_handed_goods_of_a_lot_stands_in_its_recall(race: Race) -> None:
    now, sku = clock.now(), make_sku()
    lot = make_lot(sku=sku, expires_at=now + timedelta(days=30))
    bring_in(sku, 50, lot=lot)
    waiting = [open_fulfilment(make_paid_order(sku=sku)) for _ in range(ORDERS)]
    staff, boss = make_staff("fulfilment"), make_staff("operator")

    def act(n: int) -> None:
        if n == ORDERS:
            services.recall(lot_id=lot.pk, reason="农残超标", actor=boss, now=clock.now())
        else:
            fulfilment.ship(fulfilment_id=waiting[n].pk, actor_member=staff, carrier="顺丰", now=clock.now())

    race(act, ORDERS + 1).only(NoLotFit, IntegrityError)
    given = set(LineLot.objects.values_list("line_id", flat=True))
    assert set(RecalledLine.objects.values_list("line_id", flat=True)) == given
    race(lambda _: services.carry_on_recalls(clock.now()), 3)
    for line in OrderLine.objects.filter(pk__in=given):
        assert line.refunded_minor == line.paid_minor
    assert Recall.objects.get().finished_at is not None


def test_control_a_list_that_is_drawn_up_without_the_lots_lock_forgets_somebody(race: Race) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE given (who int); CREATE TABLE listed (who int)")

    def act(n: int) -> None:
        with connection.cursor() as cursor:
            if n == ORDERS:
                cursor.execute("INSERT INTO listed SELECT who FROM given")
            else:
                cursor.execute("SELECT pg_sleep(0.05); INSERT INTO given VALUES (%s)", [n])

    race(act, ORDERS + 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM given) - (SELECT count(*) FROM listed)")
        assert cursor.fetchone()[0] > 0
        cursor.execute("DROP TABLE given; DROP TABLE listed")
