"""Printing: labels, packing lists and a picking list for the picked orders."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from quanzi.base.audit import services as audit
from quanzi.faces.console.doors import WRITE, door, operator_of, refused
from quanzi.faces.console.parsing import keys_in
from quanzi.faces.console.viewing import back_of
from quanzi.kernel import clock
from quanzi.trade.fulfilment.papers import MOST, PAPERS


@door("orders.handle", WRITE)
def print_orders(request: HttpRequest) -> HttpResponse:
    """One PDF for all picked orders. Names and addresses leave on paper, so it is written into the audit log."""
    kind, now = request.POST.get("paper", ""), clock.now()
    order_ids = keys_in(request.POST.getlist("row"), most=MOST)
    printed = PAPERS[kind](order_ids, now=now) if kind in PAPERS else None
    if printed is None:
        refused(request)
        messages.error(request, gettext("Nothing to print: tick orders that are being prepared."))
        return redirect(back_of(request, "/console/orders?show=prepare"))
    after = {"paper": kind, "orders": order_ids}
    audit.write(actor=operator_of(request), action="orders.print", target="orders", after=after, now=now)
    return pdf(printed, f"{kind}-{now:%Y%m%d-%H%M}.pdf")


def pdf(content: bytes, name: str) -> HttpResponse:
    """A sheet to look at and print in the browser; kept by nobody."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
