"""Invoices: asked for by buyers, issued and cancelled by the staff."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, UploadedFile

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.invoices import InvoiceIn, InvoiceMonthOut, InvoiceNumberIn, InvoiceOut
from quanzi.faces.api.security import member_of, staff_of
from quanzi.faces.ui.filing import private_file
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from quanzi.trade.aftersales import errors, queries, services
from quanzi.trade.aftersales.files import MOST_MB, TYPES
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


@router.get(
    "/orders/{number}/invoices/{invoice_id}/file", summary="The file of an invoice", openapi_extra=refuses(NoSuchOrder, errors.NoInvoiceFile)
)  # fmt: skip
def get_invoice_file(request: HttpRequest, number: Slug, invoice_id: Id, red: bool = False) -> HttpResponse:
    """As the shop put it in, PDF or OFD, of an order of mine; red: of the red letter."""
    page = order_page(number, member_of(request))
    if not page.is_mine:
        raise NoSuchOrder
    found = queries.invoice_file(invoice_id, is_red=red, order_id=page.card.id)
    name = found.invoice.red_number if red else found.invoice.number
    return private_file(bytes(found.data), name=f"{name}.{found.kind}", content_type=TYPES[found.kind])


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


@staff.post(
    "/staff/invoices/{invoice_id}/file",
    response={204: None},
    summary="Put the file of an invoice in",
    openapi_extra=refuses(errors.NoSuchInvoice, errors.NotAnInvoiceFile, errors.NotIssuedYet),
)
def put_invoice_file(request: HttpRequest, invoice_id: Id, file: File[UploadedFile], red: Form[bool] = False) -> None:
    """PDF or OFD, at most 5 MB, kept as it is; red: of the red letter. The newest counts. Needs money.view."""
    actor = staff_of(request, "money.view")
    data = file.read(MOST_MB * 1_000_000 + 1)
    services.keep_file(invoice_id=invoice_id, actor_member=actor, data=data, is_red=red, now=clock.now())
