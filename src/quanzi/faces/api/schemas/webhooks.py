"""Webhooks: endpoints, the catalogue of kinds, the log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import Flag, In, Moment, Out, Text

Url = Annotated[Text, Field(max_length=500)]
Description = Annotated[Text, Field(max_length=120)]
KindName = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=40)]
Kinds = Annotated[list[KindName], Field(max_length=60)]
State = Literal["", "waiting", "delivered", "given_up"]


class KindOut(Out):
    """data_schema: JSON schema of `data`; example: a whole body as it is sent."""

    name: str
    words: str
    data_schema: dict[str, Any]
    example: dict[str, Any]


class EndpointIn(In):
    url: Url
    kinds: Kinds
    description: Description = ""


class EndpointChangeIn(In):
    url: Url | None = None
    kinds: Kinds | None = None
    description: Description | None = None
    is_on: Flag | None = None


class EndpointOut(Out):
    """state: on, off, paused (no answer for three days) or gone (it answered 410). fails: in a row, until now."""

    id: int
    url: str
    description: str
    kinds: list[str]
    state: str
    fails: int
    failing_since: datetime | None
    made_at: datetime


class MadeEndpointOut(Out):
    """secret: shown this once."""

    endpoint: EndpointOut
    secret: str


class AttemptOut(Out):
    """status: 0 when nothing was answered; answer: the first 2 KB."""

    at: datetime
    status: int
    ms: int
    trouble: str
    answer: str


class DeliveryOut(Out):
    """webhook_id: the same for every attempt. status: of the newest answer, null before the first attempt."""

    id: int
    endpoint_id: int
    webhook_id: str
    kind: str
    state: str
    tries: int
    status: int | None
    due_at: datetime
    made_at: datetime
    done_at: datetime | None


class WholeDeliveryOut(DeliveryOut):
    body: dict[str, Any]
    attempts: list[AttemptOut]


class ReplayIn(In):
    """Messages made from `since` until before `until`. kinds: those that the endpoint hears when it is empty."""

    since: Moment
    until: Moment
    kinds: Kinds = []


class ReplayOut(Out):
    id: int
    endpoint_id: int
    kinds: list[str]
    since: datetime
    until: datetime
    total: int
    done: int
    asked_at: datetime
    finished_at: datetime | None
