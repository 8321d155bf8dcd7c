"""The audit log: who changed what, from where, before and after; filtered, and taken along as a sheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.base.audit import services as audit
from quanzi.base.audit.queries import AuditRow, history
from quanzi.faces.console.acts_in_words import ACTS, act
from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import day_in, key_in
from quanzi.faces.console.reading.actors import actor_names
from quanzi.faces.console.reading.refs import pages_of, refs_of_order
from quanzi.faces.console.viewing import show
from quanzi.faces.console.words import reason
from quanzi.kernel import clock
from quanzi.kernel.clock import midnight
from quanzi.people.accounts.queries import cards, ids_called

PAGE = 60
MOST_ROWS = 20_000
HEADS = ("id", "at", "actor_id", "actor_label", "action", "target", "before", "after", "ip", "session", "request_id")
SUBJECT = "subject"
"""The last column: what the target is called today, in the reader's language."""


@door("audit.view")
def audit_log(request: HttpRequest) -> HttpResponse:
    """Who changed what, newest first."""
    sent = _sent(request.GET)
    rows = history(**_filters(sent), before_id=key_in(request.GET.get("before")), limit=PAGE + 1)
    people = cards({row.actor_id for row in rows if row.actor_id})
    names, pages = actor_names(row.actor_label for row in rows), pages_of(row.target for row in rows)
    more = with_query(reverse("console:audit"), **sent, before=rows[PAGE - 1].id) if len(rows) > PAGE else None
    context: dict[str, Any] = {
        "here": "audit",
        "crumbs": [(gettext("House"), None), (gettext("Audit log"), None)],
        "rows": [
            {
                "row": row, "who": people[row.actor_id].name if row.actor_id in people else names[row.actor_label],
                "page": pages.get(row.target), "act": act(row.action),
                "values": [(gettext("Before"), _shown(row.before)), (gettext("After"), _shown(row.after))],
            }
            for row in rows[:PAGE]
        ],
        "sent": sent,
        "acts": _acts(sent["action"]),
        "is_filtered": any(sent.values()),
        "next": more,
    }  # fmt: skip
    return show(request, "audit.html", context)


@door("audit.view", WRITE, recent=True)
def export_audit(request: HttpRequest) -> HttpResponse:
    """The filtered rows as CSV; taking them along stands in the log too."""
    me, now, sent = operator_of(request), clock.now(), _sent(request.POST)
    rows = history(**_filters(sent), limit=MOST_ROWS)
    audit.write(
        actor=me, action="audit.export", target="audit", after={"rows": len(rows), **{k: v for k, v in sent.items() if v}},
        now=now,
    )  # fmt: skip
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow((*HEADS, SUBJECT))
    pages = pages_of(row.target for row in rows)
    sheet.writerows(_cells(row, pages.get(row.target, ("", ""))[0]) for row in rows)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{now:%Y%m%d-%H%M}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _sent(given: Any) -> dict[str, str]:
    """What the filter form holds."""
    most = {"action": 80, "target": 100, "actor": 60, "since": 10, "until": 10}
    return {name: given.get(name, "").replace("\x00", "").strip()[:limit] for name, limit in most.items()}


def _filters(sent: dict[str, str]) -> dict[str, Any]:
    """The arguments of `history`. Days are the site's own, both of them within."""
    since, until = day_in(sent["since"]), day_in(sent["until"])
    return {
        "action": sent["action"],
        "targets": refs_of_order(sent["target"]) or [sent["target"]] if sent["target"] else (),
        "actor_ids": _people(sent["actor"]),
        "since": midnight(since) if since else None,
        "until": midnight(until) + timedelta(days=1) if until else None,
    }


def _acts(chosen: str) -> list[tuple[str, str]]:
    """What the filter offers, by its words; the chosen one is among them, whatever it is."""
    codes = {*ACTS, chosen} - {""}
    return sorted(((code, act(code)) for code in codes), key=lambda one: one[1])


def _people(text: str) -> list[int] | None:
    """Whom the filter means: one number, or everybody of that name; None where it means nobody in particular."""
    if not text:
        return None
    number = key_in(text)
    return ids_called(text) if number is None else [number]


def _shown(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """The values of a row; a reason that a rule of ours wrote is told in the reader's language."""
    return {key: reason(str(value)) if key == "reason" else value for key, value in (values or {}).items()}


def _cells(row: AuditRow, subject: str) -> list[str]:
    """Plain text; what a spreadsheet would take for a formula begins with an apostrophe."""
    values = [*(getattr(row, name) for name in HEADS), subject]
    texts = [json.dumps(v, ensure_ascii=False) if isinstance(v, dict) else "" if v is None else str(v) for v in values]
    return [f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text for text in texts]
