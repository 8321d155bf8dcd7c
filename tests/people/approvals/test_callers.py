"""Every way in which money leaves, found by reading the program: each stands behind the limit, or says why it has none.

Pages, API, back room and command line can only call what is listed here; a new caller fails this test until somebody looked at it.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from django.contrib import admin

import quanzi
from quanzi.people.accounts.policies import ROLE_PERMISSIONS
from quanzi.people.approvals import ports
from quanzi.trade.payments.models import Payment, Refund
from quanzi.trade.sales.models import OrderRefund

ROOT = Path(quanzi.__file__).parent

LIMITED = {
    ("refund_or_ask", "faces/api/routes/staff_orders.py"),
    ("refund_or_ask", "faces/console/pages/order_acts.py"),
    ("accept_or_ask", "faces/api/routes/staff_orders.py"),
    ("accept_or_ask", "faces/console/pages/claims.py"),
    ("accept", "trade/aftersales/asking.py"),
    ("refund_line", "trade/sales/services/asking.py"),
    ("refund_order", "trade/sales/services/asking.py"),
    ("refund", "trade/aftersales/services/answering.py"),
    ("refund", "trade/aftersales/services/disputing.py"),
    ("refund", "trade/aftersales/services/returning.py"),
    ("refund_line", "trade/aftersales/services/swapping.py"),
    ("refund_line", "trade/stations/services/fresh.py"),
    ("compensate_or_ask", "faces/api/routes/compensations.py"),
    ("compensate_or_ask", "faces/console/pages/compensations.py"),
    ("compensate", "trade/aftersales/asking.py"),
    ("pay_compensation", "faces/api/routes/compensations.py"),
    ("pay_compensation", "faces/console/pages/compensations.py"),
    ("make_payout", "faces/api/routes/commission.py"),
    ("make_payout", "faces/console/pages/payouts.py"),
    ("mark_sent", "faces/api/routes/commission.py"),
    ("mark_sent", "faces/console/pages/payouts.py"),
}
"""They name who of the staff acts, and the service counts it against the limits; a payout waits until it is approved."""

UNLIMITED = {
    ("refund_order", "trade/deals/services/settling.py"): "a team that did not fill: everything goes back by itself",
    ("refund_order", "trade/deals/services/leaving.py"): "the buyer leaves a team in time",
    (
        "refund_line",
        "trade/deals/services/levelling.py",
    ): "what a ladder gives back when more people came: the database works it out",
    (
        "refund_order",
        "trade/chains/services/ending.py",
    ): "a list that was called off: everything goes back to those who paid; the staff is limited in chains/asking.py",
    ("refund_order", "trade/chains/services/signing.py"): "who signed takes their name off while the list is open",
    ("refund_order", "trade/aftersales/services/claims.py"): "the buyer calls an order off in time",
    (
        "refund_order",
        "trade/stations/services/closing.py",
    ): "a round below its minimum, or called off: everything goes back to those who paid",
    (
        "refund_line",
        "trade/stations/services/shortening.py",
    ): "a short delivery: who cannot be served; whoever says so is limited in stations/asking.py",
    (
        "refund_line",
        "trade/stations/services/missing.py",
    ): "goods that nobody fetched in the second window: what keeps goes back by itself",
    ("refund_line", "trade/stations/services/closing.py"): "goods below their minimum: that line goes back by itself",
    (
        "refund_order",
        "trade/aftersales/services/swapping.py",
    ): "an exchange that was decided otherwise: what was paid for the other variant goes back",
    (
        "refund",
        "trade/aftersales/services/recalling.py",
    ): "a recalled lot: everybody who has goods of it is paid back; whoever says so is limited in aftersales/asking.py",
    (
        "refund_order",
        "trade/preorders/services/returning.py",
    ): "a batch that is not made, or not wanted on its new date: the order and its deposit go back",
    ("refund", "trade/preorders/services/returning.py"): "a deposit that goes back whole, to whom it belongs",
    ("refund", "trade/sales/services/giving_back.py"): "carries out what was decided above it",
    ("refund", "trade/payments/services/capture.py"): "money that came for nothing goes back where it came from",
    (
        "refund",
        "trade/payments/services/refunds.py",
    ): "the same amount that was decided before, when the provider refused it",
    ("send_again", "faces/api/routes/staff_money.py"): "as above",
    ("send_again", "faces/console/pages/ledger.py"): "as above",
    ("refund_line", "site/demo/story.py"): "people whom the demo made up",
}
ALL = {name for name, _ in (*LIMITED, *UNLIMITED)} - {"accept"}
OTHERS = {("send_again", "faces/api/routes/webhooks.py"), ("send_again", "faces/console/pages/webhooks.py")}
"""The same word for something that is no money of ours."""


ASKED_ABOUT = ALL | {"accept", "refund", "compensate", "_refund"}


@cache
def calls() -> list[tuple[str, str, ast.Call]]:
    """Every call of one of the words that matter here, as (name, place, call)."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        source = path.read_text()
        if not any(word in source for word in ASKED_ABOUT):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in ASKED_ABOUT:
                    found.append((name, path.relative_to(ROOT).as_posix(), node))
    return found


def is_page(node: ast.Call) -> bool:
    """A page calls views by their names too; a service takes keywords only."""
    return bool(node.args) and not any(word.arg for word in node.keywords)


def test_nobody_else_gives_money_back_or_pays_out() -> None:
    found = {(name, place) for name, place, node in calls() if name in ALL and not is_page(node)}
    accepts = {("accept", place) for name, place, node in calls() if name == "accept" and "aftersales" in place}
    assert (found | accepts) - OTHERS == LIMITED | set(UNLIMITED)


def test_only_a_deed_says_that_a_second_person_agreed() -> None:
    """`is_approved` and `approval_id` are said where an approval is carried out, and passed on below it."""
    said = {
        (place, word.arg) for name, place, node in calls() for word in node.keywords if word.arg in ("is_approved", "approval_id")
        and name in ("refund_line", "refund_order", "refund", "accept", "compensate", "_refund")
    }  # fmt: skip
    assert said == {
        ("trade/sales/services/asking.py", "is_approved"), ("trade/aftersales/services/answering.py", "is_approved"),
            ("trade/aftersales/services/disputing.py", "is_approved"),
            ("trade/aftersales/services/returning.py", "is_approved"),
            ("trade/aftersales/services/swapping.py", "is_approved"),
        ("trade/aftersales/asking.py", "approval_id"),
    }  # fmt: skip


def test_who_acts_for_the_staff_is_named_as_staff() -> None:
    """The limit counts actors that begin with "staff:"; no face names somebody in another way, or the shop itself."""
    for name, place, node in calls():
        if place.startswith("faces/") and name in ALL and (name, place) not in OTHERS and not is_page(node):
            words = {word.arg: ast.unparse(word.value) for word in node.keywords}
            assert "actor" not in words or words["actor"].startswith("f'staff:{"), (place, words)
            assert {"actor", "staff"} & set(words), (place, words)


@pytest.mark.parametrize("model", [Payment, Refund, OrderRefund])
def test_the_back_room_writes_no_money(model: type) -> None:
    desk = admin.site._registry.get(model)
    assert desk is None or not (
        desk.has_add_permission(None) or desk.has_change_permission(None) or desk.has_delete_permission(None)
    )


def test_the_command_line_moves_no_money_of_the_shop() -> None:
    assert [place for name, place, _ in calls() if name in ALL and place.startswith("site/cli/")] == []


def test_every_deed_needs_a_permission_that_two_roles_hold() -> None:
    """So that a second person can exist."""
    for deed in ports.deeds():
        assert sum(deed.needs in granted for granted in ROLE_PERMISSIONS.values()) >= 2, deed.name
