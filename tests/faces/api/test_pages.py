"""Pages for people who let programs in: tokens, apps, the console's list, the reference."""

from __future__ import annotations

import re

import pytest
from allauth.idp.oidc.models import Client as App
from django.test import Client
from django.urls import reverse

from quanzi.faces.api.models import ApiToken
from quanzi.faces.api.oauth.services import is_safe_return
from quanzi.faces.api.pages.reference import PARTS, _operations
from quanzi.faces.api.scopes import SCOPES, STAFF, ScopeName
from quanzi.people.accounts.models import StaffRole
from tests.faces.api.conftest import ROOT
from tests.faces.api.shapes import operations
from tests.factories.people import log_in, make_member, make_staff

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def test_a_member_makes_a_token_on_the_page_uses_it_and_takes_it_back() -> None:
    me, client = make_member(), Client(headers=ENGLISH)
    log_in(client, me)
    where = reverse("programs:tokens")
    page = client.post(where, {"name": "my sheet", "days": "30", "scope": ["orders:read"]}).content.decode()
    found = re.search(r"qz_[\w-]{40,}", page)
    assert found
    assert Client().get(f"{ROOT}/orders", headers={"authorization": f"Bearer {found[0]}"}).status_code == 200
    later = client.get(where).content.decode()
    assert "my sheet" in later
    assert found[0] not in later
    client.post(where, {"act": "revoke", "token": ApiToken.objects.get().pk})
    assert Client().get(f"{ROOT}/orders", headers={"authorization": f"Bearer {found[0]}"}).status_code == 401


def test_what_is_missing_is_told_beside_its_field_and_rights_of_the_staff_are_not_offered() -> None:
    client = Client(headers=ENGLISH)
    log_in(client, make_member())
    refused = client.post(reverse("programs:tokens"), {"name": "x", "days": "30"})
    assert refused.status_code == 422
    assert "Please choose what the token may be used for." in refused.content.decode()
    assert "staff:read" not in refused.content.decode()
    forged = client.post(reverse("programs:tokens"), {"name": "x", "days": "30", "scope": ["staff:money"]})
    assert forged.status_code == 422
    assert not ApiToken.objects.exists()


def test_the_owner_registers_an_app_and_removes_it() -> None:
    client = Client(headers=ENGLISH)
    log_in(client, make_staff("owner"))
    where = reverse("console_programs:programs")
    form = {
        "name": "晨光",
        "kind": "confidential",
        "redirect_uris": "https://app.example/back",
        "scope": ["orders:read"],
    }
    page = client.post(where, form).content.decode()
    assert "qzs_" in page
    app = App.objects.get()
    assert app.id in page
    assert "qzs_" not in client.get(where).content.decode()
    client.post(reverse("console_programs:app_remove"), {"app": app.id})
    assert not App.objects.exists()
    bad = client.post(where, {**form, "redirect_uris": "http://app.example/", "scope": []})
    assert bad.status_code == 422
    assert "http://app.example/ cannot be used" in bad.content.decode()


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://app.example/back", True), ("http://127.0.0.1:8123/back", True), ("com.example.app:/back", True),
        ("http://app.example/", False), ("https://*.example/", False), ("https://a.example/#x", False), ("javascript:alert(1)", False),
        ("data:text/html,x", False), ("https://a@b.example/", False), ("myapp:/x", False), ("https://", False), ("//a.example", False),
    ],
)  # fmt: skip
def test_codes_are_sent_to_safe_addresses_only(address: str, is_safe: bool) -> None:
    assert is_safe_return(address) is is_safe


@pytest.mark.parametrize("role", [*StaffRole.values, "", None])
def test_only_who_manages_the_staff_opens_the_consoles_page_of_programs(role: str | None) -> None:
    client = Client(headers=ENGLISH)
    if role is not None:
        log_in(client, make_staff(role) if role else make_member())
    status = {"owner": 200, None: 302}.get(role, 403)
    assert client.get(reverse("console_programs:programs")).status_code == status
    for act in ("app_remove", "token_revoke"):
        where = reverse(f"console_programs:{act}")
        assert client.post(where).status_code == (302 if role in ("owner", None) else 403), role
        assert client.get(where).status_code == {"owner": 405, None: 302}.get(role, 403)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_reference_draws_every_operation_within_the_strict_policy(language: str) -> None:
    client = Client(headers={"accept-language": language})
    start = client.get(reverse("api_docs:start"))
    assert start.status_code == 200
    assert "unsafe" not in start.headers["Content-Security-Policy"]
    drawn = 0
    for part in PARTS:
        if part in _operations():
            page = client.get(reverse("api_docs:part", args=[part])).content.decode()
            drawn += sum(f'id="{one.id}"' in page for one in _operations()[part])
    assert drawn == len(operations())
    assert client.get(reverse("api_docs:part", args=["nothing"])).status_code == 404
    assert "out_of_stock" in client.get(reverse("api_docs:refusals")).content.decode()


def test_scopes_are_named_once() -> None:
    assert list(SCOPES) == list(ScopeName.__args__)  # type: ignore[attr-defined]
    assert set(SCOPES) > STAFF
