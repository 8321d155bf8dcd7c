"""Everything of one's own, as one file."""

from __future__ import annotations

import json
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.viewing import member_of, members_only
from quanzi.growth.exporting.own import everything_about


@members_only
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """A JSON file with all that the shop holds about its reader; nothing about other people but names. Moments are ISO 8601."""
    me = member_of(request)
    profile = {
        "name": me.name, "bio": me.bio, "email": me.email, "phone": me.phone, "language": me.language,
        "is_leader": me.is_leader, "staff_role": me.staff_role, "joined_at": me.joined_at, "last_login": me.last_login,
        "email_verified_at": me.email_verified_at, "phone_verified_at": me.phone_verified_at,
    }  # fmt: skip
    everything = {"profile": profile, **everything_about(me.pk)}
    response = HttpResponse(
        json.dumps(everything, ensure_ascii=False, indent=2, default=_as_text),
        content_type="application/json; charset=utf-8",
    )
    response.headers["Content-Disposition"] = 'attachment; filename="quanzi-my-data.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _as_text(value: object) -> str:
    """Moments as ISO 8601, everything else as it calls itself."""
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
