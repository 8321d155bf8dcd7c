"""What the database refuses by itself, whoever writes it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base import doctor
from quanzi.kernel import clock
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.models import Place, Preorder
from tests.factories.preorders import (
    ask,
    assert_preorders_add_up,
    hold,
    make_made,
    make_preorder,
    order_balance,
    pay_deposit,
)
from tests.factories.trade import make_buyer, pay

pytestmark = pytest.mark.django_db


def refused(sql: str, *params: object) -> None:
    """The statement, or the commit after it, is refused."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_terms_are_never_edited_and_records_never_deleted() -> None:
    preorder, (place, _) = make_made(places=2)
    preorders.tell_news(preorder_id=preorder.pk, text="x", actor="test", now=clock.now())
    assert_preorders_add_up()
    for change in (
        "threshold = 1",
        "most = 99",
        "closes_at = now()",
        "promised_on = promised_on + 9",
        "balance_until = now()",
        "taken = 1",
    ):
        refused(f"UPDATE preorders_preorder SET {change} WHERE id = %s", preorder.pk)
    for change in ("quantity = 2", "deposit_minor = 1", "state = 'gone'", "state = 'settled'", "member_id = %s"):
        refused(
            f"UPDATE preorders_place SET {change} WHERE id = {place.pk}", *([make_buyer().pk] if "%s" in change else [])
        )
    refused("UPDATE preorders_preordergood SET price_minor = 1 WHERE preorder_id = %s", preorder.pk)
    refused("UPDATE preorders_news SET text = 'y' WHERE preorder_id = %s", preorder.pk)
    for table in ("preorder", "place", "preordergood", "news"):
        refused(
            f"DELETE FROM preorders_{table} WHERE {'id' if table == 'preorder' else 'preorder_id'} = %s", preorder.pk
        )


def test_a_place_counts_with_its_deposit_only() -> None:
    preorder = make_preorder()
    place = ask(preorder)
    assert_preorders_add_up()
    refused("UPDATE preorders_place SET state = 'held', held_at = now() WHERE id = %s", place.pk)
    held = hold(preorder)
    assert_preorders_add_up()
    refused("UPDATE preorders_place SET state = 'returned', ended_at = now() WHERE id = %s", held.pk)
    refused("UPDATE preorders_place SET state = 'settled', settled_at = now() WHERE id = %s", held.pk)


def test_a_batch_is_made_with_its_threshold_and_missed_without_it() -> None:
    preorder = make_preorder(threshold=2)
    hold(preorder)
    assert_preorders_add_up()
    refused("UPDATE preorders_preorder SET state = 'made', decided_at = now() WHERE id = %s", preorder.pk)
    refused("UPDATE preorders_preorder SET state = 'missed', decided_at = now() WHERE id = %s", preorder.pk)
    refused("UPDATE preorders_preorder SET state = 'done', decided_at = now() WHERE id = %s", preorder.pk)


def test_money_that_counts_for_an_order_goes_back_through_it_only() -> None:
    _, (place, _) = make_made(places=2)
    order = pay(order_balance(place))
    assert_preorders_add_up()
    refused("UPDATE sales_ordercredit SET amount_minor = 1 WHERE order_id = %s", order.pk)
    refused("UPDATE sales_ordercredit SET ended_at = now() WHERE order_id = %s", order.pk)
    refused("DELETE FROM sales_ordercredit WHERE order_id = %s", order.pk)
    refused(
        """INSERT INTO payments_refund (payment_id, number, amount_minor, reason, state, debit_account, ledger_key, idempotency_key,
               requested_at, provider_ref, attempts, last_error)
           SELECT id, 'R1', 1, 'x', 'requested', 'escrow.buyers', 'k', 'k', now(), '', 0, '' FROM payments_payment
            WHERE payable_kind = 'deposit' AND payable_id = %s""",
        place.pk,
    )


def test_the_goods_of_a_batch_leave_with_a_place_that_is_paid_in_full() -> None:
    _, (place, _) = make_made(places=2)
    order = order_balance(place)
    assert_preorders_add_up()
    refused("UPDATE sales_order SET released_at = now() WHERE id = %s", order.pk)


def test_the_doctor_sees_a_count_that_is_wrong_and_a_deposit_without_a_home() -> None:
    preorder = make_preorder()
    place = pay_deposit(ask(preorder))
    assert_preorders_add_up()
    with connection.cursor() as cursor:  # undone with the test
        cursor.execute(
            "ALTER TABLE preorders_preorder DISABLE TRIGGER USER; ALTER TABLE preorders_place DISABLE TRIGGER USER"
        )
        Preorder.objects.filter(pk=preorder.pk).update(taken=2)
        Place.objects.filter(pk=place.pk).update(state="gone", ended_at=clock.now())
        ill = {one.id for one in doctor.run(only=["PR2", "PR3"]) if not one.is_well}
    assert ill == {"PR2", "PR3"}
