"""/healthz: whether the database answers, the worker lives and the outbox is being emptied."""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

WORKER_SILENT_SECONDS = 30
OUTBOX_LATE_SECONDS = 60

# One statement, so that a probe every few seconds costs next to nothing.
_QUESTION = """
SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)),
       NOT EXISTS (SELECT FROM events_event
                   WHERE delivered_at IS NULL AND recorded_at < now() - make_interval(secs => %s))
"""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all is well; 503 names what is not."""
    parts = check()
    well = all(parts.values())
    words = {name: "ok" if fine else "failing" for name, fine in parts.items()}
    answer = JsonResponse({"status": "ok" if well else "failing", **words}, status=200 if well else 503)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # a probe's answer is no error of the site
    return answer


def check() -> dict[str, bool]:
    """Health of each part; with the database gone nothing can be said of the others, and they count as failing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_QUESTION, [WORKER_SILENT_SECONDS, OUTBOX_LATE_SECONDS])
            row = cursor.fetchone()
    except (DatabaseError, InterfaceError):
        return {"database": False, "worker": False, "outbox": False}
    assert row is not None
    return {"database": True, "worker": bool(row[0]), "outbox": bool(row[1])}
