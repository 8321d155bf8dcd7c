"""Invoices: asked for by buyers, issued and cancelled by the staff."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.invoices import InvoiceIn, InvoiceMonthOut, InvoiceNumberIn, InvoiceOut
from quanzi.faces.api.security import member_of, staff_of
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from quanzi.trade.aftersales import errors, queries, services
from quanzi.trade.aftersales.queries import InvoiceMonth, InvoiceRow, invoice_months, invoices_of
from quanzi.trade.sales.errors import NoSuchOrder
from quanzi.trade.sales.queries import order_page

router = Router(tags=["orders"])
staff = Router(tags=["staff"])
Group = Literal["asked", "red_needed", "issued", "reversed"]


@router.post(
    "/orders/{number}/invoices",
    response={201: InvoiceOut},
    summary="Ask for an invoice",
    openapi_extra=refuses(
        NoSuchOrder, errors.NothingToInvoice, errors.InvoiceAsked, errors.TitleNeeded, errors.TaxNumberNeeded, errors.BadInvoiceEmail
    ),
)  # fmt: skip
def ask_invoice(request: HttpRequest, number: Slug, body: InvoiceIn) -> InvoiceRow:
    """About what was paid and did not go back. One at a time for an order."""
    me, page = member_of(request), order_page(number, member_of(request))
    if not page.is_mine:
        raise NoSuchOrder
    services.ask_invoice(order_id=page.card.id, member=me, now=clock.now(), **body.model_dump())
    return invoices_of(page.card.id)[0]


@router.get(
    "/orders/{number}/invoices", response=list[InvoiceOut], summary="Invoices of an order", openapi_extra=refuses(NoSuchOrder)
)  # fmt: skip
def list_order_invoices(request: HttpRequest, number: Slug) -> list[InvoiceRow]:
    """Of an order of mine, the newest first."""
    page = order_page(number, member_of(request))
    if not page.is_mine:
        raise NoSuchOrder
    return invoices_of(page.card.id)


@router.delete(
    "/me/invoices/{invoice_id}",
    response={204: None},
    summary="Take a request for an invoice back",
    openapi_extra=refuses(errors.NoSuchInvoice, IllegalMove),
)
def withdraw_invoice(request: HttpRequest, invoice_id: Id) -> None:
    """Before it is issued."""
    services.withdraw_invoice(invoice_id=invoice_id, member=member_of(request), now=clock.now())


@staff.get("/staff/invoices", response=Page[InvoiceOut], summary="Invoices")
def list_invoices(
    request: HttpRequest, group: Group = "asked", cursor: Cursor | None = None, limit: Limit = 50
) -> dict[str, Any]:
    """In the order in which they were asked for. Needs money.view."""
    staff_of(request, "money.view")
    return page_of(queries.invoices(group=group, after_id=cursor or 0, limit=limit), limit)


@staff.get("/staff/invoices/months", response=list[InvoiceMonthOut], summary="Invoiced by month")
def list_invoice_months(request: HttpRequest) -> list[InvoiceMonth]:
    """Issued and cancelled, each in its own month, the newest first. Needs money.view."""
    staff_of(request, "money.view")
    return invoice_months()


@staff.post(
    "/staff/invoices/{invoice_id}/issue",
    response={204: None},
    summary="An invoice was issued",
    openapi_extra=refuses(
        errors.NoSuchInvoice, errors.NumberNeeded, errors.NumberTaken, errors.NothingToInvoice, IllegalMove
    ),
)
def issue_invoice(request: HttpRequest, invoice_id: Id, body: InvoiceNumberIn) -> None:
    """Under this number of the tax office's system; the buyer is told. Needs money.view."""
    actor = staff_of(request, "money.view")
    services.issue(invoice_id=invoice_id, actor_member=actor, number=body.number, now=clock.now())


@staff.post(
    "/staff/invoices/{invoice_id}/reverse",
    response={204: None},
    summary="A red-letter invoice was issued",
    openapi_extra=refuses(errors.NoSuchInvoice, errors.NumberNeeded, errors.NumberTaken, IllegalMove),
)
def reverse_invoice(request: HttpRequest, invoice_id: Id, body: InvoiceNumberIn) -> None:
    """It cancels the invoice; the buyer may ask for one about the rest. Needs money.view."""
    actor = staff_of(request, "money.view")
    services.reverse(invoice_id=invoice_id, actor_member=actor, red_number=body.number, now=clock.now())
