"""The example receiver, run as its README says: an order is paid, the message arrives and is genuine; a dead one hears it later."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from quanzi.base.events.services import deliver_pending
from quanzi.faces.webhooks import memory, sending, services
from quanzi.faces.webhooks.models import Delivery, Endpoint
from quanzi.faces.webhooks.signing import headers
from quanzi.kernel import clock
from tests.factories import trade
from tests.factories.hooks import make_delivery, make_endpoint

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLE = Path(__file__).parents[2] / "examples" / "receive.py"


@pytest.fixture
def port(settings: Any) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found = free.getsockname()[1]
    settings.WEBHOOKS_INSIDE = frozenset({("127.0.0.1", found)})
    memory.forget()
    yield found
    memory.forget()


class Program:
    """The example as a process of its own."""

    def __init__(self, port: int, secret: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(EXAMPLE), str(port)],
            env={**os.environ, "QUANZI_SECRET": secret},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.line()

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def test_a_paid_order_arrives_signed_and_one_that_was_dead_hears_it_once_it_is_back(port: int) -> None:
    endpoint = make_endpoint(url=f"http://127.0.0.1:{port}/", kinds=["order.paid"])
    (secret,) = services.secrets_of(endpoint, now=clock.now())
    program = Program(port, secret)
    order = trade.make_paid_order()
    while deliver_pending():
        continue
    sending.send_due()
    message_id, kind, data = program.line().split(" ", 2)
    assert kind == "order.paid"
    assert json.loads(data)["number"] == order.number
    assert message_id == Delivery.objects.get().message.token

    program.kill()
    second = trade.make_paid_order()
    while deliver_pending():
        continue
    sending.send_due()
    missed = Delivery.objects.exclude(message__token=message_id).get()
    assert (missed.state, missed.status) == ("waiting", 0)

    program = Program(port, secret)
    Delivery.objects.filter(pk=missed.pk).update(due_at=clock.now() - timedelta(seconds=1))
    Endpoint.objects.update(rest_until=None)
    sending.send_due()
    missed.refresh_from_db()
    assert missed.state == "delivered"
    assert second.number in program.line()
    program.kill()


def test_it_takes_nothing_that_the_shop_did_not_sign_lately(port: int) -> None:
    endpoint = make_endpoint(url=f"http://127.0.0.1:{port}/")
    delivery = make_delivery(endpoint=endpoint)
    (secret,) = services.secrets_of(endpoint, now=clock.now())
    program = Program(port, secret)
    body, at = delivery.message.body.encode(), int(time.time())

    def send(body: bytes, at: int, secret: str = secret) -> int:
        signed = signed_by(secret, delivery.message.token, at, body)
        return httpx.post(f"http://127.0.0.1:{port}/", content=body, headers=signed, trust_env=False).status_code

    assert send(body, at) == 204
    assert send(body, at - 400) == 401
    assert send(body, at + 400) == 401
    assert send(body, at, "whsec_" + "A" * 44) == 401
    genuine = signed_by(secret, delivery.message.token, at, body)
    assert (
        httpx.post(f"http://127.0.0.1:{port}/", content=body + b" ", headers=genuine, trust_env=False).status_code
        == 401
    )
    program.kill()


def signed_by(secret: str, message_id: str, at: int, body: bytes) -> dict[str, str]:
    return headers(secrets=[secret], message_id=message_id, timestamp=at, body=body)
