"""Signing up and logging in through the pages, by phone and by e-mail, with every way it can go wrong."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from quanzi.base.events.models import Event
from quanzi.people.accounts.models import CodesSent, Member, MemberSession
from quanzi.people.accounts.sms import KeptSms
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db

PHONE, E164 = "139 0000 0001", "+8613900000001"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    KeptSms.sent.clear()
    mail.outbox.clear()
    yield
    cache.clear()


def code_of(text: str) -> str:
    return re.search(r"(?<!\d)\d{6}(?!\d)", text)[0]


def last_sms_code() -> str:
    return code_of(KeptSms.sent[-1][1])


def sign_up(client: Client, contact: str = PHONE, name: str = "林小雨", **extra):
    return client.post("/account/signup/", {"name": name, "contact": contact, **extra})


def ask_code(client: Client, contact: str, **extra):
    return client.post("/account/login/code/", {"contact": contact, **extra})


def error_beside(answer, field: str) -> str:
    """What the page says beside a field; empty when it says nothing."""
    drawn = answer.content.decode().split(f'id="id_{field}-error">')
    return drawn[1].split("</p>")[0] if len(drawn) > 1 else ""


def joined() -> int:
    return Event.objects.filter(name="accounts.MemberJoined").count()


def test_signing_up_by_phone_makes_a_member_once_the_code_is_entered(client):
    answer = sign_up(client)
    assert answer.status_code == 302 and answer.url.startswith("/account/phone/verify/")
    attempt = Member.objects.get(phone=E164)
    assert attempt.confirmed_at is None and joined() == 0
    answer = client.post("/account/phone/verify/", {"code": last_sms_code()})
    assert answer.status_code == 302 and answer.url == "/"
    member = Member.objects.get(phone=E164)
    assert member.confirmed_at and member.phone_verified_at and member.name == "林小雨"
    assert not member.has_usable_password() and joined() == 1
    assert client.session["_auth_user_id"] == str(member.pk)


def test_signing_up_by_email_makes_a_member_once_the_code_is_entered(client):
    answer = sign_up(client, "Lin@Example.com")
    assert answer.status_code == 302 and answer.url.startswith("/account/confirm-email/")
    assert mail.outbox[-1].to == ["lin@example.com"]
    answer = client.post("/account/confirm-email/", {"code": code_of(mail.outbox[-1].body)})
    assert answer.status_code == 302
    member = Member.objects.get(email="lin@example.com")
    assert member.confirmed_at and member.email_verified_at and joined() == 1
    assert client.session["_auth_user_id"] == str(member.pk)


def test_a_wrong_code_is_refused_and_the_fifth_ends_it(client):
    sign_up(client)
    right = last_sms_code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(4):
        assert client.post("/account/phone/verify/", {"code": wrong}).status_code == 200
    assert client.post("/account/phone/verify/", {"code": wrong}).status_code == 302
    client.post("/account/phone/verify/", {"code": right})
    assert "_auth_user_id" not in client.session and Member.objects.get(phone=E164).confirmed_at is None


def test_guesses_sent_side_by_side_count_like_guesses_one_by_one(client):
    make_member(phone=E164)
    ask_code(client, PHONE)
    right, untouched = last_sms_code(), dict(client.session.items())
    for guess in range(5):
        client.post("/account/login/code/confirm/", {"code": f"{(int(right) + 1 + guess) % 1_000_000:06d}"})
        # What a request that started before the others were counted would still see:
        session = client.session
        session.update(untouched)
        session.save()
    client.post("/account/login/code/confirm/", {"code": right})
    assert "_auth_user_id" not in client.session


def test_an_expired_code_is_refused(client, monkeypatch):
    sign_up(client)
    right = last_sms_code()
    import time

    at = time.time()
    monkeypatch.setattr(time, "time", lambda: at + 301)
    client.post("/account/phone/verify/", {"code": right})
    assert "_auth_user_id" not in client.session


def test_a_code_is_good_once(client):
    member = make_member(phone=E164)
    ask_code(client, PHONE)
    right = last_sms_code()
    assert client.post("/account/login/code/confirm/", {"code": right}).status_code == 302
    assert client.session["_auth_user_id"] == str(member.pk)
    other = Client()
    other.post("/account/login/code/confirm/", {"code": right})
    assert "_auth_user_id" not in other.session


def test_logging_in_by_code_answers_alike_for_members_and_strangers(client):
    make_member(phone=E164, email="known@example.com")
    for known, stranger in ((PHONE, "13900000002"), ("known@example.com", "nobody@example.com")):
        answers = [ask_code(Client(), contact) for contact in (known, stranger)]
        assert answers[0].status_code == answers[1].status_code == 302
        assert answers[0].url == answers[1].url
        pages = [Client().get(answer.url) for answer in answers]
        assert pages[0].status_code == pages[1].status_code
    assert len(KeptSms.sent) == 2 and len(mail.outbox) == 2
    assert not re.search(r"\d{6}", KeptSms.sent[1][1])


def test_signing_up_with_a_taken_contact_answers_alike_and_makes_nobody(client):
    make_member(phone=E164, email="known@example.com")
    before = Member.objects.count()
    taken, free = sign_up(Client(), PHONE), sign_up(Client(), "13900000009")
    assert (taken.status_code, taken.url) == (free.status_code, free.url)
    assert Member.objects.count() == before + 1
    assert sign_up(Client(), "known@example.com").url == sign_up(Client(), "free@example.com").url
    assert "already" in KeptSms.sent[0][1] or "已" in KeptSms.sent[0][1]


def test_an_unfinished_attempt_under_ones_number_does_not_stand_in_the_way(client):
    squatter = Client()
    sign_up(squatter, name="别人")
    cache.clear()
    sign_up(client, name="林小雨")
    client.post("/account/phone/verify/", {"code": last_sms_code()})
    member = Member.objects.get(phone=E164)
    assert member.name == "林小雨" and not member.has_usable_password() and joined() == 1
    squatter.post("/account/phone/verify/", {"code": last_sms_code()})
    assert "_auth_user_id" not in squatter.session


def test_a_number_gets_five_codes_a_day_whoever_asks(client):
    for number in (E164, "+8613900000005"):
        CodesSent.objects.filter(recipient=number).delete()
    make_member(phone=E164)
    for contact in (PHONE, "13900000005"):
        for _ in range(5):
            cache.clear()
            assert ask_code(Client(), contact).status_code == 302
        cache.clear()
        refused = ask_code(Client(), contact)
        assert refused.status_code == 200 and "今天已经" in error_beside(refused, "contact")
    assert len(KeptSms.sent) == 10


def test_asking_too_often_for_one_number_is_slowed_down(client):
    statuses = [ask_code(Client(), "often@example.com").status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 200]


def test_a_password_logs_in_by_phone_and_by_email(client):
    member = make_member(phone=E164, email="p@example.com", password="correct horse battery")
    for contact in (PHONE, E164, "P@example.com"):
        visitor = Client()
        answer = visitor.post("/account/login/", {"login": contact, "password": "correct horse battery"})
        assert answer.status_code == 302 and visitor.session["_auth_user_id"] == str(member.pk)


def test_a_wrong_password_and_an_unknown_person_read_the_same(client):
    make_member(phone=E164, email="p@example.com", password="correct horse battery")
    errors = set()
    for contact in (PHONE, "13900000008", "p@example.com", "nobody@example.com"):
        answer = Client().post("/account/login/", {"login": contact, "password": "wrong wrong wrong"})
        assert answer.status_code == 200
        errors.add(answer.content.decode().split('class="notice danger"')[1].split("</div>")[0])
    assert len(errors) == 1


def test_guessing_passwords_of_one_number_is_stopped_but_not_of_others(client):
    make_member(phone=E164, password="correct horse battery")
    make_member(phone="+8613900000007", password="correct horse battery")
    for _ in range(5):
        client.post("/account/login/", {"login": PHONE, "password": "guess"})
    answer = client.post("/account/login/", {"login": PHONE, "password": "correct horse battery"})
    assert answer.status_code == 200 and "_auth_user_id" not in client.session
    other = Client()
    assert (
        other.post("/account/login/", {"login": "13900000007", "password": "correct horse battery"}).status_code == 302
    )


def test_after_login_one_goes_on_to_pages_of_this_site_only(client):
    make_member(phone=E164, password="correct horse battery")
    data = {"login": PHONE, "password": "correct horse battery"}
    assert Client().post("/account/login/", {**data, "next": "/c/west-lake"}).url == "/c/west-lake"
    for bad in (
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "http://localhost:9/",
        "\\\\evil.example",
    ):
        assert Client().post("/account/login/", {**data, "next": bad}).url == "/"


def test_the_session_key_changes_at_login(client):
    make_member(phone=E164, password="correct horse battery")
    session = client.session
    session["cart"] = "kept"
    session.save()
    before = client.session.session_key
    client.cookies["sessionid"] = before
    client.post("/account/login/", {"login": PHONE, "password": "correct horse battery"})
    assert client.session.session_key != before and client.session["cart"] == "kept"


def test_a_locked_member_cannot_log_in(client):
    member = make_member(phone=E164, password="correct horse battery")
    Member.objects.filter(pk=member.pk).update(is_active=False)
    client.post("/account/login/", {"login": PHONE, "password": "correct horse battery"})
    ask_code(client, PHONE)
    assert "_auth_user_id" not in client.session and not MemberSession.objects.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": "", "contact": PHONE}, "name"),
        ({"name": "\u202e\u200b", "contact": PHONE}, "name"),
        ({"name": "名" * 41, "contact": PHONE}, "name"),
        ({"name": "林", "contact": ""}, "contact"),
        ({"name": "林", "contact": "12345"}, "contact"),
        ({"name": "林", "contact": "a@b"}, "contact"),
        ({"name": "林", "contact": "x" * 300}, "contact"),
        ({"name": "林", "contact": "a@example.com\r\nBcc: b@example.com"}, "contact"),
    ],
)
def test_a_bad_sign_up_names_the_field_and_makes_nobody(client, data, field):
    answer = client.post("/account/signup/", data)
    assert answer.status_code == 200 and error_beside(answer, field)
    assert not Member.objects.exists() and not KeptSms.sent and not mail.outbox


def test_what_the_form_does_not_ask_is_not_taken(client):
    sign_up(
        client,
        is_staff="1",
        staff_role="owner",
        is_superuser="1",
        confirmed_at="2020-01-01",
        password="x",
        password1="x",
    )
    attempt = Member.objects.get(phone=E164)
    assert (
        not attempt.is_staff and not attempt.is_superuser and attempt.staff_role == "" and attempt.confirmed_at is None
    )
    assert not attempt.has_usable_password()


def test_script_in_a_name_is_shown_as_text(client):
    sign_up(client, name="<script>alert(1)</script>")
    client.post("/account/phone/verify/", {"code": last_sms_code()})
    page = client.get("/account/email/").content.decode()
    assert "<script>alert(1)</script>" not in page


def test_the_back_room_has_no_door_of_its_own(client):
    make_member(phone=E164, password="correct horse battery")
    answer = client.get("/backroom/login/?next=/backroom/")
    assert answer.status_code == 302 and answer.url.startswith("/account/login/")
    client.post("/account/login/", {"login": PHONE, "password": "correct horse battery"})
    assert client.get("/backroom/login/?next=/backroom/").status_code == 403
