"""The database refuses what no service would do."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.kernel.clock import Clock
from quanzi.trade.stores import services as stores
from tests.factories.stores import make_link, make_store, order_here, order_through, put_on_shelf
from tests.factories.trade import make_buyer

pytestmark = pytest.mark.django_db


def refused(sql: str) -> bool:
    """Whether the database says no, at once or when the transaction commits."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "change",
    [
        "quantity = 2", "most = 99", "expires_at = expires_at + interval '1 year'", "sku_id = sku_id + 1", "taken = taken + 1",
        "taken = 99", "made_by_id = made_by_id + 1", "state = 'asked'", "state = 'declined'",
    ],
)  # fmt: skip
def test_what_a_link_asks_for_is_never_edited(change: str) -> None:
    link = make_link(uses=5)
    order_through(link)

    assert refused(f"UPDATE stores_paylink SET {change} WHERE id = {link.pk}")
    assert not refused(f"UPDATE stores_paylink SET state = 'closed' WHERE id = {link.pk}")


def test_records_are_not_deleted() -> None:
    link = make_link()
    order_through(link)

    assert refused("DELETE FROM stores_countersale")
    assert refused("DELETE FROM stores_paylink")


def test_a_sale_beside_its_order_is_refused(clock: Clock) -> None:
    store = make_store()
    order = order_here(store, put_on_shelf(store))
    other = make_store()

    assert refused(f"UPDATE stores_countersale SET store_id = {other.pk}")
    assert refused(
        f"INSERT INTO stores_countersale (order_id, store_id, spot, made_at) VALUES ({order.pk + 1}, {other.pk}, '', now())"
    )


def test_more_than_stands_on_the_shelf_cannot_be_written() -> None:
    store = make_store()
    order = order_here(store, put_on_shelf(store, units=5), quantity=5)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stores_countersale SET ended_at = now()")
        cursor.execute("UPDATE stores_shelfgood SET counted = 4")

    assert refused(f"UPDATE stores_countersale SET ended_at = NULL WHERE order_id = {order.pk}")


def test_a_typed_amount_cannot_confirm_itself(clock: Clock) -> None:
    store, me = make_store(), make_buyer()
    link = stores.ask_amount(
        store_code=store.code, member=me, what="茶", amount_minor=800, idempotency_key="a", now=clock.at
    )

    assert refused(f"UPDATE stores_paylink SET state = 'open' WHERE id = {link.pk}")
    assert refused(f"UPDATE stores_paylink SET state = 'open', decided_by_id = {me.pk} WHERE id = {link.pk}")
    assert not refused(
        f"UPDATE stores_paylink SET state = 'open', decided_by_id = {store.point.leader_id} WHERE id = {link.pk}"
    )
