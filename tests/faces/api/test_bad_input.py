"""Every operation of the OpenAPI document against input of every bad kind: the right status, a whole problem, never a 500."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from quanzi.kernel import clock
from tests.faces.api.conftest import Caller, refusal_in
from tests.faces.api.shapes import Operation, fitting, misfits, operations, resolved, strange
from tests.faces.api.world import World, make_world, path_values
from tests.factories.people import log_in, make_staff
from tests.staying import staying

pytestmark = pytest.mark.django_db

EVERY = [pytest.param(one, id=one.id) for one in operations()]
WITH_BODY = [pytest.param(one, id=one.id) for one in operations() if one.body is not None]
WITH_QUERY = [pytest.param(one, id=one.id) for one in operations() if one.parameters("query")]
WITH_PATH = [pytest.param(one, id=one.id) for one in operations() if one.parameters("path")]
WITH_KEY = [pytest.param(one, id=one.id) for one in operations() if one.parameters("header")]

BAD_NUMBERS = ["0", "-1", "9223372036854775808", "1" * 60, "abc", "1.5", "１２", "1e3", "%00", "1'--", " ", "null"]
BAD_WORDS = ["%00", "a%00b", "%F0%9F%92%A9", "x" * 300, "..", "a b", "'; --", "%FF", "<script>"]
SMUGGLED = [
    "is_staff",
    "member_id",
    "state",
    "price_minor",
    "refunded_minor",
    "paid_at",
    "commission_bp",
    "__proto__",
    "id",
]


world, _django_db_helper = staying("world", lambda: make_world(make_staff("owner")))


@pytest.fixture(scope="module")
def speaker(world: World) -> Caller:
    """With a token, and a session besides for what tokens may not do."""
    found = Caller(world.me.member)
    log_in(found.client, world.me.member)
    return found


@pytest.fixture
def caller(speaker: Caller, settings: Any) -> Caller:
    settings.API_MEMBER_CALLS = settings.API_VISITOR_CALLS = 0
    return speaker


def known_in(world: World) -> dict[str, Any]:
    """Values for fields that point at something."""
    have = world.me.values
    return {
        "lines": [{"sku_id": world.sku.pk, "quantity": 1}], "sku_id": world.sku.pk, "method": "pickup", "provider": "offline",
        "pickup_point_id": world.point.pk, "leader_id": world.point.leader_id,
        "expected_amount_minor": 3_990, "line_id": have["line_id"], "picture_ids": [], "supplier_id": have["supplier_id"],
        "comment_id": have["comment_id"], "circle_id": have["circle_id"], "region_code": "330106", "phone": "13800000001", "purpose": "deals",
        "channel": "in_app", "reason": "spam", "kind": "note", "lots": [], "products": [],
        "counts": [{"sku_id": world.sku.pk, "units": 1}],
        "kinds": ["order.paid"], "url": "https://erp.example/hooks", "until": clock.now().isoformat(),
        "since": (clock.now() - timedelta(days=1)).isoformat(), "opens_at": clock.now().isoformat(),
        "cut_off_at": (clock.now() + timedelta(hours=1)).isoformat(), "pickup_from": (clock.now() + timedelta(hours=2)).isoformat(),
        "pickup_until": (clock.now() + timedelta(hours=3)).isoformat(), "stop_id": have["stop_id"], "station_id": have["station_id"],
        "topic_id": have["topic_id"],
    }  # fmt: skip


def body_for(operation: Operation, world: World) -> dict[str, Any]:
    known = known_in(world)
    shape = operation.body or {}
    for word in ("kind", "reason"):
        if "enum" in resolved(shape.get("properties", {}).get(word, {})):
            del known[word]
    if known["method"] not in resolved(shape.get("properties", {}).get("method", {})).get("enum", ["pickup"]):
        del known["method"]
    for word in ("lines", "counts"):
        rows = resolved(shape.get("properties", {}).get(word, {}))
        if "sku_id" not in resolved(rows.get("items", {})).get("properties", {}):
            del known[word]
    if "/suppliers/" in operation.path:
        known["member_id"] = world.me.values["guest"]
    if operation.path.endswith("/suggestions"):
        known |= {"member_id": world.me.values["guest"], "product_id": world.sku.product_id}
    if operation.path.endswith("/film"):
        known["code"] = "0" * 32
    names = set(shape.get("properties", {}))
    found = fitting(shape, "", {name: value for name, value in known.items() if name in names})
    assert isinstance(found, dict)
    return found


def address(operation: Operation, world: World, **changed: str) -> str:
    values = {**path_values(operation.path, world.me), **changed}
    path = operation.path.format_map(values)
    needed = [one for one in operation.parameters("query") if one["required"]]
    words = [f"{one['name']}={fitting(one['schema'], one['name'], {})}" for one in needed]
    return path + ("?" + "&".join(words) if words else "")


def key_of(operation: Operation) -> str | None:
    return "a-key-of-mine-1" if operation.parameters("header") else None


def check(operation: Operation, response: Any, *, sent: object) -> None:
    """An answer that the document names; a refusal is a whole problem."""
    shown = (
        f"{operation.method} {operation.path} {str(sent)[:200]!r}: {response.status_code} {response.content[:300]!r}"
    )
    assert response.status_code in operation.statuses, shown
    if response.status_code >= 400:
        refusal_in(response)


@pytest.mark.parametrize("operation", WITH_BODY)
def test_a_value_of_the_wrong_type_or_beyond_its_limit_is_named_as_the_culprit(
    operation: Operation, world: World, caller: Caller
) -> None:
    """All fields are wrong at once, each in its first way, then in its second one; every one of them is named."""
    good, path = body_for(operation, world), address(operation, world)
    assert operation.body is not None
    ways = {name: list(misfits(schema)) for name, schema in operation.body["properties"].items()}
    for turn in range(max(map(len, ways.values()))):
        bad = {name: values[turn] for name, values in ways.items() if turn < len(values)}
        response = caller.ask(operation.method, path, {**good, **bad}, key=key_of(operation))
        assert refusal_in(response) == (422, "invalid_request"), (str(bad)[:300], response.content[:300])
        places = {one["field"].split(".")[0] for one in response.json()["errors"]}
        assert places == set(bad), str(bad)[:300]


@pytest.mark.parametrize("operation", WITH_BODY)
def test_strange_but_wellformed_values_are_taken_or_refused_never_an_accident(
    operation: Operation, world: World, caller: Caller
) -> None:
    good, path = body_for(operation, world), address(operation, world)
    assert operation.body is not None
    for name, schema in operation.body["properties"].items():
        for value in strange(schema):
            response = caller.ask(operation.method, path, {**good, name: value}, key=key_of(operation))
            check(operation, response, sent={name: value})


@pytest.mark.parametrize("operation", WITH_BODY)
def test_a_field_that_nobody_offers_is_refused_not_ignored(operation: Operation, world: World, caller: Caller) -> None:
    good, path = body_for(operation, world), address(operation, world)
    assert operation.body is not None
    smuggled = {name: 1 for name in SMUGGLED if name not in operation.body["properties"]}
    response = caller.ask(operation.method, path, {**good, **smuggled}, key=key_of(operation))
    assert refusal_in(response) == (422, "invalid_request")
    found = {(one["field"], one["code"]) for one in response.json()["errors"]}
    assert found == {(name, "extra_forbidden") for name in smuggled}


@pytest.mark.parametrize("operation", WITH_BODY)
def test_a_body_that_is_no_object_is_refused(operation: Operation, world: World, caller: Caller) -> None:
    for body in ("", "null", "[]", '"text"', "12", "true"):
        response = caller.ask(operation.method, address(operation, world), body, key=key_of(operation))
        assert refusal_in(response) == (422, "invalid_request"), body


@pytest.mark.parametrize("operation", WITH_PATH)
def test_addresses_of_nothing_are_not_found(operation: Operation, world: World, caller: Caller) -> None:
    body = body_for(operation, world) if operation.body is not None else None
    for parameter in operation.parameters("path"):
        is_number = resolved(parameter["schema"]).get("type") == "integer"
        for bad in BAD_NUMBERS if is_number else BAD_WORDS:
            path = address(operation, world, **{parameter["name"]: bad if "%" in bad else quote(bad)})
            response = caller.ask(operation.method, path, body, key=key_of(operation))
            if bad == "..":  # walks up to another address
                assert response.status_code < 500
                continue
            assert response.status_code in (404, 422), (path, response.status_code)
            refusal_in(response)


@pytest.mark.parametrize("operation", WITH_QUERY)
def test_words_behind_the_question_mark_are_checked_too(operation: Operation, world: World, caller: Caller) -> None:
    path = address(operation, world)
    joint = "&" if "?" in path else "?"
    for parameter in operation.parameters("query"):
        kind = resolved(parameter["schema"]).get("type")
        for bad in BAD_NUMBERS if kind == "integer" else [*BAD_WORDS, "", "1"]:
            response = caller.ask("GET", f"{path}{joint}{parameter['name']}={bad if '%' in bad else quote(bad)}")
            check(operation, response, sent={parameter["name"]: bad})
            if kind == "integer" and not (bad == "0" and resolved(parameter["schema"]).get("minimum") == 0):
                assert response.status_code == 422, (parameter["name"], bad)


@pytest.mark.parametrize("operation", WITH_KEY)
def test_a_write_that_moves_money_needs_a_usable_key(operation: Operation, world: World, caller: Caller) -> None:
    body = body_for(operation, world) if operation.body is not None else None
    for key in (None, "", "short", "x" * 65, "clé de moi", "a key with blanks", "a\tb-c-d-e-f"):
        response = caller.ask(operation.method, address(operation, world), body, key=key)
        assert refusal_in(response) == (422, "invalid_request"), key
        assert [one["field"] for one in response.json()["errors"]] == ["Idempotency-Key"]


@pytest.mark.parametrize("operation", [one for one in EVERY if not one.values[0].is_public])
def test_without_a_name_nothing_private_opens(operation: Operation, world: World) -> None:
    body = body_for(operation, world) if operation.body is not None else None
    response = Caller().ask(operation.method, address(operation, world), body, key=key_of(operation))
    assert refusal_in(response)[0] == 401


@pytest.mark.parametrize("operation", [one for one in EVERY if one.values[0].is_public])
def test_visitors_read_what_is_public(operation: Operation, world: World) -> None:
    response = Caller().ask(operation.method, address(operation, world))
    check(operation, response, sent=None)
    assert response.status_code in (200, 404)
