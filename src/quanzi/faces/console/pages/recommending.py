"""What the engine that recommends says of itself: when it last read, what it chose, and whether that beats what everybody buys."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from quanzi.base.jobs.services import enqueue
from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.viewing import show
from quanzi.growth.recommending.queries import TrainingRow, trainings
from quanzi.kernel import clock
from quanzi.people.accounts.policies import can

ENOUGH = 100
"""People in the carve-out below whom its figures are chance more than knowledge."""


@door("sources.view")
def recommending(request: HttpRequest) -> HttpResponse:
    """A chart with its table, and honest words when there is too little to go by."""
    rows = trainings()
    newest = rows[0] if rows else None
    context: dict[str, Any] = {
        "here": "recommending",
        "crumbs": [(gettext("Relations"), None), (gettext("Recommendations"), None)],
        "now": clock.now(),
        "newest": newest,
        "finding": _finding(newest),
        "figures": _figures(newest) if newest else [],
        "rows": rows,
        "may_train": can(operator_of(request), "goods.edit"),
    }
    return show(request, "recommending.html", context)


@door("goods.edit", WRITE)
def train(request: HttpRequest) -> HttpResponse:
    """Do not wait for the night. It takes a processor for minutes in a large shop, so it is done beside the pages, and one at a time."""
    begun = enqueue("recommending.train", unique="recommending.train")
    if begun is None:
        messages.info(request, gettext("It is on its way already."))
    else:
        messages.success(request, gettext("It begins now; look again in a few minutes."))
    return redirect("console:recommending")


def _finding(newest: TrainingRow | None) -> str:
    if newest is None:
        return gettext("Nothing was trained yet. It happens each night; the button does not wait for it.")
    people = newest.carve_out.get("people", 0)
    if people == 0:
        return gettext(
            "Too few people kept enough goods to choose settings by. The usual ones are used, and nothing is known of their worth."
        )
    engine, popular = newest.carve_out["engine"]["recall@20"], newest.carve_out["popularity"]["recall@20"]
    if people < ENOUGH:
        return gettext("Measured on %(people)d people only: that may be chance.") % {"people": people}
    if engine <= popular:
        return gettext(
            "The engine finds no more than a list of what most people kept. It may be switched off without loss."
        )
    return gettext("Of goods set aside, the engine finds %(more)d%% more than a list of what most people kept.") % {
        "more": round(100 * (engine / popular - 1)) if popular else 100
    }


def _figures(newest: TrainingRow) -> list[dict[str, Any]]:
    names = {
        "popularity": gettext("What most people kept"),
        "without": gettext("The engine without ties"),
        "engine": gettext("The engine"),
    }
    return [
        {
            "label": names[name],
            "value": found["recall@20"],
            "text": f"{found['recall@20']:.1%}",
            "ndcg": f"{found['ndcg@20']:.3f}",
        }
        for name in names
        if (found := newest.carve_out.get(name))
    ]
