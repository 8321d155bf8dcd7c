"""Stages of relation as bars, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from quanzi.faces.ui import formats
from quanzi.growth.insight.queries import Stage

NAMES = {
    "visitor": gettext_lazy("Visitors"),
    "contact": gettext_lazy("Reachable"),
    "member": gettext_lazy("Members"),
    "buyer": gettext_lazy("First order"),
    "repeat": gettext_lazy("Repeat buyers"),
    "advocate": gettext_lazy("Advocates"),
    "leader": gettext_lazy("Leaders"),
    "dormant": gettext_lazy("Dormant"),
}
NOTES = {
    "visitor": gettext_lazy("last 30 days"),
    "contact": gettext_lazy("not confirmed"),
    "member": gettext_lazy("no order yet"),
    "advocate": gettext_lazy("brought a buyer"),
    "dormant": gettext_lazy("no sign for 90 days"),
}
TONES = {"visitor": "grey", "contact": "grey", "member": "pine-pale", "dormant": "grey"}


def stage_rows(found: Sequence[Stage], *, may_open: bool) -> list[dict[str, Any]]:
    """Rows for `ui.bars`; each figure opens to its people where the reader may see them."""
    return [
        {
            "label": NAMES[stage.name],
            "second": NOTES.get(stage.name, ""),
            "value": stage.people,
            "href": _href(stage.name) if may_open else "",
            "tone": TONES.get(stage.name, "pine"),
            "hatch": stage.name == "dormant",
            "change": formats.number(stage.change, signed=True),
            "rule": stage.name in ("member", "dormant"),
        }
        for stage in found
    ]


def _href(name: str) -> str:
    if name == "visitor":
        return reverse("console:facts") + "?column=visits"
    return f"{reverse('console:members')}?stage={name}"


def stages_title(found: Sequence[Stage]) -> str:
    """The finding: what moved within seven days."""
    change = {stage.name: stage.change for stage in found}
    repeat, dormant = change.get("repeat", 0), change.get("dormant", 0)
    if repeat > 0:
        words = ngettext(
            "Relations deepen: one more repeat buyer within seven days",
            "Relations deepen: %(n)s more repeat buyers within seven days",
            repeat,
        )
        return words % {"n": repeat}
    if dormant > 0:
        words = ngettext(
            "One more person went quiet within seven days", "%(n)s more people went quiet within seven days", dormant
        )
        return words % {"n": dormant}
    return gettext("Relations hold: no more repeat buyers within seven days, and nobody went quiet")
