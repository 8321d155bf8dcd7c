"""One source: its link and QR code, what was spent on it; making, retiring, writing down spend."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.drawing.columns import kind_label, name_of
from quanzi.faces.console.parsing import Reader, Sent, problems_of
from quanzi.faces.console.reading.sources import visitors_of
from quanzi.faces.console.viewing import attempt, show
from quanzi.growth.importing.past.queries import sums_by_source
from quanzi.growth.sources import queries, services
from quanzi.growth.sources.models import Source, SourceKind
from quanzi.growth.sources.rules import utm_key
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.policies import can

MAKEABLE = (SourceKind.PARCEL, SourceKind.STATION, SourceKind.NOTE, SourceKind.AD, SourceKind.SAMPLE)
"""Kinds that staff make; the others come to be by themselves, from members' links."""


def source_or_404(source_id: int) -> Source:
    found = Source.objects.select_related("owner", "circle").filter(pk=source_id).first()
    if found is None:
        raise NotFound()
    return found


@door("sources.view")
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """Link, code, spend."""
    return _page(request, source_or_404(source_id), {}, Sent())


def _page(
    request: HttpRequest, found: Source, sent: dict[str, str], problems: Sent, *, status: int = 200
) -> HttpResponse:
    now = clock.now()
    link = request.build_absolute_uri(f"/i/{found.token}") if found.kind != SourceKind.DIRECT else ""
    context: dict[str, Any] = {
        "here": "sources",
        "crumbs": [(gettext("Relation ledger"), reverse("console:sources")), (name_of(found.kind, found.name), None)],
        "now": now,
        "source": found,
        "name": name_of(found.kind, found.name),
        "kind": kind_label(found.kind),
        "address": link,
        "visitors": visitors_of(found.pk),
        "past": sums_by_source().get(found.pk, []) if found.kind == SourceKind.IMPORT else [],
        "spends": queries.spends(found.pk),
        "spent_minor": queries.spent_minor(found.pk),
        "may_edit": can(operator_of(request), "sources.edit"),
        "sent": Sent({"spent_on": clock.today(now).isoformat(), "key": new_token()} | sent),
        "problems": problems,
    }
    return show(request, "source.html", context, status=status)


@door("sources.edit", FORM)
def new_source(request: HttpRequest) -> HttpResponse:
    """A new way in, with a token of its own."""
    sent = Sent(request.POST.dict() if request.method == "POST" else {"target": "/"})
    refused: DomainError | None = None
    if request.method == "POST":
        reader = Reader(sent)
        try:
            kind = reader.choice("kind", [str(one) for one in MAKEABLE])
            name, target = reader.text("name", most=80), reader.text("target", most=200)
            words = {
                f"utm_{part}": reader.text(f"utm_{part}", most=50, needed=False)
                for part in ("source", "medium", "campaign")
            }
            reader.check()
            made = services.create_source(
                kind=kind, name=name, target=target, utm=utm_key(words), actor=operator_of(request), now=clock.now()
            )
            messages.success(request, gettext("The source stands. Use its link or its code."))
            return redirect("console:source", source_id=made.pk)
        except DomainError as error:
            refused = error
    context: dict[str, Any] = {
        "here": "sources",
        "crumbs": [(gettext("Relation ledger"), reverse("console:sources")), (gettext("New source"), None)],
        "kinds": [(str(one.value), one.label) for one in MAKEABLE],
        "sent": sent,
        "problems": problems_of(refused),
    }
    return show(request, "source_new.html", context, status=refused.status if refused else 200)


@door("sources.edit", WRITE)
def enter_spend(request: HttpRequest, source_id: int) -> HttpResponse:
    """Write spend down, once for each form that was shown."""
    found = source_or_404(source_id)
    reader = Reader(request.POST)
    try:
        amount, spent_on, what = reader.amount("amount"), reader.day("spent_on"), reader.text("what", most=80)
        key = reader.text("key", most=60)
        reader.check()
        services.enter_spend(
            source=found, amount_minor=amount, spent_on=spent_on or clock.today(clock.now()), what=what, key=f"console:{key}",
            actor=operator_of(request), now=clock.now(),
        )  # fmt: skip
    except DomainError as refused:
        sent = {name: request.POST.get(name, "") for name in ("amount", "spent_on", "what", "key")}
        return _page(request, found, sent, problems_of(refused), status=refused.status)
    messages.success(request, gettext("Written down, and posted to the books."))
    return redirect("console:source", source_id=found.pk)


@door("sources.edit", WRITE)
def retire(request: HttpRequest, source_id: int) -> HttpResponse:
    """The link still leads on, but counts no more."""
    found, now = source_or_404(source_id), clock.now()
    return attempt(
        request,
        lambda: services.retire_source(source=found, actor=operator_of(request), now=now),
        said=gettext("Retired. Its link still leads to its page and counts no more."),
        back=reverse("console:source", args=[found.pk]),
        now=now,
    )
