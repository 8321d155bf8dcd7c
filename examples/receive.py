"""A whole receiver of webhooks in one file: checks the signature, knows what came before, answers at once.

    QUANZI_SECRET=whsec_… python examples/receive.py 9000

It needs Python 3.12 and nothing else. Two secrets with a blank between are both good, for the day after a renewal.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE_S = 300
"""A message that is older, or from the future, may be an old one that somebody sends once more."""

MOST_BYTES = 1_000_000
SECRETS = os.environ.get("QUANZI_SECRET", "").split()
seen: set[str] = set()
"""Keep it in your database, with what you do for a message: it may come more than once."""


def is_genuine(headers: Any, body: bytes, *, now: float) -> bool:
    """Whether the shop signed these bytes, lately."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isascii() or not timestamp.isdigit() or abs(now - int(timestamp)) > TOLERANCE_S:
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    given = [one.removeprefix("v1,") for one in headers.get("webhook-signature", "").split() if one.startswith("v1,")]
    for secret in SECRETS:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        if any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
            return True
    return False


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if not length.isascii() or not length.isdigit() or int(length) > MOST_BYTES:
            return self.say(413)
        body = self.rfile.read(int(length))
        if not is_genuine(self.headers, body, now=time.time()):
            return self.say(401)
        message_id = self.headers["webhook-id"]
        if message_id not in seen:
            seen.add(message_id)
            message = json.loads(body)
            print(message_id, message["type"], json.dumps(message["data"], ensure_ascii=False), flush=True)
        self.say(204)

    def say(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Only what came is printed."""


if __name__ == "__main__":
    if not SECRETS:
        sys.exit("Put the endpoint's secret into QUANZI_SECRET.")
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 9000), Receiver)
    print("Listening on port", server.server_port, flush=True)
    server.serve_forever()
