"""User-written text on its way in and on its way out. It is plain text: never markup."""

from __future__ import annotations

import re
import unicodedata

import nh3
from markupsafe import Markup, escape

LINK = re.compile(r"https?://[^\s<>\"'，。；！？、）】]+")
INVISIBLE = {"Cf", "Cc", "Co", "Cs"}
"""Format, control and private characters: they reorder or hide text and have no place in a name or a note."""

JOINERS = {"\u200d", "\ufe0f"}
"""Emoji are built with these; they stay."""


def tidy(text: str, *, keep_lines: bool = False) -> str:
    """Normal form NFC, without invisible characters, blanks trimmed; lines are kept only when asked."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(one for one in text if _may_stay(one, keep_lines=keep_lines))
    if not keep_lines:
        return " ".join(kept.split())
    lines = [line.rstrip() for line in kept.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def as_html(text: str) -> Markup:
    """Escape everything, make http(s) addresses into links and lines into paragraphs.

    nh3 checks the result once more, so that a mistake here cannot become a script.
    """
    paragraphs = [_paragraph(part) for part in text.split("\n\n") if part.strip()]
    safe = nh3.clean(
        "".join(paragraphs), tags={"p", "br", "a"}, attributes={"a": {"href"}}, url_schemes={"http", "https"}
    )
    return Markup(safe)  # nosec B704  # cleaned by nh3 on the line above


def _may_stay(character: str, *, keep_lines: bool) -> bool:
    if character == "\n":
        return True
    if character in JOINERS or character == "\t":
        return True
    return unicodedata.category(character) not in INVISIBLE


def _paragraph(part: str) -> str:
    out, end = [], 0
    for found in LINK.finditer(part):
        out.append(str(escape(part[end : found.start()])))
        address = escape(found.group())
        out.append(f'<a href="{address}">{address}</a>')
        end = found.end()
    out.append(str(escape(part[end:])))
    return "<p>" + "".join(out).replace("\n", "<br>") + "</p>"
