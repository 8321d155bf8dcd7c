"""Every address of the site, asked by everybody about somebody else's things: the answers stand in `answers.txt`.

A new address, or an answer that became another, fails here. `QUANZI_WRITE_ANSWERS=1 ./dev test tests/hostile/test_matrix.py`
writes the table anew, `=new` only adds what is missing; look at every line that changed before it is committed.

Where the table says that the whole staff is answered like the owner, the owner asks and one more of them, in turn:
`./dev fuzz` and whoever writes the table ask as everybody.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import transaction
from django.test import Client

from quanzi.kernel import clock
from quanzi.people.accounts import services as accounts
from quanzi.people.accounts.models import Member, StaffRole
from tests.faces.api.conftest import Caller
from tests.faces.api.world import World
from tests.factories.people import log_in, make_member, make_staff
from tests.factories.trade import make_point
from tests.hostile.routes import Route, every_route

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("default")]

TABLE = Path(__file__).with_name("answers.txt")
ASKING = ["visitor", "member", "of the thing", "leader", *StaffRole.values, "ex-staff"]
"""Who asks. `of the thing` is whose things are asked about; the leader has another point than theirs."""

EVERYBODY = list(range(len(ASKING)))
STAFF = slice(ASKING.index(StaffRole.OWNER), len(ASKING))
"""With whoever left it at the end."""


def _people(world: World) -> dict[str, Member | None]:
    left = make_staff("owner")
    accounts.set_staff_role(member=left, role="", actor="system", now=clock.now())
    return {
        "visitor": None,
        "member": make_member(),
        "of the thing": world.other.member,
        "leader": make_point(leader=make_member()).leader,
        **{role: make_staff(role) for role in StaffRole.values},
        "ex-staff": Member.objects.get(pk=left.pk),
    }


class Asker:
    """A browser for pages and a token for the API."""

    def __init__(self, member: Member | None) -> None:
        self.browser, self.caller = Client(), Caller(member)
        self.browser.cookies[site.LANGUAGE_COOKIE_NAME] = "en"
        if member is not None:
            log_in(self.browser, member)

    def status(self, route: Route) -> int:
        client = self.caller.client if route.kind == "api" else self.browser
        kept = client.cookies.copy()
        sent: dict[str, Any] = (
            {"data": route.body or {}, "content_type": "application/json"} if route.kind == "api" else {}
        )
        headers = {"Idempotency-Key": "a-key-of-mine-1"} if route.kind == "api" else {}
        with transaction.atomic():
            send = getattr(client, route.method.lower())
            response = send(route.path, headers=headers, **(sent if route.method != "GET" else {}))
            transaction.set_rollback(True)
        client.cookies = kept
        return int(response.status_code)


@pytest.fixture(scope="module")
def answers(world: World, django_db_blocker: Any) -> Iterator[dict[str, list[int]]]:
    """What everybody is answered, by row of the table."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "API_MEMBER_CALLS", 0)
        patch.setattr(site, "API_VISITOR_CALLS", 0)
        patch.setattr(site, "ACCOUNT_REAUTHENTICATION_TIMEOUT", 24 * 60 * 60, raising=False)
        people = _people(world)
        routes, found = every_route(world), dict[str, list[int]]()
        askers = [Asker(people[who]) for who in ASKING]
        wanted = os.environ.get("QUANZI_WRITE_ANSWERS", "")
        if wanted == "new":
            found |= table()
            routes = [one for one in routes if f"{one.kind:<10} {one.row}" not in found]
        asks_all = bool(wanted or os.environ.get("QUANZI_FUZZ"))
        expected = {} if asks_all else table()
        for turn, route in enumerate(routes):
            row = f"{route.kind:<10} {route.row}"
            told = list(expected.get(row, ()))
            for asking in _asking(told, turn):
                told[asking : asking + 1] = [askers[asking].status(route)]
            found[row] = told
        if wanted:
            TABLE.write_text(_written(found))
        yield found


def _asking(expected: list[int], turn: int) -> list[int]:
    """Places in ASKING of those who ask: all of them, unless the staff is expected to be answered with one voice."""
    if len(set(expected[STAFF])) != 1:
        return EVERYBODY
    others = EVERYBODY[STAFF][1:]
    return [*EVERYBODY[: STAFF.start + 1], others[turn % len(others)]]


def _written(found: dict[str, list[int]]) -> str:
    wide = max(map(len, found)) + 2
    head = "# " + " · ".join(ASKING) + "\n"
    return head + "".join(f"{row:<{wide}}{' '.join(map(str, statuses))}\n" for row, statuses in sorted(found.items()))


def table() -> dict[str, list[int]]:
    rows = {}
    for line in TABLE.read_text().splitlines():
        words = line.split()
        if words[0] != "#":
            name, statuses = words[: -len(ASKING)], words[-len(ASKING) :]
            rows[f"{name[0]:<10} {' '.join(name[1:])}"] = [int(status) for status in statuses]
    return rows


def test_everybody_is_answered_as_the_table_says(answers: dict[str, list[int]]) -> None:
    written = table()
    assert set(answers) ^ set(written) == set(), "an address without a row, or a row without its address; see above"
    assert {row: found for row, found in answers.items() if found != written[row]} == {}


SAID_TO_BE_CLOSED = (
    "circle",
    "/circles/{slug}",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "admin:",
    "POST /pay-links ",
)
"""Circles are listed for everybody, so whoever may not do something in one is told so; the others are about oneself,
like making a link to be paid by: it is asked about nobody's thing."""

OPEN_TO_VISITORS = {
    "ui:language", "ui:theme", "account_login", "account_signup", "account_request_login_code", "account_reset_password",
    "storefront:seen",
}  # fmt: skip
"""What a visitor may send: choices of this browser, and the ways in."""


def test_what_is_somebody_elses_is_not_there_rather_than_forbidden() -> None:
    for row, statuses in table().items():
        told = dict(zip(ASKING, statuses, strict=True))
        if (
            told["of the thing"] < 400
            and "/staff/" not in row
            and not any(part in f"{row} " for part in SAID_TO_BE_CLOSED)
        ):
            assert 403 not in (told["member"], told["leader"], told["ex-staff"], told["visitor"]), row


def test_a_visitor_changes_nothing() -> None:
    for row, statuses in table().items():
        if " GET " not in row and statuses[0] < 300:
            assert row.split()[-1] in OPEN_TO_VISITORS, row


ASKED_AGAIN = ("mfa_", "account_", "POST storefront:commission", "POST storefront:erase_me")
"""Pages that ask for the second step, which somebody who left the staff still has."""


def test_whoever_left_the_staff_is_a_member_like_others() -> None:
    for row, statuses in table().items():
        told = dict(zip(ASKING, statuses, strict=True))
        if not any(word in row for word in ASKED_AGAIN):
            assert told["ex-staff"] == told["member"], row


def test_no_answer_is_an_accident() -> None:
    assert [row for row, statuses in table().items() if 500 in statuses] == []
