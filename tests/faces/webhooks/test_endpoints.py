"""Endpoints through the console and the API: made, changed, renewed, asked again, replayed, removed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from quanzi.base.audit.models import AuditEntry
from quanzi.faces.api.models import KeptAnswer
from quanzi.faces.webhooks import replaying, sending, services
from quanzi.faces.webhooks.errors import BadRange, ReplayUnderWay, TooManyEndpoints
from quanzi.faces.webhooks.kinds import KINDS
from quanzi.faces.webhooks.models import Delivery, Endpoint, Replay
from quanzi.faces.webhooks.tasks import replay
from quanzi.kernel import clock
from tests.faces.api.conftest import Caller
from tests.faces.console.desk import page, staff_client
from tests.faces.webhooks.conftest import Receiver
from tests.factories.hooks import make_delivery, make_endpoint
from tests.factories.people import make_member, make_staff

pytestmark = pytest.mark.django_db
FORM = {"url": "https://erp.example/hooks", "description": "ERP", "kind": ["order.paid", "refund.done"]}


def test_the_secret_is_shown_on_the_answer_and_never_again() -> None:
    client = staff_client("operator", "en")
    shown = client.post(reverse("console:webhooks"), FORM).content.decode()
    endpoint = Endpoint.objects.get()
    (secret,) = services.secrets_of(endpoint, now=clock.now())
    assert secret in shown.replace("&#43;", "+").replace("&#x2B;", "+")
    assert endpoint.kinds == ["order.paid", "refund.done"]
    for name in ("webhooks", "webhook"):
        assert "whsec_" not in page(client, name, *([endpoint.pk] if name == "webhook" else []))
    renewed = client.post(reverse("console:webhook_secret", args=[endpoint.pk])).content.decode()
    assert re.search(r"whsec_[\w+/&;#=]{40,}", renewed)
    assert "whsec_" not in str(list(AuditEntry.objects.values_list("after", flat=True)))
    assert secret not in str(list(Endpoint.objects.values_list()))


def test_what_is_wrong_is_told_beside_its_field() -> None:
    client = staff_client("operator", "en")
    refused = client.post(
        reverse("console:webhooks"), {"url": "http://10.0.0.1/", "description": "x" * 121, "kind": ["nothing.here"]}
    )
    drawn = refused.content.decode()
    assert refused.status_code == 422
    for words in ("Please give an https:// address", "Please choose at least one", "At most 120 characters"):
        assert words in drawn
    assert not Endpoint.objects.exists()


def test_the_console_shows_how_each_fares_the_log_and_one_delivery(receiver: Receiver) -> None:
    receiver.answer = b"<script>alert(1)</script>"
    endpoint = make_endpoint(url=receiver.url, description="ERP")
    good, waits = make_delivery(endpoint=endpoint), make_delivery(kind="refund.done")
    Endpoint.objects.exclude(pk=endpoint.pk).update(state="off")
    sending.send_due()
    client = staff_client("owner", "en")
    assert "ERP" in page(client, "webhooks")
    assert "order.paid" in page(client, "webhook", endpoint.pk)
    assert "order.paid</small>" not in page(client, "webhook", endpoint.pk, query="?state=given_up")
    assert "Nothing was sent" in page(client, "webhook", endpoint.pk, query="?kind=refund.done&state=waiting")
    drawn = page(client, "webhook_delivery", good.pk)
    assert "&lt;script&gt;" in drawn
    assert "<script>alert" not in drawn
    assert good.message.token in drawn
    assert "Not tried yet" in page(client, "webhook_delivery", waits.pk)
    assert "webhook.test" in page(client, "webhook_kinds")


def test_the_pages_cost_the_same_for_one_delivery_and_for_twenty(django_assert_max_num_queries: Any) -> None:
    endpoint, client = make_endpoint(), staff_client("owner")
    make_delivery(endpoint=endpoint)
    page(client, "webhook", endpoint.pk)
    counts = []
    for more in (0, 19):
        for _ in range(more):
            make_delivery(endpoint=endpoint)
        with django_assert_max_num_queries(40) as counted:
            page(client, "webhook", endpoint.pk)
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_a_test_a_second_try_and_a_removal_by_the_console(receiver: Receiver) -> None:
    endpoint, client = make_endpoint(url=receiver.url), staff_client("operator")
    client.post(reverse("console:webhook_test", args=[endpoint.pk]))
    sending.send_due()
    delivery = Delivery.objects.get()
    assert (delivery.message.kind, delivery.state) == ("webhook.test", "delivered")
    client.post(reverse("console:webhook_again", args=[delivery.pk]))
    sending.send_due()
    assert receiver.ids == [delivery.message.token] * 2
    drawn = client.get(reverse("console:webhook", args=[endpoint.pk])).content.decode()
    attempts = re.search(r'data-label="(?:尝试|Attempts)"[^>]*><span>(\d+)', drawn)
    assert attempts is not None and attempts[1] == "2", "sending again counts on"
    client.post(reverse("console:webhook_remove", args=[endpoint.pk]))
    assert not Endpoint.objects.exists()
    acts = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"webhook.add", "webhook.test", "webhook.again", "webhook.remove"} <= acts


def test_a_replay_tells_a_range_once_more_also_what_was_missed(receiver: Receiver) -> None:
    now, actor = clock.now(), make_staff("operator")
    endpoint = make_endpoint(url=receiver.url, kinds=["order.paid"])
    make_delivery(endpoint=endpoint)
    sending.send_due()
    other = make_endpoint(kinds=["order.paid"])
    missed = make_delivery(endpoint=other)
    make_delivery(endpoint=other, kind="order.placed")
    Endpoint.objects.filter(pk=other.pk).update(state="off")
    day = {"since": now - timedelta(hours=1), "until": now + timedelta(hours=1)}
    made = replaying.ask(endpoint_id=endpoint.pk, kinds=[], actor=actor, now=clock.now(), **day)
    assert made.total == 2
    with pytest.raises(ReplayUnderWay):
        replaying.ask(endpoint_id=endpoint.pk, kinds=[], actor=actor, now=clock.now(), **day)
    replay(replay_id=made.pk, now=clock.now())
    replay(replay_id=made.pk, now=clock.now())
    found = Replay.objects.get()
    assert (found.done, found.total, found.finished_at is None) == (2, 2, False)
    sending.send_due()
    assert len(receiver.came) == 3
    assert missed.message.token in receiver.ids
    with pytest.raises(BadRange):
        replaying.ask(endpoint_id=endpoint.pk, kinds=[], since=now, until=now, actor=actor, now=now)


def test_a_long_replay_goes_on_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "STEP", 2)
    now, endpoint = clock.now(), make_endpoint()
    for _ in range(5):
        make_delivery(endpoint=endpoint)
    made = replaying.ask(
        endpoint_id=endpoint.pk, kinds=["order.paid"], since=now - timedelta(hours=1), until=now + timedelta(hours=1),
        actor=make_staff("operator"), now=now,
    )  # fmt: skip
    seen = []
    for _ in range(4):
        replay(replay_id=made.pk, now=now)
        made.refresh_from_db()
        seen.append((made.done, made.finished_at is not None))
    assert seen == [(2, False), (4, False), (5, True), (5, True)]


def test_there_is_a_limit_to_endpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_ENDPOINTS", 1)
    make_endpoint()
    with pytest.raises(TooManyEndpoints):
        make_endpoint()


def test_a_program_does_all_of_it(receiver: Receiver) -> None:
    caller = Caller(make_staff("operator"))
    kinds = caller.get("/webhooks/kinds")
    assert len(kinds) == len(KINDS) + 1
    body = {"url": receiver.url, "kinds": ["order.paid"]}
    made = caller.send("POST", "/webhooks/endpoints", body, status=201, key="a-key-of-mine-1")
    assert made["secret"].startswith("whsec_")
    assert not KeptAnswer.objects.exists()
    where = f"/webhooks/endpoints/{made['endpoint']['id']}"
    assert caller.send("PATCH", where, {"description": "ERP"})["description"] == "ERP"
    assert caller.send("POST", f"{where}/secret")["secret"] != made["secret"]
    sent = caller.send("POST", f"{where}/test", status=201)
    sending.send_due()
    whole = caller.get(f"/webhooks/deliveries/{sent['id']}")
    assert (whole["state"], whole["attempts"][0]["status"], whole["body"]["type"]) == ("delivered", 200, "webhook.test")
    assert caller.send("POST", f"/webhooks/deliveries/{sent['id']}/again")["state"] == "waiting"
    assert [one["id"] for one in caller.get("/webhooks/deliveries?state=waiting&limit=5")["items"]] == [sent["id"]]
    now = clock.now()
    span = {"since": (now - timedelta(hours=1)).isoformat(), "until": now.isoformat()}
    asked = caller.send("POST", f"{where}/replays", span, status=201)
    assert caller.get(f"/webhooks/replays/{asked['id']}")["total"] == 0
    assert caller.send("PATCH", where, {"is_on": False})["state"] == "off"
    assert caller.problem("POST", f"{where}/test") == (409, "webhook_endpoint_is_off")
    caller.send("DELETE", where, status=204)
    assert caller.problem("GET", where) == (404, "webhook_endpoint_not_found")


def test_only_who_may_manage_webhooks_reaches_them_and_only_with_the_scope() -> None:
    for caller in (Caller(make_member()), Caller(make_staff("support")), Caller(make_staff("finance"))):
        assert caller.problem("GET", "/webhooks/endpoints")[0] == 403
    assert Caller(make_staff("owner"), scopes=["staff:read"]).problem("GET", "/webhooks/endpoints") == (
        403,
        "scope_needed",
    )
    only = Caller(make_staff("owner"), scopes=["webhooks:read"])
    assert only.get("/webhooks/endpoints") == []
    assert only.problem("POST", "/webhooks/endpoints", {"url": "https://a.example/", "kinds": ["order.paid"]})[0] == 403
