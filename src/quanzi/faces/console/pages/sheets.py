"""Sheets: send one in, choose its columns, look at what it would do, apply it; and the goods as a sheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.drawing import sheets as drawing
from quanzi.faces.console.parsing import NeedsText, Reader
from quanzi.faces.console.viewing import attempt, refusal_words, show
from quanzi.growth.importing.goods.exporting import FORMATS, goods_sheet
from quanzi.growth.importing.models import Sheet, SheetKind, SheetState
from quanzi.growth.importing.past.reading import SKIPPED, sums
from quanzi.growth.importing.sheets import services
from quanzi.growth.importing.tables.values import ORDERS
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.money import CURRENCIES, Money

SHOWN_ORDERS = 10


def sheet_or_404(sheet_id: int) -> Sheet:
    found = Sheet.objects.select_related("actor").filter(pk=sheet_id).first()
    if found is None:
        raise NotFound()
    return found


@door("imports.run", WRITE)
def send_in(request: HttpRequest) -> HttpResponse:
    """Keep a sheet and go on to its page."""
    upload, reader = request.FILES.get("sheet"), Reader(request.POST)
    try:
        kind = reader.choice("kind", SheetKind.values)
        if upload is None:
            reader.wrong.append(NeedsText(field="sheet"))
        reader.check()
        assert upload is not None
        data = upload.read(services.MOST_BYTES + 1)
        made = services.send_in(
            kind=kind, data=data, file_name=upload.name or "sheet", actor=operator_of(request), now=clock.now()
        )
    except DomainError as refused:
        messages.error(request, drawing.refusal(refused) if not refused.fields else refusal_words(refused))
        return redirect("console:imports")
    return redirect("console:sheet", sheet_id=made.pk)


@door("imports.run")
def sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """One sheet: its columns and what it would do; or how far it is, and what it did."""
    return _page(request, sheet_or_404(sheet_id))


@door("imports.run", WRITE)
def columns(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Which column holds what. Looked at again before anything happens."""
    found, reader = sheet_or_404(sheet_id), Reader(request.POST)
    names = [field.name for field in services.fields_of(found.kind)]
    options = {"stock": "on" if reader.ticked("stock") else ""}
    if found.kind == SheetKind.ORDERS:
        options = {
            "source": reader.text("source", most=80),
            "currency": reader.choice("currency", CURRENCIES, otherwise="CNY"),
            "dates": reader.choice("dates", [*ORDERS[1:], ""], otherwise=""),
            "skip": "on" if reader.ticked("skip") else "",
        }
    if "worksheet" in request.POST:
        options["worksheet"] = reader.text("worksheet", most=40)
    try:
        reader.check()
        mapping = {name: request.POST.get(f"column.{name}", "") for name in names}
        services.choose(sheet=found, mapping=mapping, options=options, now=clock.now())
    except DomainError as refused:
        return _page(request, found, refused=refused)
    return redirect(reverse("console:sheet", args=[found.pk]) + "#preview")


@door("imports.run", WRITE)
def apply(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Apply what was looked at: a small sheet at once, a large one by a job."""
    found, me, now = sheet_or_404(sheet_id), operator_of(request), clock.now()
    at_once = found.rows <= services.AT_ONCE
    try:
        services.start(sheet=found, expected=request.POST.get("plan", "")[:64], at_once=at_once, actor=me, now=now)
    except DomainError as refused:
        messages.error(request, refusal_words(refused))
    else:
        if at_once:
            services.apply(sheet_id=found.pk, now=now)
    return redirect("console:sheet", sheet_id=found.pk)


@door("imports.run", WRITE)
def drop(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Forget a sheet that was not applied."""
    found, now = sheet_or_404(sheet_id), clock.now()
    return attempt(
        request,
        lambda: services.drop(sheet=found, actor=operator_of(request), now=now),
        said=gettext("Dropped. Nothing was changed, and what the file held is gone."),
        back=reverse("console:imports"),
        now=now,
    )


@door("goods.edit")
def goods_out(request: HttpRequest) -> HttpResponse:
    """All goods in our own format, as CSV or XLSX."""
    form = request.GET.get("as", "xlsx")
    if form not in FORMATS:
        raise NotFound()
    response = HttpResponse(goods_sheet(form), content_type=FORMATS[form])
    name = f"goods-{clock.today(clock.now()).isoformat()}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(request: HttpRequest, found: Sheet, *, refused: DomainError | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "here": "imports",
        "crumbs": [(gettext("Import and export"), reverse("console:imports")), (found.file_name, None)],
        "sheet": found,
        "is_open": found.state in (SheetState.UPLOADED, SheetState.FAILED),
        "is_moving": found.state in (SheetState.WAITING, SheetState.APPLYING),
        "refused": drawing.reported_refusal(found.report),
        "columns_wrong": refusal_words(refused)
        if refused and refused.fields
        else drawing.refusal(refused)
        if refused
        else "",
    }
    if context["is_open"]:
        context |= _open(found, context)
    return show(request, "sheet.html", context, status=refused.status if refused else 200)


def _open(found: Sheet, context: dict[str, Any]) -> dict[str, Any]:
    """What a sheet that can still be applied shows."""
    try:
        table = services.table_of(found)
    except DomainError as refused:
        return {"is_open": False, "refused": drawing.refusal(refused)}
    shown: dict[str, Any] = {
        "fields": drawing.column_rows(found, table),
        "left_columns": drawing.left_columns(found, table),
        "worksheets": [(name, name) for name in table.worksheets],
        "worksheet": table.worksheet,
        "headings": [(heading, heading) for heading in table.headings if heading],
        "currencies": [(one, one) for one in CURRENCIES],
    }
    try:
        shown |= _goods(found) if found.kind == SheetKind.GOODS else _orders(found)
    except DomainError as refused:
        shown["columns_wrong"] = context["columns_wrong"] or drawing.refusal(refused)
    return shown


def _goods(found: Sheet) -> dict[str, Any]:
    plan = services.goods_plan(found)
    counts = plan.counts()
    return {
        "plan": plan.fingerprint,
        "verbs": counts,
        "rows": drawing.plan_rows(plan),
        "row_total": sum(counts.get(verb, 0) for verb in drawing.ORDER),
        "problems": drawing.problem_rows(found, plan.problems),
        "problem_total": len(plan.problems),
        "may_apply": not plan.problems and counts["new"] + counts["change"] + counts["pictures"] > 0,
    }


def _orders(found: Sheet) -> dict[str, Any]:
    log = services.order_log(found)
    return {
        "log": dict(sums(log)),
        "bought": Money(sum(order.bought_minor for order in log.orders.values()), log.currency),
        "returned": Money(sum(order.returned_minor for order in log.orders.values()), log.currency),
        "skipped": [(gettext(SKIPPED[reason]), count) for reason, count in log.skipped.most_common()],
        "orders": [
            {"number": one.number, "at": one.placed_at, "bought": Money(one.bought_minor, log.currency),
             "returned": Money(one.returned_minor, log.currency), "lines": len(one.lines),
             "title": one.lines[0].title or one.lines[0].code}
            for one in list(log.orders.values())[:SHOWN_ORDERS]
        ],
        "problems": drawing.problem_rows(found, log.problems),
        "problem_total": log.problem_rows,
        "may_apply": bool(log.orders) and (not log.problem_rows or bool(found.options.get("skip"))) and bool(found.options.get("source")),
    }  # fmt: skip
