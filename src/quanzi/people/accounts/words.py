"""Domain errors in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext

from quanzi.kernel.errors import DomainError, fill


def say(error: DomainError) -> str:
    """The sentence of an error, translated, with its values."""
    return fill(gettext(error.message), error.params)
