"""What the database refuses, however it is asked: each of these speaks plain SQL."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.ledger.queries import settle_deferred
from quanzi.kernel import clock
from quanzi.trade.sales import services
from quanzi.trade.sales.models import Order, OrderLine
from tests.factories.trade import make_order, make_paid_order, make_point, make_received_order

pytestmark = pytest.mark.django_db


def refused(sql: str, *params: object, why: str) -> None:
    """The statement breaks a rule, at once or at commit."""
    with pytest.raises(IntegrityError, match=why), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
        settle_deferred()


def line_of(order: Order) -> OrderLine:
    return order.lines.get()


def test_an_order_is_not_paid_without_a_captured_payment() -> None:
    order = make_order()
    refused(
        "UPDATE sales_order SET state = 'paid', paid_at = now(), moved_at = now() WHERE id = %s",
        order.pk,
        why="no captured payment",
    )


def test_two_payments_cannot_both_pay_one_order() -> None:
    order = make_paid_order()
    refused(
        """INSERT INTO payments_payment (number, payable_kind, payable_id, member_id, title, amount_minor, currency,
               provider, state, provider_ref, surplus, refunded_minor, idempotency_key, pay_url, return_url, created_at,
               expires_at, captured_at)
           SELECT number || 'X', payable_kind, payable_id, member_id, title, amount_minor, currency, provider, state,
               provider_ref || 'X', surplus, refunded_minor, idempotency_key || 'X', pay_url, return_url, created_at,
               expires_at, captured_at
           FROM payments_payment WHERE payable_id = %s""",
        order.pk,
        why="payment_one_captured_per_payable",
    )


def test_goods_nobody_paid_for_are_neither_handed_over_nor_kept() -> None:
    line = line_of(make_order())
    refused("UPDATE sales_orderline SET handed_over_at = now() WHERE id = %s", line.pk, why="nobody paid for")
    refused("UPDATE sales_orderline SET kept_at = now() WHERE id = %s", line.pk, why="nobody keeps")
    refused(
        "UPDATE sales_orderline SET kept_at = now(), received_at = now(), handed_over_at = now() WHERE id = %s",
        line.pk,
        why="nobody paid for",
    )


def test_goods_that_did_not_arrive_are_not_kept() -> None:
    line = line_of(make_paid_order())
    refused("UPDATE sales_orderline SET kept_at = now() WHERE id = %s", line.pk, why="order_line_kept_was_received")


def test_a_returned_line_cannot_be_kept_again() -> None:
    order = make_received_order()
    services.refund_line(line_id=line_of(order).pk, reason="bruised", actor="x", idempotency_key="k", now=clock.now())
    refused("UPDATE sales_orderline SET kept_at = now() WHERE order_id = %s", order.pk, why="kept_was_received")


@pytest.mark.parametrize(
    "change",
    ["amount_minor = 1", "goods_minor = 0", "freight_minor = 0", "member_id = member_id + 1", "origin = 'replay'"],
)
def test_what_was_agreed_is_never_edited(change: str) -> None:
    refused(f"UPDATE sales_order SET {change} WHERE id = %s", make_order().pk, why="never edited")


@pytest.mark.parametrize("change", ["quantity = 9", "paid_minor = 0", "unit_minor = 1", "sku_id = sku_id + 1"])
def test_what_a_line_says_is_never_edited(change: str) -> None:
    refused(f"UPDATE sales_orderline SET {change} WHERE order_id = %s", make_order().pk, why="never edited")


def test_refunds_are_counted_from_their_parts_only() -> None:
    order = make_paid_order()
    refused("UPDATE sales_order SET refunded_minor = 1 WHERE id = %s", order.pk, why="refund parts only")
    refused("UPDATE sales_orderline SET refunded_minor = 1 WHERE order_id = %s", order.pk, why="refund parts only")


def test_no_part_brings_a_line_above_what_was_paid_for_it() -> None:
    order = make_paid_order()
    made = services.refund_line(
        line_id=line_of(order).pk, amount_minor=1, reason="r", actor="x", idempotency_key="k", now=clock.now()
    )
    refused(
        """INSERT INTO sales_refundpart (refund_id, order_id, line_id, amount_minor, from_income_minor)
           VALUES (%s, %s, %s, 3990, 0)""",
        made.pk,
        order.pk,
        line_of(order).pk,
        why="order_line_refund_within_paid",
    )
    refused(
        """INSERT INTO sales_refundpart (refund_id, order_id, line_id, amount_minor, from_income_minor)
           VALUES (%s, %s, NULL, 401, 0)""",
        made.pk,
        order.pk,
        why="freight_refund_within",
    )


def test_a_refund_is_the_sum_of_its_parts() -> None:
    order = make_paid_order()
    refused(
        """INSERT INTO sales_orderrefund
               (order_id, amount_minor, reason, actor, goods_back, idempotency_key, request_hash, refunded_at)
           VALUES (%s, 100, 'r', 'x', false, 'k', '', now())""",
        order.pk,
        why="sum of its parts",
    )


@pytest.mark.parametrize(
    ("before", "after"), [("placed", "handed_over"), ("placed", "completed"), ("paid", "placed"), ("paid", "cancelled")]
)
def test_states_move_along_the_table_only(before: str, after: str) -> None:
    order = make_order() if before == "placed" else make_paid_order()
    refused("UPDATE sales_order SET state = %s, moved_at = now() WHERE id = %s", after, order.pk, why="no move from")


def test_an_order_that_was_cancelled_by_hand_is_not_revived() -> None:
    order = make_order()
    services.cancel_order(order_id=order.pk, actor="x", reason="no", now=clock.now())
    refused(
        "UPDATE sales_order SET state = 'paid', paid_at = now(), moved_at = now() WHERE id = %s",
        order.pk,
        why="no move from",
    )


def test_an_order_begins_as_placed() -> None:
    order = make_paid_order()
    columns = ", ".join(
        field.column for field in Order._meta.concrete_fields if field.column not in ("id", "number", "idempotency_key")
    )
    refused(
        f"""INSERT INTO sales_order (number, idempotency_key, {columns})
            SELECT 'X', 'X', {columns} FROM sales_order WHERE id = %s""",
        order.pk,
        why="must begin as placed",
    )


def test_the_log_of_moves_is_the_databases_own() -> None:
    order = make_order()
    refused(
        "INSERT INTO sales_ordermove (order_id, before, after, cause, actor, moved_at) VALUES (%s, '', 'paid', '', '', now())",
        order.pk,
        why="database alone",
    )
    refused("UPDATE sales_ordermove SET after = 'paid' WHERE order_id = %s", order.pk, why="append-only")
    refused("DELETE FROM sales_ordermove WHERE order_id = %s", order.pk, why="append-only")


@pytest.mark.parametrize("table", ["sales_order", "sales_orderline", "sales_adjustment"])
def test_records_of_trade_are_not_deleted(table: str) -> None:
    make_order()
    refused(f"DELETE FROM {table}", why="never deleted|append-only")


def test_a_hand_over_is_not_undone() -> None:
    order = make_received_order(point=make_point())
    refused("UPDATE sales_orderline SET handed_over_at = NULL WHERE order_id = %s", order.pk, why="not undone")
    refused(
        "UPDATE sales_orderline SET handed_over_at = now() WHERE order_id = %s", order.pk, why="hand-over is not undone"
    )
