"""What the doctor said last."""

from __future__ import annotations

from quanzi.faces.console.models import Checkup


def newest() -> Checkup | None:
    """The last run; None before the first."""
    return Checkup.objects.order_by("-checked_at", "-pk").first()
