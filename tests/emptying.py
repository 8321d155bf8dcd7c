"""How a test database is emptied after a test that commits: the rows that are there are deleted, nothing else.

Django truncates every table and makes content types and permissions anew, which takes a quarter of a second each time; most of two hundred tables
are empty, and deleting a few rows takes a hundredth of that. It also leaves the guards against TRUNCATE standing.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from django.db import connection
from django.test import TransactionTestCase

STAYING = {"django_content_type", "auth_permission", "contact_consenttext", "leads_topic"}
"""What migrations made for the code itself."""

QUEUE = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs")

EMPTY = """
DO $$
DECLARE
    holding regclass;
    guard name;
BEGIN
    SET LOCAL session_replication_role = replica;  -- no foreign keys, and no guards but the strictest
    FOR holding IN SELECT oid FROM pg_class WHERE oid = ANY ('{%s}'::regclass[]) AND pg_relation_size(oid) > 0 LOOP
        FOR guard IN SELECT tgname FROM pg_trigger WHERE tgrelid = holding AND tgenabled = 'A' LOOP
            EXECUTE format('ALTER TABLE %%s DISABLE TRIGGER %%I', holding, guard);
        END LOOP;
        EXECUTE format('DELETE FROM %%s', holding);
    END LOOP;
    FOR holding, guard IN SELECT tgrelid, tgname FROM pg_trigger WHERE tgenabled = 'D' LOOP
        EXECUTE format('ALTER TABLE %%s ENABLE ALWAYS TRIGGER %%I', holding, guard);
    END LOOP;
END $$
"""


WAYS_IN: tuple[str, ...] = (
    import_module("quanzi.growth.sources.migrations.0002_direct").MAKE,
    import_module("quanzi.growth.sources.migrations.0004_depth").CHAIN,
)
"""Those of whoever came by none, and of links passed on and on: every shop has them from its first day."""


def fast() -> None:
    """From here on."""
    TransactionTestCase._fixture_teardown = lambda test: empty()  # type: ignore[attr-defined]


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(EMPTY % ", ".join(tables()))
        for way_in in WAYS_IN:
            cursor.execute(way_in)


@cache
def tables() -> tuple[str, ...]:
    """Of the database of this process, without those that stay."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return (*(f'"{name}"' for name in sorted(set(names) - STAYING)), *QUEUE)
