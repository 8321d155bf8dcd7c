"""Reads of the room."""

from __future__ import annotations

from datetime import datetime

from quanzi.faces.api.models import ApiToken


def staff_tokens(*, now: datetime) -> list[ApiToken]:
    """Tokens of the staff that still open something, newest first, with their members."""
    alive = ApiToken.objects.filter(member__is_staff=True, revoked_at=None, expires_at__gt=now)
    return list(alive.select_related("member").order_by("-id")[:200])
