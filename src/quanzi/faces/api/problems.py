"""Refusals as RFC 9457 problem details: a status, a stable code, and words in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext
from ninja import Schema
from pydantic import Field

from quanzi.kernel.errors import DomainError, fill
from quanzi.kernel.money import Money
from quanzi.kernel.words import N_

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: N_("The request cannot be read"),
    401: N_("Not logged in"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Not offered"),
    409: N_("Not possible now"),
    410: N_("No longer valid"),
    412: N_("Changed meanwhile"),
    413: N_("Too large"),
    415: N_("Not JSON"),
    422: N_("Please check what was sent"),
    429: N_("Too often"),
    500: N_("Our mistake"),
    503: N_("Not available right now"),
}

FIELD_WORDS = {
    "missing": N_("This is needed."),
    "not_a_cursor": N_(
        "This is not the `next` of a page of this list. Give it back unchanged, or leave it out to begin anew."
    ),
    "extra_forbidden": N_("This is not known here."),
    "string_too_long": N_("At most {max_length} characters, please."),
    "string_too_short": N_("At least {min_length} characters, please."),
    "string_type": N_("This must be a text."),
    "string_pattern_mismatch": N_("This contains characters that are not accepted here."),
    "int_type": N_("This must be a whole number."),
    "int_parsing": N_("This must be a whole number."),
    "int_from_float": N_("This must be a whole number."),
    "bool_type": N_("This must be true or false."),
    "bool_parsing": N_("This must be true or false."),
    "greater_than_equal": N_("This must be at least {ge}."),
    "less_than_equal": N_("This must be at most {le}."),
    "literal_error": N_("Choose one of: {expected}"),
    "too_long": N_("At most {max_length} entries, please."),
    "too_short": N_("At least {min_length} entries, please."),
    "list_type": N_("This must be a list."),
    "date_from_datetime_parsing": N_("This must be a date like 2026-11-21."),
}
"""Words for what the schemas check, by pydantic's name; all others get ANY_FIELD."""

ANY_FIELD = N_("Please check this value.")
SEVERAL = N_("Several things need your attention.")


class FieldProblem(Schema):
    """One place of the request that must be repaired."""

    place: str = Field(description="body, query, path, header or form")
    field: str = Field(description="Where, with dots: lines.0.quantity")
    code: str
    detail: str


class Problem(Schema):
    """RFC 9457 problem details. `code` is stable; `detail` is in the language of Accept-Language."""

    type: str = Field(description="urn:quanzi:problem: and the code")
    title: str
    status: int
    detail: str
    code: str
    params: dict[str, Any] = Field(default_factory=dict, description="Values that the detail mentions")
    errors: list[FieldProblem] = Field(default_factory=list)


def problem(refusal: DomainError) -> JsonResponse:
    """The answer to a refusal, with each field that it names."""
    places = [_field("body", name, error) for name, error in refusal.fields.items()]
    return answer(
        status=refusal.status, code=refusal.code, detail=said(refusal), errors=places, params=_plain(refusal.params)
    )


def answer(
    *,
    status: int,
    code: str,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    params: dict[str, Any] | None = None,
) -> JsonResponse:
    body = {
        "type": f"urn:quanzi:problem:{code}",
        "title": gettext(TITLES.get(status, "That did not work")),
        "status": status,
        "detail": detail,
        "code": code,
        "params": params or {},
        "errors": errors or [],
    }
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
    response.refusal = code  # type: ignore[attr-defined]  # read where looks that were refused are noted
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="quanzi"'
    return response


def unusable_header(name: str) -> JsonResponse:
    """For a header that the schemas do not read."""
    word = FIELD_WORDS["string_pattern_mismatch"]
    place = {"place": "header", "field": name, "code": "string_pattern_mismatch", "detail": gettext(word)}
    return answer(status=422, code="invalid_request", detail=gettext(SEVERAL), errors=[place])


def wrong_places(errors: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What the schemas found, in words. Values are never repeated: they may be secret, huge or unprintable."""
    return [
        {
            "place": str(error["loc"][0]),
            "field": _dotted(error["loc"]),
            "code": error["type"],
            "detail": fill(gettext(FIELD_WORDS.get(error["type"], ANY_FIELD)), error.get("ctx", {})),
        }
        for error in errors
    ]


def said(refusal: DomainError) -> str:
    """The refusal in the reader's language."""
    return fill(gettext(str(refusal.message)), refusal.params)


def _field(place: str, name: str, error: DomainError) -> dict[str, str]:
    return {"place": place, "field": name, "code": error.code, "detail": said(error)}


def _dotted(loc: tuple[Any, ...]) -> str:
    """Pydantic's place without the name that our function gives to the whole body."""
    parts = loc[2:] if loc[0] == "body" and len(loc) > 1 else loc[1:]
    return ".".join(str(part) for part in parts)[:200]


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    """Values that JSON carries as they are; money as its minor units."""
    plain: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, Money):
            plain[name] = {"minor": value.minor, "currency": value.currency}
        elif isinstance(value, str | int | float | bool) or value is None:
            plain[name] = value
    return plain
