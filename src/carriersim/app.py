"""The WSGI application: signed endpoints under /v1, test controls under /_sim.

Signed both ways: `Signature: t=<seconds>,v1=<HMAC-SHA256 of "<t>.<method> <path>." and the body>`. One reference is one shipment.
Faults (POST /_sim/plan): "slow" answers too late and still books, "broken" answers 500 and still books, "refuse" refuses, "deaf" drops
pushes, "twice" pushes everything two times. With a pace, parcels go from door to door by themselves; with a home they outlive a restart.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

BODY_MAX = 64 * 1024
TOLERANCE = 300
STATUS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
STATUS |= {405: "Method Not Allowed", 422: "Unprocessable Content", 500: "Internal Server Error"}

WAY = (
    ("accepted", "快递员已揽收", "集散点"),
    ("in_transit", "已到达转运中心，发往下一站", "转运中心"),
    ("out_for_delivery", "正在派送，请保持电话畅通", "派送站"),
    ("delivered", "已签收，感谢使用", "收货地址"),
)
"""What a parcel meets by itself: code, words, place."""


def signature(key: str, moment: int, method: str, path: str, body: bytes) -> str:
    """What proves that the holder of the key said this."""
    said = f"{moment}.{method} {path}.".encode() + body
    return f"t={moment},v1={hmac.new(key.encode(), said, hashlib.sha256).hexdigest()}"


@dataclass
class Parcel:
    reference: str
    tracking: str
    facts: dict[str, Any]
    events: list[dict[str, str]] = field(default_factory=list)
    moved: float = field(default_factory=time.time)


class Application:
    """One carrier. push_url: where a shop wants to hear of its parcels; empty for nowhere. pace: seconds from one step of a parcel to the
    next, 0 for parcels that move only when told. home: the folder that remembers them."""

    def __init__(
        self, key: str, push_url: str = "", slow_seconds: float = 12.0, *, pace: float = 0.0, home: Path | None = None
    ) -> None:
        self.key, self.push_url, self.slow_seconds, self.pace = key, push_url, slow_seconds, pace
        self._file = home / "parcels.json" if home else None
        self.parcels: dict[str, Parcel] = {}
        if self._file and self._file.is_file():
            self.parcels = {row["tracking"]: Parcel(**row) for row in json.loads(self._file.read_text())}
        self.by_reference = {one.reference: one for one in self.parcels.values()}
        self.plan: set[str] = set()
        self.pushed: list[int] = []
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(min(length, BODY_MAX))
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path.startswith("/_sim/"):
            status, answer = self._control(path, json.loads(body or b"{}"))
        elif not self._is_proven(environ.get("HTTP_SIGNATURE", ""), method, path, body):
            status, answer = 401, {"error": "the signature is not right"}
        else:
            status, answer = self._serve(method, path, body)
        content = json.dumps(answer, ensure_ascii=False).encode()
        start(
            f"{status} {STATUS[status]}", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
        )
        return [content]

    def _is_proven(self, sent: str, method: str, path: str, body: bytes) -> bool:
        moment = dict(part.split("=", 1) for part in sent.split(",") if "=" in part).get("t", "")
        if not moment.isdigit() or abs(time.time() - int(moment)) > TOLERANCE:
            return False
        return hmac.compare_digest(sent, signature(self.key, int(moment), method, path, body))

    def _serve(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        parts = [unquote(part) for part in path.strip("/").split("/")]
        match (method, parts):
            case ("POST", ["v1", "shipments"]):
                return self._book(json.loads(body))
            case ("GET", ["v1", "references", reference]):
                found = self.by_reference.get(reference)
                return (200, {"tracking": found.tracking}) if found else (404, {"error": "no such reference"})
            case ("GET", ["v1", "shipments", tracking, "events"]):
                known = self.parcels.get(tracking)
                return (200, {"events": known.events}) if known else (404, {"error": "no such number"})
        return 404, {"error": "nothing here"}

    def _book(self, facts: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if "refuse" in self.plan or not facts.get("address"):
            return 422, {"error": "we do not serve this address"}
        with self._lock:
            reference = str(facts["reference"])
            found = self.by_reference.get(reference)
            if found is None:
                found = Parcel(reference, f"PS{len(self.parcels) + 1:08d}", facts)
                self.by_reference[reference] = self.parcels[found.tracking] = found
                self._remember()
        if "slow" in self.plan:
            time.sleep(self.slow_seconds)
        if "broken" in self.plan:
            return 500, {"error": "the machine is on fire"}
        return 201, {"tracking": found.tracking}

    def _control(self, path: str, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        match path:
            case "/_sim/plan":
                self.plan = set(said.get("faults", []))
            case "/_sim/event":
                self.tell(
                    str(said["tracking"]), str(said["code"]), str(said.get("words", "")), str(said.get("place", ""))
                )
            case _:
                return 404, {"error": "no such control"}
        return 200, {"faults": sorted(self.plan), "parcels": len(self.parcels)}

    def tell(self, tracking: str, code: str, words: str = "", place: str = "") -> None:
        """Something happened to a parcel; the shop is told when it wants to hear."""
        parcel = self.parcels[tracking]
        moment = datetime.now(UTC).isoformat()
        event = {
            "id": f"{tracking}-{len(parcel.events) + 1}",
            "code": code,
            "words": words,
            "place": place,
            "at": moment,
        }
        with self._lock:
            parcel.events.append(event)
            self._remember()
        if self.push_url and "deaf" not in self.plan:
            for _ in range(2 if "twice" in self.plan else 1):
                self._push({"tracking": tracking, "events": [event]})

    def walk(self, now: float) -> int:
        """Every parcel whose pace is over meets what comes next; returns how many moved."""
        due = [
            one for one in list(self.parcels.values()) if len(one.events) < len(WAY) and now - one.moved >= self.pace
        ]
        for one in due:
            one.moved = now
            self.tell(one.tracking, *WAY[len(one.events)])
        return len(due)

    def keep_walking(self) -> None:
        """For a thread of its own: never returns."""
        while True:
            time.sleep(min(self.pace, 5.0))
            self.walk(time.time())

    def _remember(self) -> None:
        if self._file:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = self._file.with_suffix(".new")
            # Whom a parcel goes to is not needed to walk it.
            kept = [asdict(one) | {"facts": {}} for one in self.parcels.values()]
            fresh.write_text(json.dumps(kept, ensure_ascii=False))
            fresh.replace(self._file)

    def _push(self, said: dict[str, Any]) -> None:
        body, path = json.dumps(said, ensure_ascii=False).encode(), "/" + self.push_url.split("/", 3)[3]
        proof = signature(self.key, int(time.time()), "POST", path, body)
        headers = {"Signature": proof, "Content-Type": "application/json"}
        request = urllib.request.Request(self.push_url, body, headers, method="POST")  # our own address
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # nosec B310
                self.pushed.append(answer.status)
        except urllib.error.HTTPError as refused:
            self.pushed.append(refused.code)
        except OSError:
            self.pushed.append(0)
