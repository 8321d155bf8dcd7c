"""Bookings as the journal shows them, and where an order's money went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from quanzi.base.ledger.chart import CASH_PREFIX, ESCROW_BUYERS
from quanzi.base.ledger.queries import JournalRow
from quanzi.faces.console import words
from quanzi.faces.console.reading.actors import actor_names
from quanzi.faces.console.reading.refs import pages_of
from quanzi.faces.ui import formats


def journal_rows(rows: Sequence[JournalRow]) -> list[dict[str, Any]]:
    """Rows for the template: debits before credits, names for accounts, people and pages."""
    names = actor_names(row.actor for row in rows)
    pages = pages_of(row.ref for row in rows)
    return [_row(row, names, pages) for row in rows]


def _row(row: JournalRow, names: dict[str, str], pages: dict[str, tuple[str, str]]) -> dict[str, Any]:
    icon, title = words.booking(row.kind, reverses=row.reverses_id is not None)
    label, href = pages.get(row.ref, (row.ref, ""))
    legs = sorted(row.lines, key=lambda line: line.amount.minor < 0)
    return {
        "id": row.id, "seq": row.seq, "at": row.posted_at, "icon": icon, "title": title,
        "second": words.reason(row.memo), "who": names[row.actor], "ref": label, "href": href,
        "tone": "accent" if row.kind in ("payment.refund", "sales.takeback") or row.reverses_id else "",
        "hash": f"{row.hash[:4]}…{row.hash[-4:]}" if row.hash else "", "full_hash": row.hash, "reverses": row.reverses_id,
        "legs": [
            {"code": leg.account_code, "name": words.account(leg.account_code), "debit": max(0, leg.amount.minor),
             "credit": max(0, -leg.amount.minor)}
            for leg in legs
        ],
    }  # fmt: skip


def account_sums(rows: Sequence[JournalRow]) -> list[dict[str, Any]]:
    """Debit, credit and balance of each account over these bookings."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        for line in row.lines:
            both = sums.setdefault(line.account_code, [0, 0])
            both[line.amount.minor < 0] += abs(line.amount.minor)
    return [
        {"code": code, "name": words.account(code), "debit": debit, "credit": credit, "balance": debit - credit}
        for code, (debit, credit) in sums.items()
    ]


def way_of_money(rows: Sequence[JournalRow]) -> dict[str, Any] | None:
    """The bridge from what was paid to what was earned, each bar an account's sum; None before anything was paid."""
    sums = {one["code"]: one for one in account_sums(rows)}
    captures = [row for row in rows if row.kind == "payment.capture"]
    paid = sum(line.amount.minor for row in captures for line in row.lines if line.amount.minor > 0)
    if not paid:
        return None
    held = sum(one["balance"] for code, one in sums.items() if code.startswith(f"{CASH_PREFIX}."))
    refunded = paid - held  # what left the cash accounts again, failed refunds already taken back
    escrow = -sums[ESCROW_BUYERS]["balance"] if ESCROW_BUYERS in sums else 0
    commission = sums.get("cost.commission", {"balance": 0})["balance"]
    earned = paid - refunded - escrow - commission
    items = [_bar(gettext("Paid"), paid, "start")]
    items += [_bar(gettext("Refunded"), -refunded, "step", warn=True)] if refunded else []
    items += [_bar(gettext("In escrow"), -escrow, "step")] if escrow else []
    items += [_bar(gettext("Commission"), -commission, "step")] if commission else []
    items.append(_bar(gettext("Earned"), earned, "end"))
    said = {"paid": formats.plain_money(paid), "refunded": formats.plain_money(refunded), "earned": formats.plain_money(earned),
            "escrow": formats.plain_money(escrow)}  # fmt: skip
    if escrow:
        title = gettext("Paid ¥%(paid)s; ¥%(escrow)s waits in escrow, ¥%(earned)s is earned") % said
    elif refunded:
        title = gettext("Paid ¥%(paid)s, refunded ¥%(refunded)s, ¥%(earned)s is earned") % said
    else:
        title = gettext("Paid ¥%(paid)s, all of it earned: ¥%(earned)s") % said
    return {"bars": items, "title": title}


def _bar(label: str, value: int, kind: str, *, warn: bool = False) -> dict[str, Any]:
    bar: dict[str, Any] = {"label": label, "value": value, "text": formats.plain_money(value), "kind": kind}
    return bar | {"warn": True} if warn else bar
