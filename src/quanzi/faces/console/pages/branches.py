"""Replicating: patterns of communities, a sheet of branches that is looked at first, and what became of each row."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.community.circles.models import Circle
from quanzi.community.posts.models import Post, PostKind
from quanzi.faces.console.doors import FORM, door, operator_of
from quanzi.faces.console.parsing import NeedsText, Reader, Sent, problems_of
from quanzi.faces.console.viewing import refusal_words, show
from quanzi.faces.ui.environment import problem
from quanzi.growth.replicating import queries, services, sheet
from quanzi.growth.replicating.archive import MOST_MB
from quanzi.growth.replicating.services import Outcome
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, InvalidInput

MOST_TEXTS = 10


@door("shop.edit", FORM)
def patterns(request: HttpRequest) -> HttpResponse:
    """Patterns so far; a new one of a circle of this shop, or a file of another."""
    sent, refused = Sent(request.POST.dict()), None
    if request.method == "POST":
        try:
            made = _take_in(request) if sent["act"] == "take_in" else _make(request, sent)
            return redirect("console:pattern", pattern_id=made)
        except DomainError as error:
            refused = error
    context: dict[str, Any] = {
        "here": "circles",
        "crumbs": [(gettext("Circles and trust"), reverse("console:circles")), (gettext("Branches"), None)],
        "rows": queries.patterns(),
        "branches": queries.branches(),
        "circles": [(one.pk, one.name) for one in Circle.objects.filter(closed_at=None).order_by("name", "pk")[:300]],
        "sent": sent,
        "refused": refusal_words(refused) if refused and sent["act"] == "take_in" else "",
        "personal": [problem(one) for one in refused.fields.values()] if refused and sent["act"] != "take_in" else [],
        "problems": problems_of(refused),
    }
    return show(request, "patterns.html", context, status=refused.status if refused else 200)


def _make(request: HttpRequest, sent: Sent) -> int:
    reader = Reader(sent)
    circle = reader.row("circle", lambda key: Circle.objects.filter(pk=key).first(), needed=True)
    areas = reader.text("areas", most=200)
    kept = reader.text("kept", most=300, needed=False)
    reader.check()
    assert circle is not None
    posts = Post.objects.filter(circle=circle, author_id=circle.founder_id, hidden_at=None, removed_at=None)
    chosen = posts.filter(kind__in=[PostKind.NOTE, PostKind.QUESTION]).order_by("pk")[:MOST_TEXTS]
    made = services.make_pattern(
        circle=circle, areas=_words(areas), posts=list(chosen) if reader.ticked("texts") else [],
        with_pictures=reader.ticked("pictures"), kept_words=_words(kept),
        actor=f"staff:{operator_of(request).pk}", now=clock.now(),
    )  # fmt: skip
    return int(made.pk)


def _words(text: str) -> list[str]:
    return [word for word in text.replace("，", ",").replace("、", ",").split(",") if word.strip()]


def _take_in(request: HttpRequest) -> int:
    upload = request.FILES.get("file")
    if upload is None:
        raise NeedsText(field="file")
    data = upload.read(MOST_MB * 1_000_000 + 1)
    return int(services.take_in(data=data, actor=f"staff:{operator_of(request).pk}", now=clock.now()).pk)


@door("shop.edit", FORM)
def pattern(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """What a pattern holds; its missing goods are made; its sheet sent in is looked at, and then opened."""
    found, outcomes, rows, refused = queries.pattern_row(pattern_id), [], [], None
    is_done = request.POST.get("act") == "open"
    if request.method == "POST":
        try:
            if request.POST.get("act") == "goods":
                services.make_goods(pattern=queries.pattern(pattern_id), actor=operator_of(request), now=clock.now())
                messages.success(
                    request, gettext("The drafts are made. Look at them, bring stock in, and put them on sale.")
                )
                return redirect("console:pattern", pattern_id=pattern_id)
            rows = _rows(request, found)
            plans = sheet.plans_from(rows, content=found.content, now=clock.now())
            do = services.open_branches if is_done else services.preview
            actor = f"staff:{operator_of(request).pk}"
            outcomes = do(pattern=queries.pattern(pattern_id), plans=plans, actor=actor, now=clock.now())
        except DomainError as error:
            refused = error
    goods = queries.goods_of(found.content)
    context: dict[str, Any] = {
        "here": "circles",
        "crumbs": [(gettext("Branches"), reverse("console:patterns")), (found.name, None)],
        "pattern": found,
        "goods": goods,
        "missing": sum(one.state == queries.MISSING for one in goods),
        "columns": ", ".join(sheet.columns_of(found.content)),
        "branches": queries.branches(pattern_id=pattern_id),
        "outcomes": [(one, _why(one)) for one in outcomes],
        "fit": sum(one.state == "fits" for one in outcomes),
        "is_done": is_done and refused is None,
        "rows": json.dumps(rows, ensure_ascii=False) if rows and not is_done else "",
        "refused": refusal_words(refused) if refused else "",
    }
    return show(request, "pattern.html", context, status=refused.status if refused else 200)


def _rows(request: HttpRequest, found: queries.PatternRow) -> list[tuple[int, dict[str, str]]]:
    """The rows of the sheet that was sent in; or those that were looked at before, which the page sends back."""
    upload = request.FILES.get("sheet")
    if upload is not None:
        data = upload.read(sheet.MOST_BYTES + 1)
        return sheet.rows_of(data, file_name=upload.name or "sheet", content=found.content)
    try:
        rows = json.loads(request.POST.get("rows", ""))
        return [(int(number), {str(name): str(cell) for name, cell in cells.items()}) for number, cells in rows]
    except (ValueError, TypeError, AttributeError, RecursionError) as unreadable:
        raise InvalidInput(field="sheet") from unreadable


def _why(one: Outcome) -> list[str]:
    return [f"{column}: {problem(why)}" if column else problem(why) for column, why in one.problems]


@door("shop.edit")
def pattern_file(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """The pattern as a file, for another shop."""
    found = queries.pattern(pattern_id)
    return _attached(bytes(found.archive), "application/zip", f"pattern-{found.digest[:8]}.zip")


@door("shop.edit")
def pattern_sheet(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """A sheet to fill, with one row that shows how."""
    found = queries.pattern_row(pattern_id)
    return _attached(sheet.blank(found.content), "text/csv; charset=utf-8", f"branches-{found.digest[:8]}.csv")


def _attached(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
