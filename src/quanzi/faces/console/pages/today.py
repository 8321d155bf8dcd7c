"""The first page: what needs me now, how are my relations, how is my money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from quanzi.base.ledger.chart import PAYABLE_COMMISSION
from quanzi.base.ledger.queries import balance
from quanzi.faces.console.doors import ANY_ROLE, door, operator_of
from quanzi.faces.console.drawing.opening import checklist
from quanzi.faces.console.drawing.stages import stage_rows, stages_title
from quanzi.faces.console.reading.alerts import alerts
from quanzi.faces.console.reading.desk import Desk, Task, desk
from quanzi.faces.console.reading.opening import opening
from quanzi.faces.console.reading.teams import TeamRow, team_rows
from quanzi.faces.console.viewing import show
from quanzi.faces.console.words import lasted
from quanzi.faces.ui import formats
from quanzi.growth.insight.queries import MoneyState, money, stages
from quanzi.kernel import clock
from quanzi.people.accounts.policies import can, may_see, permissions_of
from quanzi.trade.payments.providers import takes_real_money

CLOSING = 4


@door(ANY_ROLE)
def today(request: HttpRequest) -> HttpResponse:
    """Everybody of the staff sees their own tasks; relations and money need their permissions."""
    me, now = operator_of(request), clock.now()
    work = desk(now=now)
    context: dict[str, Any] = {
        "here": "today",
        "now": now,
        "desk": work,
        "tasks": task_rows(work, permissions_of(me), now),
        "closing": [],
        "alerts": alerts(permissions=permissions_of(me), now=now),
    }
    if can(me, "shop.edit") and not settings.QUANZI_DEMO:
        context["opening"] = checklist(opening(), takes_real_money=takes_real_money())
    if can(me, "orders.view"):
        context["closing"] = closing_teams(now)
    if can(me, "sources.view"):
        found = stages(now)
        context["stages"] = stage_rows(found, may_open=can(me, "members.view"))
        context["stages_title"] = stages_title(found)
        context["members_total"] = sum(stage.people for stage in found if stage.name != "visitor")
    if may_see(me, "ledger") and may_see(me, "margin") and may_see(me, "commission"):
        context |= money_context(money(now))
    return show(request, "today.html", context)


def closing_teams(now: datetime) -> list[TeamRow]:
    """The next teams to close within a day that still miss somebody."""
    rows = team_rows(group="closing", limit=CLOSING, now=now)
    return [row for row in rows if row.missing]


def task_rows(work: Desk, permissions: frozenset[str], now: datetime) -> list[dict[str, Any]]:
    """Rows of the list "what needs you now", as `ui.todo` draws them."""
    return [_row(task, now) for task in work.tasks_for(permissions)]


def _row(task: Task, now: datetime) -> dict[str, Any]:
    icon, what, second, label, href = _words(task)
    is_deadline = task.name == "teams" and task.at is not None
    due = gettext("not urgent")
    if task.at is not None:
        due = _due(task.at, now) if is_deadline else gettext("oldest %(time)s") % {"time": lasted(now - task.at)}
    return {
        "icon": icon, "n": task.n, "n_href": href, "what": what, "second": second, "due": due, "soon": is_deadline,
        "href": href, "label": label,
    }  # fmt: skip


def _due(at: datetime, now: datetime) -> str:
    return formats.clock(at, now=now, lang=get_language() or "zh-hans")


def _words(task: Task) -> tuple[str, str, str, str, str]:
    """icon, what, second line, button and address of one kind of task."""
    n = task.n
    match task.name:
        case "claims":
            what = ngettext("refund request waits for your decision", "refund requests wait for your decision", n)
            second = gettext("their lines are not kept until you answer")
            return "scale", what, second, gettext("Decide"), reverse("console:claims")
        case "by_hand":
            what = ngettext("refund to pay by hand", "refunds to pay by hand", n)
            second = gettext("they were paid in cash or by transfer")
            return "banknote", what, second, gettext("See them"), reverse("console:cases") + "#by-hand"
        case "prepare":
            what = ngettext("order to prepare", "orders to prepare", n)
            split = {"delivery": task.more, "pickup": n - task.more}
            second = gettext("%(pickup)s for pickup, %(delivery)s to ship") % split
            return (
                "package",
                what,
                second,
                gettext("Prepare"),
                reverse("console:orders") + "?show=prepare",
            )
        case "unclaimed":
            what = ngettext("order not picked up for two days", "orders not picked up for two days", n)
            second = gettext("they wait at their pickup points")
            return "clipboard-check", what, second, gettext("See them"), reverse("console:orders") + "?show=ready"
        case "reports":
            what = ngettext("report to look into", "reports to look into", n)
            second = gettext("whoever reported is told what you decide")
            return "flag", what, second, gettext("Take a look"), reverse("console:reports")
        case "rings":
            what = ngettext(
                "group whose orders look made for each other", "groups whose orders look made for each other", n
            )
            second = gettext("they count like everybody until you decide")
            return "refresh-cw", what, second, gettext("Take a look"), reverse("console:rings")
        case "joins":
            what = ngettext("person asks to join a circle", "people ask to join a circle", n)
            second = ngettext("one circle", "%(n)s circles", task.more) % {"n": task.more}
            return "user-plus", what, second, gettext("Answer"), reverse("console:joins")
        case "questions":
            what = ngettext("question that nobody answered", "questions that nobody answered", n)
            second = gettext("each for more than four hours")
            return "message-circle-question-mark", what, second, gettext("Reply"), reverse("console:questions")
        case "teams":
            what = ngettext("team ends today and is not full", "teams end today and are not full", n)
            second = ngettext("one seat is missing", "%(n)s seats are missing", task.more) % {"n": task.more}
            return "users", what, second, gettext("See them"), reverse("console:teams") + "?show=ending"
    return _house_words(task)


def _house_words(task: Task) -> tuple[str, str, str, str, str]:
    n = task.n
    match task.name:
        case "refunds":
            what = ngettext("refund that the provider refused", "refunds that the provider refused", n)
            second = gettext("the money is still ours to give back")
            return "rotate-ccw", what, second, gettext("See them"), reverse("console:cases")
        case "approvals":
            what = ngettext("request waits for a second person", "requests wait for a second person", n)
            second = gettext("money above the limit for one")
            return "shield-check", what, second, gettext("Decide"), reverse("console:approvals")
        case "cases":
            what = ngettext("payment message that fits nothing", "payment messages that fit nothing", n)
            second = gettext("they paid for nothing so far")
            return "banknote", what, second, gettext("Take a look"), reverse("console:cases")
        case "invoices":
            what = ngettext("invoice to issue or to cancel", "invoices to issue or to cancel", n)
            second = gettext("a refund calls for a red-letter invoice")
            return "receipt-text", what, second, gettext("See them"), reverse("console:invoices")
        case "helps":
            what = ngettext("person who is not content", "people who are not content", n)
            second = gettext("an answer was promised; their reviews do not wait")
            return "message-circle", what, second, gettext("Answer"), reverse("console:helps")
        case "compensations":
            what = ngettext("compensation to pay", "compensations to pay", n)
            second = gettext("promised to buyers beyond what they paid")
            return "banknote", what, second, gettext("Pay"), reverse("console:compensations")
        case "disputes":
            what = ngettext("dispute to decide", "disputes to decide", n)
            second = gettext("by somebody who had not answered the buyer")
            return "scale", what, second, gettext("Decide"), reverse("console:disputes")
        case "paused":
            what = ngettext("lot is paused", "lots are paused", n)
            second = gettext("nobody gets it until you release or recall it")
            return "triangle-alert", what, second, gettext("Look into it"), reverse("console:quality")
        case "shelf":
            what = ngettext("lot on the shelf expires within two days", "lots on the shelf expire within two days", n)
            second = gettext("or is expired; an expired lot cannot be handed over")
            return "calendar-clock", what, second, gettext("See them"), reverse("console:lots") + "?show=ending"
        case "empty":
            what = ngettext("variant on sale is sold out", "variants on sale are sold out", n)
            second = gettext("members see it and cannot order it")
            return "box", what, second, gettext("Receive"), reverse("console:goods") + "?show=empty"
        case "low":
            what = ngettext("variant on sale is nearly sold out", "variants on sale are nearly sold out", n)
            second = gettext("each variant has its own number of few")
            return "box", what, second, gettext("Receive"), reverse("console:goods") + "?show=low"
        case "events":
            what = ngettext("announcement cannot be delivered", "announcements cannot be delivered", n)
            second = gettext("tried again by itself, later and later")
            return "unlink", what, second, gettext("Take a look"), reverse("console:books")
    what = ngettext("background job gave up", "background jobs gave up", n)
    return "cloud-off", what, gettext("after its last retry"), gettext("Take a look"), reverse("console:books")


def money_context(state: MoneyState) -> dict[str, Any]:
    """This month's money as the page draws it. Days at the end that may still change are hatched."""
    open_days = next((back for back, day in enumerate(reversed(state.days)) if not day.is_open), len(state.days))
    lang = get_language() or "zh-hans"
    labels = [formats.day(day.day, lang=lang) for day in state.days]
    return {
        "money": state,
        "money_title": money_title(state),
        "money_parts": money_parts(state),
        "commission": balance(PAYABLE_COMMISSION).minor,
        "day_values": [max(0, day.margin_minor) / 100 for day in state.days],
        "day_labels": labels,
        "day_every": max(1, len(labels) // 3),
        "day_rows": [
            [label, formats.plain_money(day.margin_minor)] for label, day in zip(labels, state.days, strict=True)
        ],
        "open_days": open_days,
    }


def money_title(state: MoneyState) -> str:
    """The finding about this month's money."""
    if state.margin_bp is None:
        return gettext("Nothing of this month is kept yet")
    words = {"margin": formats.plain_money(state.margin_minor), "rate": formats.percent(state.margin_bp)}
    return gettext("Kept margin this month ¥%(margin)s, %(rate)s of kept sales") % words


def money_parts(state: MoneyState) -> Sequence[dict[str, Any]]:
    """Where what was received this month stands now; the parts add up to the whole."""
    waiting = max(0, state.received_minor - state.refunded_minor - state.kept_minor)
    return [
        {"label": gettext("Kept"), "value": state.kept_minor, "tone": "pine"},
        {"label": gettext("Rest"), "value": waiting, "tone": "pine-pale"},
        {"label": gettext("Refunded"), "value": state.refunded_minor, "tone": "persimmon"},
    ]
