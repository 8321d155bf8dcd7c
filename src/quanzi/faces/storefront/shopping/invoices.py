"""The invoice of an order: ask for one, take it back, keep its paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.faces.ui.filing import private_file
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales import services
from quanzi.trade.aftersales.files import TYPES
from quanzi.trade.aftersales.models import InvoiceKind
from quanzi.trade.aftersales.papers import invoice_paper
from quanzi.trade.aftersales.queries import InvoiceRow, invoice_file, invoices_of
from quanzi.trade.sales.queries import OrderPage, order_page

FIELDS = ("kind", "title", "tax_number", "email")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    """Ask, or see how far it is."""
    me = member_of(request)
    page = _mine(number, me)
    if request.method != "POST":
        return _show(request, page)
    try:
        said = _act(request, page, me)
    except NotFound:
        raise
    except DomainError as refused:
        return _show(request, page, refusal=refused)
    messages.success(request, said)
    return redirect("storefront:order_invoice", number=number)


@members_only
@require_safe
def paper(request: HttpRequest, number: str, invoice_id: int) -> HttpResponse:
    """The facts of an issued invoice as PDF."""
    page = _mine(number, member_of(request))
    found = next((row for row in invoices_of(page.card.id) if row.id == invoice_id and row.number), None)
    if found is None:
        raise NotFound
    response = HttpResponse(invoice_paper(found, now=clock.now()), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@members_only
@require_safe
def file(request: HttpRequest, number: str, invoice_id: int) -> HttpResponse:
    """The lawful invoice itself, or with `?red=1` the red letter, as the shop got it."""
    page, is_red = _mine(number, member_of(request)), request.GET.get("red") == "1"
    found = invoice_file(invoice_id, is_red=is_red, order_id=page.card.id)
    name = found.invoice.red_number if is_red else found.invoice.number
    return private_file(bytes(found.data), name=f"{name}.{found.kind}", content_type=TYPES[found.kind])


def _act(request: HttpRequest, page: OrderPage, me: Member) -> str:
    now = clock.now()
    if request.POST.get("act") == "withdraw":
        services.withdraw_invoice(invoice_id=id_in(request.POST.get("invoice")) or 0, member=me, now=now)
        return gettext("Taken back.")
    sent = {name: request.POST.get(name, "")[:400] for name in FIELDS}
    services.ask_invoice(order_id=page.card.id, member=me, now=now, **sent)
    return gettext("Asked for. You are told when it is issued.")


def _mine(number: str, me: Member) -> OrderPage:
    page = order_page(number, me)
    if not page.is_mine:
        raise NotFound
    return page


def _show(request: HttpRequest, page: OrderPage, *, refusal: DomainError | None = None) -> HttpResponse:
    rows: list[InvoiceRow] = invoices_of(page.card.id)
    context: dict[str, Any] = {
        "order": page,
        "rows": rows,
        "may_ask": page.card.paid_at is not None and all(row.state in ("reversed", "withdrawn") for row in rows),
        "kinds": InvoiceKind.choices,
        "sent": {name: request.POST.get(name, "") for name in FIELDS}
        | ({} if request.POST else {"kind": InvoiceKind.PERSON}),
        "problems": problems(refusal),
    }
    return show(request, "shopping/invoice.html", context, status=refusal.status if refusal else 200)
