"""A payable made for tests, a running paysim, and notifications that are signed for real."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from wsgiref.simple_server import make_server

import pytest
from django.db import OperationalError
from django.test import Client

from paysim import forge
from paysim.__main__ import _Handler, _Server
from paysim.app import Application
from paysim.keys import DEFAULT_MERCHANT, KeyRing
from paysim.plan import Plan, parse
from quanzi.base.doctor import run
from quanzi.base.jobs.services import run_due
from quanzi.base.ledger.queries import settle_deferred
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.payments import ports, services
from quanzi.trade.payments.models import Payment, Refund
from quanzi.trade.payments.ports import PayableInfo
from quanzi.trade.payments.services import notices


def right_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Thing:
    """Something that can be paid for, living in memory."""

    id: int
    member_id: int
    amount: Money = field(default_factory=lambda: Money(1250))
    is_payable: bool = True
    is_wanted: bool = True
    pay_by: datetime | None = None
    captured: list[str] = field(default_factory=list)
    refunded: list[int] = field(default_factory=list)


class Things:
    kind = "thing"

    def __init__(self) -> None:
        self.by_id: dict[int, Thing] = {}

    def add(self, member: Member, **facts: Any) -> Thing:
        thing = Thing(len(self.by_id) + 1, member.pk, **facts)
        self.by_id[thing.id] = thing
        return thing

    def describe(self, payable_id: int, locked: Any = None) -> PayableInfo:
        thing = self.by_id[payable_id]
        return PayableInfo(f"东西 {thing.id}", thing.amount, thing.member_id, thing.is_payable, thing.pay_by)

    def on_captured(self, *, payable_id: int, payment: Payment, locked: Any = None, now: datetime) -> bool:
        thing = self.by_id[payable_id]
        if thing.is_wanted:
            thing.captured.append(payment.number)
        return thing.is_wanted

    def on_refunded(self, *, payable_id: int, refund: Refund, now: datetime) -> None:
        self.by_id[payable_id].refunded.append(refund.amount_minor)


@pytest.fixture
def things() -> Iterator[Things]:
    made = Things()
    ports._payables["thing"] = made
    yield made
    del ports._payables["thing"]


@pytest.fixture
def member(db: None) -> Member:
    return Member.objects.create(name="小雨")


@pytest.fixture(scope="session")
def keys_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("paysim")
    KeyRing(home)
    return home


@dataclass
class Counterpart:
    """The provider's side, seen from the test."""

    application: Application
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def plan(self, **faults: Any) -> None:
        self.application.plan.write(parse({"refund_gap_s": 0, **faults}))

    def pay(self, payment: Payment, *, force: bool = False) -> str:
        """The payer pays; returns the newest transaction id."""
        trade = self.application.desk.trade(DEFAULT_MERCHANT, payment.number)
        trade = self.application.desk.pay(trade["token"], force=force)
        return str(self.application.desk.captures(trade)[-1]["transaction_id"])

    def fail(self, payment: Payment) -> None:
        self.application.desk.fail(self.application.desk.trade(DEFAULT_MERCHANT, payment.number)["token"])

    def notes(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every event announced so far, with its content."""
        rows = self.application.store.rows("SELECT event, content FROM outbox ORDER BY id")
        return [(json.loads(row["event"]), json.loads(row["content"])) for row in rows]

    def signed(self, event: dict[str, Any], content: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        merchant = self.application.keys.merchant(DEFAULT_MERCHANT)
        assert merchant is not None
        original = "refund" if event["event_type"].startswith("REFUND") else "transaction"
        body = forge.envelope(event, content, merchant.api_key, original)
        return body, forge.headers(self.application.notifier.signer(), body)

    def forged(self, kind: str) -> tuple[bytes, dict[str, str]]:
        event, content = self.notes()[-1]
        merchant = self.application.keys.merchant(DEFAULT_MERCHANT)
        assert merchant is not None
        return forge.Forger(event, content, merchant, self.application.notifier.signer()).make(kind)

    def post(self, body: bytes, headers: dict[str, str]) -> int:
        sent = {name: value for name, value in headers.items() if name != "Content-Type"}
        answer = self.client.post("/pay/notify/paysim/", body, content_type="application/json", headers=sent)
        return answer.status_code

    def notify(self, index: int = -1) -> int:
        """Deliver one true notification, as the notifier would."""
        return self.post(*self.signed(*self.notes()[index]))


@pytest.fixture
def provider(keys_home: Path, settings: Any) -> Iterator[Counterpart]:
    application = Application(keys_home, "")
    with application.store.write() as db:
        for table in ("trade", "capture", "refund", "outbox"):
            db.execute(f"DELETE FROM {table}")
    application.plan.write(Plan(refund_gap_s=0))
    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Handler)
    application.desk.public_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    settings.PAYSIM_URL, settings.PAYSIM_HOME = application.desk.public_url, keys_home
    settings.PAYSIM_NOTIFY_URL = "http://127.0.0.1:9/pay/notify/paysim/"
    yield Counterpart(application)
    server.shutdown()
    thread.join()
    server.server_close()
    application.stop()


def begin(thing: Thing, *, provider: str = "paysim", key: str = "", now: datetime | None = None) -> Payment:
    """Start a payment of a thing."""
    started = services.start(
        payable_kind="thing",
        payable_id=thing.id,
        provider=provider,
        member_id=thing.member_id,
        idempotency_key=key or f"thing:{thing.id}:{provider}",
        return_url="http://127.0.0.1:9/back",
        now=now or right_now(),
    )
    return started.payment


def work(after: timedelta = timedelta()) -> int:
    """Do the waiting jobs."""
    return run_due(right_now() + after)


INVARIANTS = ["O1.payments", "R1", "K1", "L1", "L2", "L3", "A1"]


def violations() -> list[object]:
    """What the doctor finds in payments and in the books; empty when all is well."""
    settle_deferred()
    return [(one.id, one.sample, one.error) for one in run(only=INVARIANTS) if not one.is_well]


@contextmanager
def only_kept() -> Iterator[None]:
    """Messages are stored without their effect, and no job is asked for one."""
    with (
        patch.object(notices, "apply", side_effect=OperationalError("lock timeout")),
        patch.object(notices, "_apply_later"),
    ):
        yield
