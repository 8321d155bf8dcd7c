"""Cells that spreadsheet programs would take for formulas, made harmless and read back. Pure."""

from __future__ import annotations

RISKY = "=+-@\t\r\n＝＋－＠"
MARK = "'"


def safe(text: str) -> str:
    """The text for a cell of a file that somebody will open in a spreadsheet program.

    What begins like a formula gets an apostrophe in front, and so does what begins with an apostrophe, so that
    `plain` gives back exactly what went in.
    """
    return MARK + text if text[:1] and text[0] in RISKY + MARK else text


def plain(text: str) -> str:
    """The text behind a cell that `safe` wrote, or behind ="123", as marketplaces write long numbers.

    What a person typed is left as it is.
    """
    if len(text) > 3 and text[:2] == '="' and text[-1] == '"' and '"' not in text[2:-1]:
        return text[2:-1]
    return text[1:] if text[:1] == MARK and text[1:2] and text[1] in RISKY + MARK else text
