"""Housekeeping of the queue itself."""

import logging
from datetime import datetime

from django.db import connection

from quanzi.base.jobs.queue import callers_queue
from quanzi.base.jobs.registry import periodic, retries_of

log = logging.getLogger(__name__)

SILENT_AFTER_SECONDS = 60

DEATHS_MOST = 3
"""A job whose workers die so often beyond its own retries is the one that kills them."""

# A worker that was killed leaves its jobs marked as under way; its row goes, or its heartbeat stops.
STALLED = """
SELECT j.id, j.task_name, j.attempts,
    EXISTS (SELECT FROM procrastinate_jobs t WHERE t.queueing_lock = j.queueing_lock AND t.status = 'todo') AS has_twin
FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s))
"""


@periodic("jobs.rescue_stalled", "* * * * *")
def rescue_stalled(*, now: datetime) -> int:
    """Give the jobs of dead workers back to the living; returns how many. One that kills them is put aside as failed."""
    with connection.cursor() as cursor:
        cursor.execute(STALLED, [SILENT_AFTER_SECONDS])
        stalled = cursor.fetchall()
    for job_id, name, attempts, has_twin in stalled:
        if attempts >= retries_of(name) + DEATHS_MOST:
            log.error("Job %s (%s) was under way each time that %s workers died: put aside.", job_id, name, attempts)
            _finish(job_id, "failed")
        elif has_twin:  # the same work waits once more, and two of them may not wait
            _finish(job_id, "aborted")
        else:
            callers_queue().retry_job_by_id(job_id, retry_at=now)
    return len(stalled)


def _finish(job_id: int, state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, %s, %s)", [job_id, state, state == "aborted"])
