"""Address parts: ids that fit a column, and numbers of orders."""

from __future__ import annotations


class KeyConverter:
    """A row id of at most 18 digits: a longer one would not fit its column."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: object) -> str:
        return str(value)


class CodeConverter:
    """The number of an order or the code of a team: letters, digits and hyphens."""

    regex = "[0-9A-Za-z-]{3,24}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)
