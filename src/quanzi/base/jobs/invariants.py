"""What must hold in the queue."""

from django.db import connection

from quanzi.base.doctor import invariant
from quanzi.base.jobs.queue import callers_queue
from quanzi.kernel import clock

# Unless the same work waits already: two of them may not.
GAVE_UP = """
SELECT j.id FROM procrastinate_jobs j WHERE j.status = 'failed' AND NOT EXISTS (
    SELECT FROM procrastinate_jobs t WHERE t.queueing_lock = j.queueing_lock AND t.status = 'todo') ORDER BY j.id
"""


def try_again() -> None:
    """Give every job that gave up one more try, now."""
    with connection.cursor() as cursor:
        cursor.execute(GAVE_UP)
        for (job_id,) in cursor.fetchall():
            callers_queue().retry_job_by_id(job_id, retry_at=clock.now())


@invariant("J1", "No job has given up or takes its worker down again and again", fix=try_again)
def jobs_that_gave_up() -> str:
    return """
    SELECT j.id, j.task_name AS name, j.attempts,
           (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id) AS at
    FROM procrastinate_jobs j WHERE j.status = 'failed'
    """
