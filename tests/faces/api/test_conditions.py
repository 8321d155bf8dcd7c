"""Only if changed, only if unchanged, only once; and cursors that nobody makes up."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from quanzi.base.audit.models import AuditEntry
from quanzi.community.circles.services import ask_to_join
from quanzi.faces.api import answers, cursors
from quanzi.faces.api.models import KeptAnswer
from quanzi.growth.sources.services import create_source, enter_spend
from quanzi.kernel import clock
from quanzi.people.accounts.models import Address, Member
from quanzi.trade.fulfilment import services as fulfilment
from tests.faces.api.conftest import Caller, refusal_in
from tests.factories.community import make_circle
from tests.factories.goods import make_maker, make_product
from tests.factories.people import log_in, make_member, make_staff
from tests.factories.trade import make_paid_order, make_point, open_fulfilment

ADDRESS = {"recipient": "林小雨", "phone": "13800000001", "region_code": "330106", "detail": "翠苑 3 幢"}
PROFILE = {"name": "小雨", "bio": "", "language": "", "avatar_id": None}


@pytest.mark.django_db
def test_head_answers_as_get_does_without_the_content() -> None:
    caller = Caller(make_member())
    read, head = caller.ask("GET", "/me"), caller.ask("HEAD", "/me")
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", read.headers["ETag"])
    assert int(head.headers["Content-Length"]) == len(read.content)
    assert Caller().ask("HEAD", "/me").status_code == 401
    assert caller.ask("HEAD", "/orders/none/cancel").status_code == 405


@pytest.mark.django_db
def test_what_is_known_already_is_answered_without_a_body() -> None:
    caller = Caller(make_member())
    first = caller.ask("GET", "/me")
    again = caller.ask("GET", "/me", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    caller.send("PUT", "/me", PROFILE)
    assert caller.ask("GET", "/me", **{"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.django_db
def test_a_change_of_what_somebody_else_changed_is_refused() -> None:
    caller = Caller(make_member())
    tag = caller.ask("GET", "/me").headers["ETag"]
    assert caller.ask("PUT", "/me", PROFILE, **{"If-Match": tag}).status_code == 200
    late = caller.ask("PUT", "/me", {**PROFILE, "name": "大雨"}, **{"If-Match": tag})
    assert refusal_in(late) == (412, "changed_meanwhile")
    assert caller.get("/me")["name"] == "小雨"
    assert caller.ask("PUT", "/me", PROFILE, **{"If-Match": "*"}).status_code == 200


@pytest.mark.django_db
def test_the_same_key_finds_the_first_answer_and_another_request_under_it_is_refused() -> None:
    caller = Caller(make_member())
    first = caller.ask("POST", "/me/addresses", ADDRESS, key="address-1")
    again = caller.ask("POST", "/me/addresses", ADDRESS, key="address-1")
    assert again.status_code == first.status_code == 201
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Address.objects.count() == 1
    other = caller.ask("POST", "/me/addresses", {**ADDRESS, "detail": "别处"}, key="address-1")
    assert refusal_in(other) == (409, "key_used_otherwise")
    assert refusal_in(caller.ask("POST", "/me/addresses", ADDRESS, key="short")) == (422, "invalid_request")
    stranger = Caller(make_member())
    assert stranger.ask("POST", "/me/addresses", ADDRESS, key="address-1").json()["id"] != first.json()["id"]


@pytest.mark.django_db
def test_a_refusal_does_not_use_the_key_up() -> None:
    caller = Caller(make_member())
    bad = {**ADDRESS, "region_code": "999999"}
    assert caller.ask("POST", "/me/addresses", bad, key="address-1").status_code == 422
    assert caller.ask("POST", "/me/addresses", ADDRESS, key="address-1").status_code == 201


@pytest.mark.django_db
def test_secrets_are_not_kept_with_the_answers_and_answers_not_for_long() -> None:
    me = make_member()
    caller = Caller(me)
    caller.send("POST", "/me/addresses", ADDRESS, status=201, key="address-1")
    person, body = Caller(), {"name": "till", "scopes": ["me:read"]}
    log_in(person.client, me)
    person.send("POST", "/me/tokens", body, status=201, key="token-key-1")
    assert [kept.key for kept in KeptAnswer.objects.all()] == ["address-1"]
    assert answers.forget(now=clock.now() + timedelta(hours=23)) == 0
    assert answers.forget(now=clock.now() + timedelta(hours=25)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_requests_with_one_key_at_once_do_it_once() -> None:
    me = make_member()
    caller, found, start = Caller(me), [], threading.Barrier(4)

    def send() -> None:
        mine = caller.again()
        start.wait()
        found.append(mine.ask("POST", "/me/addresses", ADDRESS, key="address-1"))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.status_code for one in found} == {201}
    assert len({one.json()["id"] for one in found}) == 1
    assert Address.objects.filter(member=Member.objects.get(pk=me.pk)).count() == 1


@pytest.mark.django_db
def test_a_list_goes_on_by_its_cursor_and_stays_stable_while_rows_come() -> None:
    made = [make_product(on_sale=True).slug for _ in range(5)]
    caller, seen, address = Caller(), [], "/products?limit=2"
    while address:
        page: Any = caller.get(address)
        seen += [row["product"]["slug"] for row in page["items"]]
        make_product(on_sale=True)
        address = f"/products?limit=2&cursor={page['next']}" if page["next"] else ""
    assert seen == made[::-1]


@pytest.mark.django_db
def test_lists_in_other_orders_go_on_too() -> None:
    for name in ("乙", "甲", "丙", "甲"):
        make_maker(name=name)
    founder = make_member()
    small, large = make_circle(founder=founder), make_circle(founder=founder)
    make_circle(founder=make_member())
    ask_to_join(circle=large, member=make_member(), now=clock.now())
    owner = make_staff("owner")
    source = create_source(kind="ad", name="广告", now=clock.now())
    for n, day in enumerate((1, 3, 2, 3), start=1):
        enter_spend(
            source=source, amount_minor=n, spent_on=date(2026, 1, day), what="x", key=f"spend-{n}", actor=owner, now=clock.now()
        )  # fmt: skip
    caller = Caller(owner)
    for path, whole in (("/makers", 4), ("/circles", 3), (f"/staff/sources/{source.pk}/spends", 4)):
        every = caller.get(f"{path}?limit=50")["items"]
        assert len(every) == whole
        assert every == one_by_one(caller, path)
    assert caller.get("/circles?limit=1")["items"][0]["id"] == large.pk
    assert [row["id"] for row in one_by_one(Caller(founder), "/me/circles")] == [large.pk, small.pk]


def one_by_one(caller: Caller, path: str) -> list[Any]:
    """The whole list, a row at a time."""
    found: list[Any] = []
    page = caller.get(f"{path}?limit=1")
    while page["items"]:
        found += page["items"]
        if page["next"] is None:
            break
        page = caller.get(f"{path}?limit=1&cursor={page['next']}")
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["1", "abc", "AAAAAAAAAAEAAAAAAAAAAA", "%00", "é", "x" * 200, ""])
def test_a_cursor_that_this_shop_did_not_write_is_refused(cursor: str) -> None:
    assert Caller().problem("GET", f"/products?cursor={cursor}") == (422, "invalid_request")


def test_a_cursor_is_read_as_written_whatever_the_key() -> None:
    for key in (0, 1, 2**63 - 1, -(2**63)):
        assert cursors.read(cursors.write(key)) == key


@pytest.mark.django_db
def test_a_key_does_not_take_back_the_count_of_wrong_codes() -> None:
    leader = make_member()
    point = make_point(leader=leader)
    opened = open_fulfilment(make_paid_order(point=point))
    found = fulfilment.make_ready(fulfilment_id=opened.pk, actor="test", now=clock.now())
    caller, path = Caller(leader), f"/me/points/{point.pk}/code"
    for number in range(3):
        assert caller.problem("POST", path, {"code": "0"}, key=f"guess-{number}-key") == (422, "fulfilment_wrong_code")
    for number in range(2):
        told = caller.problem("POST", f"/work/{found.pk}/hand-over", {"code": "0"}, key=f"hand-{number}-key")
        assert told == (422, "fulfilment_wrong_code")
    assert (
        caller.problem("POST", path, {"code": found.pickup_code}, key="guess-again")[1] == "fulfilment_too_many_guesses"
    )
    assert AuditEntry.objects.filter(action="fulfilment.codes_paused").exists()
