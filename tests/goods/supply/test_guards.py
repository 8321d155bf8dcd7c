"""The database itself keeps supply right: each test tries to break it with plain SQL."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.doctor import run
from tests.factories.goods import make_lot
from tests.factories.supply import arrive, line_of, make_offer, make_purchase

pytestmark = pytest.mark.django_db


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def refused(statement: str, *values: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(statement, *values)


RECEIPT = """INSERT INTO supply_receipt (line_id, lot_id, quantity, damaged, note, key, received_at, actor)
    VALUES (%s, %s, %s, 0, '', %s, now(), 'sql')"""


def test_no_receipt_exceeds_what_was_ordered() -> None:
    line = line_of(make_purchase(quantity=10))
    lot = make_lot(sku=line.sku)
    sql(RECEIPT, line.pk, lot.pk, 10, "a")
    refused(RECEIPT, line.pk, lot.pk, 1, "b")


def test_a_receipt_is_of_the_goods_that_were_ordered_and_names_a_lot() -> None:
    line, other = line_of(make_purchase()), line_of(make_purchase())
    refused(RECEIPT, line.pk, make_lot(sku=other.sku).pk, 1, "a")
    refused(RECEIPT, line.pk, None, 1, "b")


def test_nothing_arrives_of_what_was_never_sent() -> None:
    line = line_of(make_purchase(sent=False))
    refused(RECEIPT, line.pk, make_lot(sku=line.sku).pk, 1, "a")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supply_receipt SET quantity = 1",
        "DELETE FROM supply_receipt",
        "UPDATE supply_lotorigin SET supplier_id = supplier_id + 1",
        "DELETE FROM supply_lotorigin",
        "UPDATE supply_purchaseline SET received = 1",
        "UPDATE supply_purchaseline SET quantity = 99",
        "DELETE FROM supply_purchaseline",
        "DELETE FROM supply_purchase",
        "UPDATE supply_purchase SET state = 'draft'",
        "UPDATE supply_purchase SET state = 'cancelled'",
    ],
)
def test_what_arrived_is_not_rewritten(statement: str) -> None:
    arrive(line_of(make_purchase(quantity=2)), 2)
    refused(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supply_offer SET taken = 0",
        "UPDATE supply_offer SET quantity = 1",
        "DELETE FROM supply_offer",
        "UPDATE supply_offerclaim SET quantity = 1",
        "DELETE FROM supply_offerclaim",
    ],
)
def test_a_claim_stands_until_it_is_given_back(statement: str) -> None:
    make_purchase(offer=make_offer(quantity=5), quantity=3)
    refused(statement)


def test_no_claim_takes_more_than_there_is() -> None:
    offer = make_offer(quantity=5)
    claim = "INSERT INTO supply_offerclaim (offer_id, ref, quantity, claimed_at) VALUES (%s, %s, %s, now())"
    sql(claim, offer.pk, "a", 5)
    refused(claim, offer.pk, "b", 1)


def test_the_doctor_finds_a_receipt_that_never_reached_the_shelf_and_an_offer_that_was_counted_wrong() -> None:
    offer = make_offer(quantity=5)
    arrive(line_of(make_purchase(offer=offer, quantity=3)), 3)
    sql("SET LOCAL session_replication_role = replica")
    sql("DELETE FROM stock_movement")
    sql("UPDATE supply_offer SET taken = 4")
    sql("SET LOCAL session_replication_role = origin")
    assert {result.id: result.violations for result in run(only={"B1", "B2"})} == {"B1": 1, "B2": 1}
