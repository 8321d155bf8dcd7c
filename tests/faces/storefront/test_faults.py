"""Pages for what went wrong: right status, the reader's language, a way out."""

from __future__ import annotations

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from quanzi.faces.storefront import faults
from quanzi.kernel.errors import DomainError
from tests.faces.storefront.browsing import browser
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "这里没有这个页面"), ("en", "This page is not here")])
def test_a_page_that_is_not_there(language: str, words: str) -> None:
    response = browser(language=language).get("/no/such/page")
    assert response.status_code == 404
    assert words in response.content.decode()


def test_a_form_without_its_proof_of_origin_is_refused_with_the_way_back() -> None:
    client = Client(
        enforce_csrf_checks=True, headers={"accept-language": "zh-hans", "referer": "http://testserver/me/consents"}
    )
    client.force_login(make_member())
    response = client.post(reverse("storefront:consents"), {"on": "deals:email"})
    assert response.status_code == 403
    assert "请再发送一次" in response.content.decode()
    assert 'href="/me/consents"' in response.content.decode()


def test_a_form_with_its_proof_of_origin_works_without_script() -> None:
    member = make_member()
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    drawn = client.get(reverse("storefront:profile")).content.decode()
    token = drawn.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    fields = {"csrfmiddlewaretoken": token, "name": "小雨", "bio": "", "language": ""}
    assert client.post(reverse("storefront:profile"), fields).status_code == 302


@pytest.mark.parametrize(
    ("view", "given", "status", "words"),
    [
        (faults.bad_request, SuspiciousOperation(), 400, "没能读懂"),
        (faults.bad_request, RequestDataTooBig(), 413, "太大"),
        (faults.forbidden, None, 403, "不能打开"),
        (faults.too_many, None, 429, "次数太多"),
    ],
)
def test_each_fault_has_its_status_and_words(view, given, status: int, words: str) -> None:
    request = RequestFactory().get("/me")
    request.user, request.session = make_member(), Client().session
    with translation.override("zh-hans"):
        response = view(request, given)
    assert response.status_code == status
    assert words in response.content.decode()


def test_our_own_mistake_is_told_without_asking_the_database() -> None:
    def refuse(*_args):
        raise OperationalError

    with translation.override("en"), connection.execute_wrapper(refuse):
        response = faults.fault(RequestFactory().get("/me"))
    assert response.status_code == 500
    assert "That is our mistake" in response.content.decode()


def test_programs_are_told_in_json() -> None:
    response = faults.not_found(RequestFactory().get("/api/v1/nothing"))
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/json")


def test_a_fault_in_a_view_is_that_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(**_kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("quanzi.faces.storefront.community.me.hub.group_counts", fall)
    client = browser(make_member())
    client.raise_request_exception = False
    response = client.get(reverse("storefront:me"))
    assert response.status_code == 500
    assert "是我们出错了" in response.content.decode()


def test_a_refusal_of_a_rule_is_a_page_with_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_kwargs: object) -> None:
        raise DomainError

    monkeypatch.setattr("quanzi.faces.storefront.community.me.hub.group_counts", refuse)
    assert browser(make_member()).get(reverse("storefront:me")).status_code == 409
