"""Texts that rooms keep in both languages."""

from __future__ import annotations

from django.utils.translation import get_language


def either(zh: str, en: str) -> str:
    """The text in the reader's language; the Chinese one where nobody wrote English."""
    return en if en and not (get_language() or "zh").startswith("zh") else zh
