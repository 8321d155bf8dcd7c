"""What answers carry: content policy, cookies, caching; and the settings of a shop on the open net."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from quanzi.people.accounts.models import Member
from quanzi.site.database.address import django_database
from tests.faces.api.world import World
from tests.faces.console.desk import small_shop
from tests.factories.people import log_in, make_staff
from tests.hostile.routes import pages_of_the_console, pages_of_the_site

pytestmark = pytest.mark.django_db

SHOWN_ELSEWHERE = ("/card/",)
"""Share cards are pictures for other sites."""

NOBODYS = ("/offline",)
"""What a phone shows without a network: it knows nobody."""


def _pages(client: Client, addresses: list[str]) -> list[Any]:
    found = [client.get(one) for one in addresses]
    return [one for one in found if one.status_code == 200]


@pytest.fixture(scope="module")
def visitors_pages(world: World, django_db_blocker: Any) -> list[Any]:
    with django_db_blocker.unblock():
        return _pages(Client(), pages_of_the_site(world.me, world))


@pytest.fixture(scope="module")
def members_pages(world: World, django_db_blocker: Any) -> list[Any]:
    with django_db_blocker.unblock():
        return _pages(log_in(Client(), world.me.member), pages_of_the_site(world.me, world))


@pytest.fixture(scope="module")
def staffs_pages(world: World, django_db_blocker: Any) -> list[Any]:
    with django_db_blocker.unblock():
        return _pages(log_in(Client(), make_staff("owner")), pages_of_the_console(small_shop()))


def test_every_page_forbids_what_is_inline_and_what_comes_from_elsewhere(
    visitors_pages: list[Any], members_pages: list[Any], staffs_pages: list[Any]
) -> None:
    assert len(visitors_pages) > 20
    assert len(members_pages) > 40
    assert len(staffs_pages) > 30
    for page in [*visitors_pages, *members_pages, *staffs_pages]:
        policy = page.headers["Content-Security-Policy"]
        told = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        assert told["default-src"] == "'none'", page.request["PATH_INFO"]
        assert told["script-src"] == told["style-src"] == "'self'", (page.request["PATH_INFO"], policy)
        assert told["base-uri"] == told["frame-ancestors"] == "'none'"
        assert told["form-action"].startswith("'self'")
        assert "unsafe" not in policy


def test_no_page_has_anything_inline_for_the_policy_to_refuse(
    members_pages: list[Any], staffs_pages: list[Any]
) -> None:
    for page in [*members_pages, *staffs_pages]:
        if not page.headers["Content-Type"].startswith("text/html"):
            continue
        drawn = page.content.decode()
        scripts = re.findall(r"<script\b([^>]*)>", drawn)
        assert all("src=" in one or "application/ld+json" in one or 'type="application/json"' in one for one in scripts)
        assert not re.search(r"<style\b", drawn), page.request["PATH_INFO"]
        assert not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)\s*=", drawn), page.request["PATH_INFO"]


def test_the_back_room_is_as_strict_as_its_theme_allows() -> None:
    """Its theme (unfold) evaluates expressions that stand in attributes and styles elements by script; all else stays shut."""
    response = log_in(Client(), make_staff("owner")).get("/backroom/")
    policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == "'self' 'unsafe-inline' 'unsafe-eval'"
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == policy["form-action"] == policy["img-src"].split()[0] == "'self'"


def test_every_answer_says_what_browsers_may_do_with_it(visitors_pages: list[Any], members_pages: list[Any]) -> None:
    for page in [*visitors_pages, *members_pages, Client().get("/nothing-here"), Client().get("/api/v1/products")]:
        where = page.request["PATH_INFO"]
        assert page.headers["X-Content-Type-Options"] == "nosniff", where
        assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin", where
        assert page.headers["Referrer-Policy"] == "same-origin", where
        assert "camera=()" in page.headers["Permissions-Policy"], where
        elsewhere = "cross-origin" if where.startswith(SHOWN_ELSEWHERE) else "same-origin"
        assert page.headers["Cross-Origin-Resource-Policy"] == elsewhere, where
        assert "Server" not in page.headers


def test_pages_of_a_person_are_kept_by_nobody_and_vary_by_person(
    members_pages: list[Any], staffs_pages: list[Any]
) -> None:
    for page in [*members_pages, *staffs_pages]:
        if page.headers["Content-Type"].startswith("text/html") and page.request["PATH_INFO"] not in NOBODYS:
            assert {"private", "no-store"} <= set(page.headers["Cache-Control"].split(", ")), page.request["PATH_INFO"]
            assert "Cookie" in page.headers["Vary"]
            assert "HX-Request" in page.headers["Vary"]


def test_pages_for_everybody_are_not_shared_either_since_they_carry_a_token_of_the_visit(
    visitors_pages: list[Any],
) -> None:
    for page in visitors_pages:
        if page.headers["Content-Type"].startswith("text/html") and page.request["PATH_INFO"] not in NOBODYS:
            assert "private" in page.headers["Cache-Control"].split(", "), page.request["PATH_INFO"]


def test_a_statement_of_a_web_process_has_an_end() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUANZI_STATEMENT_SECONDS", "30")
        assert "statement_timeout=30s" in django_database(Path("/tmp"))["OPTIONS"]["options"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '20ms'")
        with pytest.raises(Exception, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(5)")


ON_THE_OPEN_NET = """
import json, django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("check", deploy=True, fail_level="INFO")
plain = Client().get("/account/login/", headers={"host": "shop.example"})
there = Client().get("/account/login/", headers={"host": "shop.example", "x-forwarded-proto": "https"})
other = Client().get("/account/login/", headers={"host": "evil.example", "x-forwarded-proto": "https"})
cookies = {name: {key: value for key, value in one.items() if value} for name, one in there.cookies.items()}
print(json.dumps({
    "plain": [plain.status_code, plain.headers["Location"]], "there": there.status_code, "cookies": cookies,
    "hsts": there.headers["Strict-Transport-Security"], "session": settings.SESSION_COOKIE_NAME,
    "silenced": settings.SILENCED_SYSTEM_CHECKS, "debug": settings.DEBUG, "other": other.status_code,
    "secure": [settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE],
}))
"""


@pytest.fixture(scope="module")
def on_the_open_net() -> dict[str, Any]:
    """The production settings, in a process of their own, on the server of the tests."""
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("QUANZI_", "DJANGO_"))},
        "DJANGO_SETTINGS_MODULE": "quanzi.site.settings", "QUANZI_HOME": str(settings.QUANZI_HOME), "QUANZI_HTTPS": "1",
        "QUANZI_HOSTS": "shop.example", "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", ON_THE_OPEN_NET], env=surroundings, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_check_deploy_is_clean_with_nothing_silenced(on_the_open_net: dict[str, Any]) -> None:
    assert on_the_open_net["silenced"] == []
    assert on_the_open_net["debug"] is False


def test_over_https_cookies_carry_the_host_prefix_and_hsts_is_sent(on_the_open_net: dict[str, Any]) -> None:
    assert on_the_open_net["session"] == "__Host-sessionid"
    assert on_the_open_net["secure"] == [True, True, "Lax"]
    token = on_the_open_net["cookies"]["__Host-csrftoken"]
    assert token["secure"]
    assert token["httponly"]
    assert token["path"] == "/"
    assert "domain" not in token
    assert all(one["secure"] for one in on_the_open_net["cookies"].values())
    assert on_the_open_net["hsts"] == "max-age=31536000; includeSubDomains; preload"


def test_plain_http_is_led_to_https_and_a_foreign_host_is_refused(on_the_open_net: dict[str, Any]) -> None:
    assert on_the_open_net["plain"] == [301, "https://shop.example/account/login/"]
    assert on_the_open_net["there"] == 200
    assert on_the_open_net["other"] == 400


def test_a_form_from_another_site_is_refused_with_and_without_htmx(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    log_in(browser, world.me.member)
    for headers in ({}, {"HX-Request": "true"}, {"Origin": "https://evil.example"}, {"X-CSRFToken": "x" * 64}):
        answer = browser.post(reverse("storefront:profile"), {"name": "stolen"}, headers=headers)
        assert answer.status_code == 403, headers
    assert Member.objects.get(pk=world.me.member.pk).name != "stolen"
