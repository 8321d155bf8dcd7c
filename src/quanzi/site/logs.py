"""How a line of the log is written: one event, one line, whatever a visitor put into it."""

from __future__ import annotations

import logging

SEEN_ONLY = {
    sign: f"\\x{sign:02x}" for sign in (*range(0x20), *range(0x7F, 0xA0)) if sign != 0x09
} | {sign: f"\\u{sign:04x}" for sign in (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}  # fmt: skip
"""Signs that begin a line, move the cursor or turn text around."""


class OneLine(logging.Formatter):
    """Writes such signs as their numbers, so that no visitor can write a line of their own. A traceback stays as it is."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is the library's
        return super().formatMessage(record).translate(SEEN_ONLY)
