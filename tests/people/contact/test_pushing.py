"""Notices on devices: only with consent, only while the login lasts, readable by that browser alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from py_vapid import Vapid02

from quanzi.base.jobs.services import run_due
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member, MemberSession
from quanzi.people.accounts.services import end_session, note_login
from quanzi.people.contact.errors import BadSubscription, NotAPushService, TooManyDevices
from quanzi.people.contact.models import Channel, Device, Push, PushState
from quanzi.people.contact.pushing import keys, services
from quanzi.people.contact.pushing.post import is_push_service
from quanzi.people.contact.services import decide, notify
from tests.factories.people import make_member
from tests.people.contact.push_service import Browser, PushService, push_service

pytestmark = pytest.mark.django_db
NOW = clock.now()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    with push_service() as running:
        monkeypatch.setattr(settings, "QUANZI_PUSH_SERVICES", [running.origin], raising=False)
        yield running


def logged_in(member: Member) -> MemberSession:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store.create()
    return note_login(member=member, session_key=store.session_key, user_agent="", ip=None, now=NOW)


def device_of(member: Member, browser: Browser) -> Device:
    key = logged_in(member).session_key
    return services.add_device(member=member, session_key=key, now=NOW, **browser.subscription)


def allow(member: Member, purpose: str = "affairs", granted: bool = True) -> None:
    decide(member=member, purpose=purpose, channel=Channel.PUSH, granted=granted, where="test", now=clock.now())


def paid(member: Member, key: str = "a") -> None:
    notify(
        member_id=member.pk, kind="order_paid", params={"number": "261122-AB", "amount": "¥12"}, link="/o/1", key=key, now=clock.now(),
    )  # fmt: skip


def work() -> None:
    run_due(clock.now() + timedelta(seconds=1))


def test_the_browser_reads_what_was_meant_for_it_and_the_letter_is_signed_by_this_shop(service: PushService) -> None:
    member, browser = make_member(), service.subscribe()
    Member.objects.filter(pk=member.pk).update(language="en")
    device_of(member, browser)
    allow(member)
    paid(member)
    work()
    ((path, headers, body),) = service.letters
    assert path == "/push/one" and headers["content-encoding"] == "aes128gcm" and int(headers["ttl"]) > 0
    said = browser.read(body)
    assert said["title"] == "Order 261122-AB is paid" and said["link"].startswith("/messages/")
    assert b"261122" not in body
    assert Vapid02.verify(headers["authorization"]) and headers["authorization"].endswith(keys.public_key())
    assert Push.objects.get().state == PushState.SENT


def test_a_pickup_code_never_stands_on_a_locked_screen(service: PushService) -> None:
    member, browser = make_member(), service.subscribe()
    device_of(member, browser)
    allow(member)
    words = {"number": "1", "point": "锦绣站", "code": "482913"}
    notify(member_id=member.pk, kind="order_ready", params=words, key="r", now=clock.now())
    work()
    said = browser.read(service.letters[0][2])
    assert "锦绣站" in said["title"] and "482913" not in str(said)


def test_without_consent_for_that_purpose_nothing_leaves_the_shop(service: PushService) -> None:
    member = make_member()
    device_of(member, service.subscribe())
    allow(member, "restock")
    paid(member)
    work()
    assert service.letters == [] and not Push.objects.exists()


def test_the_database_refuses_a_letter_without_consent_or_to_somebody_elses_device(service: PushService) -> None:
    member, other = make_member(), make_member()
    mine, theirs = device_of(member, service.subscribe()), device_of(other, service.subscribe("two"))
    allow(other)
    paid(member)
    for device in (mine, theirs):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO contact_push (notice_id, device_id, purpose, state, made_at)"
                " SELECT max(id), %s, 'affairs', 'waiting', now() FROM contact_notice",
                [device.pk],
            )


def test_consent_withdrawn_meanwhile_stops_the_letter(service: PushService) -> None:
    member = make_member()
    device_of(member, service.subscribe())
    allow(member)
    paid(member)
    allow(member, granted=False)
    work()
    assert service.letters == []
    assert Push.objects.get().state == PushState.WITHDRAWN


def test_logging_a_device_out_ends_its_notices(service: PushService) -> None:
    member = make_member()
    device = device_of(member, service.subscribe())
    allow(member)
    paid(member)
    end_session(member=member, session_id=device.session_id, now=NOW)
    work()
    assert service.letters == [] and not Device.objects.exists()


def test_a_login_that_ran_out_ends_them_too(service: PushService) -> None:
    member = make_member()
    device = device_of(member, service.subscribe())
    allow(member)
    paid(member)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE django_session SET expire_date = now() WHERE session_key = %s", [device.session.session_key]
        )
    work()
    assert service.letters == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_the_service_no_longer_knows_is_forgotten(service: PushService, status: int) -> None:
    service.answers = [status]
    member = make_member()
    device_of(member, service.subscribe())
    allow(member)
    paid(member)
    work()
    assert not Device.objects.exists()


def test_a_busy_service_is_asked_again_and_a_refusal_is_not(service: PushService) -> None:
    member = make_member()
    device_of(member, service.subscribe())
    allow(member)
    paid(member)
    push = Push.objects.get()
    service.answers = [503, 201]
    with pytest.raises(services.TryAgain):
        services.send(push_id=push.pk, now=clock.now())
    services.send(push_id=push.pk, now=clock.now())
    services.send(push_id=push.pk, now=clock.now())
    assert len(service.letters) == 2
    assert service.letters[0][1]["topic"] == service.letters[1][1]["topic"]

    service.answers = [400]
    paid(member, "b")
    work()
    assert Push.objects.order_by("pk").last().state == PushState.FAILED  # type: ignore[union-attr]


def test_the_next_person_at_a_browser_takes_it_over(service: PushService) -> None:
    first, second, browser = make_member(), make_member(), service.subscribe()
    device_of(first, browser)
    device_of(second, browser)
    for member in (first, second):
        allow(member)
    paid(first)
    assert Device.objects.get().member == second and not Push.objects.exists()


def test_only_push_services_are_written_to(service: PushService) -> None:
    member = make_member()
    key = logged_in(member).session_key
    good = service.subscribe().subscription
    for endpoint in (
        "http://127.0.0.1:5432/", "https://fcm.googleapis.com.evil.example/x", "https://fcm.googleapis.com@10.0.0.1/x",
        "http://fcm.googleapis.com/x", "https://fcm.googleapis.com:8443/x", "https://10.0.0.1/x", "file:///etc/passwd", "",
    ):  # fmt: skip
        with pytest.raises(NotAPushService):
            services.add_device(member=member, session_key=key, now=NOW, **{**good, "endpoint": endpoint})
    assert is_push_service("https://fcm.googleapis.com/fcm/send/abc")
    assert is_push_service("https://wns2-am3p.notify.windows.com/w/?token=x")
    assert not is_push_service("https://notify.windows.com.evil.example/w")
    assert not is_push_service("https://a.example/.notify.windows.com")


def test_a_subscription_needs_real_keys_and_a_login(service: PushService) -> None:
    member = make_member()
    key = logged_in(member).session_key
    good = service.subscribe().subscription
    for bad in ({"p256dh": "AAAA"}, {"auth": "AAAA"}, {"p256dh": "ü"}, {"p256dh": good["p256dh"][:-4]}):
        with pytest.raises(BadSubscription):
            services.add_device(member=member, session_key=key, now=NOW, **{**good, **bad})
    with pytest.raises(BadSubscription):
        services.add_device(member=make_member(), session_key=key, now=NOW, **good)


def test_devices_are_limited_and_can_be_taken_off(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_DEVICES", 1)
    member = make_member()
    device = device_of(member, service.subscribe())
    with pytest.raises(TooManyDevices):
        device_of(member, service.subscribe("two"))
    assert not services.remove_device(member=make_member(), device_id=device.pk)
    assert services.remove_device(member=member, device_id=device.pk)


def test_a_notice_without_devices_costs_one_statement(django_assert_num_queries: object) -> None:
    member = make_member()
    with django_assert_num_queries(1):  # type: ignore[operator]
        paid(member)
