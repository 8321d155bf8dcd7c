"""Orders for the staff: finding, refunding, confirming cash, deciding claims."""

from __future__ import annotations

from typing import Any, Literal

from django.db import transaction
from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from quanzi.base.audit import services as audit
from quanzi.faces.api.document import needs_scope, refuses
from quanzi.faces.api.routes.payments import payment_of
from quanzi.faces.api.schemas.claims import ClaimOut, ExchangeIn
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, Slug, Word, page_of
from quanzi.faces.api.schemas.orders import OrderRowOut
from quanzi.faces.api.schemas.payments import PaymentOut
from quanzi.faces.api.schemas.staff import (
    AcceptClaimIn,
    AskedOut,
    CaptureIn,
    DeclineClaimIn,
    GivenBackOut,
    LineRefundIn,
    RefundIn,
)
from quanzi.faces.api.schemas.staff_house import EndIn
from quanzi.faces.api.security import member_of, staff_of
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove, NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.approvals.errors import KeyReused as ApprovalKeyReused
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales import errors as claim_errors
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.aftersales.asking import accept_or_ask, exchange_or_ask
from quanzi.trade.aftersales.policies import may_see_claims
from quanzi.trade.aftersales.queries import ClaimRow, of_lines, open_claims
from quanzi.trade.payments import errors as payment_errors
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.policies import may_capture_offline
from quanzi.trade.payments.services import capture_offline
from quanzi.trade.sales import errors, services
from quanzi.trade.sales.models import Order, OrderLine, OrderRefund
from quanzi.trade.sales.policies import may_refund
from quanzi.trade.sales.queries import orders_by_state

router = Router(tags=["staff"])
State = Literal["placed", "paid", "handed_over", "received", "completed", "cancelled", "refunded"]
REFUND = (errors.NotRefundable, errors.OwnOrder, errors.ReasonNeeded, errors.KeyReused, ApprovalKeyReused)


@router.get("/staff/orders", response=Page[OrderRowOut], summary="Everybody's orders")
def list_all_orders(
    request: HttpRequest, state: State | None = None, words: Word = "", cursor: Cursor | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Newest first; words: part of a number or of the buyer's name. One order is at GET /orders/{number}. Needs orders.view."""
    me = staff_of(request, "orders.view")
    rows = orders_by_state(viewer=me, states=[state] if state else (), words=words, before_id=cursor, limit=limit)
    return page_of(rows, limit)


@router.post(
    "/staff/orders/{number}/cancel",
    response={204: None},
    summary="End an unpaid order",
    openapi_extra=refuses(errors.NoSuchOrder, IllegalMove),
)
def end_order(request: HttpRequest, number: Slug, body: EndIn) -> None:
    """Its goods go back on sale. Again changes nothing. Needs orders.handle."""
    me, now = staff_of(request, "orders.handle"), clock.now()
    order_id = Order.objects.filter(number=number).values_list("pk", flat=True).first()
    if order_id is None:
        raise errors.NoSuchOrder
    with transaction.atomic():
        services.cancel_order(order_id=order_id, actor=f"staff:{me.pk}", reason=body.reason, now=now)
        audit.write(actor=me, action="order.cancel", target=f"order:{order_id}", after={"reason": body.reason}, now=now)


@router.post(
    "/staff/orders/{number}/refund",
    response={201: GivenBackOut, 202: AskedOut},
    summary="Refund an order",
    openapi_extra=needs_scope("staff:money", errors.NoSuchOrder, *REFUND),
)
def refund_order(request: HttpRequest, number: Slug, body: RefundIn, idempotency_key: Key) -> Status[dict[str, Any]]:
    """All that is left of it, with the freight; above a limit a second person is asked first (202). Needs orders.refund."""
    me = _refunder(request)
    order_id = Order.objects.filter(number=number).values_list("pk", flat=True).first()
    if order_id is None:
        raise errors.NoSuchOrder
    done = services.refund_or_ask(
        order_id=order_id, reason=body.reason, goods_back=body.goods_back, staff=me, idempotency_key=f"api:{idempotency_key}",
        now=clock.now(),
    )  # fmt: skip
    return _done_or_asked(done)


@router.post(
    "/staff/orders/{number}/lines/{line_id}/refund",
    response={201: GivenBackOut, 202: AskedOut},
    summary="Refund a line of an order",
    openapi_extra=needs_scope(
        "staff:money",
        errors.NoSuchLine,
        errors.NothingLeft,
        errors.RefundTooLarge,
        errors.RefundNotPositive,
        errors.GoodsNeverLeft,
        *REFUND,
    ),
)
def refund_line(
    request: HttpRequest, number: Slug, line_id: Id, body: LineRefundIn, idempotency_key: Key
) -> Status[dict[str, Any]]:
    """All that was paid for it, or amount_minor; above a limit a second person is asked first (202). Needs orders.refund."""
    me = _refunder(request)
    order_id = OrderLine.objects.filter(pk=line_id, order__number=number).values_list("order_id", flat=True).first()
    if order_id is None:
        raise errors.NoSuchLine
    done = services.refund_or_ask(
        order_id=order_id, line_id=line_id, amount_minor=body.amount_minor, reason=body.reason, goods_back=body.goods_back,
        staff=me, idempotency_key=f"api:{idempotency_key}", now=clock.now(),
    )  # fmt: skip
    return _done_or_asked(done)


@router.post(
    "/staff/payments/{number}/capture",
    response=PaymentOut,
    summary="Confirm cash or a bank transfer",
    openapi_extra=needs_scope(
        "staff:money", payment_errors.NoSuchPayment, payment_errors.OnlyOffline, payment_errors.NotPayable
    ),
)
def capture_payment(request: HttpRequest, number: Slug, body: CaptureIn) -> dict[str, Any]:
    """Of an offline payment; twice is once. Needs orders.handle."""
    me = member_of(request)
    if not may_capture_offline(me):
        raise NotAllowed
    payment = Payment.objects.filter(number=number, payable_kind="order").first()
    if payment is None:
        raise payment_errors.NoSuchPayment
    payment = capture_offline(payment_id=payment.pk, reference=body.reference, actor=f"staff:{me.pk}", now=clock.now())
    return payment_of(payment, Order.objects.values_list("number", flat=True).get(pk=payment.payable_id))


@router.get("/staff/claims", response=Page[ClaimOut], summary="Claims that wait for a decision")
def list_claims(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 50) -> dict[str, Any]:
    """The longest first. Needs orders.view."""
    if not may_see_claims(member_of(request)):
        raise NotAllowed
    return page_of(open_claims(after_id=cursor or 0, limit=limit), limit)


@router.post(
    "/staff/claims/{claim_id}/accept",
    response={200: ClaimOut, 202: AskedOut},
    summary="Give the money back",
    openapi_extra=needs_scope(
        "staff:money",
        claim_errors.NoSuchClaim,
        IllegalMove,
        errors.OwnOrder,
        errors.RefundTooLarge,
        errors.RefundNotPositive,
    ),
)
def accept_claim(request: HttpRequest, claim_id: Id, body: AcceptClaimIn) -> Status[Any]:
    """All that is left of the line, or amount_minor; above a limit a second person is asked first (202). Needs orders.refund."""
    done = accept_or_ask(
        claim_id=claim_id, staff=member_of(request), amount_minor=body.amount_minor, goods_back=body.goods_back,
        answer=body.answer, now=clock.now(),
    )  # fmt: skip
    return (
        Status(202, asked_out(done))
        if isinstance(done, Approval)
        else Status(200, of_lines([done.line_id])[done.line_id])
    )


@router.post(
    "/staff/claims/{claim_id}/decline",
    response=ClaimOut,
    summary="Decline a claim",
    openapi_extra=needs_scope(
        "staff:money",
        claim_errors.NoSuchClaim,
        claim_errors.AnswerNeeded,
        claim_errors.NotArrived,
        IllegalMove,
        errors.OwnOrder,
    ),
)
def decline_claim(request: HttpRequest, claim_id: Id, body: DeclineClaimIn) -> ClaimRow:
    """With an answer that the buyer reads. Needs orders.refund."""
    claim = aftersales.decline(claim_id=claim_id, actor_member=member_of(request), answer=body.answer, now=clock.now())
    return of_lines([claim.line_id])[claim.line_id]


@router.post(
    "/staff/claims/{claim_id}/ask-back",
    response=ClaimOut,
    summary="Ask for the goods first",
    openapi_extra=refuses(claim_errors.NoSuchClaim, claim_errors.BackAlready, IllegalMove, errors.OwnOrder),
)
def ask_back(request: HttpRequest, claim_id: Id) -> ClaimRow:
    """The buyer sends them at the shop's cost; then the claim is decided. Needs orders.refund."""
    found = aftersales.ask_back(claim_id=claim_id, actor_member=_refunder(request), now=clock.now())
    return of_lines([found.claim.line_id])[found.claim.line_id]


@router.post(
    "/staff/claims/{claim_id}/arrived",
    response=ClaimOut,
    summary="The goods have arrived",
    openapi_extra=refuses(claim_errors.NoSuchClaim, IllegalMove),
)
def note_arrived(request: HttpRequest, claim_id: Id) -> ClaimRow:
    """The seven days in which the money must follow begin. Needs orders.refund."""
    found = aftersales.arrive(claim_id=claim_id, actor_member=_refunder(request), now=clock.now())
    return of_lines([found.claim.line_id])[found.claim.line_id]


@router.post(
    "/staff/claims/{claim_id}/exchange",
    response={200: ClaimOut, 202: AskedOut},
    summary="Give the other variant",
    openapi_extra=needs_scope(
        "staff:money", claim_errors.NoSuchClaim, claim_errors.NothingToExchange, claim_errors.NotArrived, IllegalMove, errors.OwnOrder
    ),
)  # fmt: skip
def exchange_goods(request: HttpRequest, claim_id: Id, body: ExchangeIn) -> Status[Any]:
    """What came back is put on the shelf where it can be sold; what the other costs less is refunded, above a limit when a
    second person agreed (202). Needs orders.refund."""
    done = exchange_or_ask(claim_id=claim_id, staff=_refunder(request), now=clock.now(), **body.model_dump())
    if isinstance(done, Approval):
        return Status(202, asked_out(done))
    return Status(200, of_lines([done.line_id])[done.line_id])


def _refunder(request: HttpRequest) -> Member:
    me = member_of(request)
    if not may_refund(me):
        raise NotAllowed
    return me


def _done_or_asked(done: OrderRefund | Approval) -> Status[dict[str, Any]]:
    if isinstance(done, OrderRefund):
        return Status(201, _given_back(done))
    return Status(202, asked_out(done))


def asked_out(made: Approval) -> dict[str, Any]:
    """A request that waits for a second person."""
    amount = {"minor": made.amount_minor, "currency": made.currency}
    return {"id": made.pk, "state": made.state, "amount": amount, "expires_at": made.expires_at}


def _given_back(refund: OrderRefund) -> dict[str, Any]:
    return {
        "id": refund.pk,
        "amount": {"minor": refund.amount_minor, "currency": refund.order.currency},
        "reason": refund.reason,
        "goods_back": refund.goods_back,
        "refunded_at": refund.refunded_at,
    }
