"""The OpenAPI document: what ninja writes, with every refusal and who may call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ninja.operation import Operation

from quanzi.faces.api import errors, problems
from quanzi.faces.api.security import SAFE, visitor
from quanzi.kernel.errors import DomainError, NotAllowed, NotFound

REFUSED = {
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def refuses(*refusals: type[DomainError]) -> dict[str, Any]:
    """For `openapi_extra`: the refusals of an operation that a caller should be ready for, beside those that any may give."""
    return {"x-refusals": refusals}


def complete(document: dict[str, Any], operations: Iterable[tuple[str, Operation]]) -> None:
    """Add to each operation its refusals by status, and that visitors may call it where they may."""
    by_id = dict(operations)
    for methods in document["paths"].values():
        for method, described in methods.items():
            operation = by_id[described["operationId"]]
            for status, codes in sorted(_codes(described, operation, method.upper()).items()):
                words = ", ".join(f"`{code}`" for code in sorted(codes))
                described["responses"][status] = {"description": words, **REFUSED}
            if visitor in operation.auth_callbacks:
                described.setdefault("security", []).append({})
    schemas = document["components"]["schemas"]
    for schema in (problems.FieldProblem, problems.Problem):
        schemas[schema.__name__] = _bare(schema.model_json_schema(ref_template="#/components/schemas/{model}"))
    document["components"]["schemas"] = dict(sorted(schemas.items()))


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    schema.pop("$defs", None)
    return schema


def _codes(described: dict[str, Any], operation: Operation, method: str) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    usual: list[type[DomainError]] = [errors.TooManyCalls, errors.BadToken]
    usual += [errors.SignInNeeded] if visitor not in operation.auth_callbacks else []
    usual += [errors.CsrfNeeded, errors.ReadOnlyToken] if method not in SAFE else []
    usual += [errors.InvalidRequest] if described["parameters"] or "requestBody" in described else []
    usual += [errors.MalformedRequest, errors.RequestTooLarge] if "requestBody" in described else []
    usual += [NotFound] if any(one["in"] == "path" for one in described["parameters"]) else []
    usual += [NotAllowed] if "staff" in (operation.tags or []) else []
    for refusal in [*usual, *described.pop("x-refusals", ())]:
        found.setdefault(refusal.status, set()).add(refusal.code)
    return found
