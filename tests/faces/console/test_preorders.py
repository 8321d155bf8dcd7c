"""The staff plan a batch, watch it, make it, ask for the balance, tell and ask, and put the goods on the shelf."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from quanzi.kernel import clock
from quanzi.trade.preorders.models import DateChange, News, Place, Preorder
from quanzi.trade.sales.models import Order
from tests.faces.console.desk import client_of
from tests.factories.goods import make_sku
from tests.factories.preorders import DEPOSIT, ask, hold, make_made, make_preorder, order_balance, start_deposit
from tests.factories.trade import make_staff, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return client_of(make_staff("operator"))


def test_a_batch_is_planned_and_what_is_wrong_stands_beside_its_field(desk: Client) -> None:
    sku = make_sku(price_minor=10_000)
    now = clock.local(clock.now())
    form = {
        "title": "蓝染围巾", "story": "一缸一批", "sku_0": sku.pk, "price_0": "90", "deposit_0": "20", "threshold": "10", "most": "20",
        "limit_each": "2", "balance_days": "7", "opens_at": f"{now:%Y-%m-%dT%H:%M}",
        "closes_at": f"{now + timedelta(days=9):%Y-%m-%dT%H:%M}", "promised_on": f"{now + timedelta(days=40):%Y-%m-%d}",
    }  # fmt: skip
    assert desk.get("/console/preorders/new").status_code == 200
    for wrong in ({"threshold": "30"}, {"deposit_0": "95"}, {"promised_on": ""}, {"promised_on": f"{now:%Y-%m-%d}"}):
        assert desk.post("/console/preorders/new", {**form, **wrong}).status_code == 422
    assert desk.post("/console/preorders/new", form).status_code == 302
    made = Preorder.objects.get()
    assert (made.threshold, made.goods.get().deposit_minor) == (10, 2_000)
    assert made.title in desk.get("/console/preorders").text


def test_cash_for_a_deposit_is_written_down(desk: Client) -> None:
    preorder = make_preorder()
    place, _ = ask(preorder), ask(preorder)  # the other one chose another way
    start_deposit(place)
    assert desk.get(f"/console/preorders/{preorder.pk}").text.count("钱已到") == 1
    desk.post(f"/console/preorders/{preorder.pk}/deposit", {"place": place.pk})
    place.refresh_from_db()
    assert place.state == "held"


def test_the_acts_along_the_way(desk: Client) -> None:
    preorder = make_preorder(threshold=2)
    where = f"/console/preorders/{preorder.pk}"
    hold(preorder)
    assert desk.post(f"{where}/act", {"act": "make"}).status_code == 409
    hold(preorder)
    desk.post(f"{where}/act", {"act": "make"})
    desk.post(f"{where}/act", {"act": "tell", "text": "开缸了"})
    desk.post(f"{where}/act", {"act": "ask_balance"})
    later = f"{preorder.promised_on + timedelta(days=3):%Y-%m-%d}"
    desk.post(f"{where}/act", {"act": "ask_date", "after": later, "reason": "雨季"})
    assert desk.post(f"{where}/act", {"act": "ask_date", "after": "", "reason": "雨季"}).status_code == 422
    preorder.refresh_from_db()
    assert preorder.state == "made" and preorder.balance_from is not None
    assert (News.objects.count(), DateChange.objects.count()) == (1, 1)
    page = desk.get(where).text
    assert "开缸了" in page and page.count("<tr>") >= 3


def test_the_batch_is_put_on_the_shelf_and_called_off_only_with_a_reason(desk: Client) -> None:
    preorder, (place, _) = make_made(places=2)
    order = pay(order_balance(place))
    sku_id = preorder.goods.get().sku_id
    where = f"/console/preorders/{preorder.pk}/act"
    for _twice in range(2):
        desk.post(where, {"act": "receive", "sku": sku_id, "quantity": "1", "key": "k"})
    order.refresh_from_db()
    assert order.released_at is not None
    assert desk.post(where, {"act": "call_off", "why": ""}).status_code == 422
    desk.post(where, {"act": "call_off", "why": "染缸坏了", "key": "off-1"})
    preorder.refresh_from_db()
    assert preorder.state == "called_off"
    assert Order.objects.get().state == "paid"
    assert Place.objects.filter(ended_at=None).count() == 2  # the job carries it out


def test_the_money_of_a_balance_order_begins_with_its_deposit() -> None:
    _, places = make_made(places=2)
    order = order_balance(places[0])
    pay(order)
    drawn = client_of(make_staff("owner")).get(f"/console/ledger/order/{order.number}").text
    balance = order.amount_minor - places[0].deposit_minor
    told = [f"现金或转账 {one / 100:.2f}" for one in (places[0].deposit_minor, balance)]
    assert all(words in drawn for words in told), told
    assert f"付了 ¥{order.amount_minor / 100:,.2f}" in drawn
    page = client_of(make_staff("operator")).get(f"/console/orders/{order.number}").text
    assert f"订金 · {DEPOSIT / 100:.2f} · 现金或转账" in page and f"{balance / 100:.2f} · 现金或转账" in page
