"""The shop's own words for the search, and what people looked for in vain."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.parsing import key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.growth.searching import services
from quanzi.growth.searching.queries import misses, word_lines
from quanzi.kernel import clock
from quanzi.kernel.clock import today


@door("goods.edit")
def words(request: HttpRequest) -> HttpResponse:
    """Lines of words, and words that found nothing in the last thirty days."""
    context: dict[str, Any] = {
        "here": "goods",
        "crumbs": [(gettext("Goods"), reverse("console:goods")), (gettext("Words of the search"), None)],
        "lines": word_lines(),
        "misses": misses(since_day=today(clock.now() - timedelta(days=30))),
    }
    return show(request, "searching.html", context)


@door("goods.edit", WRITE)
def act(request: HttpRequest) -> HttpResponse:
    """Add a line, or take one away."""
    me, now = operator_of(request), clock.now()
    said = [gettext("Added. The next search knows it.")]

    def do() -> None:
        if request.POST.get("do") == "remove":
            services.remove_words(line_id=key_in(request.POST.get("id")) or 0, actor=me, now=now)
            said.append(gettext("Taken away."))
        elif request.POST.get("do") == "usual":
            added = services.add_usual_words(actor=me, now=now)
            said.append(ngettext("%(count)d line added.", "%(count)d lines added.", added) % {"count": added})
        else:
            services.add_words(words=request.POST.get("words", "")[:300].replace("\x00", ""), actor=me, now=now)

    return attempt(request, do, said=said, back=reverse("console:search_words"), now=now)
