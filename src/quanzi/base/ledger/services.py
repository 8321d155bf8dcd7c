"""Posting to the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base import planned
from quanzi.base.ledger.chart import nature_of
from quanzi.base.ledger.errors import (
    AlreadyReversed,
    KeyReused,
    NoSuchTransaction,
    Unbalanced,
    WrongCurrency,
)
from quanzi.base.ledger.models import Account, Transaction
from quanzi.kernel import crash


@dataclass(frozen=True)
class Leg:
    """One line of a booking; minor: debit above zero, credit below, never zero."""

    account_code: str
    minor: int
    currency: str = "CNY"


@dataclass(frozen=True)
class Booking:
    """What `post` takes, for `post_all`."""

    key: str
    kind: str
    ref: str
    entries: Sequence[Leg]
    at: datetime
    memo: str = ""
    actor: str = ""


# One round trip: the transaction and its entries, or nothing at all when the key is taken or an account does not
# exist yet. Accounts are found by name here; the count says for how many legs.
POST = """
WITH legs AS (
    SELECT account.id AS account_id, leg.minor, leg.currency, leg.position
    FROM unnest(%(codes)s::text[], %(minors)s::bigint[], %(currencies)s::text[])
        WITH ORDINALITY AS leg (code, minor, currency, position)
    JOIN ledger_account account ON account.code = leg.code AND account.currency = leg.currency
), booked AS (
    INSERT INTO ledger_transaction (key, kind, memo, ref, reverses_id, occurred_at, posted_at, actor)
    SELECT %(key)s, %(kind)s, %(memo)s, %(ref)s, %(reverses)s::bigint, %(occurred_at)s::timestamptz, %(now)s::timestamptz, %(actor)s
    WHERE (SELECT count(*) FROM legs) = cardinality(%(codes)s::text[])
    ON CONFLICT (key) DO NOTHING RETURNING id
), written AS (
    INSERT INTO ledger_entry (transaction_id, account_id, amount_minor, currency)
    SELECT booked.id, legs.account_id, legs.minor, legs.currency FROM booked, legs ORDER BY legs.position
)
SELECT (SELECT id FROM booked), (SELECT count(*) FROM legs)
"""


POST_ALL = """
WITH booked AS (
    INSERT INTO ledger_transaction (key, kind, memo, ref, occurred_at, posted_at, actor)
    SELECT key, kind, memo, ref, at, at, actor
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::text[]) WITH ORDINALITY
        AS asked (key, kind, memo, ref, at, actor, position)
    ORDER BY position RETURNING id, key
), written AS (
    INSERT INTO ledger_entry (transaction_id, account_id, amount_minor, currency)
    SELECT booked.id, account.id, leg.minor, leg.currency
    FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[]) WITH ORDINALITY
        AS leg (key, code, minor, currency, position)
    JOIN booked USING (key)
    JOIN ledger_account account ON account.code = leg.code AND account.currency = leg.currency
    ORDER BY leg.position
    RETURNING id
)
SELECT (SELECT count(*) FROM booked), (SELECT count(*) FROM written)
"""


@transaction.atomic
def post_all(bookings: Sequence[Booking]) -> None:
    """`post` for several bookings that are all new, in one statement.

    Raises what `post` raises, and IntegrityError where that finds a key used before: then post them one by one.
    """
    if not bookings:
        return
    for booking in bookings:
        _check(booking.entries)
    legs = [(booking.key, leg) for booking in bookings for leg in booking.entries]
    for code, currency in sorted({(leg.account_code, leg.currency) for _, leg in legs}):
        account(code, currency=currency)
    [written] = planned.rows(
        POST_ALL,
        [
            *([getattr(one, name) for one in bookings] for name in ("key", "kind", "memo", "ref", "at", "actor")),
            [key for key, _ in legs],
            *([getattr(leg, name) for _, leg in legs] for name in ("account_code", "minor", "currency")),
        ],
    )
    if written != (len(bookings), len(legs)):
        raise RuntimeError("the books took less than they were told")


@planned.joined()  # entries that lack an account are refused when the caller commits
def post(
    *,
    key: str,
    kind: str,
    ref: str,
    entries: Sequence[Leg],
    now: datetime,
    memo: str = "",
    actor: str = "",
    occurred_at: datetime | None = None,
) -> Transaction:
    """Book entries that cancel out, once per key; the same key again returns the first transaction.

    occurred_at: when it happened, if that was before `now`. Raises Unbalanced, UnknownAccount, WrongCurrency,
    KeyReused; at commit the database refuses (IntegrityError) what would bring a guarded account below zero.
    """
    _check(entries)
    booking = Transaction(
        key=key,
        kind=kind,
        memo=memo,
        ref=ref,
        occurred_at=occurred_at or now,
        posted_at=now,
        actor=actor,
    )
    return _write(booking, entries)


@transaction.atomic
def reverse(*, transaction_id: int, key: str, now: datetime, memo: str = "", actor: str = "") -> Transaction:
    """Undo a transaction by its exact opposite; the same key again returns the first reversal.

    Raises NoSuchTransaction, AlreadyReversed (under another key), KeyReused.
    """
    original = Transaction.objects.filter(pk=transaction_id).select_for_update().first()
    if original is None:
        raise NoSuchTransaction(id=transaction_id)
    earlier = Transaction.objects.filter(reverses=original).first()
    if earlier is not None and earlier.key != key:
        raise AlreadyReversed(id=transaction_id)
    lines = original.entries.order_by("id").values_list("account__code", "amount_minor", "currency")
    opposite = [Leg(code, -minor, currency) for code, minor, currency in lines]
    booking = Transaction(
        key=key,
        kind=f"{original.kind}.reversed",
        memo=memo,
        ref=original.ref,
        reverses=original,
        occurred_at=now,
        posted_at=now,
        actor=actor,
    )
    return _write(booking, opposite)


def account(code: str, kind: str | None = None, *, currency: str = "CNY") -> Account:
    """The account of this name, made when it is new; kind and floor come from the chart unless given.

    Raises UnknownAccount for a foreign prefix, WrongCurrency when it is kept in another currency.
    """
    nature = nature_of(code)
    found, _ = Account.objects.get_or_create(
        code=code,
        defaults={
            "currency": currency,
            "kind": kind or nature.kind,
            "may_go_negative": nature.may_go_negative,
        },
    )
    if found.currency != currency:
        raise WrongCurrency(account=code)
    return found


def _check(entries: Sequence[Leg]) -> None:
    """Say early, and readably, what the database would refuse at commit."""
    sums: dict[str, int] = {}
    for leg in entries:
        if type(leg.minor) is not int or leg.minor == 0:
            raise Unbalanced()
        sums[leg.currency] = sums.get(leg.currency, 0) + leg.minor
    if len(entries) < 2 or any(sums.values()):
        raise Unbalanced()


def _write(booking: Transaction, legs: Sequence[Leg]) -> Transaction:
    asked = _params(booking, legs)
    [(booked_id, found)] = planned.rows(POST, asked)
    if found < len(legs):
        # The first posting to an account makes it; names in order, so that two such postings cannot deadlock.
        for code, currency in sorted({(leg.account_code, leg.currency) for leg in legs}):
            account(code, currency=currency)
        [(booked_id, found)] = planned.rows(POST, asked)
    if booked_id is None:
        return _first_of(booking, legs)
    crash.point("ledger.post.written")
    booking.pk = booked_id
    booking._state.adding = False
    return booking


def _params(booking: Transaction, legs: Sequence[Leg]) -> dict[str, Any]:
    return {
        "key": booking.key,
        "kind": booking.kind,
        "memo": booking.memo,
        "ref": booking.ref,
        "reverses": booking.reverses_id,
        "occurred_at": booking.occurred_at,
        "now": booking.posted_at,
        "actor": booking.actor,
        "codes": [leg.account_code for leg in legs],
        "minors": [leg.minor for leg in legs],
        "currencies": [leg.currency for leg in legs],
    }


def _first_of(again: Transaction, legs: Sequence[Leg]) -> Transaction:
    """What was booked under this key before; raises KeyReused unless it says the same."""
    first = Transaction.objects.get(key=again.key)
    before = sorted(first.entries.values_list("account__code", "amount_minor", "currency"))
    asked = sorted((leg.account_code, leg.minor, leg.currency) for leg in legs)
    if before != asked or first.kind != again.kind or first.reverses_id != again.reverses_id:
        raise KeyReused(key=again.key)
    return first
