"""Who may call: tokens, sessions, visitors; how often; and what every refusal looks like."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from quanzi.base.audit.models import AuditEntry
from quanzi.faces.api import limits, services
from quanzi.faces.api.errors import BadToken
from quanzi.faces.api.models import ApiToken
from quanzi.faces.api.routes import catalogue
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.faces.api.conftest import ROOT, Caller, refusal_in
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
    assert services.recognise(secret=secret, now=now) == token
    with pytest.raises(BadToken):
        services.recognise(secret=secret, now=now + timedelta(days=1))


def test_a_locked_or_erased_members_token_opens_nothing() -> None:
    for change in ({"is_active": False}, {"erased_at": clock.now(), "email": None, "phone": None}):
        me = make_member()
        caller = Caller(me)
        Member.objects.filter(pk=me.pk).update(**change)
        assert caller.problem("GET", "/me") == (401, "bad_token")


def test_a_read_only_token_only_reads() -> None:
    caller = Caller(make_member(), is_read_only=True)
    assert caller.get("/cart")["rows"] == []
    assert caller.problem("POST", "/cart", {"sku_id": 1, "quantity": 1}) == (403, "token_is_read_only")


def test_a_token_cannot_make_a_token_a_person_with_a_session_can() -> None:
    me = make_member()
    assert Caller(me).problem("POST", "/me/tokens", {"name": "more"}) == (401, "sign_in_needed")
    client = Client(headers={"accept-language": "en"})
    client.force_login(me)
    made = client.post(f"{ROOT}/me/tokens", {"name": "till", "days": 7}, content_type="application/json")
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
    body = {"data": {"name": "till"}, "content_type": "application/json"}
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
    assert helper.get("/session")["permissions"] == ["orders.handle", "orders.view"]
    assert helper.get("/staff/orders") == {"items": [], "next": None}
    assert helper.problem("GET", "/staff/sources") == (403, "not_allowed")
    assert Caller(make_member()).problem("GET", "/staff/orders") == (403, "not_allowed")


@pytest.mark.parametrize(("member_calls", "is_member"), [(3, True), (3, False)])
def test_calls_are_counted_for_each_caller(monkeypatch: Any, member_calls: int, is_member: bool) -> None:
    monkeypatch.setattr(limits, "MEMBER_CALLS", member_calls)
    monkeypatch.setattr(limits, "VISITOR_CALLS", member_calls)
    monkeypatch.setattr(limits, "PERIOD_S", 3600)
    caller = Caller(make_member() if is_member else None)
    for _ in range(member_calls):
        caller.get("/categories")
    response = caller.ask("GET", "/categories")
    assert refusal_in(response) == (429, "too_many_calls")
    assert int(response.headers["Retry-After"]) > 0
    assert Caller(make_member()).get("/categories") == []


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
