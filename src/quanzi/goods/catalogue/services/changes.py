"""What services of the catalogue share: naming what may change, and what the audit log keeps of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model


def refuse_unknown(changes: Iterable[str], editable: Iterable[str]) -> None:
    """A caller that names another field has a mistake in it: TypeError, as for any unknown argument."""
    unknown = set(changes) - set(editable)
    if unknown:
        raise TypeError(f"not editable here: {', '.join(sorted(unknown))}")


def facts(row: Model, fields: Iterable[str], personal: Iterable[str] = ()) -> dict[str, Any]:
    """Values as the audit log keeps them: rows by their id, words about a person only as changed."""
    hidden = set(personal)
    values = {field: "…" if field in hidden else getattr(row, field) for field in fields}
    return {field: getattr(value, "pk", value) for field, value in values.items()}
