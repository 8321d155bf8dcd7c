"""Housekeeping of the queue itself."""

from datetime import datetime

from django.db import connection

from quanzi.base.jobs.queue import callers_queue
from quanzi.base.jobs.registry import periodic

SILENT_AFTER_SECONDS = 60

# A worker that was killed leaves its jobs marked as under way; its row goes, or its heartbeat stops.
STALLED = """
SELECT j.id FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s))
"""


@periodic("jobs.rescue_stalled", "* * * * *")
def rescue_stalled(*, now: datetime) -> int:
    """Give the jobs of dead workers back to the living; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(STALLED, [SILENT_AFTER_SECONDS])
        stalled = [row[0] for row in cursor.fetchall()]
    for job_id in stalled:
        callers_queue().retry_job_by_id(job_id, retry_at=now)
    return len(stalled)
