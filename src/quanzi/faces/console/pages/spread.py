"""Whose word goes far: plans that begin with samples, what came of them, and whom to ask for an area."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.parsing import Reader, Sent, key_in, problems_of
from quanzi.faces.console.viewing import attempt, show
from quanzi.goods.catalogue.queries import product_cards
from quanzi.growth.spread import queries, services
from quanzi.growth.spread.queries import PlanRow, Tracked
from quanzi.growth.spread.rules import MOST_DAYS, Standing
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound

GOODS = 100


@door("sources.edit")
def spread(request: HttpRequest) -> HttpResponse:
    """Every plan, the newest first."""
    context: dict[str, Any] = {
        "here": "spread",
        "crumbs": [(gettext("Relations"), None), (gettext("Spread"), None)],
        "rows": queries.plans(),
    }
    return show(request, "spread.html", context)


@door("sources.edit", FORM)
def new_plan(request: HttpRequest) -> HttpResponse:
    """Goods, how many samples, and what they may cost."""
    if request.method != "POST":
        return _form(request, Sent(goods=request.GET.get("goods", ""), samples="10", days="30"), None)
    reader, now = Reader(request.POST), clock.now()
    try:
        terms: dict[str, Any] = {
            "name": reader.text("name", most=80),
            "product_id": key_in(request.POST.get("goods")) or 0,
            "samples": reader.whole("samples", least=1, most=500),
            "postage_minor": reader.amount("postage", otherwise=0),
            "budget_minor": reader.amount("budget"),
            "days": reader.whole("days", least=7, most=MOST_DAYS),
        }
        reader.check()
        made = services.make_plan(actor=operator_of(request), now=now, **terms)
    except DomainError as refusal:
        return _form(request, Sent(request.POST.dict()), refusal)
    messages.success(request, gettext("Whom to ask is being counted. This page says how far it is."))
    return redirect("console:spread_plan", plan_id=made.pk)


@door("sources.edit")
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The choice beside two that anybody could make; whom to ask; who came through them beside the forecast."""
    row, now = queries.plan_row(plan_id), clock.now()
    if row is None:
        raise NotFound
    seen = queries.tracked(row, now=now)
    context: dict[str, Any] = {
        "here": "spread",
        "crumbs": [(gettext("Spread"), reverse("console:spread")), (row.name, None)],
        "row": row,
        "seen": seen,
        "seeds": queries.seeds(plan_id, seen=seen),
        "choices": _choices(row),
        "finding": _finding(row),
        "steps": _steps(seen),
        "verdict": _verdict(row, seen),
        "free": max(0, row.samples - row.sent - row.asked - row.accepted),
    }
    return show(request, "spread_plan.html", context)


@door("sources.edit", WRITE)
def ask(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Ask those who come next."""
    me, now, said = operator_of(request), clock.now(), [""]

    def act() -> None:
        count = services.ask_next(plan_id=plan_id, actor=me, now=now)
        said.append(ngettext("%(n)d member was asked.", "%(n)d members were asked.", count) % {"n": count})

    return attempt(request, act, said=said, back=reverse("console:spread_plan", args=[plan_id]), now=now)


@door("sources.edit", WRITE)
def send(request: HttpRequest, plan_id: int, seed_id: int) -> HttpResponse:
    """The sample leaves the shelf."""
    me, now = operator_of(request), clock.now()
    return attempt(
        request, lambda: services.send(seed_id=seed_id, actor=me, now=now), said=gettext("Written off as a sample. The member is told."),
        back=reverse("console:spread_plan", args=[plan_id]), now=now,
    )  # fmt: skip


@door("sources.edit", WRITE)
def close(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Nobody more is asked."""
    me, now = operator_of(request), clock.now()
    return attempt(
        request, lambda: services.close(plan_id=plan_id, actor=me, now=now),
        said=gettext("Closed. Samples that had not left are free again; arrivals still count until the end."),
        back=reverse("console:spread_plan", args=[plan_id]), now=now,
    )  # fmt: skip


@door("sources.edit")
def leaders(request: HttpRequest) -> HttpResponse:
    """Members who want to be asked, in areas without a station near, with the facts that speak for them."""
    now = clock.now()
    context: dict[str, Any] = {
        "here": "spread",
        "crumbs": [(gettext("Spread"), reverse("console:spread")), (gettext("From point to area"), None)],
        "rows": [(one, reasons(one.standing)) for one in queries.suggestions(now=now)],
        "asked": queries.calls(),
    }
    return show(request, "spread_leaders.html", context)


@door("sources.edit", WRITE)
def call(request: HttpRequest, member_id: int) -> HttpResponse:
    """Ask one of them."""
    me, now = operator_of(request), clock.now()
    return attempt(
        request, lambda: services.call(member_id=member_id, actor=me, now=now), said=gettext("Asked. They read the same reasons as you."),
        back=reverse("console:spread_leaders"), now=now,
    )  # fmt: skip


def reasons(standing: Standing) -> list[str]:
    """Facts in words; the member reads the same."""
    found = []
    if standing.helped:
        found.append(ngettext("helped %(n)d person", "helped %(n)d people", standing.helped) % {"n": standing.helped})
    if standing.kept_advice:
        found.append(
            ngettext(
                "%(n)d person kept what they recommended",
                "%(n)d people kept what they recommended",
                standing.kept_advice,
            )
            % {"n": standing.kept_advice}
        )
    if standing.good_voices:
        found.append(
            ngettext(
                "%(n)d person found their notes useful", "%(n)d people found their notes useful", standing.good_voices
            )
            % {"n": standing.good_voices}
        )
    found += [gettext("looks after “%(circle)s”") % {"circle": name} for name in standing.circles]
    return found


def _form(request: HttpRequest, sent: Sent, refusal: DomainError | None) -> HttpResponse:
    wrong = problems_of(refusal)
    context: dict[str, Any] = {
        "here": "spread",
        "crumbs": [(gettext("Spread"), reverse("console:spread")), (gettext("New plan"), None)],
        "goods": [(str(card.id), card.name) for card in product_cards(limit=GOODS)],
        "sent": sent,
        "problems": Sent(wrong | {"goods": wrong["product_id"], "budget": wrong["budget"] or wrong["budget_minor"]}),
    }
    return show(request, "spread_form.html", context, status=refusal.status if refusal else 200)


def _choices(row: PlanRow) -> list[dict[str, Any]]:
    names = {
        "chosen": gettext("These members"),
        "listeners": gettext("Those with most listeners"),
        "lot": gettext("Drawn by lot"),
    }
    found = row.outcome.get("methods") or {}
    return [
        {
            "label": names[name],
            "value": found[name][0],
            "text": _people(found[name][0]),
            "span": f"{_people(found[name][1])} – {_people(found[name][2])}",
            "tone": "pine" if name == "chosen" else "grey",
        }
        for name in names
        if name in found
    ]


def _people(expected: float) -> str:
    """An expected number; the first decimal tells where there are few."""
    return f"{expected:.1f}" if expected < 10 else f"{expected:.0f}"


def _finding(row: PlanRow) -> str:
    """What the comparison says, and no more."""
    methods = row.outcome.get("methods") or {}
    if not methods:
        return gettext("Nobody can be chosen yet.")
    (mean, low, _), (other, _, high) = methods["chosen"], methods["listeners"]
    if low > high:
        return gettext("Expected to reach %(more)d%% more people than asking those with most listeners.") % {
            "more": round(100 * (mean / other - 1)) if other else 100
        }
    return gettext("No better, as far as can be told, than asking those with most listeners.")


def _steps(seen: Tracked) -> list[dict[str, Any]]:
    """Forecast and seen, step by step."""
    names = (gettext("From them"), gettext("One further"), gettext("Two further"))
    spans = seen.forecast or [[0, 0, 0]] * 3
    rows = []
    for name, came, (mean, low, high) in zip(names, seen.steps, spans, strict=True):
        span = f"{mean:.1f} ({low:.0f} – {high:.0f})"
        rows.append(
            {"label": name, "second": gettext("forecast"), "value": mean, "text": span, "tone": "grey", "hatch": True}
        )
        rows.append({"label": name, "second": gettext("seen"), "value": came, "text": str(came), "tone": "pine"})
    return rows


def _verdict(row: PlanRow, seen: Tracked) -> str:
    """Forecast and arrivals in words."""
    if not row.sent:
        return gettext("No sample is out yet. People count from the moment that one leaves.")
    total = (row.outcome.get("joined") or {}).get("total", [0, 0, 0])
    span = {"seen": seen.seen, "low": round(total[1]), "high": round(total[2])}
    words = {
        "few": gettext(
            "Too little to judge by: %(seen)d came. Fewer than three samples, or ten people, tell of chance only."
        ),
        "below": gettext("%(seen)d came, below the forecast of %(low)d to %(high)d."),
        "within": gettext("%(seen)d came, as forecast (%(low)d to %(high)d)."),
        "above": gettext("%(seen)d came, above the forecast of %(low)d to %(high)d."),
    }
    return (
        words[seen.verdict] % span if seen.verdict else gettext("The forecast for those who said yes is being counted.")
    )
