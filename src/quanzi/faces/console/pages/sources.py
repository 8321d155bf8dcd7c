"""The relation ledger: what each source brought, and the people behind each figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import door, operator_of
from quanzi.faces.console.drawing import relation
from quanzi.faces.console.drawing.columns import COLUMNS, MEANINGS, MODELS, name_of, people
from quanzi.faces.console.parsing import day_in, key_in
from quanzi.faces.console.reading.sources import spends_between
from quanzi.faces.console.viewing import show
from quanzi.growth.importing.past.queries import sums_by_source
from quanzi.growth.insight.queries import Fact, LedgerRow, facts, relation_ledger
from quanzi.growth.insight.rules import WHOLE, Model
from quanzi.growth.sources.models import Source
from quanzi.kernel import clock
from quanzi.kernel.clock import midnight
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.policies import can

USUAL_DAYS = 180
FACTS_PAGE = 100


class Span(TypedDict):
    """From one moment to before the other."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Choice:
    """What of the ledger is looked at: the model of attribution and whole days, both ends included."""

    model: Model
    first: date
    last: date

    @property
    def span(self) -> Span:
        return {"starts_at": midnight(self.first), "ends_at": midnight(self.last + timedelta(days=1))}

    @property
    def query(self) -> dict[str, str]:
        return {"model": str(self.model), "from": self.first.isoformat(), "to": self.last.isoformat()}


def chosen(request: HttpRequest, now: datetime) -> Choice:
    """The choice in the address; what is missing or makes no sense is the usual one."""
    asked = request.GET.get("model", "")
    model = Model(asked) if asked in list(Model) else Model.FIRST
    last = day_in(request.GET.get("to", "")) or clock.today(now)
    first = day_in(request.GET.get("from", "")) or last - timedelta(days=USUAL_DAYS)
    return Choice(model, min(first, last), last)


@door("sources.view")
def sources(request: HttpRequest) -> HttpResponse:
    """The ledger as a flow of shares and a table; every figure opens to its facts."""
    now = clock.now()
    choice = chosen(request, now)
    ledger = relation_ledger(model=choice.model, now=now, **choice.span)
    sort = request.GET.get("sort", "")
    sort = sort if sort in relation.SORTS else "repeat_buyers"
    rows = relation.drawn_rows(ledger, sort=sort, all_rows="all" in request.GET)
    extra = {"sort": sort if sort != "repeat_buyers" else "", "all": request.GET.get("all", "")}
    here = reverse("console:sources")
    context: dict[str, Any] = {
        "here": "sources",
        "crumbs": [(gettext("Relations"), None), (gettext("Relation ledger"), None)],
        "now": now,
        "choice": choice,
        "finding": relation.finding(ledger),
        "flow": relation.flow(rows, ledger.total, lambda column: _facts_href(choice, column)),
        "columns": COLUMNS,
        "rows": [_cells(one, choice) for one in rows],
        "total": _cells(relation.Drawn(gettext("Total"), "", "", ledger.total, 0), choice, is_total=True),
        "count": len(ledger.rows),
        "sort": sort,
        "sort_links": {
            name: relation.with_query(here, **choice.query, **(extra | {"sort": name})) for name in relation.SORTS
        },
        "models": [
            (label, relation.with_query(here, **(choice.query | {"model": name}), **extra), name == choice.model, None)
            for name, label in MODELS.items()
        ],
        "strip": _strip(choice, rows[0], sort) if rows else None,
        "unfold": relation.with_query(here, **choice.query, all=1, sort=extra["sort"]),
        "past": _past(),
        "may_edit": can(operator_of(request), "sources.edit"),
    }
    return show(request, "sources.html", context)


def _past() -> list[dict[str, Any]]:
    """What was brought in from other shops, beside the ledger and never in it."""
    sums = sums_by_source()
    names = dict(Source.objects.filter(pk__in=sums).values_list("pk", "name"))
    return [{"id": key, "name": names[key], "sum": one} for key, found in sums.items() for one in found]


def _strip(choice: Choice, one: relation.Drawn, column: str) -> dict[str, str]:
    return {**relation.strip(one, column), "href": _facts_href(choice, column, one.source_id)}


def _cells(one: relation.Drawn, choice: Choice, *, is_total: bool = False) -> dict[str, Any]:
    """One row with its figures, ready to draw; figures of a folded row do not open, its sources do."""
    cost, interval = relation.cost_words(one.row.cost, spend_minor=one.row.spend_minor)
    source_id = None if is_total else one.source_id
    cells: dict[str, dict[str, str | None]] = {}
    for column in COLUMNS:
        href = _facts_href(choice, column, source_id) if not one.folded else None
        cells[column] = {**relation.strip(one, column), "href": href}
    return {
        "name": one.name, "second": one.second, "tone": one.tone, "folded": one.folded, "cells": cells, "row": one.row,
        "href": reverse("console:source", args=[source_id]) if source_id else None,
        "cost": cost, "interval": interval,
    }  # fmt: skip


def _facts_href(choice: Choice, column: str, source_id: int | None = None) -> str:
    return relation.with_query(reverse("console:facts"), **choice.query, column=column, source=source_id)


@door("sources.view")
def facts_page(request: HttpRequest) -> HttpResponse:
    """The facts behind one figure: people with their share of the credit, or the spend entries. They add up to it."""
    now = clock.now()
    choice, column = chosen(request, now), request.GET.get("column", "visits")
    source_id = key_in(request.GET.get("source"))
    if column not in COLUMNS:
        raise NotFound()
    source = Source.objects.select_related("owner").filter(pk=source_id).first() if source_id else None
    if source_id and source is None:
        raise NotFound()
    name = name_of(source.kind, source.name) if source else gettext("All sources")
    page = min(key_in(request.GET.get("page")) or 1, 1000)
    context: dict[str, Any] = {
        "here": "sources",
        "crumbs": [
            (gettext("Relation ledger"), relation.with_query(reverse("console:sources"), **choice.query)),
            (f"{name} / {COLUMNS[column]}", None),
        ],
        "now": now, "choice": choice, "column": COLUMNS[column], "meaning": MEANINGS[column], "name": name,
        "source": source, "model_label": MODELS[choice.model], "total": _total(choice, column, source_id, now),
    }  # fmt: skip
    if column == "spend":
        context["spends"] = spends_between(source_id=source_id, first=choice.first, last=choice.last)
    else:
        found = facts(
            column=column, source_id=source_id, model=choice.model, now=now, limit=FACTS_PAGE + 1,
            offset=(page - 1) * FACTS_PAGE, **choice.span,
        )  # fmt: skip
        may_see = can(operator_of(request), "members.view")
        context["people"] = [_person(fact, may_see) for fact in found[:FACTS_PAGE]]
        context["next"] = _page_href(request, page + 1) if len(found) > FACTS_PAGE else None
        context["previous"] = _page_href(request, page - 1) if page > 1 else None
    return show(request, "facts.html", context)


def _total(choice: Choice, column: str, source_id: int | None, now: datetime) -> str:
    ledger = relation_ledger(model=choice.model, now=now, **choice.span)
    row: LedgerRow | None = ledger.total
    if source_id:
        row = next((one for one in ledger.rows if one.source_id == source_id), None)
    name = {"spend": "spend_minor", "margin": "margin_minor"}.get(column, column)
    return relation.figure(row, name) if row else "0"


def _person(fact: Fact, may_see: bool) -> dict[str, Any]:
    """Names only for whoever may see members; others see that the fact is there."""
    if fact.member_id is None:
        name, href = gettext("A browser that has not signed up"), None
    elif may_see:
        name, href = fact.name, reverse("console:member", args=[fact.member_id])
    else:
        name, href = gettext("Member %(id)s") % {"id": fact.member_id}, None
    whole = fact.share == WHOLE
    return {"name": name, "href": href, "at": fact.at, "share": "1" if whole else f"{people(fact.share)}",
            "margin_minor": fact.margin_minor * fact.share // WHOLE}  # fmt: skip


def _page_href(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"{request.path}?{query.urlencode()}"
