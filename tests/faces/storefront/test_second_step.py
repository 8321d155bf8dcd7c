"""Passkeys, authenticator, recovery codes, as pages: setting them, logging in with them, what is refused."""

from __future__ import annotations

import html
import json
import re
import time
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from quanzi.base.audit.models import AuditEntry
from quanzi.kernel import clock
from quanzi.people.accounts import factors, second_step
from quanzi.people.accounts.models import Member
from tests.factories.passkeys import Passkey
from tests.factories.people import give_authenticator, log_in, make_member, make_staff

pytestmark = pytest.mark.django_db

HERE = "http://localhost"
PASSWORD = "a-long-enough-password"


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    cache.clear()
    yield
    cache.clear()


def at_home() -> Client:
    """A browser on this shop's own host; passkeys know no numbers."""
    return Client(headers={"host": "localhost", "accept-language": "en"})


def code_now(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def asked(page: Any) -> Any:
    """What the page tells the browser to ask a passkey."""
    return json.loads(html.unescape(re.findall(r"data-options='(.*?)'", page.content.decode())[0]))


def with_passkey(member: Member, client: Client) -> Passkey:
    """The member adds a passkey on its page."""
    log_in(client, member)
    page = client.get(reverse("mfa_add_webauthn"))
    key = Passkey(HERE)
    sent = {"name": "my phone", "passwordless": "on", "credential": key.make(asked(page))}
    assert client.post(reverse("mfa_add_webauthn"), sent).status_code == 302
    return key


def options_of(client: Client) -> Any:
    return client.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"}).json()[
        "request_options"
    ]


def is_in(client: Client) -> bool:
    return client.get("/me").status_code == 200


def test_a_passkey_is_a_login_of_its_own() -> None:
    member, client = make_member(), at_home()
    key = with_passkey(member, client)
    assert Authenticator.objects.get(user=member, type="webauthn").wrap().name == "my phone"
    fresh = at_home()
    answer = fresh.post(reverse("mfa_login_webauthn"), {"credential": key.sign(options_of(fresh))})
    assert answer.status_code == 302
    assert is_in(fresh)


@pytest.mark.parametrize(
    "origin", ["https://shop.example", "http://evil.localhost", "http://localhost:81", "https://localhost"]
)
def test_a_passkey_from_another_origin_is_refused(origin: str) -> None:
    key = with_passkey(make_member(), at_home())
    fresh = at_home()
    fresh.post(reverse("mfa_login_webauthn"), {"credential": key.sign(options_of(fresh), origin=origin)})
    assert not is_in(fresh)


def test_an_answer_to_an_older_question_is_refused() -> None:
    key = with_passkey(make_member(), at_home())
    fresh = at_home()
    seen = key.sign(options_of(fresh))
    options_of(fresh)
    fresh.post(reverse("mfa_login_webauthn"), {"credential": seen})
    assert not is_in(fresh)


@pytest.mark.parametrize(
    "sent", ["", "{}", "[]", "null", '{"response": 7}', '{"id": "x", "response": {"clientDataJSON": "!!"}}', "x" * 5000]
)
def test_nonsense_instead_of_a_passkey_is_refused_without_a_fault(sent: str) -> None:
    fresh = at_home()
    options_of(fresh)
    assert fresh.post(reverse("mfa_login_webauthn"), {"credential": sent}).status_code in (200, 302)
    assert not is_in(fresh)
    member = log_in(at_home(), make_member())
    member.get(reverse("mfa_add_webauthn"))
    assert member.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": sent}).status_code in (200, 302)
    assert not Authenticator.objects.exists()


def test_somebody_elses_handle_does_not_open_their_account() -> None:
    mine, victim = with_passkey(make_member(), at_home()), make_member()
    with_passkey(victim, at_home())
    mine.handle = at_home_handle(victim)
    fresh = at_home()
    fresh.post(reverse("mfa_login_webauthn"), {"credential": mine.sign(options_of(fresh))})
    assert not is_in(fresh)


def at_home_handle(member: Member) -> bytes:
    from allauth.account.utils import user_pk_to_url_str

    return str(user_pk_to_url_str(member)).encode()


def test_a_passkey_is_also_the_second_step_after_a_password() -> None:
    member = make_member(password=PASSWORD)
    key = with_passkey_by(member)
    fresh = at_home()
    answer = fresh.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert not is_in(fresh)
    page = fresh.get(reverse("mfa_authenticate"))
    fresh.post(reverse("mfa_authenticate"), {"credential": key.sign(asked(page))})
    assert is_in(fresh)


def with_passkey_by(member: Member) -> Passkey:
    client = log_in(at_home(), member)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_add_webauthn"))
    key = Passkey(HERE)
    client.post(reverse("mfa_add_webauthn"), {"name": "", "passwordless": "on", "credential": key.make(asked(page))})
    return key


KEYS = ("mfa_activate_totp", "mfa_add_webauthn")


def came_in(member: Member, **later: int) -> Client:
    """Somebody who logged in by password, `seconds` ago."""
    client = at_home()
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= later.get("seconds", 0)
    session.save()
    return client


@pytest.mark.parametrize("page", KEYS)
def test_within_five_minutes_of_a_login_nobody_is_asked_twice(page: str) -> None:
    assert came_in(make_member(password=PASSWORD), seconds=290).get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", KEYS)
def test_five_minutes_after_a_login_the_password_is_asked_again(page: str) -> None:
    client = came_in(make_member(password=PASSWORD), seconds=301)
    assert client.get(reverse(page)).url.startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse(page)).status_code == 200


def test_a_session_without_a_login_of_its_own_is_asked_and_so_is_one_that_was_somebody_elses() -> None:
    member = make_member(password=PASSWORD)
    assert log_in(at_home(), member).get(reverse(KEYS[0])).status_code == 302
    shared = came_in(make_member(password=PASSWORD))
    shared.logout()
    assert log_in(shared, member).get(reverse(KEYS[0])).status_code == 302


def test_a_password_without_its_second_step_opens_no_page_of_keys() -> None:
    member = make_member(password=PASSWORD)
    give_authenticator(member)
    assert came_in(member).get(reverse("mfa_add_webauthn")).url.startswith(reverse("account_login"))


def test_a_key_that_does_not_ask_for_finger_face_or_pin_is_no_passkey() -> None:
    client = log_in(at_home(), make_member())
    page = client.get(reverse("mfa_add_webauthn"))
    weak = Passkey(HERE).make(asked(page), verified=False)
    client.post(reverse("mfa_add_webauthn"), {"passwordless": "on", "credential": weak})
    assert not Authenticator.objects.exists()


def test_a_code_of_the_app_is_good_once_in_every_process() -> None:
    member = make_member(password=PASSWORD)
    secret = give_authenticator(member)
    code = code_now(secret)
    for expected in (True, False):
        cache.clear()  # another process remembers nothing
        fresh = at_home()
        fresh.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
        fresh.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(fresh) is expected


def test_codes_are_guessed_five_times_however_many_browsers_and_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    at = clock.now()  # five minutes may end between two of the tries
    monkeypatch.setattr(factors, "clock_now", lambda: at)
    member = make_member(password=PASSWORD)
    secret = give_authenticator(member)
    for _ in range(5):
        cache.clear()
        fresh = at_home()
        fresh.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
        fresh.post(reverse("mfa_authenticate"), {"code": "000000"})
    cache.clear()
    fresh.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert not is_in(fresh)


def test_secrets_are_sealed_in_the_database() -> None:
    member = make_member()
    secret = give_authenticator(member)
    kept = Authenticator.objects.get(user=member).data["secret"]
    assert secret not in kept
    assert kept.startswith("f1:")


def test_the_staff_keeps_one_factor_at_least() -> None:
    member, client = make_staff(), at_home()
    log_in(client, member)
    client.post(reverse("mfa_deactivate_totp"))
    assert second_step.is_set(member)
    key_page = client.get(reverse("mfa_add_webauthn"))
    key = Passkey(HERE)
    client.post(reverse("mfa_add_webauthn"), {"passwordless": "on", "credential": key.make(asked(key_page))})
    client.post(reverse("mfa_deactivate_totp"))
    left = Authenticator.objects.get(user=member, type="webauthn")
    assert not Authenticator.objects.filter(user=member, type="totp").exists()
    client.post(reverse("mfa_remove_webauthn", args=[left.pk]))
    assert second_step.is_set(member)
    member.is_staff, member.staff_role, member.is_superuser = False, "", False
    member.save()
    client.post(reverse("mfa_remove_webauthn", args=[left.pk]))
    assert not second_step.is_set(member)


def test_setting_a_factor_stands_in_the_audit_log_and_ends_other_devices_of_staff() -> None:
    member = make_staff()
    other, client = log_in(at_home(), member), at_home()
    with_passkey(member, client)
    assert AuditEntry.objects.filter(action="factor.added", actor_id=member.pk).count() == 1
    assert is_in(client)
    assert not is_in(other)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_are_ours_in_both_languages(language: str) -> None:
    client = at_home()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    with_passkey(make_member(), client)
    key = Authenticator.objects.get(type="webauthn").pk
    pages: list[tuple[str, list[int]]] = [
        ("mfa_index", []),
        ("mfa_list_webauthn", []),
        ("mfa_add_webauthn", []),
        ("mfa_edit_webauthn", [key]),
        ("mfa_remove_webauthn", [key]),
        ("mfa_reauthenticate_webauthn", []),
    ]
    for name, args in pages:
        answer = client.get(reverse(name, args=args))
        assert answer.status_code == 200, name
        assert "ui/shop.css" in answer.content.decode(), name
