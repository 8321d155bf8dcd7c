"""The OpenAPI document: committed, complete, and true."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from quanzi.faces.api.routes.all import api
from quanzi.faces.api.schemas.common import In, Out
from tests.faces.api.shapes import Operation, document, operations

SNAPSHOT = Path(__file__).parents[3] / "docs" / "api" / "openapi.json"


def test_the_committed_document_is_what_the_api_is() -> None:
    now = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    assert json.loads(SNAPSHOT.read_text()) == now, "run tools/check_openapi.py --write, and look at what changed"


@pytest.mark.django_db
def test_the_document_is_served_as_committed() -> None:
    from django.test import Client

    served = Client(headers={"accept-language": "zh-hans"}).get("/api/v1/openapi.json")
    assert served.status_code == 200
    assert served.json() == json.loads(SNAPSHOT.read_text())


@pytest.mark.parametrize("operation", [pytest.param(one, id=one.id) for one in operations()])
def test_each_operation_says_what_it_does_and_what_it_refuses(operation: Operation) -> None:
    described = operation.described
    assert described["summary"][0].isupper()
    assert described["description"].endswith((".", "=."))
    assert len(described["tags"]) == 1
    assert {401, 429} <= operation.statuses
    if operation.method != "GET":
        assert 403 in operation.statuses
    if operation.parameters("path"):
        assert 404 in operation.statuses
    refused = [one for status, one in described["responses"].items() if int(status) >= 400]
    assert all(re.fullmatch(r"`\w+`(, `\w+`)*", one["description"]) for one in refused)
    assert all("application/problem+json" in one["content"] for one in refused)


def test_names_of_operations_are_used_once_and_every_reference_leads_somewhere() -> None:
    names = [one.id for one in operations()]
    assert len(names) == len(set(names))
    told = set(document()["components"]["schemas"])
    asked = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document(), default=str)))
    assert asked <= told


def test_no_two_shapes_share_a_name() -> None:
    """The document has one place for each name; the second shape would be described as the first."""
    shapes, seen = [In, Out], set[type]()
    while shapes:
        found = shapes.pop()
        seen.add(found)
        shapes += found.__subclasses__()
    names = [one.__name__ for one in seen]
    assert {name for name in names if names.count(name) > 1} == set()


def test_bodies_refuse_what_they_do_not_name() -> None:
    for one in operations():
        if one.body is not None:
            assert one.body["additionalProperties"] is False, one.id
