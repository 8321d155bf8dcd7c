"""My orders from before: shown as what they are, to their buyer only, and put aside when they are somebody else's."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from quanzi.growth.importing.past.people import claim
from quanzi.growth.importing.past.queries import claimed_of, orders_of
from quanzi.growth.importing.past.services import take_in
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.services import create_member
from tests.faces.console.desk import client_of, page, staff_client
from tests.growth.importing.test_past_orders import TAOBAO, log_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer() -> Member:
    now = clock.now()
    take_in(log=log_of(TAOBAO), source_name="淘宝", now=now)
    member = create_member(name="林小满", phone="13800000011", how="phone", now=now)
    claim(member=member, now=now)
    return member


def drawn(client: Client, name: str) -> str:
    response = client.get(reverse(f"storefront:{name}"))
    assert response.status_code == 200
    return response.content.decode()


def test_a_buyer_finds_the_past_below_the_orders_of_this_shop(buyer: Member) -> None:
    client = client_of(buyer)
    assert reverse("storefront:past_orders") in drawn(client, "orders")
    past = drawn(client, "past_orders")
    assert "以前在淘宝" in past and "阳山水蜜桃 5 斤" in past and "黄桃罐头" not in past
    stranger = client_of(create_member(name="旁人", email="x@example.com", now=clock.now()))
    assert reverse("storefront:past_orders") not in drawn(stranger, "orders")
    assert "阳山水蜜桃" not in drawn(stranger, "past_orders")
    assert "3701" in client.get(reverse("storefront:my_data")).content.decode()


def test_what_is_not_mine_is_put_aside_by_its_owner_only(buyer: Member) -> None:
    (one,) = claimed_of(buyer.pk)
    where = reverse("storefront:past_not_mine", args=[one.pk])
    stranger = create_member(name="旁人", email="x@example.com", now=clock.now())
    assert client_of(stranger).post(where).status_code == 404
    assert client_of(buyer).get(where).status_code == 405
    assert client_of(buyer).post(where).status_code == 302
    assert orders_of(buyer.pk) == []


def test_staff_sees_the_past_beside_the_figures_of_this_shop(buyer: Member) -> None:
    owner = staff_client("owner", "en")
    assert "Bought elsewhere" in page(owner, "members")
    one = page(owner, "member", buyer.pk)
    assert "Bought elsewhere before: 阳山水蜜桃 5 斤 · 淘宝" in one and "Has not bought anything yet" in one
    (row,) = orders_of(buyer.pk)
    assert "People with orders" in page(owner, "source", row.source_id)
    assert "Brought in from before" in page(owner, "sources")
    assert "59.80" not in page(staff_client("support", "en"), "members")
