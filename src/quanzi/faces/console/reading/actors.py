"""Who did something, from the short text that the books and logs keep: "member:12", "staff:3", "system"."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from quanzi.people.accounts.queries import cards

MACHINES = ("", "system", "payments", "None")


def actor_names(labels: Iterable[str]) -> dict[str, str]:
    """Words for each label, the people among them by name, in one query."""
    wanted = set(labels)
    ids = {
        label: int(key)
        for label in wanted
        for kind, _, key in [label.partition(":")]
        if kind in ("member", "staff") and key.isdigit()
    }
    people = cards(ids.values()) if ids else {}
    return {label: _words(label, people[ids[label]].name if ids.get(label) in people else "") for label in wanted}


def _words(label: str, name: str) -> str:
    if label in MACHINES:
        return gettext("by itself")
    if label == "opening":
        return gettext("the link that opened the shop")
    if label.startswith("recall:"):
        return gettext("by a recall")
    if name and label.startswith("staff:"):
        return gettext("%(name)s (staff)") % {"name": name}
    return name or label
