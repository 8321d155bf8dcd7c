"""Many take from the same lots at once: no lot gives more than came in under it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum

from quanzi.goods.catalogue.models import Lot
from quanzi.kernel import clock
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import LineLot
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.trade import make_paid_order, make_staff, open_fulfilment
from tests.races.conftest import Race

pytestmark = pytest.mark.django_db(transaction=True)

CALLERS = 64


def test_sixty_four_hand_overs_share_the_lots_to_the_last_unit(race: Race) -> None:
    sku = make_sku()
    lots = [make_lot(sku=sku, expires_at=clock.now() + timedelta(days=days)) for days in (3, 5, 9)]
    for lot, units in zip(lots, (33, 42, 53), strict=True):  # no lot divides by two
        bring_in(sku, units, lot=lot)
    waiting = [open_fulfilment(make_paid_order(sku=sku, quantity=2)) for _ in range(CALLERS)]
    staff = make_staff("fulfilment")
    race(
        lambda n: fulfilment.ship(fulfilment_id=waiting[n].pk, actor_member=staff, carrier="顺丰", now=clock.now()),
        CALLERS,
    ).only()
    given = dict(LineLot.objects.order_by().values_list("lot_id").annotate(n=Sum("quantity")))
    assert [given[lot.pk] for lot in lots] == [33, 42, 53]
    assert not any(Lot.objects.annotate(n=Sum("movements__quantity")).values_list("n", flat=True))


def test_control_without_the_lock_two_take_the_same_unit(race: Race) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE taken (lot int)")

    def act(n: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM taken")
            if cursor.fetchone()[0] < 1:
                cursor.execute("SELECT pg_sleep(0.05); INSERT INTO taken VALUES (1)")

    race(act, 8)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM taken")
        assert cursor.fetchone()[0] > 1
        cursor.execute("DROP TABLE taken")
