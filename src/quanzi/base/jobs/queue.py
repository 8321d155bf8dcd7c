"""The queue as seen from Django's own connection."""

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager


class CallersQueue(JobManager):
    """A queue whose writes belong to the caller's transaction.

    procrastinate's own app is no such thing inside a worker: there it writes over the worker's connections.
    """

    connector: DjangoConnector


def callers_queue() -> CallersQueue:
    return CallersQueue(DjangoConnector())
