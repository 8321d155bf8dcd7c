"""Calls made up from the API's own document, by everybody: no answer is an accident, none has a status that is not promised.

QUANZI_FUZZ says how many calls are made up for each operation and kind, wellformed and not (2 by default); `./dev fuzz` makes up
more. QUANZI_SEED tells the same ones again.
"""

from __future__ import annotations

import json
import os
import secrets
from copy import deepcopy
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis.openapi
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as made_up_by
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from urllib3 import encode_multipart_formdata

from tests.faces.api.conftest import Caller
from tests.faces.api.shapes import Operation, document, operations
from tests.faces.api.test_bad_input import known_in
from tests.faces.api.world import World, path_values
from tests.hostile.callers import everybody

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("default")]

CALLS = int(os.environ.get("QUANZI_FUZZ", "2"))
SEED = int(os.environ.get("QUANZI_SEED", "") or secrets.randbelow(2**31))
CALLERS_OF_ONE = 3
"""So many callers send the same made-up call, and the next call goes to the next ones: four calls reach everybody."""

MADE_UP = {
    (one.method.upper(), one.path.removeprefix("/api/v1")): one
    # It rewrites what it is given.
    for one in (found.ok() for found in schemathesis.openapi.from_dict(deepcopy(document())).get_all_operations())
}


@pytest.fixture(scope="module")
def callers(world: World) -> list[tuple[str, Caller]]:
    return list(everybody(world).items())


@pytest.mark.parametrize("operation", [pytest.param(one, id=one.id) for one in operations()])
def test_no_made_up_call_is_an_accident(
    operation: Operation, world: World, callers: list[tuple[str, Caller]], settings: Any
) -> None:
    settings.API_MEMBER_CALLS = settings.API_VISITOR_CALLS = 0
    told = 0
    for mode in GenerationMode:
        for case in made_up(operation, mode):
            case = at_home(case, operation, world, how=told % 3)
            for turn in range(CALLERS_OF_ONE):
                who, caller = callers[(told * CALLERS_OF_ONE + turn) % len(callers)]
                send(case, operation, who, caller)
            told += 1
    assert told


def made_up(operation: Operation, mode: GenerationMode) -> list[Case]:
    """The calls of one kind; none where nothing about a call can be wrong."""
    found: list[Case] = []

    @seed(SEED)
    @_quietly(CALLS)
    @given(MADE_UP[operation.method, operation.path].as_strategy(generation_mode=mode))
    def collect(case: Case) -> None:
        found.append(case)

    try:
        collect()
    except Unsatisfiable:
        assert mode == GenerationMode.NEGATIVE
    return found


def _quietly(examples: int) -> Any:
    return made_up_by(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )


def at_home(case: Case, operation: Operation, world: World, *, how: int) -> Case:
    """how: 0 leaves everything made up; 1 puts in an address that leads somewhere, 2 values of the body that do, too."""
    if how and case.path_parameters:
        real = path_values(operation.path, world.me if how == 1 else world.other)
        case.path_parameters = {name: real[name] for name in case.path_parameters}
    if how == 2 and isinstance(case.body, dict):
        known = known_in(world)
        case.body = {name: known.get(name, value) for name, value in case.body.items()}
    return case


def send(case: Case, operation: Operation, who: str, caller: Caller) -> None:
    """Ask as this caller; what came of it is undone, after the promises of the database were looked at."""
    sent = case.as_transport_kwargs(base_url="http://testserver")
    headers = {name: value for name, value in sent["headers"].items() if name != "Content-Type"}
    if who != "visitor":
        headers = {name: value for name, value in headers.items() if name.lower() not in ("authorization", "cookie")}
    path = case.formatted_path + ("?" + urlencode(sent["params"], doseq=True) if sent.get("params") else "")
    data, content_type = _payload(sent)
    shown = f"QUANZI_SEED={SEED} {who}: {case.method} {path!r} {data[:600]!r} {headers}"
    try:
        with transaction.atomic():
            response = caller.client.generic(case.method, path, data, content_type, headers=headers)
            if response.status_code < 300:
                connection.check_constraints()
            transaction.set_rollback(True)
    except Exception as accident:
        accident.add_note(shown)
        raise
    assert response.status_code in {*operation.statuses, 400, 413}, (
        f"{shown}: {response.status_code} {response.content[:300]!r}"
    )


def _payload(sent: dict[str, Any]) -> tuple[bytes, str]:
    if "json" in sent:
        return json.dumps(sent["json"]).encode(), "application/json"
    if sent.get("files"):
        return encode_multipart_formdata(sent["files"])
    data = sent.get("data") or b""
    return (data if isinstance(data, bytes) else str(data).encode()), sent["headers"].get(
        "Content-Type", "application/json"
    )
