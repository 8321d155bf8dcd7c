"""Apps: a member lets one in on a page, it acts within what was given, and can be sent away."""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.idp.oidc.models import Client as App
from allauth.idp.oidc.models import Token
from django.db import connection
from django.test import Client
from django.urls import reverse

from quanzi.base.audit.models import AuditEntry
from quanzi.faces.api.oauth import services
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.faces.api.conftest import ROOT
from tests.factories.people import log_in, make_member, make_staff

pytestmark = pytest.mark.django_db
BACK = "https://app.example/back"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ENGLISH = {"accept-language": "en"}


def make_app(*, is_public: bool = True, scopes: Any = ("orders:read", "me:read", "staff:read")) -> tuple[App, str]:
    return services.register_app(
        name="晨光",
        redirect_uris=[BACK],
        scopes=scopes,
        is_public=is_public,
        actor=make_staff("owner"),
        now=clock.now(),
    )


def asked(app: App, **changed: str) -> str:
    sent = {
        "response_type": "code", "client_id": app.id, "redirect_uri": BACK, "scope": "orders:read me:read", "state": "s-1",
        "code_challenge": CHALLENGE, "code_challenge_method": "S256", **changed,
    }  # fmt: skip
    return f"{reverse('idp:oidc:authorization')}?{urlencode({key: value for key, value in sent.items() if value})}"


def let_in(app: App, me: Member, scopes: Any = ("orders:read", "me:read"), **changed: str) -> dict[str, list[str]]:
    """What the app hears at its address after the member's answer."""
    browser = Client(headers=ENGLISH)
    log_in(browser, me)
    page = browser.get(asked(app, **changed))
    assert page.status_code == 200, page.content.decode()
    signed = re.search(r'name="request" value="([^"]+)"', page.content.decode())
    assert signed
    answer = browser.post(
        reverse("idp:oidc:authorization"), {"request": signed[1], "scopes": list(scopes), "action": "grant"}
    )
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"].startswith(BACK)
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def redeem(app: App, secret: str = "", **sent: str) -> Any:
    body = {"client_id": app.id, **sent} | ({"client_secret": secret} if secret else {})
    return Client().post(reverse("idp:oidc:token"), body)


def with_code(app: App, code: str, secret: str = "", **changed: str) -> Any:
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        **changed,
    }
    return redeem(app, secret, **sent)


def call(token: str, path: str = "/orders") -> int:
    return Client().get(ROOT + path, headers={"authorization": f"Bearer {token}"}).status_code


@pytest.mark.parametrize("is_public", [True, False])
def test_an_app_acts_for_a_member_within_what_was_given(is_public: bool) -> None:
    me = make_member()
    app, secret = make_app(is_public=is_public)
    heard = let_in(app, me, scopes=["orders:read"])
    assert heard["state"] == ["s-1"]
    given = with_code(app, heard["code"][0], secret).json()
    assert (given["scope"], given["token_type"], given["expires_in"]) == ("orders:read", "Bearer", 3600)
    assert call(given["access_token"]) == 200
    assert call(given["access_token"], "/me") == 403
    again = redeem(app, secret, grant_type="refresh_token", refresh_token=given["refresh_token"]).json()
    assert call(again["access_token"]) == 200
    assert again["refresh_token"] != given["refresh_token"]
    kept = str(list(Token.objects.values()))
    assert again["access_token"] not in kept
    assert again["refresh_token"] not in kept


def test_the_page_names_the_app_and_lets_the_browser_go_back_to_it_only() -> None:
    app, _ = make_app()
    browser = Client(headers=ENGLISH)
    assert browser.get(asked(app)).headers["Location"].startswith("/account/login/")
    log_in(browser, make_member())
    page = browser.get(asked(app))
    assert "Let “晨光” in?" in page.content.decode()
    assert "form-action 'self' https://app.example;" in page.headers["Content-Security-Policy"] + ";"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_no_means_no() -> None:
    app, _ = make_app()
    browser = Client(headers=ENGLISH)
    log_in(browser, make_member())
    signed = re.search(r'name="request" value="([^"]+)"', browser.get(asked(app)).content.decode())
    assert signed
    answer = browser.post(reverse("idp:oidc:authorization"), {"request": signed[1], "action": "cancel"})
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["error"] == ["access_denied"]
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"code_challenge": ""}, {"code_challenge_method": "plain"}, {"code_challenge_method": ""}, {"client_id": "nobody"},
        {"redirect_uri": "https://evil.example/"}, {"redirect_uri": BACK + "/more"}, {"redirect_uri": ""},
    ],
)  # fmt: skip
def test_an_app_that_asks_wrongly_hears_nothing(changed: dict[str, str]) -> None:
    app, _ = make_app()
    browser = Client(headers=ENGLISH)
    log_in(browser, make_member())
    answer = browser.get(asked(app, **changed))
    assert "This app asked in a way that we do not accept" in answer.content.decode()
    assert answer.status_code == 400


@pytest.mark.parametrize(("scope", "kind"), [("orders:write", "code"), ("openid", "code"), ("orders:read", "token")])
def test_what_the_operator_did_not_register_is_not_asked(scope: str, kind: str) -> None:
    app, _ = make_app()
    browser = Client(headers=ENGLISH)
    log_in(browser, make_member())
    answer = browser.get(asked(app, scope=scope, response_type=kind))
    assert answer.status_code == 302
    assert "error=" in answer.headers["Location"]
    assert "access_token" not in answer.headers["Location"]


def test_rights_of_the_staff_are_asked_of_the_staff_only() -> None:
    app, _ = make_app()
    heard = let_in(app, make_member(), ["orders:read"], scope="orders:read staff:read")
    assert with_code(app, heard["code"][0]).json()["scope"] == "orders:read"
    heard = let_in(app, make_staff("owner"), ["staff:read"], scope="orders:read staff:read")
    given = with_code(app, heard["code"][0]).json()
    assert call(given["access_token"], "/staff/orders") == 200


def test_a_code_is_good_once_shortly_and_only_with_its_verifier_and_address() -> None:
    me = make_member()
    app, _ = make_app()
    code = let_in(app, me)["code"][0]
    assert with_code(app, code, code_verifier="w" * 64).status_code == 400
    code = let_in(app, me)["code"][0]
    assert with_code(app, code, redirect_uri=BACK + "x").status_code == 400
    code = let_in(app, me)["code"][0]
    assert with_code(app, code).status_code == 200
    assert with_code(app, code).status_code == 400
    other, _ = make_app()
    assert with_code(other, let_in(app, me)["code"][0]).status_code == 400


def test_an_app_that_keeps_a_secret_must_show_it() -> None:
    app, secret = make_app(is_public=False)
    code = let_in(app, make_member())["code"][0]
    assert with_code(app, code).status_code == 401
    assert with_code(app, code, "qzs_wrong").status_code == 401
    assert with_code(app, code, secret).status_code == 200


def test_a_refresh_token_that_is_shown_twice_ends_all_access() -> None:
    app, _ = make_app()
    first = with_code(app, let_in(app, make_member())["code"][0]).json()
    second = redeem(app, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert call(second["access_token"]) == 200
    stolen = redeem(app, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert call(second["access_token"]) == 401
    assert AuditEntry.objects.filter(action="app.refresh_seen_twice").count() == 1


def test_a_code_that_is_shown_twice_ends_the_access_that_it_gave() -> None:
    app, _ = make_app()
    code = let_in(app, make_member())["code"][0]
    given = with_code(app, code).json()
    assert call(given["access_token"]) == 200
    stolen = with_code(app, code)
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert call(given["access_token"]) == 401
    assert redeem(app, grant_type="refresh_token", refresh_token=given["refresh_token"]).status_code == 400


def test_an_app_gives_its_access_back_and_a_member_takes_it_back() -> None:
    me = make_member()
    app, _ = make_app()
    given = with_code(app, let_in(app, me)["code"][0]).json()
    revoked = Client().post(reverse("idp:oidc:revoke"), {"client_id": app.id, "token": given["refresh_token"]})
    assert revoked.status_code == 200
    assert call(given["access_token"]) == 401
    given = with_code(app, let_in(app, me)["code"][0]).json()
    browser = Client(headers=ENGLISH)
    log_in(browser, me)
    assert "晨光" in browser.get(reverse("programs:apps")).content.decode()
    browser.post(reverse("programs:apps"), {"app": app.id})
    assert call(given["access_token"]) == 401
    assert redeem(app, grant_type="refresh_token", refresh_token=given["refresh_token"]).status_code == 400
    assert browser.post(reverse("programs:apps"), {"app": app.id}).status_code == 404


def test_a_locked_member_and_a_removed_app_end_it() -> None:
    me = make_member()
    app, _ = make_app()
    given = with_code(app, let_in(app, me)["code"][0]).json()
    Member.objects.filter(pk=me.pk).update(is_active=False)
    assert call(given["access_token"]) == 401
    assert redeem(app, grant_type="refresh_token", refresh_token=given["refresh_token"]).status_code == 400
    Member.objects.filter(pk=me.pk).update(is_active=True)
    services.remove_app(client_id=app.id, actor=me, now=clock.now())
    assert call(given["access_token"]) == 401


def test_the_night_forgets_what_is_over() -> None:
    app, _ = make_app()
    with_code(app, let_in(app, make_member())["code"][0])
    services.forget_spent(now=clock.now() + timedelta(hours=2))
    assert [token.type for token in Token.objects.all()] == ["rt"]
    services.forget_spent(now=clock.now() + timedelta(days=61))
    assert not Token.objects.exists()


def test_programs_find_the_doors_by_themselves() -> None:
    found = Client().get("/.well-known/oauth-authorization-server").json()
    assert found["issuer"] == "http://testserver"
    assert found["token_endpoint"] == "http://testserver/oauth/token"
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["response_types_supported"] == ["code"]


@pytest.mark.django_db(transaction=True)
def test_one_code_is_redeemed_once_however_many_ask_at_once() -> None:
    app, _ = make_app()
    code, start, found = let_in(app, make_member())["code"][0], threading.Barrier(4), []

    def ask() -> None:
        start.wait()
        found.append(with_code(app, code).status_code)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, 400, 400, 400]
    assert not Token.objects.filter(type="at").exists()  # somebody else had it too, so what it gave ended again
