"""Stores, pay links and branches for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from quanzi.growth.replicating.models import Branch
from quanzi.trade.sales.models import Order
from quanzi.trade.stores.models import PayLink
from tests.factories.community import make_circle
from tests.factories.people import log_in, make_member, make_staff
from tests.factories.stores import make_link, make_store, put_on_shelf
from tests.factories.trade import make_buyer, make_point

pytestmark = pytest.mark.django_db


def call(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return client.generic(method, f"/api/v1{path}", json.dumps(body or {}), "application/json", **headers)


def client_of(member: Any) -> Client:
    client = Client()
    client.force_login(member)
    return client


def test_a_program_orders_at_the_counter_and_reads_the_till() -> None:
    store, me = make_store(), make_buyer()
    sku = put_on_shelf(store, units=2)
    assert client_of(me).get(f"/api/v1/stores/{store.code}").json()["shelf"][0]["left"] == 2

    body = {"lines": [{"sku_id": sku.pk, "quantity": 2}], "spot": "A1", "expected_amount_minor": sku.price_minor * 2}
    made = call(client_of(me), "POST", f"/stores/{store.code}/orders", body, HTTP_IDEMPOTENCY_KEY="key-of-a-0001")
    assert made.status_code == 201, made.content
    assert Order.objects.get().waits_for == f"counter:{store.pk}"
    more = call(client_of(me), "POST", f"/stores/{store.code}/orders", body, HTTP_IDEMPOTENCY_KEY="key-of-b-0001")
    assert (more.status_code, more.json()["code"]) == (409, "not_on_shelf")
    assert client_of(store.point.leader).get(f"/api/v1/stores/{store.code}/till").json()["paying"][0]["spot"] == "A1"
    assert client_of(me).get(f"/api/v1/stores/{store.code}/till").status_code == 404


def test_a_program_asks_confirms_and_orders_an_amount() -> None:
    store, me = make_store(), make_buyer()
    asked = call(
        client_of(me),
        "POST",
        f"/stores/{store.code}/amounts",
        {"amount_minor": 900, "what": "茶"},
        HTTP_IDEMPOTENCY_KEY="key-of-a-0001",
    )
    assert asked.status_code == 201, asked.content
    link = PayLink.objects.get()
    answer = call(client_of(store.point.leader), "POST", f"/pay-links/{link.pk}/answer", {"confirm": True})
    assert answer.json()["state"] == "open"
    body = {"method": "pickup", "expected_amount_minor": 900, "provider": "offline"}
    made = call(client_of(me), "POST", f"/pay-links/{link.code}/orders", body, HTTP_IDEMPOTENCY_KEY="key-of-b-0001")
    assert made.status_code == 201, made.content


def test_links_are_made_by_who_may_and_closed() -> None:
    link, point = make_link(uses=3), make_point()
    body = {"method": "pickup", "pickup_point_id": point.pk, "expected_amount_minor": 12_800, "provider": "offline"}
    assert (
        call(
            client_of(make_buyer()),
            "POST",
            f"/pay-links/{link.code}/orders",
            body,
            HTTP_IDEMPOTENCY_KEY="key-of-b-0001",
        ).status_code
        == 201
    )
    assert (
        call(
            client_of(make_buyer()), "POST", "/pay-links", {"sku_id": link.sku_id}, HTTP_IDEMPOTENCY_KEY="key-of-c-0001"
        ).status_code
        == 403
    )
    assert call(client_of(make_buyer()), "POST", f"/pay-links/{link.pk}/close").status_code == 404


def test_staff_take_a_pattern_and_make_branches() -> None:
    staff, circle, leader = log_in(Client(), make_staff("owner")), make_circle(name="某地买菜圈"), make_member()
    made = call(staff, "POST", "/staff/patterns", {"circle_id": circle.pk, "areas": ["某地"]})
    assert made.status_code == 201, made.content
    cells = {"branch": "north", "area": "北门", "leader": leader.email}
    rows = {"rows": [{"cells": cells}, {"cells": {**cells, "branch": "No"}}]}
    goods = f"/staff/patterns/{made.json()['id']}/goods"
    assert call(staff, "POST", goods, {"look": True}).json() == call(staff, "POST", goods, {}).json() == []
    path = f"/staff/patterns/{made.json()['id']}/branches"
    assert [one["state"] for one in call(staff, "POST", path, rows | {"look": True}).json()] == ["fits", "refused"]
    done = call(staff, "POST", path, rows).json()
    assert [one["state"] for one in done] == ["made", "refused"] and done[1]["problems"][0]["code"] == "bad_branch_key"
    assert Branch.objects.count() == 1
