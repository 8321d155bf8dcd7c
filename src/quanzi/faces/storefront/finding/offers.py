"""Open to offers: what the member allows topic by topic, what came, and who was shown what."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.growth.fronts.centres import centre
from quanzi.growth.fronts.queries.updates import muted_by, news_behind
from quanzi.growth.fronts.updating import mute
from quanzi.growth.leads import queries
from quanzi.growth.leads.models import Answer, ApproachKind, Scope
from quanzi.growth.leads.rules import DAY_BEGINS, DAY_ENDS, SPANS
from quanzi.growth.leads.services import approaching, opening
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member

WHERE = "/me/offers"
SAID = {
    "open": gettext_lazy("Open now. You see below who is shown what."),
    "close": gettext_lazy("Closed. Nobody sees it as a lead from now on."),
    "close_all": gettext_lazy("All topics are closed, from this moment."),
    "attention": gettext_lazy("Saved. It holds from now on."),
    "fewer": gettext_lazy("You hear less from them: once in ninety days at most. They are not told."),
    "as_before": gettext_lazy("As before."),
    "hide": gettext_lazy("It is not shown to them any more."),
    "mute": gettext_lazy("You hear no more news of them. You still follow, and they are not told."),
    "unmute": gettext_lazy("As before."),
    "answer": gettext_lazy("Your answer is on its way."),
}


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def offers(request: HttpRequest) -> HttpResponse:
    """Everything about offers to me on one page; each act holds at once."""
    me, now = member_of(request), clock.now()
    if request.method == "POST":
        return _act(request, me)
    came = queries.came_to(me)
    context: dict[str, Any] = {
        "topics": queries.my_topics(me, now),
        "sentence": opening.sentence,
        "scopes": Scope.choices,
        "spans": [(str(days), gettext("%(days)d days") % {"days": days}) for days in SPANS],
        "weekly": [(str(number), str(number)) for number in range(8)],
        "came": came,
        "news": news_behind([one.pk for one in came if one.kind == ApproachKind.UPDATE]),
        "muted": muted_by(me.pk),
        "answers": [one for one in Answer.choices if one[0]],
        "seen": queries.seen_by(me),
        "per_week": queries.per_week(me),
        "day": [(str(hour), gettext("%(hour)d o’clock") % {"hour": hour}) for hour in range(DAY_BEGINS, DAY_ENDS + 1)],
        "hours": queries.hours_of(me.pk),
        "fewer": queries.fewer_of(me),
    }
    if request.method == "GET":
        approaching.note_opened(member=me, now=now)
    return show(request, "finding/offers.html", context)


def _act(request: HttpRequest, me: Member) -> HttpResponse:
    do, refusal = request.POST.get("do", ""), None
    try:
        _do(request, me, do)
    except NotFound:
        raise
    except DomainError as refused:
        refusal = refused
    if refusal is not None:
        messages.error(request, " ".join(problems(refusal).values()))
    elif do in SAID:
        messages.success(request, SAID[do])
    return redirect("storefront:offers")


def _do(request: HttpRequest, me: Member, do: str) -> None:
    sent, now = request.POST, clock.now()
    number = id_in(sent.get("id")) or 0
    match do:
        case "open":
            opening.open_topic(
                member=me, topic_id=number, scope=sent.get("scope", ""), days=id_in(sent.get("days")) or 0, agreed="agreed" in sent,
                where=WHERE, now=now,
            )  # fmt: skip
        case "close":
            opening.close_topic(member=me, topic_id=number, now=now)
        case "close_all":
            opening.close_all(member=me, where=WHERE, now=now)
        case "attention":
            wanted = sent.get("per_week", "")
            hours = (id_in(sent.get("begins")) or 0, id_in(sent.get("ends")) or 0)
            opening.want_at_most(
                member=me, per_week=int(wanted) if wanted in "01234567" and wanted else -1, hours=hours if "begins" in sent else None
            )  # fmt: skip
        case "fewer":
            opening.want_fewer(member=me, other_id=number or None, now=now)
        case "as_before":
            opening.want_as_before(member=me, other_id=number or None)
        case "mute" | "unmute":
            mute(member=me, centre=centre(sent.get("kind", ""), sent.get("key", "")), muted=do == "mute", now=now)
        case "hide":
            opening.close_lead(member=me, lead_id=number)
        case "answer":
            approaching.answer(member=me, approach_id=number, said=sent.get("said", ""), now=now)
