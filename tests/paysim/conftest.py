"""A running paysim on loopback, and a merchant that signs its own requests."""

import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from paysim import wire
from paysim.__main__ import _Handler, _Server
from paysim.app import Application
from paysim.keys import DEFAULT_MERCHANT, KeyRing
from paysim.plan import Plan


@pytest.fixture(scope="session")
def keys_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys are slow to make, so they are made once."""
    home = tmp_path_factory.mktemp("paysim")
    KeyRing(home)
    return home


@dataclass
class Client:
    """Speaks to paysim as a merchant does."""

    url: str
    home: Path
    application: Application

    def __post_init__(self) -> None:
        folder = self.home / "merchants" / DEFAULT_MERCHANT
        self.facts = json.loads((folder / "merchant.json").read_text())
        self.key = load_pem_private_key((folder / "merchant.key.pem").read_bytes(), None)
        self.api_key = (folder / "apiv3.key").read_text().encode()

    def authorization(self, method: str, target: str, body: bytes, **changes: str) -> str:
        nonce, moment = secrets.token_hex(8), changes.pop("timestamp", str(int(time.time())))
        signature = wire.sign(self.key, wire.lines(method, target, moment, nonce, body))
        parts = {"mchid": self.facts["mchid"], "nonce_str": nonce, "signature": signature, "timestamp": moment}
        parts |= {"serial_no": self.facts["serial"]} | changes
        return f"{wire.SCHEME} " + ",".join(f'{name}="{value}"' for name, value in parts.items())

    def raw(self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Any:
        request = urllib.request.Request(self.url + target, body or None, headers or {}, method=method)
        opener = urllib.request.build_opener(_Stay())
        try:
            return opener.open(request, timeout=20)
        except urllib.error.HTTPError as error:
            return error

    def call(self, method: str, target: str, content: dict[str, Any] | None = None) -> tuple[int, Any]:
        body = b"" if content is None else wire.dumps(content)
        headers = {"Authorization": self.authorization(method, target, body), "Content-Type": "application/json"}
        with self.raw(method, target, body, headers) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text[:1] == b"{" else text.decode()

    def order(self, number: str, total: Any = 1250, **changes: Any) -> dict[str, Any]:
        return {
            "mchid": self.facts["mchid"],
            "appid": self.facts["appid"],
            "out_trade_no": number,
            "description": "烟薯 25 蜜薯 <约 5 斤>",
            "amount": {"total": total, "currency": "CNY"},
            "notify_url": "http://127.0.0.1:9/none",
            "return_url": "http://127.0.0.1:9/back?o=1",
        } | changes

    def create(self, number: str, total: Any = 1250, **changes: Any) -> tuple[int, Any]:
        return self.call("POST", "/v3/pay/transactions/h5", self.order(number, total, **changes))

    def control(self, method: str, path: str, content: dict[str, Any] | None = None) -> tuple[int, Any]:
        headers = {"X-Paysim-Token": self.application.keys.token, "Content-Type": "application/json"}
        with self.raw(method, path, wire.dumps(content or {}), headers) as answer:
            return answer.status, json.loads(answer.read())

    def refund(self, number: str, refund_number: str, amount: int, total: int = 1250) -> tuple[int, Any]:
        content = {"out_trade_no": number, "out_refund_no": refund_number, "reason": "坏了"}
        content["amount"] = {"refund": amount, "total": total, "currency": "CNY"}
        return self.call("POST", "/v3/refund/domestic/refunds", content)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@pytest.fixture
def paysim(keys_home: Path) -> Iterator[Client]:
    application = Application(keys_home, "")
    with application.store.write() as db:
        for table in ("trade", "capture", "refund", "outbox"):
            db.execute(f"DELETE FROM {table}")
    application.plan.write(Plan(refund_gap_s=0))
    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Handler)
    url = f"http://127.0.0.1:{server.server_port}"
    application.desk.public_url = url
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Client(url, keys_home, application)
    server.shutdown()
    thread.join()
    server.server_close()
    application.stop()


@dataclass
class Inbox:
    """What a merchant's notify address received."""

    url: str
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)  # statuses for the first requests; then 200
    slow: threading.Event | None = None  # answers wait for it, unless quick
    quick: bool = False

    def opened(self, api_key: bytes) -> list[dict[str, Any]]:
        found = []
        for _, body in self.received:
            resource = json.loads(body)["resource"]
            plain = wire.decrypt(api_key, resource["ciphertext"], resource["nonce"], resource["associated_data"])
            found.append(json.loads(plain))
        return found


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                status = box.answers.pop(0) if box.answers else 200
                waits_for = None if box.quick else box.slow
                box.received.append((dict(self.headers), body))
            if waits_for is not None:
                waits_for.wait(5)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            return None

    class Server(ThreadingHTTPServer):
        request_queue_size = 64  # by default five may knock at once, and of more some wait until they give up

    server = Server(("127.0.0.1", 0), Handler)
    box = Inbox(f"http://127.0.0.1:{server.server_port}/notify")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield box
    server.shutdown()
    thread.join()
    server.server_close()
