"""The doctor's questions as one stored function, so that they are planned once and asked in one go."""

from __future__ import annotations

from django.db import connection

from quanzi.base.doctor import registered, run

_slow: list[str] = []


def prepare() -> None:
    """Make the function in this session; what is not one statement is slow."""
    parts = []
    _slow.clear()
    for one in registered():
        answer = one.check()
        if isinstance(answer, str):
            parts.append(f"IF EXISTS ({answer}) THEN found := found || '{one.id}'; END IF;")
        else:
            _slow.append(one.id)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION pg_temp.ill() RETURNS text[] LANGUAGE plpgsql AS $ill$ "
            f"DECLARE found text[] := '{{}}'; BEGIN {' '.join(parts)} RETURN found; END $ill$"
        )


def ill(*, also_the_slow: bool) -> list[object]:
    """What is not as it should be; empty when all is well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_temp.ill()")
        found: list[str] = cursor.fetchone()[0]
    asked = [*found, *(_slow if also_the_slow else ())]
    return [(one.id, one.error, one.sample) for one in run(only=asked) if not one.is_well] if asked else []


def settle() -> None:
    """Let everything that waits for the commit speak now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def balances() -> dict[str, int]:
    """Every account of the books by its code: debit above zero, credit below."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, balance_minor FROM ledger_account JOIN ledger_balance ON account_id = id")
        return dict(cursor.fetchall())
