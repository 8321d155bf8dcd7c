"""Descriptions of operations in two parts: what they say, and which permission they need; the first is translated."""

from __future__ import annotations

import re

NEEDS = re.compile(r"\s*Needs ([a-z]+\.[a-z]+)\.")


def parts(description: str) -> tuple[str, str]:
    """What is said, on one line, and the permission that is named in it ("" for none)."""
    words = " ".join(description.split())
    found = NEEDS.search(words)
    return (NEEDS.sub("", words).strip(), found[1]) if found else (words, "")
