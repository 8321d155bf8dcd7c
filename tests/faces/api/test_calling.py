"""Who may call: tokens, sessions, visitors; how often; and what every refusal looks like."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quanzi.base.audit.models import AuditEntry
from quanzi.faces.api import errors, limits, services
from quanzi.faces.api.credentials import recognise
from quanzi.faces.api.errors import BadToken
from quanzi.faces.api.models import ApiToken
from quanzi.faces.api.routes import catalogue
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import ROLE_PERMISSIONS
from tests.faces.api.conftest import ROOT, Caller, refusal_in
from tests.factories.community import make_circle, make_post
from tests.factories.people import make_member, make_staff

pytestmark = pytest.mark.django_db


def test_a_token_speaks_for_its_member_until_it_is_taken_back() -> None:
    me = make_member("林小雨")
    caller = Caller(me)
    assert caller.get("/session")["member"]["name"] == "林小雨"
    assert [one["id"] for one in caller.get("/me/tokens")] == [caller.token.pk]
    caller.send("DELETE", f"/me/tokens/{caller.token.pk}", status=204)
    assert caller.problem("GET", "/session") == (401, "bad_token")
    assert AuditEntry.objects.filter(action="token.revoke").count() == 1


def test_only_a_digest_of_the_secret_is_kept_and_it_expires() -> None:
    now = clock.now()
    token, secret = services.make_token(member=make_member(), name="till", days=1, now=now)
    assert secret not in str(ApiToken.objects.values().get(pk=token.pk))
    assert recognise(secret=secret, now=now).who == f"token {token.pk}"
    with pytest.raises(BadToken):
        recognise(secret=secret, now=now + timedelta(days=1))


def test_a_locked_or_erased_members_token_opens_nothing() -> None:
    for change in ({"is_active": False}, {"erased_at": clock.now(), "email": None, "phone": None}):
        me = make_member()
        caller = Caller(me)
        Member.objects.filter(pk=me.pk).update(**change)
        assert caller.problem("GET", "/me") == (401, "bad_token")


def test_a_token_does_what_its_scopes_say_and_nothing_else() -> None:
    caller = Caller(make_member(), scopes=["orders:read"])
    assert caller.get("/cart")["rows"] == []
    answer = caller.ask("POST", "/cart", {"sku_id": 1, "quantity": 1})
    assert refusal_in(answer) == (403, "scope_needed")
    assert answer.json()["params"] == {"scope": "orders:write"}
    assert caller.problem("GET", "/me") == (403, "scope_needed")
    assert caller.problem("POST", "/orders/1/payments", {"provider": "paysim"}, key="a-key-1234")[1] == "scope_needed"


def test_where_visitors_come_in_a_token_without_the_scope_is_a_visitor() -> None:
    circle = make_circle(admission="invitation")
    make_post(author=circle.founder, circle=circle)
    assert Caller(circle.founder, scopes=["community:read"]).get(f"/circles/{circle.slug}/feed")["items"]
    assert Caller(circle.founder, scopes=["orders:read"]).problem("GET", f"/circles/{circle.slug}/feed")[0] == 404


def test_the_role_of_the_staff_sleeps_in_a_token_without_their_scopes() -> None:
    owner = make_staff("owner")
    assert Caller(owner, scopes=["me:read"]).get("/session")["permissions"] == []
    assert "staff.manage" in Caller(owner, scopes=["staff:read"]).get("/session")["permissions"]
    owner.authenticator_set.all().delete()
    assert Caller(owner, scopes=["staff:read"]).get("/session")["permissions"] == []


def test_a_token_to_write_in_ones_own_name_does_not_act_for_the_shop() -> None:
    """Also not when it may read what the shop knows; with the right to write for the shop it does."""
    moderator, post = make_staff("moderator"), make_post()
    mine = ["community:read", "community:write"]
    path, body = f"/posts/{post.pk}/hiding", {"reason": "advertising"}
    for more in ([], ["staff:read"], ["webhooks:read"]):
        assert Caller(moderator, scopes=mine + more).problem("PUT", path, body)[0] in (403, 404)
    Caller(moderator, scopes=[*mine, "staff:write"]).send("PUT", path, body, status=204)


def test_rights_of_the_staff_are_not_given_by_members() -> None:
    with pytest.raises(errors.StaffOnlyScopes):
        services.make_token(member=make_member(), name="till", scopes=["staff:read"], now=clock.now())
    with pytest.raises(errors.ScopesNeeded):
        services.make_token(member=make_member(), name="till", scopes=["nothing"], now=clock.now())


def test_a_token_cannot_make_a_token_a_person_with_a_session_can() -> None:
    me = make_member()
    assert Caller(me).problem("POST", "/me/tokens", {"name": "more"}) == (401, "sign_in_needed")
    client = Client(headers={"accept-language": "en"})
    client.force_login(me)
    made = client.post(
        f"{ROOT}/me/tokens", {"name": "till", "days": 7, "scopes": ["me:read"]}, content_type="application/json"
    )
    assert made.status_code == 201
    client.logout()
    with_token = client.get(f"{ROOT}/session", headers={"authorization": f"Bearer {made.json()['secret']}"})
    assert with_token.json()["member"]["id"] == me.pk


def test_a_session_needs_the_csrf_header_to_write_and_not_to_read() -> None:
    me = make_member()
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(me)
    said = client.get(f"{ROOT}/session").json()
    assert said["csrf_token"]
    body = {"data": {"name": "till", "scopes": ["me:read"]}, "content_type": "application/json"}
    assert refusal_in(client.post(f"{ROOT}/me/tokens", **body)) == (403, "csrf_failed")
    made = client.post(f"{ROOT}/me/tokens", headers={"X-CSRFToken": said["csrf_token"]}, **body)
    assert made.status_code == 201
    out = client.delete(f"{ROOT}/session", headers={"X-CSRFToken": said["csrf_token"]})
    assert out.status_code == 204
    assert client.get(f"{ROOT}/session").json()["member"] is None


def test_a_visitor_reads_what_is_public_and_is_asked_to_log_in_for_the_rest() -> None:
    visitor = Caller()
    assert visitor.get("/products") == {"items": [], "next": None}
    assert visitor.get("/session") == {"member": None, "permissions": [], "csrf_token": ""}
    response = visitor.ask("GET", "/me")
    assert refusal_in(response) == (401, "sign_in_needed")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer qz_no", "Bearer \ud83d\ude00", "bearer x y z", "Bearer " + "x" * 5000]
)
def test_a_token_that_is_none_is_refused_also_where_visitors_come_in(header: str) -> None:
    response = Client().get(f"{ROOT}/products", headers={"authorization": header})
    assert refusal_in(response) == (401, "bad_token")


def test_words_follow_the_readers_language_and_codes_stay() -> None:
    english = Caller().ask("GET", "/me").json()
    chinese = Caller(language="zh-hans").ask("GET", "/me").json()
    assert english["code"] == chinese["code"] == "sign_in_needed"
    assert english["detail"].isascii()
    assert not chinese["detail"].isascii()


def test_permissions_of_a_role_are_told_and_others_refused() -> None:
    helper = Caller(make_staff("fulfilment"))
    assert set(helper.get("/session")["permissions"]) == ROLE_PERMISSIONS["fulfilment"]
    assert helper.get("/staff/orders") == {"items": [], "next": None}
    assert helper.problem("GET", "/staff/sources") == (403, "not_allowed")
    assert Caller(make_member()).problem("GET", "/staff/orders") == (403, "scope_needed")


@pytest.mark.parametrize("is_member", [True, False])
def test_calls_are_counted_for_each_caller_and_told(settings: Any, monkeypatch: Any, is_member: bool) -> None:
    settings.API_MEMBER_CALLS = settings.API_VISITOR_CALLS = 3
    monkeypatch.setattr(limits, "PERIOD_S", 3600)
    caller = Caller(make_member() if is_member else None)
    for left in (2, 1, 0):
        response = caller.ask("GET", "/categories")
        assert f"r={left};" in response.headers["RateLimit"]
        assert ";q=3;w=3600" in response.headers["RateLimit-Policy"]
    response = caller.ask("GET", "/categories")
    assert refusal_in(response) == (429, "too_many_calls")
    assert int(response.headers["Retry-After"]) > 0
    assert Caller(make_member()).get("/categories") == []


@pytest.mark.parametrize("is_member", [True, False])
def test_a_call_that_only_reads_writes_nothing(is_member: bool) -> None:
    caller = Caller(make_member() if is_member else None)
    caller.get("/session")
    with CaptureQueriesContext(connection) as seen:
        answer = caller.ask("GET", "/session")
    assert "RateLimit" in answer.headers
    assert all(one["sql"].lstrip().startswith("SELECT") for one in seen.captured_queries)
    assert len([one for one in seen.captured_queries if 'FROM "api_apitoken"' in one["sql"]]) == is_member


def test_whoever_guesses_tokens_is_soon_told_to_wait() -> None:
    client = Client(headers={"authorization": "Bearer qz_guess"})
    codes = [client.get(f"{ROOT}/me").status_code for _ in range(limits.GUESSES + 1)]
    assert set(codes[:-1]) == {401}
    assert codes[-1] == 429


@pytest.mark.parametrize("kind", ["application/xml", "text/xml", "application/x-www-form-urlencoded", "text/plain"])
def test_a_body_that_says_it_is_no_json_is_refused_by_its_kind(kind: str) -> None:
    caller = Caller(make_member())
    answer = caller.client.post(f"{ROOT}/cart", data="<quantity>1</quantity>", content_type=kind)
    assert refusal_in(answer) == (415, "not_json")


def test_unknown_addresses_and_methods_are_problems_too() -> None:
    visitor = Caller()
    for path in ("/nothing", "/products/a/b/c", "/"):
        assert refusal_in(visitor.client.get(ROOT + path)) == (404, "no_such_address")
    assert refusal_in(visitor.client.get("/api/v2/products")) == (404, "no_such_address")
    response = visitor.ask("DELETE", "/products")
    assert refusal_in(response) == (405, "method_not_offered")
    assert response.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    "body",
    [b"{", b"[1", b"\xff\xfe", b'{"name": NaN}', b'{"name": "a", "name": "b"}', b"[" * 20_000, b'{"days": 1e999}', b'"\\ud800"'],
)  # fmt: skip
def test_a_body_that_is_no_clean_json_is_refused(body: bytes) -> None:
    client = Client()
    client.force_login(make_member())
    response = client.post(f"{ROOT}/me/tokens", body, content_type="application/json")
    status, _ = refusal_in(response)
    assert status in (400, 422)


def test_a_huge_body_is_refused_before_it_is_read() -> None:
    caller = Caller(make_member())
    body = '{"name": "' + "x" * 3_000_000 + '"}'
    assert refusal_in(caller.ask("PUT", "/me", body)) == (413, "request_too_large")


def test_an_accident_is_written_down_and_told_without_its_inside(monkeypatch: Any, caplog: Any) -> None:
    def accident() -> None:
        raise RuntimeError("the inside of the shop")

    monkeypatch.setattr(catalogue.queries, "categories", accident)
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    response = client.get(f"{ROOT}/categories")
    assert refusal_in(response) == (500, "unexpected")
    assert "inside" not in response.content.decode()
    assert "the inside of the shop" in caplog.text
