"""The doctor's questions as one stored function, so that they are planned once and asked in one go."""

from __future__ import annotations

from django.db import connection

from quanzi.base.doctor import registered, run

_apart: list[str] = []


def prepare() -> None:
    """Make the function in this session; what is not one statement is asked apart."""
    parts = []
    _apart.clear()
    for one in registered():
        answer = one.check()
        if isinstance(answer, str):
            parts.append(f"IF EXISTS ({answer}) THEN found := found || '{one.id}'; END IF;")
        else:
            _apart.append(one.id)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION pg_temp.ill() RETURNS text[] LANGUAGE plpgsql AS $ill$ "
            f"DECLARE found text[] := '{{}}'; BEGIN {' '.join(parts)} RETURN found; END $ill$"
        )


def ill() -> list[object]:
    """What is not as it should be; empty when all is well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_temp.ill()")
        found: list[str] = cursor.fetchone()[0]
    return [(one.id, one.error, one.sample) for one in run(only=[*found, *_apart]) if not one.is_well]
