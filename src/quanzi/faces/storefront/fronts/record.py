"""What facts say of somebody who sells, leads or writes here, and the facts behind each number."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.community.me.person import visible
from quanzi.faces.storefront.fronts.words import fact_words, of_role
from quanzi.faces.storefront.viewing import id_in, show, viewer_of
from quanzi.growth.fronts.queries.record import WINDOW, Record, cases_of, may_see, record_of
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.trade.stations.queries import stations_of

PAGE = 50


@require_safe
def record(request: HttpRequest, member_id: int) -> HttpResponse:
    """Each number with its interval, or words where it would say nothing; each opens to its facts."""
    me, found = _found(request, member_id)
    context: dict[str, Any] = {
        "record": found,
        "is_me": me is not None and me.pk == member_id,
        "groups": _groups(found),
        "stations": stations_of(leader_id=member_id) if found.leads else [],
        "days": WINDOW.days,
    }
    return show(request, "fronts/record.html", context)


@require_safe
def cases(request: HttpRequest, member_id: int, measure: str) -> HttpResponse:
    """The facts behind one number, without anybody's name."""
    _, found = _found(request, member_id)
    fact = next((one for one in found.facts if one.key == measure), None)
    if fact is None:
        raise NotFound
    rows = cases_of(member_id, measure, now=clock.now(), before_id=id_in(request.GET.get("before")), limit=PAGE)
    here = reverse("storefront:record_cases", args=[member_id, measure])
    context = {
        "record": found,
        "fact": fact,
        "words": fact_words(fact),
        "rows": rows,
        "next": f"{here}?before={rows[-1].id}" if len(rows) == PAGE else None,
    }
    return show(request, "fronts/cases.html", context)


def _found(request: HttpRequest, member_id: int) -> tuple[Member | None, Record]:
    me = viewer_of(request)
    visible(request, member_id)
    is_moderator = me is not None and can(me, "circles.moderate")
    found = record_of(member_id, now=clock.now(), for_moderator=is_moderator) if may_see(me, member_id) else None
    if found is None:
        raise NotFound
    return me, found


def _groups(found: Record) -> list[tuple[str, list[Any]]]:
    """Facts by what the person does: sells what they make, leads a station, supplies, writes."""
    roles = dict.fromkeys(one.role for one in found.facts)
    return [(of_role(role), [(one, fact_words(one)) for one in found.facts if one.role == role]) for role in roles]
