"""The smallest valid preorders, and places in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection

from quanzi.base import doctor
from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue.models import Sku
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.models import Payment
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.models import Place, Preorder
from quanzi.trade.preorders.services import GoodPlan
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_sku
from tests.factories.trade import make_address, make_buyer

_numbers = count(1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PRICE, DEPOSIT = 9_000, 2_000


def make_preorder(
    *,
    sku: Sku | None = None,
    now: datetime | None = None,
    threshold: int = 2,
    most: int = 5,
    goods: list[GoodPlan] | None = None,
    **fields: Any,
) -> Preorder:
    """Open now, closes in a day, three days for the balance, promised in thirty; one SKU of 100.00 at 90.00, deposit 20.00."""
    now = now or clock.now()
    if goods is None:
        goods = [GoodPlan((sku or make_sku(price_minor=10_000, now=now)).pk, PRICE, DEPOSIT)]
    usual: dict[str, Any] = {
        "title": "手工蓝染围巾", "opens_at": now, "closes_at": now + DAY, "balance_days": 3,
        "promised_on": clock.today(now + 30 * DAY), "actor": "test",
    }  # fmt: skip
    return preorders.open_preorder(goods=goods, threshold=threshold, most=most, now=now, **{**usual, **fields})


def ask(preorder: Preorder, *, member: Member | None = None, quantity: int = 1, now: datetime | None = None) -> Place:
    return preorders.ask_place(
        preorder_id=preorder.pk,
        sku_id=preorder.goods.order_by("id")[0].sku_id,
        quantity=quantity,
        member=member or make_buyer(now=now),
        idempotency_key=f"place-{next(_numbers)}",
        now=now or clock.now(),
    )


def start_deposit(place: Place, *, now: datetime | None = None) -> Payment:
    return payments.start(
        payable_kind="deposit", payable_id=place.pk, provider="offline", member_id=place.member_id,
        idempotency_key=f"deposit-{next(_numbers)}", return_url="", now=now or clock.now(),
    ).payment  # fmt: skip


def pay_deposit(place: Place, *, now: datetime | None = None) -> Place:
    payment = start_deposit(place, now=now)
    payments.capture_offline(payment_id=payment.pk, reference="", actor="test", now=now or clock.now())
    place.refresh_from_db()
    return place


def hold(preorder: Preorder, *, now: datetime | None = None, **fields: Any) -> Place:
    """A place whose deposit is paid."""
    return pay_deposit(ask(preorder, now=now, **fields), now=now)


def order_balance(place: Place, *, now: datetime | None = None, **fields: Any) -> Order:
    now = now or clock.now()
    member = place.member
    usual: dict[str, Any] = {
        "method": "delivery", "address_id": make_address(member, now=now).pk, "idempotency_key": f"bal-{next(_numbers)}",
    }  # fmt: skip
    return preorders.order_balance(place_id=place.pk, member=member, now=now, **{**usual, **fields})


def make_made(*, places: int = 2, now: datetime | None = None, **fields: Any) -> tuple[Preorder, list[Place]]:
    """A batch that is made, with its balance asked for."""
    now = now or clock.now()
    preorder = make_preorder(now=now, threshold=places, most=places + 3, **fields)
    held = [hold(preorder, now=now) for _ in range(places)]
    preorders.make_batch(preorder_id=preorder.pk, actor="test", now=now)
    preorders.ask_balance(preorder_id=preorder.pk, actor="test", now=now)
    preorder.refresh_from_db()
    return preorder, held


def bring(preorder: Preorder, quantity: int, *, now: datetime | None = None) -> None:
    """So many units of the batch are here."""
    preorders.receive_batch(
        preorder_id=preorder.pk, sku_id=preorder.goods.order_by("id")[0].sku_id, quantity=quantity,
        idempotency_key=f"bring-{next(_numbers)}", actor="test", now=now or clock.now(),
    )  # fmt: skip


def assert_preorders_add_up() -> None:
    """Deferred checks pass, every event is told, and the doctor finds nothing at all."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    while deliver_pending():
        pass
    assert [result for result in doctor.run() if not result.is_well] == []
