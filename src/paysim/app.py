"""The WSGI application: signed endpoints under /v3, the pay page under /pay, test controls under /_sim."""

import hashlib
import hmac
import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from paysim import forge, pages, wire
from paysim.desk import Desk, Refused, need
from paysim.keys import KeyRing, Merchant
from paysim.notifier import Notifier
from paysim.plan import PlanFile, parse
from paysim.store import Store

log = logging.getLogger("paysim")
BODY_MAX = 64 * 1024
CLOCK_TOLERANCE_S = 300


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    body: bytes
    headers: dict[str, str]

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    def argument(self, name: str) -> str:
        return parse_qs(self.query).get(name, [""])[0]

    def form(self, name: str) -> str:
        return parse_qs(self.body.decode(errors="replace")).get(name, [""])[0]

    def json(self) -> dict[str, Any]:
        try:
            value = json.loads(self.body or b"{}")
        except (ValueError, RecursionError):
            raise Refused(400, "PARAM_ERROR", "the body is not JSON") from None
        if not isinstance(value, dict):
            raise Refused(400, "PARAM_ERROR", "the body is not a JSON object")
        return value


@dataclass
class Response:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


REASONS = {200: "OK", 202: "Accepted", 204: "No Content", 303: "See Other", 400: "Bad Request", 401: "Unauthorized"}
REASONS |= {403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 413: "Content Too Large"}
REASONS |= {429: "Too Many Requests", 500: "Internal Server Error"}


def as_json(value: object, status: int = 200) -> Response:
    return Response(status, wire.dumps(value), {"Content-Type": "application/json; charset=utf-8"})


class Application:
    """One provider with its home folder. `notifier.start()` begins sending."""

    def __init__(self, home: Path, public_url: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.keys, self.store, self.plan = KeyRing(home), Store(home), PlanFile(home)
        self.desk = Desk(self.store, self.plan, public_url.rstrip("/"))
        self.notifier = Notifier(self.store, self.keys, self.plan)
        self.routes: list[tuple[str, re.Pattern[str], str, Callable[..., Response]]] = [
            ("POST", re.compile(r"/v3/pay/transactions/h5"), "create", self.create),
            ("GET", re.compile(r"/v3/pay/transactions/out-trade-no/([^/]+)"), "query", self.query),
            ("POST", re.compile(r"/v3/pay/transactions/out-trade-no/([^/]+)/close"), "close", self.close),
            ("POST", re.compile(r"/v3/refund/domestic/refunds"), "refund", self.refund),
            ("GET", re.compile(r"/v3/refund/domestic/refunds/([^/]+)"), "query_refund", self.query_refund),
            ("GET", re.compile(r"/v3/bill/tradebill"), "bill", self.bill),
            ("GET", re.compile(r"/v3/billdownload/file"), "bill", self.bill_file),
            ("GET", re.compile(r"/v3/certificates"), "certificates", self.certificates),
        ]

    def stop(self) -> None:
        self.notifier.stop()
        self.store.close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            response = self.answer(read_request(environ))
        except Refused as refusal:
            response = as_json({"code": refusal.code, "message": refusal.message}, refusal.status)
        except Exception:
            log.exception("unexpected")
            response = as_json({"code": "SYSTEM_ERROR", "message": "unexpected"}, 500)
        sent = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", **response.headers}
        sent["Content-Length"] = str(len(response.body))
        start_response(f"{response.status} {REASONS[response.status]}", list(sent.items()))
        return [response.body]

    def answer(self, request: Request) -> Response:
        if request.path == "/healthz":
            return as_json({"ok": True})
        if request.path.startswith("/v3/"):
            return self.signed(request)
        if request.path.startswith("/_sim/"):
            return self.control(request)
        if request.path == "/pay/style.css":
            return Response(200, pages.STYLE.encode(), {"Content-Type": "text/css; charset=utf-8"})
        if found := re.fullmatch(r"/pay/([A-Za-z0-9_-]{10,60})", request.path):
            return self.pay_page(request, found[1])
        if request.path == "/":
            return pages.html(pages.front(pages.language(request)))
        return pages.html(pages.missing(pages.language(request)), 404)

    # -- signed endpoints -----------------------------------------------------------------------------------------

    def signed(self, request: Request) -> Response:
        """Check the merchant's signature, do it, and sign the answer, also when it is a refusal."""
        try:
            response = self._do(request)
        except Refused as refusal:
            response = as_json({"code": refusal.code, "message": refusal.message}, refusal.status)
        signature = forge.headers(self.notifier.signer(), response.body)
        response.headers = {**signature, **response.headers}
        return response

    def _do(self, request: Request) -> Response:
        for method, pattern, operation, handler in self.routes:
            found = pattern.fullmatch(request.path)
            if found and method == request.method:
                merchant = self.identify(request)
                if slow := self.plan.read().slow_s.get(operation):
                    time.sleep(min(slow, 60))
                if self.plan.spend("fail_before", operation):
                    raise Refused(500, "SYSTEM_ERROR", "planned: nothing was done")
                response = handler(merchant, request, *found.groups())
                if self.plan.spend("fail_after", operation):
                    raise Refused(500, "SYSTEM_ERROR", "planned: it was done all the same")
                return response
        raise Refused(404, "RESOURCE_NOT_EXISTS", "no such endpoint")

    def identify(self, request: Request) -> Merchant:
        """The merchant who signed this request; raises Refused 401."""
        claim = wire.Authorization.parse(request.headers.get("authorization", ""))
        need(claim is not None, "Authorization is missing or malformed", "SIGN_ERROR", 401)
        assert claim is not None
        need(abs(time.time() - claim.timestamp) < CLOCK_TOLERANCE_S, "timestamp is too far off", "SIGN_ERROR", 401)
        merchant = self.keys.merchant(claim.mchid)
        known = merchant is not None and hmac.compare_digest(merchant.serial.encode(), claim.serial.encode())
        need(known, "unknown merchant or certificate", "SIGN_ERROR", 401)
        assert merchant is not None
        good = claim.covers(merchant.public_key, request.method, request.target, request.body)
        need(good, "the signature does not fit the request", "SIGN_ERROR", 401)
        return merchant

    def create(self, merchant: Merchant, request: Request) -> Response:
        return as_json(self.desk.create(merchant, request.json()))

    def query(self, merchant: Merchant, request: Request, number: str) -> Response:
        need(request.argument("mchid") == merchant.mchid, "mchid is not the signer's", "NO_AUTH", 403)
        return as_json(self.desk.query(merchant, number))

    def close(self, merchant: Merchant, request: Request, number: str) -> Response:
        self.desk.close(merchant, number)
        return Response(204)

    def refund(self, merchant: Merchant, request: Request) -> Response:
        return as_json(self.desk.refund(merchant, request.json()))

    def query_refund(self, merchant: Merchant, request: Request, number: str) -> Response:
        return as_json(self.desk.query_refund(merchant, number))

    def bill(self, merchant: Merchant, request: Request) -> Response:
        day = request.argument("bill_date")
        digest = hashlib.sha256(self.desk.bill(merchant, day).encode()).hexdigest()
        link = f"{self.desk.public_url}/v3/billdownload/file?bill_date={day}"
        return as_json({"hash_type": "SHA256", "hash_value": digest, "download_url": link})

    def bill_file(self, merchant: Merchant, request: Request) -> Response:
        text = self.desk.bill(merchant, request.argument("bill_date"))
        return Response(200, text.encode(), {"Content-Type": "text/csv; charset=utf-8"})

    def certificates(self, merchant: Merchant, request: Request) -> Response:
        data = [
            {
                "serial_no": key.serial,
                "encrypt_certificate": wire.encrypt(merchant.api_key, key.certificate, "certificate"),
            }
            for key in self.keys.platform_keys()
        ]
        return as_json({"data": data})

    # -- the pay page ---------------------------------------------------------------------------------------------

    def pay_page(self, request: Request, token: str) -> Response:
        words = pages.language(request)
        found = self.store.rows("SELECT * FROM trade WHERE token = ?", (token,))
        if not found:
            return pages.html(pages.missing(words), 404)
        trade = found[0]
        if request.method == "POST":
            choice = request.form("choice")
            try:
                if choice == "pay":
                    self.desk.pay(token)
                elif choice == "fail":
                    self.desk.fail(token)
            except Refused:
                return Response(303, headers={"Location": f"/pay/{token}?lang={words}"})
            if choice in ("pay", "fail", "cancel") and trade["return_url"]:
                return Response(303, headers={"Location": trade["return_url"]})
            return Response(303, headers={"Location": f"/pay/{token}?lang={words}"})
        merchant = self.keys.merchant(trade["mchid"])
        return pages.html(
            pages.pay(trade, merchant.name if merchant else trade["mchid"], words), to=trade["return_url"]
        )

    # -- test controls --------------------------------------------------------------------------------------------

    def control(self, request: Request) -> Response:
        """What a test or an operator of the demo may do; opened by the token in <home>/control.token."""
        token = request.headers.get("x-paysim-token", "")
        need(hmac.compare_digest(token.encode(), self.keys.token.encode()), "wrong token", "NO_AUTH", 403)
        asked = (request.method, request.path)
        if asked == ("POST", "/_sim/pay"):
            return self.pay_by_control(request.json())
        if asked == ("PUT", "/_sim/plan"):
            try:
                self.plan.write(parse(request.json()))
            except ValueError as error:
                raise Refused(400, "PARAM_ERROR", str(error)) from None
        elif asked == ("POST", "/_sim/rotate"):
            return as_json({"serial": self.keys.rotate()})
        elif asked == ("POST", "/_sim/retire"):
            self.keys.retire(str(request.json().get("serial")))
        elif asked != ("GET", "/_sim/plan"):
            raise Refused(404, "RESOURCE_NOT_EXISTS", "no such control")
        return as_json(asdict(self.plan.read()))

    def pay_by_control(self, body: dict[str, Any]) -> Response:
        mchid = str(body.get("mchid") or "") or self.only_merchant()
        trade = self.desk.trade(mchid, str(body.get("out_trade_no")))
        if body.get("outcome", "pay") == "fail":
            self.desk.fail(trade["token"])
        else:
            trade = self.desk.pay(trade["token"], force=bool(body.get("force")))
        captures = [row["transaction_id"] for row in self.desk.captures(trade)]
        return as_json({"transaction_ids": captures})

    def only_merchant(self) -> str:
        return sorted(path.name for path in (self.keys.home / "merchants").iterdir())[0]


def read_request(environ: WSGIEnvironment) -> Request:
    """Read the body up to the cap; raises Refused 413."""
    length = environ.get("CONTENT_LENGTH") or "0"
    need(length.isdigit() and int(length) <= BODY_MAX, "the body is too large", "PARAM_ERROR", 413)
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    body = environ["wsgi.input"].read(int(length)) if int(length) else b""
    return Request(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", ""), body, headers)


def make() -> Application:
    """For a WSGI server: `granian --interface wsgi --factory paysim.app:make` with PAYSIM_HOME and PAYSIM_URL set."""
    application = Application(Path(os.environ["PAYSIM_HOME"]), os.environ["PAYSIM_URL"])
    application.notifier.start()
    return application
