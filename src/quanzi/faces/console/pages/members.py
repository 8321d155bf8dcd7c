"""Members: the list, and one person with what happened, what they allow and what may be done next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.drawing.columns import name_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.drawing.stages import NAMES
from quanzi.faces.console.drawing.timeline import GROUP_NAMES, GROUPS, lifeline, past_facts, rhythm, timeline_items
from quanzi.faces.console.parsing import key_in
from quanzi.faces.console.reading.members import (
    IMPORTED,
    Figures,
    brought,
    figures,
    hidden_contact,
    member_rows,
    neighbours,
)
from quanzi.faces.console.reading.next_step import Step, next_step
from quanzi.faces.console.viewing import attempt, show
from quanzi.growth.importing.past.queries import orders_of, sums_of
from quanzi.growth.insight.queries import STAGES, TimelineFact, member_timeline, stages_of
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can, may_end_logins, may_see
from quanzi.people.accounts.services import end_sessions_of, list_sessions
from quanzi.people.contact.queries import ConsentRow, consents
from quanzi.people.trust.queries import circle_of_trust

PAGE = 50
FACTS = 300
LISTED = 60
TIES = 6


@door("members.view")
def members(request: HttpRequest) -> HttpResponse:
    """Members, newest first; by stage, by name or contact."""
    now = clock.now()
    stage = request.GET.get("stage", "")
    stage = stage if stage == IMPORTED or (stage in STAGES and stage != "visitor") else ""
    words = request.GET.get("words", "").replace("\x00", "").strip()[:60]
    me = operator_of(request)
    rows = member_rows(
        viewer=me, words=words, stage=stage, before_id=key_in(request.GET.get("before")), limit=PAGE + 1, now=now
    )
    past = sums_of([row.id for row in rows])
    here = reverse("console:members")
    chips = [(gettext("All"), with_query(here, words=words), not stage)]
    chips += [
        (str(NAMES[name]), with_query(here, stage=name, words=words), name == stage)
        for name in STAGES
        if name != "visitor"
    ]
    chips.append((gettext("imported"), with_query(here, stage=IMPORTED, words=words), stage == IMPORTED))
    context: dict[str, Any] = {
        "here": "members",
        "crumbs": [(gettext("Relations"), None), (gettext("Members"), None)],
        "now": now,
        "words": words,
        "stage": stage,
        "stage_names": NAMES | {IMPORTED: gettext("imported")},
        "chips": chips,
        "rows": [
            {"row": row, "source": _source_words(row.figures) if row.contact else "–", "past": past.get(row.id, [])}
            for row in rows[:PAGE]
        ],
        "has_past": bool(past),
        "next": with_query(here, stage=stage, words=words, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        "may_money": can(me, "sources.view"),
        "by_contact": may_see(me, "phone"),
    }
    return show(request, "members.html", context)


def _source_words(found: Figures) -> str:
    if found.source_kind is None or found.source_name is None:
        return gettext("Direct visits")
    return name_of(found.source_kind, found.source_name)


@door("members.view")
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    """One person, from the facts."""
    me, now, lang = operator_of(request), clock.now(), get_language() or "zh-hans"
    person = (
        Member.objects.select_related("avatar").filter(pk=member_id, confirmed_at__isnull=False, erased_at=None).first()
    )
    if person is None:
        raise NotFound()
    past = orders_of(member_id, limit=LISTED)
    facts = [*member_timeline(member_id, now=now, limit=FACTS), *past_facts(past)]
    facts.sort(key=lambda fact: fact.at, reverse=True)
    group = request.GET.get("facts", "")
    group = group if group in GROUPS else ""
    listed = [fact for fact in facts if not group or fact.kind in GROUPS[group]]
    stage = stages_of([member_id], now).get(member_id, "")
    newer, older = neighbours(member_id)
    step, allowed = next_step(member_id, now=now), consents(person)
    context: dict[str, Any] = {
        "here": "members",
        "crumbs": [(gettext("Members"), reverse("console:members")), (person.name, None)],
        "now": now,
        "person": person,
        "contact": hidden_contact(person),
        "stage": NAMES.get(stage, ""),
        "figures": figures([member_id], viewer=me).get(member_id, Figures()),
        "source": _first_source(facts),
        "brought": brought(member_id),
        "past": sums_of([member_id]).get(member_id, []),
        "may_money": can(me, "sources.view") or can(me, "money.view"),
        "rhythm": rhythm(facts, now=now),
        "life": lifeline(facts, now=now, lang=lang),
        "items": timeline_items(listed[:LISTED], lang=lang),
        "hidden_facts": max(0, len(listed) - LISTED),
        "groups": _groups(request, facts, group),
        "ties": circle_of_trust(person, now, limit=TIES),
        "channels": consent_table(allowed),
        "step": step,
        "step_href": _step_href(step),
        "refused": _refused(allowed),
        "newer": newer,
        "older": older,
        "logins": len(list_sessions(person, now=now)),
        "may_end_logins": may_end_logins(me, person),
    }
    return show(request, "member.html", context)


@door("members.contact", WRITE, recent=True)
def end_logins(request: HttpRequest, member_id: int) -> HttpResponse:
    """For somebody whose telephone was lost or whose password is known to others: every device of theirs is logged out."""
    me, now = operator_of(request), clock.now()
    return attempt(
        request, lambda: end_sessions_of(member_id=member_id, by=me, now=now),
        said=gettext("They are logged out everywhere."), back=reverse("console:member", args=[member_id]), now=now,
    )  # fmt: skip


def _first_source(facts: list[TimelineFact]) -> str:
    touches = [fact for fact in facts if fact.kind == "touch"]
    return touches[-1].title if touches and touches[-1].title != "Direct" else ""


def _groups(request: HttpRequest, facts: list[TimelineFact], group: str) -> list[tuple[str, str, bool, None]]:
    """The choice above the list of facts; groups with nothing in them are left out."""
    found = []
    for name, label in GROUP_NAMES.items():
        count = sum(not name or fact.kind in GROUPS[name] for fact in facts)
        if count or not name:
            found.append((f"{label} {count}", with_query(request.path, facts=name), name == group, None))
    return found


def consent_table(rows: list[ConsentRow]) -> dict[str, Any]:
    """Purposes by channel: given, not given, or never asked."""
    channels = {row.channel: row.channel_label for row in rows}
    lines: dict[str, dict[str, Any]] = {}
    for row in rows:
        line = lines.setdefault(row.purpose, {"label": row.purpose_label, "cells": {}})
        line["cells"][row.channel] = row
    return {"channels": channels, "lines": list(lines.values())}


def _refused(rows: list[ConsentRow]) -> list[str]:
    """What must not be done now: purposes that were never allowed or were taken back, and channels that are closed."""
    sentences = []
    for purpose in dict.fromkeys(row.purpose for row in rows):
        asked = [row for row in rows if row.purpose == purpose]
        closed = [row for row in asked if not row.granted]
        if not closed:
            continue
        why = gettext("withdrawn") if any(row.decided_at for row in closed) else gettext("never agreed to")
        where = "" if len(closed) == len(asked) else ", ".join(row.channel_label for row in closed) + " · "
        sentences.append(f"{where}{asked[0].purpose_label}: {why}")
    return sentences


def _step_href(step: Step | None) -> str:
    if step is None:
        return ""
    return reverse(step.page, args=[step.key] if step.key else None)
