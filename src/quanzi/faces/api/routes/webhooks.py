"""Webhooks: who is told what happens, and what became of each telling. Needs webhooks.manage."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router

from quanzi.faces.api.document import asks_again, holds_secret, refuses
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, Word, page_of
from quanzi.faces.api.schemas.webhooks import (
    DeliveryOut,
    EndpointChangeIn,
    EndpointIn,
    EndpointOut,
    KindOut,
    MadeEndpointOut,
    ReplayIn,
    ReplayOut,
    State,
    WholeDeliveryOut,
)
from quanzi.faces.api.security import staff_of
from quanzi.faces.webhooks import errors, queries, replaying, services
from quanzi.faces.webhooks.kinds import KINDS, TEST, written
from quanzi.faces.webhooks.models import Delivery, Endpoint, EndpointState, Replay
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors
from quanzi.people.accounts.models import Member

router = Router(tags=["webhooks"])
FIELDS = (errors.BadEndpointAddress, errors.UnknownKinds, errors.DescriptionTooLong, Errors)


def actor_of(request: HttpRequest) -> Member:
    return staff_of(request, "webhooks.manage")


@router.get("/webhooks/kinds", response=list[KindOut], summary="What may be heard")
def list_webhook_kinds(request: HttpRequest) -> list[dict[str, Any]]:
    """Every kind of event with the JSON schema of its data and an example. Needs webhooks.manage."""
    actor_of(request)
    now = clock.now().replace(microsecond=0)
    return [
        {
            "name": kind.name,
            "words": gettext(kind.words),
            "data_schema": kind.schema,
            "example": json.loads(written(kind=kind.name, data=kind.example, at=now)),
        }
        for kind in (*KINDS.values(), TEST)
    ]


@router.get("/webhooks/endpoints", response=list[EndpointOut], summary="Endpoints")
def list_webhook_endpoints(request: HttpRequest) -> list[Endpoint]:
    """All of them, newest first. Needs webhooks.manage."""
    actor_of(request)
    return list(Endpoint.objects.order_by("-pk"))


@router.post(
    "/webhooks/endpoints",
    response={201: MadeEndpointOut},
    summary="Make an endpoint",
    openapi_extra=asks_again(holds_secret(*FIELDS, errors.TooManyEndpoints)),
)
def make_webhook_endpoint(request: HttpRequest, body: EndpointIn) -> dict[str, Any]:
    """The secret is in this answer and nowhere else. It hears what happens from a few seconds later on. Needs webhooks.manage."""
    made, secret = services.add(
        url=body.url, kinds=body.kinds, description=body.description, actor=actor_of(request), now=clock.now()
    )
    return {"endpoint": made, "secret": secret}


@router.get(
    "/webhooks/endpoints/{endpoint_id}", response=EndpointOut, summary="One endpoint", openapi_extra=refuses(errors.EndpointNotFound)
)  # fmt: skip
def get_webhook_endpoint(request: HttpRequest, endpoint_id: Id) -> Endpoint:
    """What it hears, and how it fares. Needs webhooks.manage."""
    actor_of(request)
    return queries.endpoint(endpoint_id=endpoint_id)


@router.patch(
    "/webhooks/endpoints/{endpoint_id}",
    response=EndpointOut,
    summary="Change an endpoint",
    openapi_extra=refuses(*FIELDS, errors.EndpointNotFound),
)
def change_webhook_endpoint(request: HttpRequest, endpoint_id: Id, body: EndpointChangeIn) -> Endpoint:
    """What is left out stays. Switched on, it gets at once what waits for it. Needs webhooks.manage."""
    me, found = actor_of(request), queries.endpoint(endpoint_id=endpoint_id)
    return services.change(
        endpoint_id=found.pk,
        url=found.url if body.url is None else body.url,
        kinds=found.kinds if body.kinds is None else body.kinds,
        description=found.description if body.description is None else body.description,
        is_on=found.state == EndpointState.ON if body.is_on is None else body.is_on,
        actor=me,
        now=clock.now(),
    )


@router.delete(
    "/webhooks/endpoints/{endpoint_id}", response={204: None}, summary="Remove an endpoint", openapi_extra=refuses(errors.EndpointNotFound)
)  # fmt: skip
def remove_webhook_endpoint(request: HttpRequest, endpoint_id: Id) -> None:
    """Its log goes with it. Needs webhooks.manage."""
    services.remove(endpoint_id=endpoint_id, actor=actor_of(request), now=clock.now())


@router.post(
    "/webhooks/endpoints/{endpoint_id}/secret",
    response=MadeEndpointOut,
    summary="Renew the secret",
    openapi_extra=asks_again(holds_secret(errors.EndpointNotFound)),
)
def renew_webhook_secret(request: HttpRequest, endpoint_id: Id) -> dict[str, Any]:
    """For a day each message is signed with both, the new one and the one before. Needs webhooks.manage."""
    found, secret = services.renew_secret(endpoint_id=endpoint_id, actor=actor_of(request), now=clock.now())
    return {"endpoint": found, "secret": secret}


@router.post(
    "/webhooks/endpoints/{endpoint_id}/test",
    response={201: DeliveryOut},
    summary="Send a test",
    openapi_extra=refuses(errors.EndpointNotFound, errors.EndpointIsOff),
)
def test_webhook_endpoint(request: HttpRequest, endpoint_id: Id) -> dict[str, Any]:
    """A message of the kind webhook.test, to this endpoint alone. Needs webhooks.manage."""
    return told(services.send_test(endpoint_id=endpoint_id, actor=actor_of(request), now=clock.now()))


@router.post(
    "/webhooks/endpoints/{endpoint_id}/replays",
    response={201: ReplayOut},
    summary="Tell it once more",
    openapi_extra=refuses(errors.EndpointNotFound, errors.EndpointIsOff, errors.UnknownKinds, errors.BadRange, errors.ReplayUnderWay),
)  # fmt: skip
def replay_webhooks(request: HttpRequest, endpoint_id: Id, body: ReplayIn) -> Replay:
    """Everything of a range of time, also what it missed while it was off, under the same ids. Needs webhooks.manage."""
    return replaying.ask(
        endpoint_id=endpoint_id, kinds=body.kinds, since=body.since, until=body.until, actor=actor_of(request), now=clock.now()
    )  # fmt: skip


@router.get("/webhooks/replays/{replay_id}", response=ReplayOut, summary="How far a replay is")
def get_webhook_replay(request: HttpRequest, replay_id: Id) -> Replay:
    """Done of total messages are on their way. Needs webhooks.manage."""
    actor_of(request)
    return replaying.find(replay_id=replay_id)


@router.get("/webhooks/deliveries", response=Page[DeliveryOut], summary="The log of deliveries")
def list_webhook_deliveries(
    request: HttpRequest,
    endpoint_id: Id | None = None,
    state: State = "",
    kind: Word = "",
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Newest first, for thirty days. Needs webhooks.manage."""
    actor_of(request)
    rows = queries.log(endpoint_id=endpoint_id, state=state, kind=kind, before_id=cursor, limit=limit)
    page = page_of(rows, limit)
    return {**page, "items": [told(row) for row in rows]}


@router.get(
    "/webhooks/deliveries/{delivery_id}",
    response=WholeDeliveryOut,
    summary="One delivery",
    openapi_extra=refuses(errors.DeliveryNotFound),
)
def get_webhook_delivery(request: HttpRequest, delivery_id: Id) -> dict[str, Any]:
    """What was sent, and every attempt with its answer. Needs webhooks.manage."""
    actor_of(request)
    found = queries.delivery(delivery_id=delivery_id)
    attempts = sorted(found.attempts.all(), key=lambda one: one.pk)
    return {**told(found), "body": json.loads(found.message.body), "attempts": attempts}


@router.post(
    "/webhooks/deliveries/{delivery_id}/again",
    response=DeliveryOut,
    summary="Send a delivery again",
    openapi_extra=refuses(errors.DeliveryNotFound, errors.EndpointIsOff),
)
def send_webhook_again(request: HttpRequest, delivery_id: Id) -> dict[str, Any]:
    """Now, whatever became of it: the same bytes under the same webhook-id. Needs webhooks.manage."""
    return told(services.send_again(delivery_id=delivery_id, actor=actor_of(request), now=clock.now()))


def told(row: Delivery) -> dict[str, Any]:
    return {
        "id": row.pk, "endpoint_id": row.endpoint_id, "webhook_id": row.message.token, "kind": row.message.kind, "state": row.state,
        "tries": row.tries, "status": row.status, "due_at": row.due_at, "made_at": row.message.made_at, "done_at": row.done_at,
    }  # fmt: skip
