"""Icons from Lucide (ISC licence). `data/icons.json` holds only those in use; `tools/scenes/icons.py` writes it."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path

from markupsafe import Markup

ICONS_FILE = Path(__file__).parent / "data" / "icons.json"


@cache
def bodies() -> dict[str, str]:
    """The inner markup of each icon by name, on a 24 by 24 grid, drawn with currentColor."""
    loaded: dict[str, str] = json.loads(ICONS_FILE.read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=2048)  # the same few hundred on every page
def icon(name: str, size: int = 20, label: str = "", class_: str = "") -> Markup:
    """An inline icon. With a label it is an image with that name, without one it is hidden from readers.

    Raises KeyError for a name that is not in the set, so that a wrong name is found by the first test of the page.
    """
    names = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup(
        '<svg class="icon{}" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>'
    ).format(f" {class_}" if class_ else "", size, size, names, Markup(bodies()[name]))  # nosec B704  # drawings of our own
