"""The books read in words: every kind of booking and every account that the sources post to has a name of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

import quanzi.kernel
from quanzi.base.ledger import chart
from quanzi.faces.console.words import ACCOUNTS, BOOKINGS, booking

SOURCES = Path(quanzi.kernel.__path__[0]).parent
POSTING = {"post", "ledger.post", "Booking"}


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for source in SOURCES.rglob("*.py"):
        if "migrations" not in source.parts:
            yield from (
                (source, node) for node in ast.walk(ast.parse(source.read_text("utf-8"))) if isinstance(node, ast.Call)
            )


def test_every_kind_of_booking_has_words() -> None:
    told = {
        keyword.value.value
        for _, call in calls()
        if ast.unparse(call.func) in POSTING
        for keyword in call.keywords
        if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant)
    }
    assert len(told) > 8
    assert not told - BOOKINGS.keys()


def test_every_account_has_words() -> None:
    """Those of the chart, and those that a room names for itself beside its bookings."""
    named = {value for name, value in vars(chart).items() if name.isupper() and isinstance(value, str) and "." in value}
    for source in {source for source, call in calls() if ast.unparse(call.func) in POSTING}:
        for node in ast.parse(source.read_text("utf-8")).body:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                prefix = node.value.value.partition(".")
                if prefix[1] and prefix[0] in ("cash", "escrow", "income", "cost", "spend", "payable", "equity"):
                    named.add(node.value.value)
    assert {"payable.leaders", "cost.leaders"} <= named
    assert not named - ACCOUNTS.keys()


def test_a_reversal_is_told_as_that_of_what_it_reverses() -> None:
    with translation.override("en"):
        assert booking("compensation.reversed", reverses=True)[1] == "Compensation promised, reversed"
