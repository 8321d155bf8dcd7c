"""Webhooks: endpoints and how they fare, the log of each, one delivery, and what may be heard."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import NeedsText, Reader, Sent, key_in, problems_of
from quanzi.faces.console.viewing import attempt, show
from quanzi.faces.webhooks import queries, replaying, rules, services
from quanzi.faces.webhooks.kinds import KINDS, TEST, written
from quanzi.faces.webhooks.models import Delivery, DeliveryState, Endpoint, EndpointState
from quanzi.faces.webhooks.posting import SECONDS
from quanzi.kernel import clock
from quanzi.kernel.clock import midnight
from quanzi.kernel.errors import DomainError

PAGE = 40
TONES = {
    "delivered": "pine",
    "given_up": "danger",
    "waiting": "",
    "on": "pine",
    "off": "",
    "paused": "danger",
    "gone": "danger",
}


@door("webhooks.manage", FORM, recent=True)
def webhooks(request: HttpRequest) -> HttpResponse:
    """All endpoints; a new one, whose secret is shown on the answer to its form and never again."""
    sent, me, now = request.POST, operator_of(request), clock.now()
    context: dict[str, Any] = {"sent": Sent(), "chosen": [], "problems": Sent()}
    status = 200
    if request.method == "POST":
        chosen = sent.getlist("kind")
        try:
            made, secret = services.add(
                url=sent.get("url", ""), kinds=chosen, description=sent.get("description", ""), actor=me, now=now
            )
            context |= {"made": made, "secret": secret}
        except DomainError as refused:
            context = {"sent": Sent(sent.dict()), "chosen": chosen, "problems": problems_of(refused)}
            status = refused.status
    frame: dict[str, Any] = {
        "here": "webhooks",
        "crumbs": [(gettext("House"), None), (gettext("Webhooks"), None)],
        "now": now,
        "rows": [_health(one) for one in queries.healths(now=now)],
        "kinds": kind_words(),
    }
    return show(request, "webhooks.html", frame | context, status=status)


@door("webhooks.manage")
def kinds(request: HttpRequest) -> HttpResponse:
    """What may be heard: each kind with an example and its schema."""
    now = clock.now().replace(microsecond=0)
    rows = [
        {
            "name": kind.name,
            "words": gettext(kind.words),
            "example": _pretty(json.loads(written(kind=kind.name, data=kind.example, at=now))),
            "schema": _pretty(kind.schema),
        }
        for kind in (*KINDS.values(), TEST)
    ]
    crumbs = [(gettext("Webhooks"), reverse("console:webhooks")), (gettext("Kinds of event"), None)]
    return show(request, "webhook_kinds.html", {"here": "webhooks", "crumbs": crumbs, "rows": rows})


@door("webhooks.manage")
def webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """One endpoint with its log."""
    return _page(request, queries.endpoint(endpoint_id=endpoint_id), {})


@door("webhooks.manage", WRITE)
def change_webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Address, kinds, on or off."""
    sent, now = request.POST, clock.now()
    chosen = sent.getlist("kind")
    try:
        services.change(
            endpoint_id=endpoint_id, url=sent.get("url", ""), kinds=chosen, description=sent.get("description", ""),
            is_on=bool(sent.get("is_on")), actor=operator_of(request), now=now,
        )  # fmt: skip
    except DomainError as refused:
        found = queries.endpoint(endpoint_id=endpoint_id)
        context = {"sent": Sent(sent.dict()), "chosen": chosen, "problems": problems_of(refused)}
        return _page(request, found, context, status=refused.status)
    return attempt(request, lambda: None, said=gettext("Saved."), back=_at(endpoint_id), now=now)


@door("webhooks.manage", WRITE, recent=True)
def renew_secret(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """The new secret is shown on the answer and never again."""
    found, secret = services.renew_secret(endpoint_id=endpoint_id, actor=operator_of(request), now=clock.now())
    return _page(request, found, {"secret": secret})


@door("webhooks.manage", WRITE)
def remove_webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """The endpoint and its log."""
    now, me = clock.now(), operator_of(request)
    return attempt(
        request, lambda: services.remove(endpoint_id=endpoint_id, actor=me, now=now),
        said=gettext("Removed. Nothing is sent there any more."), back=reverse("console:webhooks"), now=now,
    )  # fmt: skip


@door("webhooks.manage", WRITE)
def test_webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send a test."""
    now, me = clock.now(), operator_of(request)
    return attempt(
        request, lambda: services.send_test(endpoint_id=endpoint_id, actor=me, now=now),
        said=gettext("A test is on its way. Its answer stands in the log in a moment."), back=_at(endpoint_id), now=now,
    )  # fmt: skip


@door("webhooks.manage", WRITE)
def replay_webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Tell it once more what happened on some days."""
    now, me, reader = clock.now(), operator_of(request), Reader(request.POST)
    since, until = reader.day("since"), reader.end_of("until")
    kind = reader.choice("kind", KINDS, otherwise="")

    def act() -> None:
        if since is None or until is None:
            reader.wrong.append(NeedsText(field="since"))
        reader.check()
        assert since is not None
        assert until is not None
        # The first of the kept days may have begun before anything is kept.
        begins = max(midnight(since), now - rules.KEPT)
        wanted = [kind] if kind else []
        replaying.ask(endpoint_id=endpoint_id, kinds=wanted, since=begins, until=until, actor=me, now=now)

    said = gettext("The replay has begun.")
    return attempt(request, act, said=said, back=_at(endpoint_id) + "#replay", now=now)


@door("webhooks.manage")
def webhook_delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """What was sent, and every attempt with its answer."""
    found = queries.delivery(delivery_id=delivery_id)
    context = {
        "here": "webhooks",
        "crumbs": [
            (gettext("Webhooks"), reverse("console:webhooks")), (found.endpoint.url, _at(found.endpoint_id)), (found.message.kind, None)
        ],
        "delivery": found,
        "tone": TONES[found.state],
        "body": _pretty(json.loads(found.message.body)),
        "attempts": [
            {"attempt": one, "result": result_words(one.status, one.trouble), "is_good": rules.is_taken(one.status)}
            for one in sorted(found.attempts.all(), key=lambda one: -one.pk)
        ],
        "is_on": found.endpoint.state == EndpointState.ON,
    }  # fmt: skip
    return show(request, "webhook_delivery.html", context)


@door("webhooks.manage", WRITE)
def send_again(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Send a delivery once more."""
    now, me = clock.now(), operator_of(request)
    return attempt(
        request, lambda: services.send_again(delivery_id=delivery_id, actor=me, now=now),
        said=gettext("It is on its way again. The answer stands here in a moment."),
        back=reverse("console:webhook_delivery", args=[delivery_id]), now=now,
    )  # fmt: skip


def kind_words() -> list[tuple[str, str]]:
    return [(name, gettext(kind.words)) for name, kind in KINDS.items()]


def result_words(status: int | None, trouble: str) -> str:
    """What an attempt came to: the status, or why there was no answer."""
    if status:
        return str(status)
    said = {
        "timeout": gettext("no answer within %(n)d seconds") % {"n": SECONDS},
        "forbidden_address": gettext("not a public address"),
        "no such name": gettext("no such host"),
        "ConnectError": gettext("nobody listens there"),
    }
    return said.get(trouble, trouble) if status == 0 else ""


def _page(request: HttpRequest, found: Endpoint, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    state, kind = state if state in DeliveryState.values else "", kind if kind in KINDS or kind == TEST.name else ""
    before = key_in(request.GET.get("before"))
    rows = queries.log(endpoint_id=found.pk, state=state, kind=kind, before_id=before, limit=PAGE + 1)
    today, sent = clock.today(clock.now()), queries.attempts_of(rows)
    frame: dict[str, Any] = {
        "here": "webhooks",
        "crumbs": [(gettext("Webhooks"), reverse("console:webhooks")), (found.url, None)],
        "endpoint": found,
        "tone": TONES[found.state],
        "kinds": kind_words(),
        "log_kinds": [*kind_words(), (TEST.name, gettext(TEST.words))],
        "states": DeliveryState.choices,
        "filters": {"state": state, "kind": kind},
        "rows": [_drawn(row, sent.get(row.pk, 0)) for row in rows[:PAGE]],
        "next": with_query(_at(found.pk), state=state, kind=kind, before=rows[PAGE - 1].pk)
        if len(rows) > PAGE
        else None,
        "replays": queries.replays(endpoint_id=found.pk),
        "today": today.isoformat(),
        "sent": Sent(
            {"url": found.url, "description": found.description, "is_on": "on" if found.state == "on" else ""}
        ),
        "chosen": found.kinds,
        "problems": Sent(),
    }
    return show(request, "webhook.html", frame | context, status=status)


def _drawn(row: Delivery, attempts: int) -> dict[str, Any]:
    kind = KINDS.get(row.message.kind, TEST)
    return {
        "row": row, "words": gettext(kind.words), "tone": TONES[row.state], "result": result_words(row.status, ""),
        "attempts": attempts,
    }  # fmt: skip


def _health(one: queries.Health) -> dict[str, Any]:
    return {
        "endpoint": one.endpoint, "tone": TONES[one.endpoint.state], "good": one.good, "bad": one.bad, "waiting": one.waiting,
        "good_sum": sum(one.good), "bad_sum": sum(one.bad),
    }  # fmt: skip


def _at(endpoint_id: int) -> str:
    return reverse("console:webhook", args=[endpoint_id])


def _pretty(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
