"""Samples for the living page of components."""

from typing import Any


def samples() -> dict[str, Any]:
    return {}
