"""Invoices: what is asked for, what must be cancelled, and the sums of each month."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.faces.ui.filing import private_file
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales import queries, services
from quanzi.trade.aftersales.files import MOST_MB, TYPES

PAGE = 50
GROUPS = {
    "asked": gettext_lazy("Asked for"),
    "red_needed": gettext_lazy("Red letter due"),
    "issued": gettext_lazy("Issued"),
    "reversed": gettext_lazy("Cancelled"),
}


@door("money.view")
def invoices(request: HttpRequest) -> HttpResponse:
    """One group, and the months."""
    group = request.GET.get("show", "asked")
    group = group if group in GROUPS else "asked"
    here = reverse("console:invoices")
    rows = queries.invoices(group=group, after_id=key_in(request.GET.get("after")) or 0, limit=PAGE + 1)
    context: dict[str, Any] = {
        "here": "ledger",
        "crumbs": [(gettext("Orders"), reverse("console:orders")), (gettext("Invoices"), None)],
        "chips": [(label, f"{here}?show={name}", name == group) for name, label in GROUPS.items()],
        "rows": rows[:PAGE],
        "months": queries.invoice_months(),
        "next": f"{here}?show={group}&after={rows[PAGE - 1].id}" if len(rows) > PAGE else None,
    }
    return show(request, "invoices.html", context)


@door("money.view", WRITE)
def issue(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Under the number of the tax office's system."""
    return _act(request, invoice_id, "asked", gettext("Issued, and the buyer was told."))


@door("money.view", WRITE)
def reverse_invoice(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """By a red-letter invoice."""
    return _act(request, invoice_id, "red_needed", gettext("Cancelled by the red-letter invoice."))


@door("money.view")
def file(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """As it was put in; with `?red=1` the red letter's."""
    is_red = request.GET.get("red") == "1"
    found = queries.invoice_file(invoice_id, is_red=is_red)
    name = found.invoice.red_number if is_red else found.invoice.number
    return private_file(bytes(found.data), name=f"{name}.{found.kind}", content_type=TYPES[found.kind])


@door("money.view", WRITE)
def keep_file(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """The file of the tax office's system, of an invoice or of a red letter."""
    me, now, is_red = operator_of(request), clock.now(), request.POST.get("red") == "1"
    back = f"{reverse('console:invoices')}?show={'reversed' if is_red else 'issued'}"
    return attempt(
        request,
        lambda: _keep(request, invoice_id, me, is_red=is_red, is_needed=True, now=now),
        said=gettext("Kept. The buyer finds it on the page of the order."),
        back=back,
        now=now,
    )


def _keep(request: HttpRequest, invoice_id: int, me: Member, *, is_red: bool, is_needed: bool, now: datetime) -> None:
    upload = request.FILES.get("file")
    if upload is None and not is_needed:
        return
    data = upload.read(MOST_MB * 1_000_000 + 1) if upload is not None else b""
    services.keep_file(invoice_id=invoice_id, actor_member=me, data=data, is_red=is_red, now=now)


def _act(request: HttpRequest, invoice_id: int, group: str, said: str) -> HttpResponse:
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    number = reader.text("number", most=40)

    def act() -> None:
        reader.check()
        if group == "asked":
            services.issue(invoice_id=invoice_id, actor_member=me, number=number, now=now)
            _keep(request, invoice_id, me, is_red=False, is_needed=False, now=now)
        else:
            services.reverse(invoice_id=invoice_id, actor_member=me, red_number=number, now=now)
            _keep(request, invoice_id, me, is_red=True, is_needed=False, now=now)

    return attempt(request, act, said=said, back=f"{reverse('console:invoices')}?show={group}", now=now)
