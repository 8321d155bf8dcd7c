"""Money for the staff: the books, their chain, what does not fit."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router

from quanzi.base.audit import services as audit
from quanzi.base.jobs.services import enqueue
from quanzi.base.ledger import queries as ledger
from quanzi.faces.api.document import needs_scope, refuses
from quanzi.faces.api.routes.payments import payment_of
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, Slug, Word, page_of
from quanzi.faces.api.schemas.payments import PaymentOut
from quanzi.faces.api.schemas.staff_house import (
    AuditChainOut,
    BalanceOut,
    BookingOut,
    CaseOut,
    CheckupOut,
    FailedRefundOut,
    HandReferenceIn,
    HandRefundOut,
    OfflineIn,
    ResolutionIn,
)
from quanzi.faces.api.security import member_of, staff_of
from quanzi.faces.console.models import Checkup
from quanzi.faces.console.reading.checkups import newest
from quanzi.faces.console.reading.money import failed_refunds, open_cases, refunds_by_hand
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.trade.payments import errors, services
from quanzi.trade.payments.models import Notification, Refund
from quanzi.trade.payments.policies import may_capture_offline, may_resolve_case
from quanzi.trade.payments.queries import of_payable
from quanzi.trade.sales.errors import NoSuchOrder
from quanzi.trade.sales.models import Order, OrderLine

router = Router(tags=["staff"])


@router.get("/staff/ledger", response=Page[BookingOut], summary="The journal")
def list_bookings(
    request: HttpRequest, account: Word = "", kind: Word = "", cursor: Cursor | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Newest first, all or those of an account or kind. Needs money.view."""
    staff_of(request, "money.view")
    rows = ledger.journal(before_id=cursor, limit=limit, account_code=account, kind=kind)
    return page_of(rows, limit)


@router.get("/staff/balances", response=list[BalanceOut], summary="Balances of all accounts")
def list_balances(request: HttpRequest) -> list[dict[str, Any]]:
    """By account code. Needs money.view."""
    staff_of(request, "money.view")
    return [{"account": code, "amount": amount} for code, amount in sorted(ledger.balances().items())]


@router.post("/staff/ledger/verification", response=AuditChainOut, summary="Verify the chain of the books")
def verify_books(request: HttpRequest) -> dict[str, Any]:
    """Recomputes every fingerprint now; reads the whole journal. Needs money.view."""
    staff_of(request, "money.view")
    broken_at, last = ledger.verify_chain(), ledger.journal(limit=1)
    return {"up_to": (last[0].seq or 0) if last else 0, "broken_at": broken_at}


@router.get(
    "/staff/orders/{number}/bookings",
    response=list[BookingOut],
    summary="Where one order's money went",
    openapi_extra=refuses(NoSuchOrder),
)
def list_order_bookings(request: HttpRequest, number: Slug) -> list[ledger.JournalRow]:
    """Oldest first, at most 200. Needs money.view."""
    staff_of(request, "money.view")
    order = _order(number)
    lines = OrderLine.objects.filter(order=order).values_list("pk", flat=True)
    refs = [f"order:{order.pk}", *(f"payment:{one.pk}" for one in of_payable("order", order.pk))]
    return list(reversed(ledger.journal(refs=[*refs, *(f"order_line:{pk}" for pk in lines)], limit=200)))


@router.post(
    "/staff/orders/{number}/offline-payment",
    response={201: PaymentOut},
    summary="Write down cash or a transfer for an order",
    openapi_extra=needs_scope("staff:money", NoSuchOrder, errors.NotPayable, errors.KeyReused),
)
def receive_money(request: HttpRequest, number: Slug, body: OfflineIn, idempotency_key: Key) -> dict[str, Any]:
    """Money that is in hand already, once for each key. Needs orders.handle."""
    me = member_of(request)
    if not may_capture_offline(me):
        raise NotAllowed
    order = _order(number)
    payment = services.pay_offline(
        payable_kind="order", payable_id=order.pk, member_id=order.member_id, reference=body.reference,
        actor=f"staff:{me.pk}", idempotency_key=f"api:{idempotency_key}", now=clock.now(),
    )  # fmt: skip
    return payment_of(payment, number)


@router.get("/staff/payment-cases", response=list[CaseOut], summary="Payment messages that fit nothing")
def list_cases(request: HttpRequest) -> list[Notification]:
    """Rightly signed, but not what we asked for; oldest first, at most 100. Needs orders.refund."""
    staff_of(request, "orders.refund")
    return open_cases()


@router.post(
    "/staff/payment-cases/{case_id}/resolution",
    response={204: None},
    summary="Say how a case was dealt with",
    openapi_extra=needs_scope("staff:money", NotFound),
)
def resolve_case(request: HttpRequest, case_id: Id, body: ResolutionIn) -> None:
    """Closes it; what was done stands with the message. Needs orders.refund."""
    me, now = staff_of(request, "orders.refund"), clock.now()
    if not may_resolve_case(me):
        raise NotAllowed
    if not Notification.objects.filter(pk=case_id, decision="case").exists():
        raise NotFound
    with transaction.atomic():
        services.resolve_case(notification_id=case_id, resolution=body.resolution, actor=f"staff:{me.pk}", now=now)
        audit.write(
            actor=me, action="payments.resolve_case", target=f"notification:{case_id}", after={"resolution": body.resolution}, now=now
        )  # fmt: skip


@router.get("/staff/failed-refunds", response=list[FailedRefundOut], summary="Refunds that the service refused")
def list_failed_refunds(request: HttpRequest) -> list[dict[str, Any]]:
    """The money is still ours to give back; newest first, at most 100. Needs orders.refund."""
    staff_of(request, "orders.refund")
    return [_failed(row, number) for row, number in failed_refunds()]


@router.post(
    "/staff/failed-refunds/{refund_id}/again",
    response={204: None},
    summary="Send a refused refund again",
    openapi_extra=needs_scope("staff:money", errors.NoSuchRefund, errors.NotRefused),
)
def send_refund_again(request: HttpRequest, refund_id: Id) -> None:
    """The same amount under a new number; again finds that one. Needs orders.refund."""
    me = staff_of(request, "orders.refund")
    services.send_again(refund_id=refund_id, actor=f"staff:{me.pk}", now=clock.now())


@router.get("/staff/refunds-by-hand", response=list[HandRefundOut], summary="Refunds to be paid by hand")
def list_refunds_by_hand(request: HttpRequest) -> list[dict[str, Any]]:
    """Of what was paid in cash or by transfer; oldest first, at most 100. Needs orders.refund."""
    staff_of(request, "orders.refund")
    return [{**_failed(row, number), "buyer": buyer} for row, number, buyer in refunds_by_hand()]


@router.post(
    "/staff/refunds-by-hand/{refund_id}/paid",
    response={204: None},
    summary="Say that a refund was paid by hand",
    openapi_extra=needs_scope("staff:money", errors.NoSuchRefund, errors.PaidBackAlready, errors.ReferenceNeeded),
)
def note_paid_back(request: HttpRequest, refund_id: Id, body: HandReferenceIn) -> None:
    """The buyer is told. reference: of the transfer, or who took the cash. Needs orders.refund."""
    me = staff_of(request, "orders.refund")
    services.note_paid_back(refund_id=refund_id, reference=body.reference, actor=f"staff:{me.pk}", now=clock.now())


@router.get(
    "/staff/checkup", response=CheckupOut, summary="Whether books and facts agree", openapi_extra=refuses(NotFound)
)
def get_checkup(request: HttpRequest) -> Checkup:
    """What the doctor said last; it comes every fifteen minutes. Needs money.view."""
    staff_of(request, "money.view")
    found = newest()
    if found is None:
        raise NotFound
    return found


@router.post("/staff/checkup", response={204: None}, summary="Ask the doctor to come", openapi_extra=refuses(NotFound))
def ask_for_checkup(request: HttpRequest) -> None:
    """One visit at a time; read it a moment later. Needs money.view."""
    staff_of(request, "money.view")
    enqueue("console.check_books", unique="console.check_books")


def _failed(row: Refund, number: str) -> dict[str, Any]:
    amount = {"minor": row.amount_minor, "currency": row.payment.currency}
    return {"id": row.pk, "order": number, "amount": amount, "reason": row.reason}


def _order(number: str) -> Order:
    found = Order.objects.filter(number=number).first()
    if found is None:
        raise NoSuchOrder
    return found
