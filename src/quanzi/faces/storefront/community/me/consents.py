"""What the member allows: one switch for each purpose and channel, all off until given."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from quanzi.faces.storefront.viewing import member_of, members_only, show
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.contact import queries
from quanzi.people.contact.services import decide


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """The page says what was on when it was shown; only what the member changed there is decided."""
    me = member_of(request)
    if request.method == "POST":
        _decide(request, me)
        messages.success(request, gettext("Saved. It holds from now on."))
        return redirect("storefront:consents")
    rows = queries.consents(me)
    groups = [(purpose, list(found)) for purpose, found in groupby(rows, key=lambda row: row.purpose)]
    return show(request, "community/me/consents.html", {"groups": groups})


@members_only
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Every decision with its date and the exact words agreed to."""
    is_english = (get_language() or "").startswith("en")
    rows = [(row, row.text.text_en if is_english else row.text.text_zh) for row in queries.history(member_of(request))]
    return show(request, "community/me/consent_history.html", {"rows": rows})


def _decide(request: HttpRequest, me: Member) -> None:
    """A tab that was left open must not give again what another tab has withdrawn: unchanged switches say nothing."""
    now, shown, sent = clock.now(), set(request.POST.getlist("was")), set(request.POST.getlist("on"))
    for row in queries.consents(me):
        name = f"{row.purpose}:{row.channel}"
        if (name in sent) != (name in shown):
            decide(member=me, purpose=row.purpose, channel=row.channel, granted=name in sent, where="consents", now=now)
