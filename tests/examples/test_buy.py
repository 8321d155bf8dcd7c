"""The example client, run as its README says, against a shop over HTTP."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import httpx
import pytest
from django.test import Client

from paysim.__main__ import _Handler, _Server
from paysim.app import Application
from paysim.keys import KeyRing
from paysim.plan import Plan
from quanzi.faces.api.oauth.services import register_app
from quanzi.faces.api.services import make_token
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.stock import services as stock
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.models import Order
from tests.factories import goods, trade
from tests.factories.people import log_in, make_staff

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLE = Path(__file__).parents[2] / "examples" / "buy.py"
SCOPES = ["orders:read", "orders:write", "payments:write"]


@pytest.fixture
def shop(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[str]:
    """A shop with one kind of goods and a point, and the simulated payment service beside it."""
    KeyRing(tmp_path)
    service = Application(tmp_path, "")
    service.plan.write(Plan(refund_gap_s=0))
    server = make_server("127.0.0.1", 0, service, server_class=_Server, handler_class=_Handler)
    service.desk.public_url = settings.PAYSIM_URL = f"http://127.0.0.1:{server.server_port}"
    settings.PAYSIM_HOME = tmp_path
    settings.PAYSIM_NOTIFY_URL = f"{live_server.url}/pay/notify/paysim/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    sku = goods.make_sku(stock_of=5, product=goods.make_product())
    goods.catalogue.publish(product=sku.product, actor="test", now=clock.now())
    trade.make_point()
    yield live_server.url
    server.shutdown()
    thread.join()
    server.server_close()
    service.stop()


def run(shop: str, *words: str, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(EXAMPLE), shop, *words],
        env={**os.environ, "BROWSER": "true", **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def check(process: subprocess.Popen[str], me: Member) -> None:
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    order = Order.objects.get(member=me)
    assert f"Order {order.number} is paid." in said
    assert order.state == "paid"


def test_with_a_token_an_order_is_placed_and_paid(shop: str) -> None:
    me = trade.make_buyer()
    _, secret = make_token(member=me, name="example", scopes=SCOPES, now=clock.now())
    check(run(shop, QUANZI_TOKEN=secret), me)


def test_as_an_app_that_a_member_lets_in_an_order_is_placed_and_paid(shop: str) -> None:
    me = trade.make_buyer()
    app, _ = register_app(
        name="Example", redirect_uris=["http://127.0.0.1/back"], scopes=SCOPES, is_public=True, actor=make_staff("owner"), now=clock.now()
    )  # fmt: skip
    process = run(shop, "--app", app.pk)
    assert process.stdout is not None
    process.stdout.readline()
    let_in(shop, process.stdout.readline().strip(), me)
    check(process, me)


def let_in(shop: str, address: str, me: Member) -> None:
    """What the member's browser does with the page."""
    session = log_in(Client(), me).cookies["sessionid"].value
    with httpx.Client(base_url=shop, cookies={"sessionid": session}) as browser:
        page = browser.get(address).raise_for_status().text
        hidden = {
            name: found[1]
            for name in ("request", "csrfmiddlewaretoken")
            if (found := re.search(f'name="{name}" value="([^"]+)"', page))
        }
        answer = browser.post("/oauth/authorize", data={**hidden, "scopes": SCOPES, "action": "grant"})
        assert answer.status_code == 302, answer.text
        assert "Done" in httpx.get(answer.headers["Location"]).text


def program() -> Any:
    spec = importlib.util.spec_from_file_location("buy", EXAMPLE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Ended = Callable[..., tuple[int, str]]


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ended:
    """Runs the program and tells its exit code and its last words."""

    def end(shop: str, *words: str, token: str = "", meanwhile: Callable[[], Any] | None = None) -> tuple[int, str]:
        buy = program()
        if meanwhile is not None:
            once = buy.once
            buy.once = lambda: (meanwhile(), once())[1]  # asked for between the price and the order
        monkeypatch.setattr(sys, "argv", ["buy.py", shop, *words])
        monkeypatch.setenv("QUANZI_TOKEN", token)
        capsys.readouterr()
        code = buy.main()
        return code, capsys.readouterr().err

    return end


def is_sentence(said: str) -> bool:
    return said.count("\n") == 1 and "Traceback" not in said


def test_without_a_token_or_a_shop_it_ends_in_a_sentence(ended: Ended) -> None:
    for shop, token, code, words in (
        ("http://127.0.0.1:1", "", 2, "QUANZI_TOKEN"),
        ("http://127.0.0.1:1", "qz_a\nb", 2, "QUANZI_TOKEN"),
        ("shop.example", "qz_a", 2, "whole address"),
        ("http://127.0.0.1:1", "qz_a", 4, "127.0.0.1 cannot be reached"),
    ):
        found, said = ended(shop, token=token)
        assert found == code and words in said and is_sentence(said), said


def test_what_the_shop_refuses_is_one_sentence_and_a_code_of_its_own(shop: str, ended: Ended) -> None:
    me = trade.make_buyer()
    _, token = make_token(member=me, name="example", scopes=SCOPES, now=clock.now())
    _, weak = make_token(member=me, name="looks only", scopes=["orders:read"], now=clock.now())
    sku = Sku.objects.get()

    def price(minor: int) -> None:
        goods.catalogue.change_price(sku=sku, price_minor=minor, actor="test", now=clock.now())

    def gone() -> None:
        stock.reserve(lines=[(sku.pk, 5, "another buyer")], expires_at=None, now=clock.now())

    for said, code, words in (
        (ended(shop, token="qz_nobody"), 3, "taken back"),
        (ended(shop, token=weak), 3, "let this program in"),
        (ended(f"{shop}/p", token=token), 4, "does not answer like a quanzi shop"),
        (ended(shop, "--words", "no such thing", token=token), 5, "Nothing of that kind"),
        (ended(shop, token=token, meanwhile=lambda: price(77_700)), 6, "Nothing was ordered"),
        (ended(shop, token=token, meanwhile=gone), 5, "The goods are gone"),
    ):
        assert said[0] == code and words in said[1] and is_sentence(said[1]), said
    assert not Order.objects.exists()
