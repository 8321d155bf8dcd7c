"""People whose orders look made for each other's benefit: every sign of it, and the moderator's word."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.parsing import Reader
from quanzi.faces.console.viewing import attempt, show
from quanzi.growth.rings.services import look as look_for_rings
from quanzi.kernel import clock
from quanzi.people.trust.models import RingState
from quanzi.people.trust.rings import REASON_LIMIT, decide_ring
from quanzi.people.trust.rings import rings as all_rings


@door("circles.moderate")
def rings(request: HttpRequest) -> HttpResponse:
    """Those that wait first; what was decided stays, and may be decided anew."""
    context: dict[str, Any] = {
        "here": "circles",
        "crumbs": [(gettext("Circles"), reverse("console:circles")), (gettext("Rings"), None)],
        "rows": [{"ring": row, "signs": [(one, other, _signs(kinds)) for one, other, kinds in row.signs]} for row in all_rings()],
        "longest": REASON_LIMIT,
    }  # fmt: skip
    return show(request, "rings.html", context)


@door("circles.moderate", WRITE)
def look(request: HttpRequest) -> HttpResponse:
    """Look now, without waiting for the night."""
    operator_of(request)
    now = clock.now()
    return attempt(
        request, lambda: look_for_rings(now=now), said=gettext("Looked through all orders and ties."),
        back=reverse("console:rings"), now=now,
    )  # fmt: skip


@door("circles.moderate", WRITE)
def decide(request: HttpRequest, ring_id: int) -> HttpResponse:
    """Leave out, or count as honest; with a reason that the people read."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    state = reader.choice("state", [RingState.LEFT_OUT, RingState.HONEST])
    reason = reader.text("reason", most=REASON_LIMIT)

    def act() -> None:
        reader.check()
        decide_ring(ring_id=ring_id, state=state, reason=reason, actor=me, now=now)

    return attempt(request, act, said=gettext("Decided. It holds from now on."), back=reverse("console:rings"), now=now)


def _signs(kinds: dict[str, int]) -> str:
    """What a pair shares, in words."""
    said = {
        "device": lambda n: gettext("one browser"),
        "address": lambda n: gettext("one address"),
        "payer": lambda n: gettext("one account paid for both"),
        "teams": lambda n: ngettext("in one complete team together", "in %(n)d complete teams together", n) % {"n": n},
        "advice": lambda n: gettext("each keeps what the other recommends"),
        "commission": lambda n: (
            ngettext("commission from one order line", "commission from %(n)d order lines", n) % {"n": n}
        ),
        "family": lambda n: gettext("both say they are family"),
    }
    return gettext(", ").join(said[kind](times) for kind, times in kinds.items())
