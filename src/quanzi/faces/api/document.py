"""The OpenAPI document: what ninja writes, with every refusal, condition and scope, and who may call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ninja.operation import Operation

from quanzi.faces.api import conditions, errors, problems
from quanzi.faces.api.scopes import MONEY, SCOPES, needed
from quanzi.faces.api.security import SAFE, visitor
from quanzi.kernel.errors import DomainError, NotAllowed, NotFound
from quanzi.kernel.words import N_

REFUSED = {
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
KEY = {
    "in": "header", "name": conditions.KEY_HEADER, "required": False,
    "schema": {"type": "string", "pattern": r"^[A-Za-z0-9_.:-]{8,64}$"},
    "description": N_("The same key with the same request finds the first answer, for a day"),
}  # fmt: skip
IF_MATCH = {
    "in": "header", "name": "If-Match", "required": False, "schema": {"type": "string", "maxLength": 1000},
    "description": N_("The ETag of what was read here; when it has changed, nothing is done (412)"),
}  # fmt: skip
OAUTH = {
    "type": "oauth2",
    "description": "For apps that the operator registered: authorization code with PKCE (S256).",
    "flows": {
        "authorizationCode": {
            "authorizationUrl": "/oauth/authorize", "tokenUrl": "/oauth/token", "refreshUrl": "/oauth/token", "scopes": dict(SCOPES),
        }
    },
}  # fmt: skip


def refuses(*refusals: type[DomainError]) -> dict[str, Any]:
    """For `openapi_extra`: the refusals of an operation that a caller should be ready for, beside those that any may give."""
    return {"x-refusals": refusals}


def holds_secret(*refusals: type[DomainError]) -> dict[str, Any]:
    """For `openapi_extra`: the answer holds a secret, so it is not kept for a second request with the same key."""
    return {conditions.HOLDS_SECRET: True, "x-refusals": refusals}


def counts_misses(*refusals: type[DomainError]) -> dict[str, Any]:
    """For `openapi_extra`: a refusal is counted against guessing, so a key must not roll the count back."""
    return {conditions.COUNTS_MISSES: True, "x-refusals": refusals}


def asks_again(extra: dict[str, Any]) -> dict[str, Any]:
    """Around another one of these: a person with a session takes the second step again when the last time was long ago."""
    return extra | {conditions.ASKS_AGAIN: True, "x-refusals": (*extra["x-refusals"], errors.ConfirmAgain)}


def needs_scope(scope: str, *refusals: type[DomainError]) -> dict[str, Any]:
    """For `openapi_extra`: a scope other than that of the part which the operation belongs to, and its refusals.

    What needs the scope for money also asks for the second step again.
    """
    assert scope in SCOPES
    found = {"x-scope": scope, "x-refusals": refusals}
    return asks_again(found) if scope == MONEY else found


def scope_of(operation: Operation) -> str:
    """Named by `needs_scope`, else by the part of the API that it belongs to; empty for none."""
    named = (operation.openapi_extra or {}).get("x-scope")
    tag = (operation.tags or [""])[0]
    return str(named or needed(tag=tag, is_reading=set(operation.methods) <= set(SAFE)))


def complete(document: dict[str, Any], operations: Mapping[str, Operation]) -> None:
    """Add to each operation its conditions, its refusals by status, its scope, and that visitors may call it where they may."""
    for methods in document["paths"].values():
        for method, described in methods.items():
            operation = operations[described["operationId"]]
            _add_conditions(described, operation, method.upper(), is_read="get" in methods)
            for status, codes in sorted(_codes(described, operation, method.upper()).items()):
                words = ", ".join(f"`{code}`" for code in sorted(codes))
                described["responses"][status] = {"description": words, **REFUSED}
            _add_security(described, operation)
    schemas = document["components"]["schemas"]
    for schema in (problems.FieldProblem, problems.Problem):
        schemas[schema.__name__] = _bare(schema.model_json_schema(ref_template="#/components/schemas/{model}"))
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    document["components"]["securitySchemes"]["OAuth"] = OAUTH


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    schema.pop("$defs", None)
    return schema


def _add_conditions(described: dict[str, Any], operation: Operation, method: str, *, is_read: bool) -> None:
    if conditions.takes_any_key(operation, method):
        described["parameters"].append(KEY)
    if method not in SAFE and is_read:
        described["parameters"].append(IF_MATCH)
    if method == "GET":
        described["responses"][304] = {"description": "Not changed since the ETag of If-None-Match"}


def _add_security(described: dict[str, Any], operation: Operation) -> None:
    for mark in (conditions.HOLDS_SECRET, conditions.COUNTS_MISSES, conditions.ASKS_AGAIN):
        described.pop(mark, None)
    scope = described.pop("x-scope", None) or scope_of(operation)
    for way in described.get("security", []):
        if "TokenAuth" in way and scope:
            way["TokenAuth"] = [scope]
    if scope and any("TokenAuth" in way for way in described.get("security", [])):
        described["security"].append({"OAuth": [scope]})
    if visitor in operation.auth_callbacks:
        described.setdefault("security", []).append({})


def _codes(described: dict[str, Any], operation: Operation, method: str) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    usual: list[type[DomainError]] = [errors.TooManyCalls, errors.BadToken]
    places = {one["name"] for one in described["parameters"] if one["in"] == "header"}
    usual += [errors.SignInNeeded] if visitor not in operation.auth_callbacks else []
    usual += [errors.ScopeNeeded] if scope_of(operation) and visitor not in operation.auth_callbacks else []
    usual += [errors.CsrfNeeded] if method not in SAFE else []
    usual += [errors.ChangedMeanwhile] if IF_MATCH["name"] in places else []
    usual += [errors.KeyUsedOtherwise] if conditions.takes_any_key(operation, method) else []
    usual += [errors.InvalidRequest] if described["parameters"] or "requestBody" in described else []
    usual += [errors.MalformedRequest, errors.RequestTooLarge, errors.NotJson] if "requestBody" in described else []
    usual += [NotFound] if any(one["in"] == "path" for one in described["parameters"]) else []
    usual += [NotAllowed] if {"staff", "webhooks"} & {str(tag) for tag in operation.tags or []} else []
    for refusal in [*usual, *described.pop("x-refusals", ())]:
        found.setdefault(refusal.status, set()).add(refusal.code)
    return found
