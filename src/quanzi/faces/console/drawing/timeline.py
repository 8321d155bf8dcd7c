"""A member's facts as a life line and as a dated list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from quanzi.faces.ui import formats
from quanzi.growth.importing.past.queries import PastOrderRow
from quanzi.growth.insight.queries import TimelineFact
from quanzi.kernel.clock import local
from quanzi.people.contact.models import Purpose

GROUPS = {
    "orders": ("ordered", "paid", "kept", "refunded", "team_opened", "team_joined", "past", "past_return"),
    "content": ("note", "question", "experience"),
    "care": ("returned", "refunded"),
    "ties": ("invited", "circle", "touch", "joined"),
    "consents": ("consent_given", "consent_withdrawn"),
}
GROUP_NAMES = {
    "": gettext_lazy("All"),
    "orders": gettext_lazy("Orders"),
    "content": gettext_lazy("Posts"),
    "care": gettext_lazy("Care"),
    "ties": gettext_lazy("Arrivals and ties"),
    "consents": gettext_lazy("Consents"),
}
LANES = (
    (
        gettext_lazy("Source"),
        {"touch": ("diamond", "blue"), "joined": ("diamond", "pine"), "circle": ("diamond", "pine")},
    ),
    (gettext_lazy("Orders"), {"paid": ("dot", "pine")}),
    (
        gettext_lazy("Posts"),
        {"note": ("square", "gold"), "question": ("square", "gold"), "experience": ("square", "gold")},
    ),
    (gettext_lazy("Kept"), {"kept": ("ring", "pine")}),
    (gettext_lazy("Care"), {"returned": ("triangle", "persimmon"), "refunded": ("triangle", "persimmon")}),
)
ICONS = {
    "touch": ("footprints", ""), "joined": ("user-round-check", "pine"), "circle": ("users-round", "pine"), "ordered": ("receipt-text", ""),
    "paid": ("banknote", "pine"), "refunded": ("rotate-ccw", "accent"), "kept": ("package-check", "pine"), "returned": ("undo-2", "accent"),
    "note": ("file-text", "gold"), "question": ("message-circle-question-mark", "gold"), "experience": ("heart", "gold"),
    "past": ("history", ""), "past_return": ("history", "accent"),
    "team_opened": ("users", ""), "team_joined": ("users", ""), "invited": ("user-plus", "pine"),
    "consent_given": ("check", "pine"), "consent_withdrawn": ("log-in", ""),
}  # fmt: skip
SMALLEST, LARGEST = 2.5, 6.0


def words_of(fact: TimelineFact) -> str:
    """One fact in a sentence of the reader's language."""
    amount = f"¥{formats.plain_money(fact.amount_minor)}" if fact.amount_minor is not None else ""
    values = {"title": _title(fact), "amount": amount}
    sentence = {
        "touch": gettext("Came through %(title)s"),
        "joined": gettext("Became a member"),
        "circle": gettext("Joined the circle %(title)s"),
        "ordered": gettext("Ordered for %(amount)s"),
        "paid": gettext("Paid %(amount)s"),
        "refunded": gettext("%(amount)s refunded, the whole order"),
        "kept": gettext("Kept %(title)s"),
        "returned": gettext("Returned %(title)s"),
        "note": gettext("Wrote: %(title)s"),
        "question": gettext("Asked: %(title)s"),
        "experience": gettext("Told an experience: %(title)s"),
        "past": gettext("Bought elsewhere before: %(title)s"),
        "past_return": gettext("Gave back elsewhere: %(title)s"),
        "team_opened": gettext("Opened a team for %(title)s"),
        "team_joined": gettext("Joined a team for %(title)s"),
        "invited": gettext("Brought %(title)s"),
        "consent_given": gettext("Agreed: %(title)s"),
        "consent_withdrawn": gettext("Withdrew: %(title)s"),
    }[fact.kind]
    return sentence % values


def _title(fact: TimelineFact) -> str:
    if fact.kind.startswith("consent"):
        return str(Purpose(fact.title).label) if fact.title in Purpose.values else fact.title
    return gettext("Direct visits") if fact.kind == "touch" and fact.title == "Direct" else fact.title


def past_facts(orders: Sequence[PastOrderRow]) -> list[TimelineFact]:
    """Orders from before as dated facts, so that they stand in the list without being counted as orders here."""
    found = []
    for one in orders:
        amount = one.returned if one.is_return else one.bought
        first = one.lines[0].title if one.lines else one.number
        in_fen = amount.currency == "CNY"
        title = f"{first} · {one.source}" if in_fen else f"{first} · {one.source} · {amount} {amount.currency}"
        kind = "past_return" if one.is_return else "past"
        found.append(TimelineFact(kind, one.placed_at, title, amount.minor if in_fen else None, ""))
    return found


def timeline_items(facts: Sequence[TimelineFact], *, lang: str) -> list[dict[str, Any]]:
    """Rows of `ui.timeline`, a divider before each month."""
    items: list[dict[str, Any]] = []
    month = ""
    paid = {fact.title for fact in facts if fact.kind == "paid"}
    for fact in facts:
        if fact.kind == "ordered" and fact.title in paid:
            continue  # the payment says it again
        at = local(fact.at)
        name = _month(at, lang)
        if name != month:
            month = name
            items.append({"month": name})
        icon, tone = ICONS[fact.kind]
        second = fact.title if fact.kind in ("ordered", "paid", "refunded") else _amount(fact)
        items.append({
            "day": f"{at.day}日" if lang.startswith("zh") else str(at.day), "icon": icon, "tone": tone, "title": words_of(fact),
            "second": second, "time": formats.hour(fact.at), "href": fact.link,
        })  # fmt: skip
    return items


def _amount(fact: TimelineFact) -> str:
    return f"¥{formats.plain_money(fact.amount_minor)}" if fact.amount_minor else ""


def _month(at: datetime, lang: str) -> str:
    return f"{at.year}年{at.month}月" if lang.startswith("zh") else f"{formats.MONTHS_EN[at.month - 1]} {at.year}"


def lifeline(facts: Sequence[TimelineFact], *, now: datetime, lang: str) -> dict[str, Any] | None:
    """Lanes and ticks of `ui.lifeline`; None when too little happened to show a rhythm."""
    shown = [fact for fact in facts if any(fact.kind in marks for _, marks in LANES)]
    if len(shown) < 2:
        return None
    first = min(fact.at for fact in shown)
    span = max(now - first, timedelta(days=7))
    largest = max((fact.amount_minor or 0 for fact in shown if fact.kind == "paid"), default=0) or 1
    lanes = []
    for label, marks in LANES:
        drawn = [_mark(fact, *marks[fact.kind], place=(fact.at - first) / span * 0.96 + 0.01, largest=largest, lang=lang)
                 for fact in shown if fact.kind in marks]  # fmt: skip
        lanes.append({"label": label, "marks": drawn})
    return {"lanes": lanes, "ticks": _ticks(first, span, lang), "now": min(0.97, (now - first) / span * 0.96 + 0.01)}


def _mark(fact: TimelineFact, shape: str, tone: str, *, place: float, largest: int, lang: str) -> dict[str, Any]:
    size = 3.5
    if fact.kind == "paid":
        size = SMALLEST + (LARGEST - SMALLEST) * ((fact.amount_minor or 0) / largest) ** 0.5
    title = f"{formats.day(fact.at, lang=lang)} {words_of(fact)}"
    return {"at": round(place, 4), "shape": shape, "tone": tone, "size": round(size, 1), "title": title}


def _ticks(first: datetime, span: timedelta, lang: str) -> list[tuple[float, str]]:
    """Four dates along the line."""
    return [(0.01 + 0.96 * part / 4, formats.day(first + span * part / 4, lang=lang)) for part in range(4)]


def rhythm(facts: Sequence[TimelineFact], *, now: datetime) -> str:
    """The finding: how often this person buys."""
    paid = sorted(fact.at for fact in facts if fact.kind == "paid")
    if not paid:
        return gettext("Has not bought anything yet")
    days = max(1, (now - paid[0]).days)
    if len(paid) == 1:
        return gettext("One order, %(days)s days ago") % {"days": (now - paid[0]).days}
    every = max(1, (paid[-1] - paid[0]).days // (len(paid) - 1))
    return gettext("%(n)s orders in %(days)s days, one in about %(every)s") % {
        "n": len(paid),
        "days": days,
        "every": every,
    }
