"""One lot: what complaints say of it, stopping it for a while or for good, and whom a recall concerns. Quality in tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.kernel.words import N_
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales import queries, services
from quanzi.trade.aftersales.asking import recall_or_ask
from quanzi.trade.aftersales.policies import may_decide

PAGE = 50
MOST_PRINTED = 2_000
DAYS = {"30": 30, "90": 90, "365": 365}

RECALLED = N_("Recalled. Everybody who was given goods of it is being paid back and told.")
FAILED = N_("Written down. It stays off the shelf: check again, send it back, or recall it.")
ASKED = N_("A second person must agree to the recall, under Approvals. Until then the lot is paused.")


@door("goods.edit")
def lot(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Facts, pauses, recall."""
    page = queries.lot_page(lot_id)
    after = key_in(request.GET.get("after")) or 0
    rows = queries.lines_of_lot(lot_id, after_id=after, limit=PAGE + 1)
    context: dict[str, Any] = {
        "here": "goods",
        "crumbs": [
            (gettext("Goods"), reverse("console:goods")),
            (gettext("Lots"), reverse("console:lots")),
            (page.code, None),
        ],
        "page": page,
        "rows": rows[:PAGE],
        "next": f"{request.path}?after={rows[PAGE - 1].id}" if len(rows) > PAGE else None,
        "may_recall": may_decide(operator_of(request)),
    }
    return show(request, "lot.html", context)


@door("goods.edit")
def lot_list(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Who was given goods of it, for the printer."""
    page = queries.lot_page(lot_id)
    context: dict[str, Any] = {
        "page": page,
        "rows": queries.lines_of_lot(lot_id, limit=MOST_PRINTED),
        "back": reverse("console:lot", args=[lot_id]),
        "name": page.code,
    }
    return show(request, "lot_list.html", context)


@door("goods.edit")
def quality(request: HttpRequest) -> HttpResponse:
    """What complaints say of lots, suppliers and pickup points."""
    now, chosen = clock.now(), request.GET.get("days", "90")
    chosen = chosen if chosen in DAYS else "90"
    since = now - timedelta(days=DAYS[chosen])
    labels = {"30": gettext("30 days"), "90": gettext("90 days"), "365": gettext("A year")}
    context: dict[str, Any] = {
        "here": "goods",
        "crumbs": [(gettext("Goods"), reverse("console:goods")), (gettext("Quality"), None)],
        "chips": [(label, f"{request.path}?days={days}", days == chosen) for days, label in labels.items()],
        "paused": queries.lots_to_watch(),
        "lots": queries.of_lots(since=since),
        "suppliers": queries.of_suppliers(since=since),
        "points": queries.of_points(since=since),
    }
    return show(request, "quality.html", context)


@door("goods.edit", WRITE)
def pause(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Nobody hands it over until it is released."""
    return _act(
        request, lot_id, services.pause, gettext("Paused. It is neither handed over nor sold until you release it.")
    )


@door("goods.edit", WRITE)
def release(request: HttpRequest, lot_id: int) -> HttpResponse:
    """It goes on."""
    return _act(request, lot_id, services.release, gettext("Released. It is handed over and sold again."))


@door("goods.edit", WRITE)
def check(request: HttpRequest, lot_id: int) -> HttpResponse:
    """What was found in the units that were opened; a lot that passes goes on."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    found: dict[str, Any] = {
        "sampled": reader.whole("sampled", least=1, most=services.MOST_SAMPLED),
        "flawed": reader.whole("flawed", most=services.MOST_SAMPLED),
        "words": reader.text("words", most=200),
        "is_passed": reader.choice("is_passed", ("1", "0")) == "1",
    }

    def act() -> None:
        reader.check()
        services.check_lot(lot_id=lot_id, actor=me, now=now, **found)

    said = gettext("It passed. It is handed over and sold from now on.") if found["is_passed"] else gettext(FAILED)
    return attempt(request, act, said=said, back=reverse("console:lot", args=[lot_id]), now=now)


@door("goods.edit", WRITE, recent=True)
def recall(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Never handed over again; everybody who was given goods of it is paid back and told."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    reason, said = reader.text("reason", most=200), [""]

    def act() -> None:
        reader.check()
        done = recall_or_ask(lot_id=lot_id, reason=reason, staff=me, now=now)
        said.append(gettext(ASKED) if isinstance(done, Approval) else gettext(RECALLED))

    return attempt(request, act, said=said, back=reverse("console:lot", args=[lot_id]), now=now)


@door("goods.edit", WRITE)
def clear(request: HttpRequest, lot_id: int) -> HttpResponse:
    """What was left of a recalled lot leaves the shelf."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    quantity, found = reader.whole("quantity", most=9_999_999), queries.lot_page(lot_id).recall

    def act() -> None:
        reader.check()
        if found is None:
            raise NotFound()
        services.clear(recall_id=found.id, quantity=quantity, actor=me, now=now)

    return attempt(request, act, said=gettext("Written off."), back=reverse("console:lot", args=[lot_id]), now=now)


def _act(request: HttpRequest, lot_id: int, service: Any, said: str) -> HttpResponse:
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    reason = reader.text("reason", most=200)

    def act() -> None:
        reader.check()
        service(lot_id=lot_id, reason=reason, actor=me, now=now)

    return attempt(request, act, said=said, back=reverse("console:lot", args=[lot_id]), now=now)
