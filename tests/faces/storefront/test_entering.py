"""Signing in as pages: both languages, what a visitor did before belongs to them after, invitations tie."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.urls import reverse

from quanzi.base.shop.services import publish_text
from quanzi.growth.sources.models import Touch, Visitor
from quanzi.growth.sources.services import invitation_for
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.sms import KeptSms
from quanzi.people.trust.models import Tie
from tests.faces.storefront.browsing import browser
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db

ENTRANCES = ["account_login", "account_request_login_code", "account_signup", "account_reset_password"]


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    KeptSms.sent.clear()
    yield
    cache.clear()


def code() -> str:
    return re.findall(r"\d{6}", KeptSms.sent[-1][1])[0]


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "禾"), ("en", "Log in")])
@pytest.mark.parametrize("name", ENTRANCES)
def test_the_entrances_are_our_own_pages_in_both_languages(name: str, language: str, word: str) -> None:
    drawn = browser(language=language).get(reverse(name)).content.decode()
    assert "ui/shop.css" in drawn
    assert ("手机号" in drawn or "邮箱" in drawn) is (language == "zh-hans")
    assert ("phone number" in drawn.lower() or "e-mail" in drawn.lower()) is (language == "en")


def test_nobody_agrees_to_texts_that_are_not_there() -> None:
    url = reverse("account_signup")
    assert "加入即表示同意" not in browser().get(url).content.decode()
    for kind in ("terms", "privacy"):
        publish_text(kind=kind, body="约定", actor="test", now=clock.now())
    assert "加入即表示同意" in browser().get(url).content.decode()


@pytest.mark.parametrize("name", ["account_change_password", "account_email", "account_change_phone", "account_logout"])
def test_pages_that_change_the_login_are_ours_too(name: str) -> None:
    member = make_member(password="a-long-enough-password")
    drawn = browser(member).get(reverse(name), follow=True).content.decode()
    assert "ui/shop.css" in drawn


def test_a_member_without_password_may_set_one() -> None:
    drawn = browser(make_member()).get(reverse("account_set_password"), follow=True).content.decode()
    assert "至少十个字符" in drawn


def test_the_way_back_survives_from_login_to_code() -> None:
    drawn = browser().get(reverse("account_login") + "?next=/me/trust").content.decode()
    assert "/account/login/code/?next=%2Fme%2Ftrust" in drawn or "/account/login/code/?next=/me/trust" in drawn


def test_nobody_is_carried_to_another_site_after_login() -> None:
    member = make_member(password="a-long-enough-password")
    response = browser().post(
        reverse("account_login"),
        {"login": member.email, "password": "a-long-enough-password", "next": "https://evil.example/"},
    )
    assert (response.status_code, response.url) == (302, "/")


def test_a_wrong_code_is_told_on_the_page() -> None:
    client = browser(language="en")
    client.post(reverse("account_signup"), {"name": "小雨", "contact": "13900000001"})
    drawn = client.get(reverse("account_verify_phone")).content.decode()
    assert 'autocomplete="one-time-code"' in drawn
    assert "+8613900000001" in drawn
    wrong = "000000" if code() != "000000" else "111111"
    assert "This code is not right" in client.post(reverse("account_verify_phone"), {"code": wrong}).content.decode()


def test_who_signs_up_through_an_invitation_is_tied_to_the_host_and_keeps_the_visit() -> None:
    host = make_member()
    source = invitation_for(member=host, now=clock.now())
    client = browser()
    client.get(f"/i/{source.token}", follow=True)
    client.post(reverse("account_signup"), {"name": "小满", "contact": "13900000002"})
    assert not Tie.objects.exists()
    client.post(reverse("account_verify_phone"), {"code": code()})
    newcomer = Member.objects.get(phone="+8613900000002")
    assert Tie.objects.filter(source=host, target=newcomer, kind="invited").exists()
    assert Touch.objects.get(source=source).member == newcomer
    assert Visitor.objects.get().member == newcomer


def test_an_old_member_who_follows_an_invitation_is_not_tied_by_it() -> None:
    member = make_member(password="a-long-enough-password")
    source = invitation_for(member=make_member(), now=clock.now())
    client = browser()
    client.get(f"/i/{source.token}", follow=True)
    client.post(reverse("account_login"), {"login": member.email, "password": "a-long-enough-password"})
    assert client.get("/me").status_code == 200
    assert Touch.objects.get(source=source).member == member
    assert not Tie.objects.exists()


def test_the_second_step_is_switched_on_asked_at_login_and_saved_by_a_recovery_code() -> None:
    member = make_member(password="a-long-enough-password")
    client = browser()
    login = {"login": member.email, "password": "a-long-enough-password"}
    client.post(reverse("account_login"), login)
    answer = client.get(reverse("mfa_activate_totp"))
    assert "data:image/svg" in answer.content.decode()
    secret = client.session["mfa.totp.secret"]
    answer = client.post(reverse("mfa_activate_totp"), {"code": _code_now(secret)})
    assert answer.status_code == 302
    for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        assert "ui/shop.css" in client.get(reverse(name), follow=True).content.decode(), name
    codes = re.findall(r"<li>(\w+)</li>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    fresh = browser()
    assert fresh.post(reverse("account_login"), login).url.startswith(reverse("mfa_authenticate"))
    assert "第二步验证" in fresh.get(reverse("mfa_authenticate")).content.decode()
    fresh.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert fresh.get("/me").status_code == 200


def _code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, yield_hotp_counters_from_time().__next__()))
