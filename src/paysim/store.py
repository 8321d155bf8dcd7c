"""State in one SQLite file of the home folder."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS trade (
    mchid TEXT NOT NULL, out_trade_no TEXT NOT NULL, token TEXT NOT NULL UNIQUE, appid TEXT NOT NULL,
    description TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL,
    notify_url TEXT NOT NULL, return_url TEXT NOT NULL, expires REAL NOT NULL, created REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'NOTPAY', PRIMARY KEY (mchid, out_trade_no)
);
CREATE TABLE IF NOT EXISTS capture (
    transaction_id TEXT PRIMARY KEY, mchid TEXT NOT NULL, out_trade_no TEXT NOT NULL, amount INTEGER NOT NULL,
    refunded INTEGER NOT NULL DEFAULT 0, paid REAL NOT NULL, CHECK (refunded BETWEEN 0 AND amount)
);
CREATE INDEX IF NOT EXISTS capture_trade ON capture (mchid, out_trade_no);
CREATE INDEX IF NOT EXISTS capture_paid ON capture (paid);
CREATE TABLE IF NOT EXISTS refund (
    mchid TEXT NOT NULL, out_refund_no TEXT NOT NULL, refund_id TEXT NOT NULL UNIQUE, transaction_id TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0), reason TEXT NOT NULL, notify_url TEXT NOT NULL,
    created REAL NOT NULL, done REAL NOT NULL, status TEXT NOT NULL, PRIMARY KEY (mchid, out_refund_no)
);
CREATE INDEX IF NOT EXISTS refund_transaction ON refund (transaction_id);
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, mchid TEXT NOT NULL, url TEXT NOT NULL, event TEXT NOT NULL,
    content TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
    last_answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due) WHERE state = 'waiting';
"""


class Store:
    """Reads have a connection each, since on a shared one a read that is not done holds the others at its moment; one
    connection writes, a writer at a time."""

    def __init__(self, home: Path) -> None:
        self.path = home / "paysim.sqlite3"
        self._idle: list[sqlite3.Connection] = []
        self._writer = self._connect()
        self._lock = threading.Lock()
        self.written = threading.Event()
        """Set when there is something to send; whoever sends it waits for it."""
        with self.write() as db:
            for statement in SCHEMA.split(";"):
                db.execute(statement)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode=WAL")
        # Simulated money may lose its last moment in a power cut; whoever asks is told what the file says then.
        db.execute("PRAGMA synchronous=NORMAL")
        return db

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """What is committed now."""
        try:
            reader = self._idle.pop()
        except IndexError:
            reader = self._connect()
        found = reader.execute(sql, values).fetchall()
        self._idle.append(reader)
        return found

    @contextmanager
    def write(self, *, announces: bool = False) -> Iterator[sqlite3.Connection]:
        """All or nothing. announces: there is something to send then."""
        with self._lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")
        if announces:
            self.written.set()

    def close(self) -> None:
        for db in (*self._idle, self._writer):
            db.close()
