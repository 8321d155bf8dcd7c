"""Compensation beyond what was paid: read by its buyer, promised and paid by the staff."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from quanzi.faces.api.document import needs_scope, refuses
from quanzi.faces.api.routes.staff_orders import asked_out
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.compensations import (
    CompensateIn,
    CompensationBackIn,
    CompensationOut,
    CompensationPaidIn,
    MyCompensationOut,
    SendToIn,
)
from quanzi.faces.api.schemas.staff import AskedOut
from quanzi.faces.api.security import member_of, staff_of
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from quanzi.people.accounts.policies import can
from quanzi.people.approvals.errors import KeyReused as ApprovalKeyReused
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales import errors, queries, services
from quanzi.trade.aftersales.asking import compensate_or_ask
from quanzi.trade.aftersales.models import Compensation
from quanzi.trade.aftersales.queries import CompensationRow
from quanzi.trade.sales.errors import KeyReused, NoSuchLine, NoSuchOrder, OwnOrder
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.queries import order_page

router = Router(tags=["orders"])
staff = Router(tags=["staff"])
State = Literal["promised", "paid", "withdrawn"]


@router.get(
    "/orders/{number}/compensations",
    response=list[MyCompensationOut],
    summary="What I get on top for an order",
    openapi_extra=refuses(NoSuchOrder),
)
def list_order_compensations(request: HttpRequest, number: Slug) -> list[CompensationRow]:
    """Beyond what was paid for an order of mine, the newest first."""
    page = order_page(number, member_of(request))
    if not page.is_mine:
        raise NoSuchOrder
    return queries.compensations_of(page.card.id)


@router.put(
    "/me/compensations/{compensation_id}/send-to",
    response={204: None},
    summary="Say where compensation should go",
    openapi_extra=refuses(errors.NoSuchCompensation, IllegalMove),
)
def say_where(request: HttpRequest, compensation_id: Id, body: SendToIn) -> None:
    """The staff sees it until it has paid, then it is forgotten."""
    services.say_where(compensation_id=compensation_id, member=member_of(request), send_to=body.send_to)


@staff.get("/staff/compensations", response=Page[CompensationOut], summary="Compensation")
def list_compensations(
    request: HttpRequest, state: State = "promised", cursor: Cursor | None = None, limit: Limit = 50
) -> dict[str, Any]:
    """In the order in which it was promised; send_to is told to whoever may pay it. Needs orders.view."""
    may_pay = can(staff_of(request, "orders.view"), "orders.refund")
    return page_of(queries.compensations(state=state, may_pay=may_pay, after_id=cursor or 0, limit=limit), limit)


@staff.post(
    "/staff/orders/{number}/lines/{line_id}/compensations",
    response={201: CompensationOut, 202: AskedOut},
    summary="Promise compensation",
    openapi_extra=needs_scope(
        "staff:money", NoSuchLine, OwnOrder, errors.NothingWasPaid, errors.LessThanTheLaw, errors.BadCompensation,
        errors.CompensationWordsNeeded, KeyReused, ApprovalKeyReused,
    ),
)  # fmt: skip
def promise_compensation(
    request: HttpRequest, number: Slug, line_id: Id, body: CompensateIn, idempotency_key: Key
) -> Status[Any]:
    """Beyond what was paid for the line, which stays as it is; above a limit a second person is asked first (202). Needs orders.refund."""
    me = staff_of(request, "orders.refund")
    order_id = OrderLine.objects.filter(pk=line_id, order__number=number).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NoSuchLine
    done = compensate_or_ask(
        line_id=line_id, staff=me, idempotency_key=f"api:{idempotency_key}", now=clock.now(), **body.model_dump()
    )
    return Status(202, asked_out(done)) if isinstance(done, Approval) else Status(201, _row(done, order_id))


@staff.post(
    "/staff/compensations/{compensation_id}/paid",
    response=CompensationOut,
    summary="Compensation was paid",
    openapi_extra=needs_scope("staff:money", errors.NoSuchCompensation, OwnOrder, errors.NotEnoughCash, IllegalMove),
)
def pay_compensation(request: HttpRequest, compensation_id: Id, body: CompensationPaidIn) -> CompensationRow:
    """By a transfer under this reference; the same again changes nothing. Needs orders.refund."""
    me = staff_of(request, "orders.refund")
    done = services.pay_compensation(compensation_id=compensation_id, staff=me, now=clock.now(), **body.model_dump())
    return _row(done, done.line.order_id)


@staff.post(
    "/staff/compensations/{compensation_id}/withdraw",
    response=CompensationOut,
    summary="Take a promise of compensation back",
    openapi_extra=needs_scope("staff:money", errors.NoSuchCompensation, OwnOrder, IllegalMove),
)
def withdraw_compensation(request: HttpRequest, compensation_id: Id, body: CompensationBackIn) -> CompensationRow:
    """Before it is paid, with a reason that the buyer reads. Again changes nothing. Needs orders.refund."""
    me = staff_of(request, "orders.refund")
    done = services.withdraw_compensation(compensation_id=compensation_id, staff=me, why=body.why, now=clock.now())
    return _row(done, done.line.order_id)


def _row(made: Compensation, order_id: int) -> CompensationRow:
    return next(row for row in queries.compensations_of(order_id) if row.id == made.pk)
