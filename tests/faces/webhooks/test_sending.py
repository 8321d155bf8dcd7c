"""The round: signed, once when all is well, again when it is not, nobody held by somebody slow."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from quanzi.faces.webhooks import sending, services
from quanzi.faces.webhooks.models import Attempt, Delivery, Endpoint
from quanzi.faces.webhooks.posting import Outcome, Parcel, post
from quanzi.faces.webhooks.signing import signature
from quanzi.faces.webhooks.tasks import forget
from quanzi.kernel import clock
from quanzi.people.contact.models import Notice
from tests.faces.webhooks.conftest import Receiver
from tests.factories.hooks import make_delivery, make_endpoint
from tests.factories.people import make_staff

pytestmark = pytest.mark.django_db(transaction=True)


def shift(**by: float) -> None:
    """As if everything had happened so much earlier."""
    earlier = timedelta(**by)
    for one in Delivery.objects.all():
        one.due_at -= earlier
        one.first_at = one.first_at and one.first_at - earlier
        one.save()
    for endpoint in Endpoint.objects.all():
        endpoint.failing_since = endpoint.failing_since and endpoint.failing_since - earlier
        endpoint.rest_until = endpoint.rest_until and endpoint.rest_until - earlier
        endpoint.save()


def test_what_arrives_is_signed_and_said_once(receiver: Receiver) -> None:
    endpoint = make_endpoint(url=receiver.url)
    delivery = make_delivery(endpoint=endpoint)
    assert sending.send_due() == 1
    assert sending.send_due() == 0
    ((headers, body),) = receiver.came
    (secret,) = services.secrets_of(endpoint, now=clock.now())
    signed = signature(
        secret=secret, message_id=headers["webhook-id"], timestamp=int(headers["webhook-timestamp"]), body=body
    )
    assert headers["webhook-signature"] == signed
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["type"] == "order.paid"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.status, delivery.tries) == ("delivered", 200, 1)
    attempt = delivery.attempts.get()
    assert (attempt.status, attempt.answer, attempt.trouble) == (200, "thanks", "")


def test_after_a_renewal_both_secrets_sign_for_a_day(receiver: Receiver) -> None:
    endpoint = make_endpoint(url=receiver.url)
    old = services.secrets_of(endpoint, now=clock.now())[0]
    endpoint, new = services.renew_secret(endpoint_id=endpoint.pk, actor=make_staff("operator"), now=clock.now())
    assert services.secrets_of(endpoint, now=clock.now()) == [new, old]
    assert services.secrets_of(endpoint, now=clock.now() + timedelta(days=1)) == [new]
    make_delivery(endpoint=endpoint)
    sending.send_due()
    assert receiver.came[0][0]["webhook-signature"].count("v1,") == 2


def test_a_failure_is_tried_again_with_the_same_id_and_bytes(receiver: Receiver) -> None:
    receiver.status = 500
    delivery = make_delivery(endpoint=make_endpoint(url=receiver.url))
    assert sending.send_due() == 1
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
    assert timedelta(seconds=3) < delivery.due_at - clock.now() < timedelta(seconds=7)
    receiver.status = 204
    shift(seconds=10)
    assert sending.send_due() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("delivered", 2)
    assert receiver.came[0][1] == receiver.came[1][1]
    assert len(set(receiver.ids)) == 1
    endpoint = Endpoint.objects.get()
    assert (endpoint.fails, endpoint.failing_since) == (0, None)


def test_a_redirect_is_a_failure_and_is_not_followed(receivers: list[Receiver]) -> None:
    first, second = receivers[:2]
    first.status, first.headers = 302, {"location": second.url}
    make_delivery(endpoint=make_endpoint(url=first.url))
    sending.send_due()
    assert second.came == []
    assert Attempt.objects.get().status == 302
    assert Delivery.objects.get().state == "waiting"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data", "https://10.0.0.7/", "https://2130706433/",
        "https://[::ffff:10.0.0.1]/", "https://localhost/",
    ],
)  # fmt: skip
def test_addresses_of_the_inside_are_never_spoken_to(url: str) -> None:
    """Such an address is refused when it is entered; a name may come to lead there later."""
    endpoint = make_endpoint()
    Endpoint.objects.filter(pk=endpoint.pk).update(url=url)
    make_delivery(endpoint=endpoint)
    sending.send_due()
    assert [(one.status, one.trouble) for one in Attempt.objects.all()] == [(0, "forbidden_address")]


def test_what_the_settings_no_longer_name_is_not_spoken_to(receiver: Receiver, settings: Any) -> None:
    make_delivery(endpoint=make_endpoint(url=receiver.url))
    settings.WEBHOOKS_INSIDE = frozenset()
    sending.send_due()
    assert receiver.came == []
    assert Attempt.objects.get().trouble == "forbidden_address"


def test_an_answer_is_kept_to_two_kilobytes_and_a_long_one_is_no_failure(receiver: Receiver) -> None:
    receiver.answer = "好\x00".encode() * 50_000
    make_delivery(endpoint=make_endpoint(url=receiver.url))
    sending.send_due()
    assert Delivery.objects.get().state == "delivered"
    kept = Attempt.objects.get().answer
    assert 500 < len(kept) <= 2048
    assert "\x00" not in kept


def test_gone_switches_off_and_tells_who_made_it(receiver: Receiver) -> None:
    receiver.status = 410
    owner = make_staff("operator")
    endpoint = make_endpoint(url=receiver.url, actor=owner)
    make_delivery(endpoint=endpoint)
    sending.send_due()
    endpoint.refresh_from_db()
    assert endpoint.state == "gone"
    assert Notice.objects.get(member=owner).kind == "webhook_gone"
    make_delivery(endpoint=endpoint)
    assert sending.send_due() == 0


def test_after_three_days_of_failures_the_endpoint_is_paused_its_owner_told_and_what_waits_goes_when_it_is_on_again(
    receiver: Receiver,
) -> None:
    receiver.status = 503
    owner = make_staff("operator")
    endpoint = make_endpoint(url=receiver.url, actor=owner)
    make_delivery(endpoint=endpoint)
    sending.send_due()
    shift(days=2, hours=23)
    sending.send_due()
    endpoint.refresh_from_db()
    assert endpoint.state == "on"
    make_delivery(endpoint=endpoint, kind="order.placed")
    shift(hours=2)
    sending.send_due()
    endpoint.refresh_from_db()
    assert endpoint.state == "paused"
    assert Notice.objects.get(member=owner).kind == "webhook_paused"
    assert sending.send_due() == 0
    receiver.status = 200
    services.change(
        endpoint_id=endpoint.pk, url=endpoint.url, kinds=endpoint.kinds, description="", is_on=True, actor=owner, now=clock.now()
    )  # fmt: skip
    sending.send_due()
    assert set(Delivery.objects.values_list("message__kind", "state")) == {
        ("order.paid", "delivered"),
        ("order.placed", "delivered"),
    }


def test_one_message_that_is_never_taken_is_given_up_while_the_others_go_on(receiver: Receiver) -> None:
    endpoint = make_endpoint(url=receiver.url)
    bad = make_delivery(endpoint=endpoint)
    for days in (0, 2, 2):
        shift(days=days)
        make_delivery(endpoint=endpoint, kind="order.placed")
        for _ in range(2):  # the one that failed, and the other when the endpoint has rested
            sending.send_due(send=lambda one: Outcome(500 if one.delivery_id == bad.pk else 200, 1))
            Endpoint.objects.update(rest_until=None)
    bad.refresh_from_db()
    assert (bad.state, bad.tries) == ("given_up", 3)
    assert Delivery.objects.filter(state="delivered").count() == 3
    assert Endpoint.objects.get().state == "on"


def test_a_slow_receiver_holds_nobody_else_and_has_few_requests_at_once(receivers: list[Receiver]) -> None:
    slow, quick = receivers[:2]
    slow.wait_s = 1.0
    first, second = make_endpoint(url=slow.url), make_endpoint(url=quick.url)
    for _ in range(6):
        make_delivery(endpoint=first)
    for _ in range(30):
        make_delivery(endpoint=second)
    began = time.monotonic()
    seen: list[float] = []

    def send(parcel: Parcel) -> Outcome:
        outcome = post(parcel)
        if parcel.endpoint_id == second.pk:
            seen.append(time.monotonic() - began)
        return outcome

    sending.send_due(send=send)
    assert len(quick.came) == 30
    assert len(slow.came) == 6
    assert max(seen) < time.monotonic() - began - 0.3
    assert slow.most_open <= sending.EACH


def test_one_that_failed_is_asked_with_a_single_delivery(receiver: Receiver) -> None:
    receiver.status = 500
    endpoint = make_endpoint(url=receiver.url)
    for _ in range(20):
        make_delivery(endpoint=endpoint)
    assert sending.send_due() <= sending.EACH
    before = len(receiver.came)
    shift(minutes=5)
    assert sending.send_due() == 1
    assert len(receiver.came) == before + 1


def test_what_a_killed_sender_had_in_its_hands_is_due_again_after_a_minute() -> None:
    from collections import Counter

    make_delivery()
    now = clock.now()
    assert len(sending.claim(Counter(), now=now)) == 1
    assert sending.claim(Counter(), now=now) == []
    assert len(sending.claim(Counter(), now=now + sending.LEASE)) == 1


def test_the_next_round_is_asked_for_when_something_will_be_due(receiver: Receiver) -> None:
    receiver.status = 500
    delivery = make_delivery(endpoint=make_endpoint(url=receiver.url))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    sending.send_due()
    delivery.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, scheduled_at FROM procrastinate_jobs")
        ((name, at),) = cursor.fetchall()
    assert name == "webhooks.wake"
    assert abs(at - delivery.due_at) < timedelta(seconds=3)


def test_after_thirty_days_the_log_is_forgotten(receiver: Receiver) -> None:
    make_delivery(endpoint=make_endpoint(url=receiver.url))
    sending.send_due()
    forget(now=clock.now() + timedelta(days=29))
    assert Attempt.objects.count() == 1
    forget(now=clock.now() + timedelta(days=31))
    assert not Attempt.objects.exists()
    assert not Delivery.objects.exists()
