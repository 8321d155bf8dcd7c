"""Sends notifications until they are accepted, and does to them what the plan says."""

import http.client
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from urllib.parse import SplitResult, urlsplit

from paysim import forge
from paysim.keys import KeyRing, PlatformKey
from paysim.plan import PlanFile
from paysim.store import Store

log = logging.getLogger("paysim")
# Seconds between sends, as WeChat Pay announces them (15s/15s/30s/3m/10m/20m/30m x3/60m/3h x3/6h x2).
SCHEDULE = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600]
ANSWER_WITHIN_S = 5
ANSWER_MAX = 64 * 1024
LOOK_EVERY_S = 0.1


class Sender:
    """Posts to merchants, over connections that are kept: a notification seldom comes alone."""

    def __init__(self) -> None:
        self._idle: dict[str, list[http.client.HTTPConnection]] = {}
        self._lock = threading.Lock()

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> str:
        """Send once; the status as text, or the kind of failure. No proxies and no redirects: it goes where the merchant said."""
        parts = urlsplit(url)
        with self._lock:
            idle = self._idle.setdefault(f"{parts.scheme}://{parts.netloc}", [])
            kept = idle.pop(0) if idle else None  # the longest idle, so that all processes of a shop get their share
        if kept is not None:
            try:
                return self._send(idle, kept, parts, body, headers)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                pass  # it was closed while it was idle, before anything was read from it
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        try:
            return self._send(idle, kind(parts.netloc, timeout=ANSWER_WITHIN_S), parts, body, headers)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__

    def _send(
        self, idle: list[http.client.HTTPConnection], connection: http.client.HTTPConnection, parts: SplitResult,
        body: bytes, headers: dict[str, str],
    ) -> str:  # fmt: skip
        try:
            connection.request("POST", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", body, headers)
            answer = connection.getresponse()
            answer.read(ANSWER_MAX)
        except BaseException:
            connection.close()
            raise
        if answer.isclosed() and connection.sock is not None:
            with self._lock:
                idle.append(connection)
        else:
            connection.close()
        return str(answer.status)

    def close(self) -> None:
        with self._lock:
            for idle in self._idle.values():
                while idle:
                    idle.pop().close()


class Notifier:
    def __init__(self, store: Store, keys: KeyRing, plan: PlanFile) -> None:
        self.store, self.keys, self.plan = store, keys, plan
        self._stop = threading.Event()
        self._sender = Sender()
        self._turn = count()
        self._pool = ThreadPoolExecutor(16, "paysim-send")
        self._turns = ThreadPoolExecutor(8, "paysim-turn")
        self._under_way: set[int] = set()
        self._thread = threading.Thread(target=self._run, name="paysim-notifier", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(10)
        self._turns.shutdown(cancel_futures=True)
        self._pool.shutdown(cancel_futures=True)
        self._sender.close()

    def signer(self) -> PlatformKey:
        live, how = self.keys.platform_keys(), self.plan.read().sign_with
        if how == "alternate":
            return live[next(self._turn) % len(live)]
        return live[0 if how == "oldest" else -1]

    def _run(self) -> None:
        """Look when something was written, and now and then for what was put off."""
        while not self._stop.is_set():
            self.store.written.wait(LOOK_EVERY_S)
            self.store.written.clear()
            try:
                self._begin_due(time.time())
            except (sqlite3.Error, ValueError, OSError):
                log.exception("notifier")

    def send_due(self, now: float) -> int:
        """Send what is due, and wait for the answers; returns how many notifications were tried."""
        begun = self._begin_due(now)
        return sum(turn.result() for turn in begun)

    def _begin_due(self, now: float) -> list[Future[int]]:
        """Begin to send what is due and not under way: nobody waits for somebody else's slow shop."""
        under_way = set(self._under_way)  # before the look: what ended since is not waiting any more
        waiting = self.store.rows(
            "SELECT * FROM outbox WHERE state = 'waiting' AND due <= ? ORDER BY due, id LIMIT 100", (now,)
        )
        due = [row for row in waiting if row["id"] not in under_way]
        hold = self.plan.read().reorder
        if len(due) < hold:
            return []
        self._under_way.update(row["id"] for row in due)
        turns: Iterable[list[sqlite3.Row]] = [due[::-1]] if hold else ([row] for row in due)
        return [self._turns.submit(self._in_turn, rows, now) for rows in turns]

    def _in_turn(self, rows: list[sqlite3.Row], now: float) -> int:
        for row in rows:
            try:
                self._finish(row, self._send(row), now)
            except (sqlite3.Error, ValueError, OSError):
                log.exception("notifier")
            finally:
                self._under_way.discard(row["id"])
        return len(rows)

    def _send(self, row: sqlite3.Row) -> str:
        plan, merchant = self.plan.read(), self.keys.merchant(row["mchid"])
        assert merchant is not None
        if self.plan.spend("drop"):
            return "dropped"
        event, content = json.loads(row["event"]), json.loads(row["content"])
        for kind in ["probe"] * plan.probe + plan.forge:
            body, headers = forge.Forger(event, content, merchant, self.signer()).make(kind)
            log.info("forged %s for %s: %s", kind, row["event_id"], self._sender.post(row["url"], body, headers))
        original = "refund" if event["event_type"].startswith("REFUND") else "transaction"
        body = forge.envelope(event, content, merchant.api_key, original)
        if plan.duplicate == 1:
            return self._sender.post(row["url"], body, forge.headers(self.signer(), body))
        sends = [
            self._pool.submit(self._sender.post, row["url"], body, forge.headers(self.signer(), body))
            for _ in range(plan.duplicate)
        ]
        answers = [send.result() for send in sends]
        return next((answer for answer in answers if answer.startswith("2")), answers[0])

    def _finish(self, row: sqlite3.Row, answer: str, now: float) -> None:
        log.info("notification %s to %s: %s", row["event_id"], row["url"], answer)
        schedule = self.plan.read().retry_s or SCHEDULE
        attempt = row["attempt"]
        state = "done" if answer.startswith("2") else "waiting" if attempt < len(schedule) else "given up"
        due = now + schedule[attempt] if state == "waiting" else row["due"]
        with self.store.write() as db:
            db.execute(
                "UPDATE outbox SET state = ?, attempt = ?, due = ?, last_answer = ? WHERE id = ?",
                (state, attempt + 1, due, answer, row["id"]),
            )
