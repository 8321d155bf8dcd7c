"""Avatars: a member's picture, or the first character of the name on a tint that stays the same for that name."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from .formats import initial

TINTS = 8
SIZES = (20, 24, 28, 32, 40, 44, 48, 56, 72, 88)


def read(who: object, *names: str) -> Any:
    """The first of the names that the mapping or object has and that is not empty."""
    for name in names:
        value = who.get(name) if isinstance(who, Mapping) else getattr(who, name, None)
        if value:
            return value
    return None


def picture_url(picture: object, width: int) -> str:
    """Address of a picture at about this width; a plain string is an address already."""
    if isinstance(picture, str):
        return picture
    return str(picture.url(width))  # type: ignore[attr-defined]


def avatar(who: object, size: int = 40, hidden: bool = False, label: bool = False) -> Markup:
    """A round face. `who` has display_name or name, and avatar (picture or address) or nothing.

    `hidden` greys it out (a tie the member hid); with `label` the name is read aloud, else it stands beside it.
    """
    if size not in SIZES:
        raise ValueError(f"No avatar size {size}; there are {SIZES}.")
    name = str(read(who, "display_name", "name") or (who if isinstance(who, str) else ""))
    face = read(who, "avatar", "avatar_url", "picture") if not isinstance(who, str) else None
    return _drawn(name, picture_url(face, 96) if face else "", size, hidden, label)


@lru_cache(maxsize=8192)
def _drawn(name: str, face: str, size: int, hidden: bool, label: bool) -> Markup:
    classes = f"av av-{size}" + (" hidden-tie" if hidden else "")
    if face:
        inside = Markup('<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">').format(
            face, size, size, name if label else ""
        )
    else:
        classes += f" av-t{zlib.crc32(name.encode()) % TINTS}"
        inside = Markup("{}").format(initial(name))
    spoken = Markup(' role="img" aria-label="{}"').format(name) if label and not face else Markup("")
    silent = Markup(' aria-hidden="true"') if not label and not face else Markup("")
    return Markup('<span class="{}"{}{}>{}</span>').format(classes, spoken, silent, inside)
