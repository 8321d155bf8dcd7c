"""The list of devices: seen, ended, true after a password change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from quanzi.kernel import clock
from quanzi.people.accounts import services
from quanzi.people.accounts.errors import SessionNotFound
from quanzi.people.accounts.models import MemberSession
from quanzi.people.accounts.rules import device_of
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
PHONE_UA = "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def log_in(member, user_agent=PHONE_UA) -> Client:
    client = Client(headers={"user-agent": user_agent})
    client.post("/account/login/", {"login": member.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/email/").status_code == 200


def test_each_login_is_listed_with_its_device_the_current_one_first():
    member = make_member(password=PASSWORD)
    log_in(member, "curl/8")
    here = log_in(member)
    rows = services.list_sessions(member, current_key=here.session.session_key, now=clock.now())
    assert [(row.device, row.is_current) for row in rows] == [("Chrome · Android", True), ("", False)]
    assert rows[0].ip == "127.0.0.1"


def test_ending_a_session_logs_that_device_out_at_once():
    member = make_member(password=PASSWORD)
    there, here = log_in(member), log_in(member)
    row = MemberSession.objects.get(session_key=there.session.session_key)
    services.end_session(member=member, session_id=row.pk, now=clock.now())
    assert not is_in(there) and is_in(here)


def test_somebody_elses_session_cannot_be_ended():
    member, other = make_member(password=PASSWORD), make_member(password=PASSWORD)
    there = log_in(other)
    row = MemberSession.objects.get(session_key=there.session.session_key)
    with pytest.raises(SessionNotFound):
        services.end_session(member=member, session_id=row.pk, now=clock.now())
    assert is_in(there)


def test_ending_all_others_keeps_this_one():
    member = make_member(password=PASSWORD)
    others, here = [log_in(member), log_in(member)], log_in(member)
    assert services.end_other_sessions(member=member, current_key=here.session.session_key, now=clock.now()) == 2
    assert is_in(here) and not any(is_in(client) for client in others)


def test_a_password_change_ends_the_others_and_the_list_follows_the_new_key():
    member = make_member(password=PASSWORD)
    there, here = log_in(member), log_in(member)
    before = here.session.session_key
    new = {"oldpassword": PASSWORD, "password1": "another horse staple", "password2": "another horse staple"}
    assert here.post("/account/password/change/", new).status_code == 302
    assert is_in(here) and not is_in(there)
    assert here.session.session_key != before
    assert MemberSession.objects.filter(member=member, session_key=here.session.session_key).exists()


def test_logging_out_takes_the_device_off_the_list():
    member = make_member(password=PASSWORD)
    client = log_in(member)
    client.post("/account/logout/")
    assert not MemberSession.objects.exists() and not is_in(client)


def test_last_seen_is_written_at_most_once_in_ten_minutes(django_assert_max_num_queries):
    member = make_member(password=PASSWORD)
    client = log_in(member)
    seen = MemberSession.objects.get().seen_at
    is_in(client)
    assert MemberSession.objects.get().seen_at == seen
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        is_in(client)
    assert MemberSession.objects.get().seen_at > seen


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE_UA, "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130 MicroMessenger/8.0", "WeChat · Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Edg/140", "Edge · Windows"),
        ("", ""),
        ("\x00<script>", ""),
    ],
)
def test_a_device_is_named_in_words(agent, words):
    assert device_of(agent) == words


def test_the_language_of_the_profile_follows_the_member_to_the_browser():
    member = make_member(password=PASSWORD)
    services.update_profile(member=member, name="Lin", bio="", avatar=None, language="en", now=clock.now())
    client = log_in(member)
    assert client.cookies["django_language"].value == "en"
    assert "member_language" not in client.session
