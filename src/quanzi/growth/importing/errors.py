"""Why an import does not begin, or stops."""

from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.kernel.words import N_


class NoLog(InvalidInput):
    code = "no_log"
    message = N_("{folder} holds no group-buying log: tune.txt, test.txt or invalid.txt, plain or as .gz.")


class UnreadableFile(InvalidInput):
    code = "unreadable_file"
    message = N_("{file} cannot be read: {reason}.")


class BrokenLine(InvalidInput):
    code = "broken_line"
    message = N_("{file}, line {line}: {reason}. Nothing was imported.")


class AlreadyRunning(DomainError):
    code = "already_running"
    message = N_("Another import is running on this shop. Wait for it, or stop it first.")


class RecordRefused(DomainError):
    code = "record_refused"
    message = N_("{file}, line {line} could not be replayed: {reason}. What came before it is kept.")


class WorkerLost(DomainError):
    code = "worker_lost"
    message = N_(
        "A worker process ended too early ({reason}). Run the same command again; it goes on where it stopped."
    )
