"""Every form that stands on a page, sent with junk in its fields: refused in words or taken, never an accident.

QUANZI_FUZZ says how many kinds of junk go into each field (1 by default); three times as many go into all at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin

import pytest
from django.conf import settings as site
from django.db import connection, transaction
from django.test import Client

from quanzi.people.accounts.models import Member
from tests.faces.api.world import World
from tests.faces.console.desk import small_shop
from tests.factories.people import log_in, make_staff
from tests.hostile.junk import JUNK
from tests.hostile.routes import pages_of_the_console, pages_of_the_site

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("default")]

KINDS = int(os.environ.get("QUANZI_FUZZ", "1"))
AT_ONCE = min(3 * KINDS, len(JUNK))
"""So many kinds of junk go into all fields of a form at once; the next form takes the next ones."""


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page. fields: names and what stands in them."""

    page: str
    action: str
    method: str
    fields: tuple[tuple[str, str], ...]

    @property
    def same(self) -> tuple[object, ...]:
        """Forms that differ in numbers of their address only are one."""
        shape = "".join("0" if sign.isdigit() else sign for sign in self.action)
        return (shape, self.method, tuple(sorted({name for name, _ in self.fields})))


class Reader(HTMLParser):
    """Finds the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found = page, list[Form]()
        self._open: tuple[str, str, list[tuple[str, str]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = dict(attrs)
        if tag == "form":
            self._open = (have.get("action") or self.page, (have.get("method") or "get").upper(), [])
        elif self._open and tag in ("input", "select", "textarea", "button") and have.get("name"):
            self._open[2].append((str(have["name"]), have.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open:
            action, method, fields = self._open
            named = tuple(one for one in fields if one[0] != "csrfmiddlewaretoken")
            self.found.append(Form(self.page, urljoin(self.page, action), method, named))
            self._open = None


def _browser(member: Member | None) -> Client:
    client = Client()
    client.cookies[site.LANGUAGE_COOKIE_NAME] = "en"
    if member is not None:
        log_in(client, member)
    return client


def test_no_form_of_a_members_page_is_an_accident(world: World) -> None:
    """Leaders and the staff see what members see: from them come those forms that members have not."""
    pages = pages_of_the_site(world.me, world)
    _send_junk(_browser(None), list(_forms(_browser(None), pages, set())))
    seen: set[tuple[object, ...]] = set()
    for who in (world.me.member, Member.objects.get(pk=world.point.leader_id), make_staff("owner")):
        _send_junk(_browser(who), list(_forms(_browser(who), pages, seen)))
    assert len(seen) > 30


def test_no_form_of_the_console_is_an_accident() -> None:
    boss = _browser(make_staff("owner"))
    forms = list(_forms(boss, pages_of_the_console(small_shop()), set()))
    assert len(forms) > 40
    _send_junk(boss, forms)


def _forms(client: Client, pages: list[str], seen: set[tuple[object, ...]]) -> Iterator[Form]:
    """Each kind of form once, and none that was seen before."""
    for page in pages:
        with transaction.atomic():
            response = client.get(page)
            transaction.set_rollback(True)
        if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
            continue
        reader = Reader(page)
        reader.feed(response.content.decode())
        for form in reader.found:
            if form.same not in seen and "logout" not in form.action:
                seen.add(form.same)
                yield form


def _send_junk(client: Client, forms: list[Form]) -> None:
    turn = 0
    for form in forms:
        for _ in range(AT_ONCE):
            turn += 1
            bad = JUNK[turn % len(JUNK)]
            _send(client, form, [(name, bad) for name, _ in form.fields])
        for spoiled in sorted({name for name, _ in form.fields}):
            for _ in range(KINDS):
                turn += 1
                bad = JUNK[turn % len(JUNK)]
                _send(client, form, [(name, bad if name == spoiled else value) for name, value in form.fields])


def _send(client: Client, form: Form, fields: list[tuple[str, Any]]) -> None:
    pairs = [(name, one) for name, value in fields for one in (value if isinstance(value, list) else [value])]
    sent = urlencode([(name, one.encode("utf-8", "surrogatepass")) for name, one in pairs])
    kept = client.cookies.copy()
    try:
        with transaction.atomic():
            if form.method == "POST":
                response = client.post(form.action, sent, content_type="application/x-www-form-urlencoded")
            else:
                response = client.get(form.action.split("?")[0] + "?" + sent)
            if response.status_code < 400:
                connection.check_constraints()
            transaction.set_rollback(True)
    except Exception as accident:
        accident.add_note(f"{form.method} {form.action} (on {form.page}): {sent[:800]}")
        raise
    client.cookies = kept
    assert response.status_code < 500, (form.method, form.action, sent[:800], response.status_code)
