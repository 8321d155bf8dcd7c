"""People who are not content and asked for help before, or instead of, writing so: answered by a person, and measured."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.faces.console.words import lasted
from quanzi.kernel import clock
from quanzi.trade.aftersales import queries, services
from quanzi.trade.aftersales.rules import HELP_WITHIN, LONGEST_WORDS

PAGE = 50
DAYS = 90


@door("orders.view")
def helps(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, and how well the promise was kept."""
    now = clock.now()
    rows = queries.open_helps(after_id=key_in(request.GET.get("after")) or 0, limit=PAGE + 1)
    speed = queries.help_speed(since=now - timedelta(days=DAYS), now=now)
    context: dict[str, Any] = {
        "here": "orders",
        "crumbs": [(gettext("Orders"), reverse("console:orders")), (gettext("Help asked for"), None)],
        "rows": [{"help": row, "left": lasted(abs(row.promised_by - now)), "is_late": now > row.promised_by} for row in rows[:PAGE]],
        "next": f"{request.path}?after={rows[PAGE - 1].id}" if len(rows) > PAGE else None,
        "speed": speed,
        "half": lasted(speed.half_within) if speed.half_within is not None else "–",
        "hours": int(HELP_WITHIN.total_seconds() // 3600),
        "longest": LONGEST_WORDS,
    }  # fmt: skip
    return show(request, "helps.html", context)


@door("orders.view", WRITE)
def answer(request: HttpRequest, help_id: int) -> HttpResponse:
    """In words that the buyer reads; money and goods go by the order's page."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    words = reader.text("answer", most=LONGEST_WORDS)

    def act() -> None:
        reader.check()
        services.answer_help(ask_id=help_id, actor_member=me, answer=words, now=now)

    return attempt(
        request, act, said=gettext("Answered, and the buyer was told."), back=reverse("console:helps"), now=now
    )
