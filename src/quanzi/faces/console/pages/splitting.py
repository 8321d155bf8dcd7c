"""A circle that falls apart, for the staff: the cut, what came of it, and the decision where the circle has no host."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.community.circles.models import Circle
from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.growth.splitting import policies, queries, services
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound


@door("circles.moderate")
def split(request: HttpRequest, circle_id: int) -> HttpResponse:
    """The newest cut of a circle and the newest look at it."""
    circle = _circle(circle_id)
    context: dict[str, Any] = {
        "here": "circles",
        "crumbs": [
            (gettext("Circles"), reverse("console:circles")),
            (circle.name, reverse("console:circle", args=[circle.pk])),
            (gettext("One circle or several"), None),
        ],
        "circle": circle,
        "page": queries.split_page(circle, operator_of(request), now=clock.now()),
        "look": queries.look_of(circle),
        "least": services.least_members(),
        "has_host": policies.has_host(circle),
    }
    return show(request, "splitting.html", context)


@door("circles.moderate", WRITE)
def act(request: HttpRequest, circle_id: int) -> HttpResponse:
    """Have it looked at; split, decline or undo where nobody else can."""
    me, now, circle, reader = operator_of(request), clock.now(), _circle(circle_id), Reader(request.POST)
    what, split_id = reader.choice("act", ["look", "split", "decline", "undo"]), key_in(request.POST.get("split")) or 0
    is_sure = reader.ticked("sure")

    def do() -> None:
        reader.check()
        if what == "look":
            services.ask_to_look(circle=circle, by=me, now=now)
        elif not circle.splits.filter(pk=split_id).exists():
            raise NotFound()
        elif what == "split":
            services.split_circle(split_id=split_id, by=me, names={}, leaders={}, sure=is_sure, now=now)
        elif what == "decline":
            services.decline(split_id=split_id, by=me, now=now)
        else:
            services.undo(split_id=split_id, by=me, sure=is_sure, now=now)

    said = {
        "look": gettext("We are looking. Come back in a minute."), "split": gettext("The new circles stand. Everybody is being told."),
        "decline": gettext("The circle stays whole."), "undo": gettext("This is one circle again."),
    }  # fmt: skip
    back = reverse("console:circle_split", args=[circle.pk])
    return attempt(request, do, said=said.get(what, ""), back=back, now=now)


@door("shop.edit", WRITE)
def setting(request: HttpRequest, circle_id: int) -> HttpResponse:
    """From how many people on circles are looked at."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    least = reader.whole("least_members", least=20, most=100_000)

    def do() -> None:
        reader.check()
        services.set_least(least_members=least, by=me, now=now)

    return attempt(request, do, said=gettext("Saved."), back=reverse("console:circle_split", args=[circle_id]), now=now)


def _circle(circle_id: int) -> Circle:
    found = Circle.objects.select_related("founder").filter(pk=circle_id).first()
    if found is None:
        raise NotFound()
    return found
