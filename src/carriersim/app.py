"""The WSGI application: signed endpoints under /v1, test controls under /_sim.

Signed both ways: `Signature: t=<seconds>,v1=<HMAC-SHA256 of "<t>.<method> <path>." and the body>`. One reference is one shipment.
Faults (POST /_sim/plan): "slow" answers too late and still books, "broken" answers 500 and still books, "refuse" refuses, "deaf" drops
pushes, "twice" pushes everything two times.
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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

BODY_MAX = 64 * 1024
TOLERANCE = 300
STATUS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
STATUS |= {405: "Method Not Allowed", 422: "Unprocessable Content", 500: "Internal Server Error"}


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


class Application:
    """One carrier. push_url: where a shop wants to hear of its parcels; empty for nowhere."""

    def __init__(self, key: str, push_url: str = "", slow_seconds: float = 12.0) -> None:
        self.key, self.push_url, self.slow_seconds = key, push_url, slow_seconds
        self.parcels: dict[str, Parcel] = {}
        self.by_reference: dict[str, Parcel] = {}
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
        parcel.events.append(event)
        if self.push_url and "deaf" not in self.plan:
            for _ in range(2 if "twice" in self.plan else 1):
                self._push({"tracking": tracking, "events": [event]})

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
