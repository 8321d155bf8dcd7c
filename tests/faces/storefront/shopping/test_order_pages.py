"""An order as a page: next act, escrow, pickup code, claims; and that other people's orders do not exist."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quanzi.kernel import clock
from quanzi.trade.aftersales.models import Claim
from quanzi.trade.fulfilment.services import make_ready
from tests.faces.storefront.browsing import browser, page, send
from tests.faces.storefront.shopping.buying import queries_of
from tests.factories.goods import make_sku
from tests.factories.people import make_member
from tests.factories.trade import (
    make_order,
    make_paid_order,
    make_point,
    make_received_order,
    make_staff,
    open_fulfilment,
)

pytestmark = pytest.mark.django_db


def test_an_unpaid_order_says_until_when_and_can_be_cancelled_once() -> None:
    me = make_member()
    order = make_order(member=me)
    client = browser(me)
    assert "前付款" in page(client, "order", order.number)
    send(client, "order_act", order.number, act="cancel")
    assert "没有扣钱" in page(client, "order", order.number)
    assert send(client, "order_act", order.number, act="cancel").status_code == 302


def test_the_pickup_code_is_shown_to_the_buyer_and_to_nobody_else() -> None:
    me, leader = make_member(), make_member("王阿姨")
    order = make_paid_order(member=me, point=make_point(leader=leader))
    done = make_ready(fulfilment_id=open_fulfilment(order).pk, actor="test", now=clock.now())
    digits = f"{done.pickup_code[:3]} {done.pickup_code[3:]}"
    html = page(browser(me), "order", order.number)
    assert digits in html
    assert "货到站了" in html
    for other in (leader, make_staff("operator")):
        seen = page(browser(other), "order", order.number)
        assert digits not in seen
        assert done.pickup_code not in seen
        assert "我留下了" not in seen


@pytest.mark.parametrize("act", ["cancel", "call_off", "received", "kept", "withdraw", "pay", "nonsense"])
def test_somebody_elses_order_does_not_exist(act: str) -> None:
    order, client = make_paid_order(), browser(make_member())
    assert client.get(reverse("storefront:order", args=[order.number])).status_code == 404
    assert send(client, "order_act", order.number, act=act, line="1").status_code == 404
    assert client.get(reverse("storefront:order_claim", args=[order.number])).status_code == 404
    order.refresh_from_db()
    assert order.state == "paid"


def test_a_paid_order_is_called_off_while_nothing_is_prepared() -> None:
    me = make_member()
    order = make_paid_order(member=me)
    client = browser(me)
    assert "不想要了" in page(client, "order", order.number)
    send(client, "order_act", order.number, act="call_off")
    order.refresh_from_db()
    assert (order.state, order.refunded_minor) == ("refunded", order.amount_minor)
    assert "原路退回" in page(client, "order", order.number)


def test_prepared_goods_are_not_called_off_but_asked_about() -> None:
    me = make_member()
    order = make_paid_order(member=me, point=make_point())
    make_ready(fulfilment_id=open_fulfilment(order).pk, actor="test", now=clock.now())
    refused = send(browser(me), "order_act", order.number, act="call_off")
    assert refused.status_code == 409
    assert "已经备好" in refused.content.decode()


def test_keeping_is_said_once_and_opens_the_way_to_tell() -> None:
    me = make_member()
    order = make_received_order(member=me)
    line = order.lines.get()
    client = browser(me)
    assert "我留下了" in page(client, "order", order.number)
    send(client, "order_act", order.number, act="kept", line=line.pk)
    html = page(client, "order", order.number)
    assert reverse("storefront:experience", args=[line.pk]) in html
    assert "我留下了" not in html


def test_something_wrong_is_told_and_waits_for_a_person() -> None:
    me = make_member()
    order = make_received_order(member=me)
    line = order.lines.get()
    client = browser(me)
    send(client, "order_claim", order.number, line=line.pk, reason="spoiled", note="碎了两枚")
    claim = Claim.objects.get()
    assert (claim.state, claim.note) == ("open", "碎了两枚")
    html = page(client, "order", order.number)
    assert "处理中" in html
    line.refresh_from_db()
    assert line.disputed_at is not None
    send(client, "order_act", order.number, act="withdraw", line=line.pk)
    claim.refresh_from_db()
    line.refresh_from_db()
    assert (claim.state, line.disputed_at) == ("withdrawn", None)


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": "nonsense"},
        {"reason": ""},
        {"reason": "spoiled", "note": ""},
        {"reason": "spoiled", "note": "长" * 600},
    ],
)
def test_a_claim_with_something_missing_says_what(fields: dict[str, str]) -> None:
    me = make_member()
    order = make_received_order(member=me)
    refused = send(browser(me), "order_claim", order.number, line=order.lines.get().pk, **{"note": "碎了", **fields})
    assert refused.status_code == 422
    assert not Claim.objects.exists()


def test_a_line_of_another_order_cannot_be_claimed() -> None:
    me = make_member()
    order, other = make_received_order(member=me), make_received_order()
    refused = send(browser(me), "order_claim", order.number, line=other.lines.get().pk, reason="spoiled", note="碎了")
    assert refused.status_code == 404
    assert not Claim.objects.exists()


def test_my_orders_are_mine_in_tabs_and_need_the_same_queries_for_one_and_for_twelve(
    django_assert_max_num_queries,
) -> None:  # type: ignore[no-untyped-def]
    me = make_member()
    order, foreign = make_order(member=me), make_order()
    client = browser(me)
    html = page(client, "orders")
    assert order.number in html
    assert foreign.number not in html
    one = queries_of(client, "orders")
    for _ in range(11):
        make_order(member=me)
    assert queries_of(client, "orders") <= one <= 20
    assert order.number not in client.get(reverse("storefront:orders"), {"group": "received"}).content.decode()
    assert client.get(reverse("storefront:orders"), {"group": "<x>", "before": "x"}).status_code == 200


def test_the_order_page_needs_a_fixed_number_of_queries() -> None:
    me = make_member()
    small = make_received_order(member=me)
    large = make_received_order(member=me, lines=[(make_sku(stock_of=2).pk, 1) for _ in range(6)])
    client = browser(me)
    assert queries_of(client, "order", large.number) <= queries_of(client, "order", small.number) <= 20
