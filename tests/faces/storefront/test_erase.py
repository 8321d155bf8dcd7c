"""The page on which a member closes the account, and the console's for whom it is done on request."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quanzi.growth.erasing.models import Erasure
from quanzi.people.accounts.models import Member, MemberSession
from tests.factories.people import give_authenticator, log_in, make_member, make_staff
from tests.factories.trade import make_received_order

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def test_a_member_reads_what_goes_ticks_it_and_is_logged_out() -> None:
    me = make_member()
    browser = log_in(Client(headers=ENGLISH), me)
    page = browser.get("/me/erase").content.decode()
    assert "kept for three years" in page and "/me/data" in page and "logging in takes it back" in page
    assert browser.post("/me/erase", {"words": "stay"}).status_code == 422
    asked = browser.post("/me/erase", {"words": "stay", "sure": "on"})
    assert asked.status_code == 200 and "You are logged out" in asked.content.decode()
    assert browser.get("/me").status_code == 302
    assert Erasure.objects.get(member=me).keeps_words
    assert not MemberSession.objects.filter(member=me).exists()


def test_what_is_open_is_named_with_the_way_to_it_and_no_button() -> None:
    browser = log_in(Client(headers=ENGLISH), make_received_order().member)
    page = browser.get("/me/erase").content.decode()
    assert "1 order is not finished" in page and 'href="/me/orders"' in page and 'name="sure"' not in page
    assert browser.post("/me/erase", {"sure": "on"}).status_code == 409


def test_the_second_step_is_asked_for_when_one_is_set() -> None:
    me = make_member()
    give_authenticator(me)
    answer = log_in(Client(), me).post("/me/erase", {"sure": "on"})
    assert answer.status_code == 302 and "reauthenticate" in answer.headers["Location"]
    assert not Erasure.objects.exists()


def test_an_owner_erases_on_request_or_takes_it_back() -> None:
    owner, one, other = make_staff("owner"), make_member(), make_member()
    desk = log_in(Client(headers=ENGLISH), owner)
    at = f"/console/members/{one.pk}/erase"
    assert "How the member asked for it" in desk.get(at).content.decode()
    desk.post(at, {"why": "letter", "words": "go", "when": "later"})
    assert "will be done on" in desk.get(at).content.decode()
    desk.post(at, {"act": "withdraw"})
    assert Erasure.objects.get(member=one).withdrawn_at is not None
    done = desk.post(f"/console/members/{other.pk}/erase", {"why": "letter", "words": "go", "when": "now"})
    assert done.headers["Location"] == "/console/members"
    assert Member.objects.get(pk=other.pk).erased_at is not None
    assert desk.get(f"/console/members/{other.pk}").status_code == 404


def test_staff_logs_a_member_out_everywhere_and_only_owners_their_colleagues() -> None:
    me, colleague = make_member(), make_staff("fulfilment")
    phone, theirs = log_in(Client(), me), log_in(Client(), colleague)
    desk = log_in(Client(headers=ENGLISH), make_staff("support"))
    assert "Log out everywhere" in desk.get(f"/console/members/{me.pk}").content.decode()
    desk.post(f"/console/members/{me.pk}/logins")
    desk.post(f"/console/members/{colleague.pk}/logins")
    assert phone.get("/me").status_code == 302 and theirs.get("/me").status_code == 200
    log_in(Client(), make_staff("owner")).post(f"/console/members/{colleague.pk}/logins")
    assert theirs.get("/me").status_code == 302


def test_a_member_logs_out_everywhere_here_too() -> None:
    me = make_member()
    phone, browser = log_in(Client(), me), log_in(Client(), me)
    answer: Any = browser.post("/me/sessions", {"act": "all"})
    assert answer.status_code == 302
    assert phone.get("/me").status_code == browser.get("/me").status_code == 302
