"""Asking friends on the pages and by the API: from the goods to the question, the answers, the checkout and what came of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from quanzi.kernel import clock
from quanzi.trade.polls.models import Poll
from quanzi.trade.sales.models import Order
from quanzi.trade.sales.services import say_kept
from tests.factories.goods import make_sku
from tests.factories.people import log_in
from tests.factories.polls import ask, make_friends
from tests.factories.trade import make_buyer, make_point, make_received_order

pytestmark = pytest.mark.django_db


def test_a_question_goes_from_the_goods_to_friends_and_back_to_the_checkout() -> None:
    me, (near, far) = make_friends()
    sku = make_sku(price_minor=3_990, stock_of=3)
    make_point()
    mine, theirs = log_in(Client(), me), log_in(Client(), near)
    address = f"/p/{sku.product.slug}/friends"
    assert address in mine.get(f"/p/{sku.product.slug}").text
    assert near.name in mine.get(address).text
    assert mine.post(address, {"sku": [sku.pk]}).status_code == 422
    asked = mine.post(address, {"sku": [sku.pk], "people": [near.pk, far.pk], "words": "给妈妈的"})
    poll = Poll.objects.get(asker=me)
    assert asked.headers["Location"] == f"/asked/{poll.code}"

    page, good = theirs.get(f"/asked/{poll.code}").text, poll.goods.get()
    assert "给妈妈的" in page and far.name not in page
    assert theirs.post(f"/asked/{poll.code}", {"do": "answer", "good": "nonsense"}).status_code == 422
    theirs.post(f"/asked/{poll.code}", {"do": "answer", "good": good.pk, "words": "这个甜", "has_it": "on"})
    assert "这个甜" in mine.get(f"/asked/{poll.code}").text
    assert "这个甜" not in log_in(Client(), far).get(f"/asked/{poll.code}").text
    for client in (Client(), log_in(Client(), make_buyer())):
        assert client.get(f"/asked/{poll.code}").status_code in (302, 404)

    checkout = f"/checkout?poll={poll.code}&good={good.pk}"
    assert theirs.get(checkout).status_code == 404
    form = mine.get(checkout + "&method=pickup").text
    fields = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', form))
    assert mine.post("/checkout", {**fields, "point": make_point().pk, "method": "pickup"}).status_code == 302
    assert Order.objects.get(member=me).lines.get().unit_minor == 3_990
    mine.post(f"/asked/{poll.code}", {"do": "decide", "decision": "takes", "thanked": [near.pk], "words": "听你的"})
    assert "听你的" in theirs.get(f"/asked/{poll.code}").text
    theirs.post("/asked", {})
    assert mine.get(address).text.count('name="people"') == 0


def test_who_kept_the_goods_ticks_that_others_read_the_answer_and_takes_it_back() -> None:
    me, (near, far) = make_friends()
    skus = [make_sku(stock_of=5) for _ in range(2)]
    skus.append(make_sku(stock_of=5))
    for sku in skus:
        line = make_received_order(member=near, sku=sku).lines.get()
        say_kept(line_id=line.pk, member=near, now=clock.now())
    theirs = log_in(Client(), near)
    poll = ask(me, [near, far], sku_ids=[skus[0].pk])
    assert theirs.get(f"/asked/{poll.code}").text.count('name="tells"') == 1
    address, good = f"/asked/{poll.code}", poll.goods.get()
    assert 'name="tells"' not in log_in(Client(), far).get(address).text
    assert theirs.post(address, {"do": "answer", "good": good.pk, "tells": good.pk, "words": ""}).status_code == 422
    theirs.post(address, {"do": "answer", "good": good.pk, "tells": good.pk, "words": "当天吃最甜"})
    assert "当天吃最甜" in Client().get(f"/p/{skus[0].product.slug}").text
    told = theirs.get(address).text
    assert 'value="take_back"' in told and 'name="tells"' not in told
    theirs.post(address, {"do": "take_back"})
    assert "当天吃最甜" not in Client().get(f"/p/{skus[0].product.slug}").text
    both = ask(me, [near], sku_ids=[one.pk for one in skus[1:]])
    assert theirs.get(f"/asked/{both.code}").text.count('type="radio" name="tells"') == 3  # either of them, or nobody


def test_the_lists_cost_the_same_for_one_and_for_many(django_assert_max_num_queries: object) -> None:
    me, friends = make_friends(3)
    client = log_in(Client(), me)
    poll = ask(me, friends, sku_ids=[make_sku(stock_of=3).pk for _ in range(4)])
    for address, most in (("/asked", 24), (f"/asked/{poll.code}", 26)):
        client.get(address)
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            assert client.get(address).status_code == 200


def test_a_program_asks_answers_and_buys() -> None:
    me, (near, far) = make_friends()
    sku, point = make_sku(price_minor=3_990, stock_of=3), make_point()
    mine, theirs = log_in(Client(), me), log_in(Client(), near)
    people = mine.get("/api/v1/asked/people").json()
    assert {one["person"]["id"] for one in people} == {near.pk, far.pk}
    made = mine.post(
        "/api/v1/asked", {"sku_ids": [sku.pk], "people": [near.pk, far.pk]}, content_type="application/json"
    ).json()
    code, good = made["card"]["code"], made["card"]["goods"][0]["id"]
    told = theirs.put(f"/api/v1/asked/{code}/answer", {"good_id": good}, content_type="application/json").json()
    assert [one["face"]["id"] for one in told["voices"]] == [near.pk]
    placed = mine.post(
        f"/api/v1/asked/{code}/orders",
        {
            "good_id": good, "method": "pickup", "pickup_point_id": point.pk, "provider": "offline",
            "expected_amount_minor": 3_990,
        },
        content_type="application/json", headers={"Idempotency-Key": "asked-and-bought-once"},
    )  # fmt: skip
    assert placed.status_code == 201, placed.text
    again = mine.post("/api/v1/asked", {"sku_ids": [sku.pk], "people": [far.pk]}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (422, "held_lately")
    body = {"decision": "takes", "thanked": [near.pk]}
    decided = mine.post(f"/api/v1/asked/{code}/decision", body, content_type="application/json").json()
    assert decided["voices"][0]["is_thanked"]
    theirs.put("/api/v1/asked/choice", {"may_be_asked": False}, content_type="application/json")
    assert [one["person"]["id"] for one in mine.get("/api/v1/asked/people").json()] == [far.pk]
    stranger = log_in(Client(), make_buyer())
    assert stranger.get(f"/api/v1/asked/{code}").status_code == 404
    assert theirs.delete(f"/api/v1/asked/{code}").status_code == 404
    assert clock.now() < Poll.objects.get(code=code).asked_at + timedelta(days=1)
