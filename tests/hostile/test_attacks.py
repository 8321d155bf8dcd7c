"""Attacks that belong to no single room. docs/security/attacks.md says where each of the others is tried."""

from __future__ import annotations

import importlib
import logging
import pkgutil
import re
import statistics
import time
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

import quanzi
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.sms import KeptSms
from quanzi.site.logs import OneLine
from tests.faces.api.conftest import Caller
from tests.faces.api.world import World
from tests.faces.console.desk import small_shop, staff_client
from tests.factories.people import log_in, make_address, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("default")]

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    cache.clear()
    KeptSms.sent.clear()
    yield
    cache.clear()


def _seconds(login: str) -> float:
    """Processor time of one wrong password; waiting for other programs does not count."""
    cache.clear()
    began = time.process_time()
    Client().post("/account/login/", {"login": login, "password": "not the right one"})
    return time.process_time() - began


def test_a_wrong_password_takes_as_long_for_a_member_as_for_a_stranger(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    make_member(email="known@example.com", password=PASSWORD)
    _seconds("known@example.com")
    known, strange = [], []
    for _ in range(3):
        known.append(_seconds("known@example.com"))
        strange.append(_seconds("nobody@example.com"))
    assert statistics.median(known) == pytest.approx(statistics.median(strange), rel=0.35)
    assert min(known) > 0.05, "the hash is so cheap that nothing was measured"


def test_codes_to_many_numbers_from_one_address_have_an_end() -> None:
    for number in range(30):
        Client().post("/account/login/code/", {"contact": f"1390000{number:04d}"})
    sent = len(KeptSms.sent)
    for number in range(30, 40):
        answer = Client().post("/account/login/code/", {"contact": f"1390000{number:04d}"})
        assert answer.status_code in (200, 429)
    assert len(KeptSms.sent) == sent <= 30


@pytest.mark.parametrize("there", [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "http:evil.example", "javascript:alert(1)",
    "https:/evil.example", "/%09/evil.example", " //evil.example", "https://testserver@evil.example/", "///evil.example",
])  # fmt: skip
def test_no_way_back_leads_to_another_site(there: str) -> None:
    member = make_member(email="back@example.com", password=PASSWORD)
    answers = [
        Client().post("/account/login/", {"login": "back@example.com", "password": PASSWORD, "next": there}),
        log_in(Client(), member).post("/preferences/language", {"language": "en", "next": there}),
        log_in(Client(), member).post("/account/logout/", {"next": there}),
        Client().get("/backroom/login/", {"next": there}),
    ]
    for answer in answers:
        assert answer.status_code == 302
        location = answer.headers["Location"]
        assert location.startswith("/"), location
        assert not location.startswith(("//", "/\\")), location


def test_fields_that_a_form_does_not_offer_are_not_taken() -> None:
    member = make_member()
    smuggled = {
        "is_staff": "on",
        "is_superuser": "1",
        "staff_role": "owner",
        "is_leader": "1",
        "is_active": "",
        "phone": "13911112222",
    }
    log_in(Client(), member).post("/me/profile", {"name": "林小雨", "bio": "", "language": "zh-hans", **smuggled})
    after = Member.objects.get(pk=member.pk)
    assert (after.is_staff, after.is_superuser, after.staff_role, after.is_leader) == (False, False, "", False)
    assert after.phone == member.phone


@pytest.mark.parametrize("page", ["999999999999999999999", "-1", "0", "1e9", "NaN", "１２", "%00", "a" * 3_000])
def test_a_page_number_beyond_all_pages_is_no_accident(page: str) -> None:
    small_shop()
    client = staff_client("owner")
    for name in ("orders", "members", "audit", "goods", "ledger", "reports"):
        for word in ("page", "cursor", "before", "after"):
            assert client.get(f"{reverse(f'console:{name}')}?{word}={page}").status_code < 500, (name, word)
    for path in ("/search?q=a&", "/deals?", "/discover?", "/feed?", "/me/orders?", "/messages?"):
        assert client.get(f"{path}page={page}&cursor={page}&before={page}").status_code < 500, path


@pytest.mark.parametrize(
    "words", ["%%%", "%", "_", "\\", "'", "a%00b", "((((", "a" * 5_000, "[" * 500, "& | ! :*", "💩"]
)
def test_a_search_for_signs_of_the_database_is_literal_and_quick(words: str) -> None:
    began = time.process_time()
    for path, name in (("/search", "q"), ("/api/v1/products", "words"), ("/circles", "q")):
        assert Client().get(path, {name: words}).status_code in (200, 422), path
    assert staff_client("owner").get("/console/search", {"q": words}).status_code in (200, 302)
    assert time.process_time() - began < 3


EVIL = [
    sign * 2_000 + end
    for sign in ("a", "0", " ", "-", "/", ".", "a.", "<", "http://", "\t", "，", "%", '"', "=")
    for end in ("", "!", "\n")
]


def test_no_pattern_of_ours_needs_long_for_any_text() -> None:
    patterns = {one for module in _modules() for one in vars(module).values() if isinstance(one, re.Pattern)}
    assert len(patterns) > 15
    for pattern in patterns:
        evil: list[Any] = [text.encode() for text in EVIL] if isinstance(pattern.pattern, bytes) else list(EVIL)
        for text in evil:
            for look in (pattern.search, pattern.fullmatch, pattern.match):
                began = time.thread_time()
                look(text)
                assert time.thread_time() - began < 0.1, (pattern.pattern, text[:10])


def _modules() -> list[Any]:
    names = [one.name for one in pkgutil.walk_packages(quanzi.__path__, "quanzi.")]
    return [
        importlib.import_module(name)
        for name in names
        if not name.endswith(("sgi", "__main__")) and ".testing" not in name
    ]


def test_nobody_writes_a_line_of_their_own_into_the_log() -> None:
    record = logging.LogRecord(
        "a", logging.WARNING, "", 0, "asked for %s", ("x\r\n2026-01-01 ERROR forged\x1b[2K\u202e",), None
    )
    line = OneLine("{levelname} {message}", style="{").format(record)
    assert line.splitlines() == [r"WARNING asked for x\x0d\x0a2026-01-01 ERROR forged\x1b[2K\u202e"]


def test_a_line_of_the_log_says_when_in_which_zone() -> None:
    form = settings.LOGGING["formatters"]["plain"]
    line = OneLine(form["format"], form["datefmt"], form["style"]).format(
        logging.LogRecord("quanzi", logging.WARNING, "", 0, "here", (), None)
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} WARNING quanzi: here", line)


def test_the_log_knows_no_telephone_number_address_name_or_token(world: World, caplog: Any, settings: Any) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)  # statements are written in development only
    member = make_member(email="secret.person@example.com", phone="+8613700001234", password=PASSWORD)
    make_address(member, recipient="密林", phone="13700005678", detail="隐秘路 77 号")
    Client().post("/account/login/", {"login": "secret.person@example.com", "password": "Wr0ng-and-secret"})
    Client().post("/account/login/code/", {"contact": "13700001234"})
    browser, caller = log_in(Client(), member), Caller(member)
    for path in ("/me/addresses", "/me/profile", "/me/orders", "/nothing", "/o/NOTHING"):
        browser.get(path)
    browser.post("/me/addresses/new", {"recipient": "密林", "phone": "bad-13700005678", "detail": "隐秘路 77 号"})
    caller.ask(
        "POST", "/me/addresses", {"recipient": "密林", "phone": "13700005678", "region_code": "1", "detail": "隐秘路"}
    )
    Caller().client.get("/api/v1/me", headers={"authorization": "Bearer qz_not-a-token-but-secret"})
    code = re.search(r"\d{6}", KeptSms.sent[-1][1])
    assert code
    written = "\n".join(OneLine().format(one) for one in caplog.records)
    assert written
    secret = caller.headers["authorization"].removeprefix("Bearer ")
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    for word in (
        "1370000",
        "secret.person",
        "Wr0ng",
        "密林",
        "隐秘路",
        "not-a-token",
        secret,
        session,
        PASSWORD,
        code[0],
    ):
        assert word not in written, word


def test_an_account_that_is_gone_or_locked_answers_like_one_that_never_was() -> None:
    member = make_member(email="locked@example.com", password=PASSWORD)
    Member.objects.filter(pk=member.pk).update(is_active=False)
    texts = []
    for login in ("locked@example.com", "never@example.com"):
        cache.clear()
        drawn = Client().post("/account/login/", {"login": login, "password": "not the right one"}).content.decode()
        texts.append(
            re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": ?"[^"]*"', "", drawn).replace(login, "")
        )
    assert re.findall(r'-error">([^<]*)', texts[0]) == re.findall(r'-error">([^<]*)', texts[1])


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "DELETE", "PUT", "PATCH", "FOO"])
def test_methods_that_nobody_offers_do_nothing_and_echo_nothing(method: str) -> None:
    member = make_member()
    browser = log_in(Client(enforce_csrf_checks=True), member)
    for path in ("/", "/about", "/me/profile", "/account/login/", "/healthz", "/api/v1/products", "/backroom/"):
        answer = browser.generic(method, path, b"echo-me", headers={"X-Echo": "echo-me"})
        assert answer.status_code in (302, 400, 401, 403, 404, 405), (path, answer.status_code)
        assert b"echo-me" not in answer.content, path


FORWARDED = {
    "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example;proto=https", "X-Host": "evil.example",
    "X-Original-URL": "/console/", "X-Rewrite-URL": "/console/", "X-HTTP-Method-Override": "DELETE",
    "X-Forwarded-Prefix": "/evil.example", "X-Forwarded-Port": "6666", "X-Forwarded-Scheme": "nothttps",
}  # fmt: skip


def test_no_header_of_the_caller_gets_into_a_page_that_somebody_else_might_see() -> None:
    """Poisoning a cache, or a letter: addresses are made of the host that was allowed, and of nothing else."""
    for path in (
        "/",
        "/about",
        "/p/nothing",
        "/sitemap.xml",
        "/robots.txt",
        "/manifest.webmanifest",
        "/api/v1/products",
    ):
        answer = Client().get(path, headers=FORWARDED)
        told = answer.content.decode() + str(dict(answer.items()))
        assert answer.status_code in (200, 302, 404), path
        for word in (
            r"evil\.example",
            r"\w:6666\b",
            "nothttps",
        ):  # a port stands behind its host; digits alone are anybody's
            assert not re.search(word, told), (path, word)
    Client().post("/account/login/code/", {"contact": "13600001111"}, headers=FORWARDED)
    assert "evil" not in str(KeptSms.sent)


@pytest.mark.parametrize(
    "ending",
    ["\r\nSet-Cookie: stolen=1", "\nLocation: //evil.example", "%0d%0aX-Evil: 1", "\u560a\u560dX-Evil: 1", "\x00"],
)
def test_no_text_of_a_caller_ends_a_header_and_begins_another(ending: str) -> None:
    member = make_member(email="lines@example.com", password=PASSWORD)
    browser = log_in(Client(), member)
    for answer in (
        Client().post("/account/login/", {"login": "lines@example.com", "password": PASSWORD, "next": f"/me{ending}"}),
        browser.post("/preferences/language", {"language": f"en{ending}", "next": f"/me{ending}"}),
        browser.post("/preferences/theme", {"theme": f"dark{ending}", "next": f"/me{ending}"}),
        browser.get("/share", {"to": f"/p/a{ending}"}),
        Client().get("/", {"s": f"a{ending}"}),
    ):
        assert answer.status_code < 500
        for name, value in answer.items():
            assert not set("\r\n\x00") & set(f"{name}{value}"), (name, value)
            assert name not in ("X-Evil",)
        assert "stolen" not in answer.cookies
