"""The leader's counter: only at the own point, by the buyer's code, and never twice."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quanzi.trade.fulfilment.models import Fulfilment
from tests.faces.storefront.browsing import browser, page, send
from tests.factories.people import make_member
from tests.factories.trade import make_paid_order, make_point, open_fulfilment

pytestmark = pytest.mark.django_db


def waiting() -> tuple[object, Fulfilment]:
    leader = make_member("王阿姨")
    order = make_paid_order(member=make_member("小雨"), point=make_point(leader=leader))
    return leader, open_fulfilment(order)


def test_goods_are_marked_here_and_handed_over_by_code() -> None:
    leader, found = waiting()
    client = browser(leader)
    assert "小雨" in page(client, "leader")
    send(client, "leader", act="ready", item=found.pk)
    found.refresh_from_db()
    assert found.state == "ready"
    assert found.pickup_code not in page(client, "leader")
    html = client.get(reverse("storefront:leader"), {"code": found.pickup_code}).content.decode()
    assert "交给 小雨" in html
    send(client, "leader", act="hand_over", item=found.pk, code=found.pickup_code)
    found.refresh_from_db()
    assert (found.state, found.order.state) == ("handed_over", "received")
    assert send(client, "leader", act="hand_over", item=found.pk, code=found.pickup_code).status_code == 404


@pytest.mark.parametrize("code", ["", "000000", "x", "1" * 500])
def test_a_wrong_code_hands_nothing_over(code: str) -> None:
    leader, found = waiting()
    client = browser(leader)
    send(client, "leader", act="ready", item=found.pk)
    refused = send(client, "leader", act="hand_over", item=found.pk, code=code)
    assert refused.status_code == 422
    found.refresh_from_db()
    assert found.state == "ready"


def test_another_points_goods_are_out_of_reach() -> None:
    _, found = waiting()
    other = make_member()
    make_point(leader=other, name="古荡站")
    client = browser(other)
    assert "小雨" not in page(client, "leader")
    for act in ("ready", "hand_over"):
        assert send(client, "leader", act=act, item=found.pk, code="123456").status_code == 404
    found.refresh_from_db()
    assert found.state == "waiting"


def test_the_counter_does_not_exist_for_who_leads_no_point() -> None:
    assert browser(make_member()).get(reverse("storefront:leader")).status_code == 404
