"""What a paid order waits for before anybody prepares it, in words."""

from __future__ import annotations

from django.utils.translation import gettext


def waiting_words(waits_for: str) -> str:
    """waits_for: of the order, `kind:id`."""
    kind = waits_for.partition(":")[0]
    words = {
        "team": gettext("Waiting for the team"),
        "chain": gettext("Waiting for the list to close"),
        "preorder": gettext("Waiting for the batch"),
        "exchange": gettext("Waiting for what comes back"),
    }
    return words.get(kind, gettext("Not to be prepared yet"))
