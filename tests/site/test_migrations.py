"""Migrations run backwards as well as forwards, and none is missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from quanzi.site import rooms
from quanzi.site.database.making import few_models_drawn


@contextmanager
def another_database(template: str = "") -> Iterator[None]:
    """A freshly migrated database for this test alone: what comes back is not quite what the others expect."""
    usual = connection.settings_dict["NAME"]
    name = f"quanzi_test_{os.getpid()}_migrations"
    template = template or connection.settings_dict["TEST"]["TEMPLATE"]
    connections.close_all()
    try:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        connection.settings_dict["NAME"] = name
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = usual
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


BUILT = """
SELECT 'column', attrelid::regclass::text, attname, format_type(atttypid, atttypmod),
       concat_ws(' ', attnotnull, attidentity, attgenerated, pg_get_expr(adbin, adrelid))
FROM pg_attribute LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
WHERE attnum > 0 AND NOT attisdropped
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint
UNION ALL SELECT 'index', indrelid::regclass::text, '', '', pg_get_indexdef(indexrelid) FROM pg_index
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname, '', '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def built() -> set[tuple[str, ...]]:
    """Columns, constraints, indexes, triggers and functions of everything that is no part of PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({BUILT}) AS part(kind, of, name, how, words) WHERE of !~ '^(pg_|information_schema|-)'"
        )
        return set(cursor.fetchall())


def tables() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


@pytest.mark.django_db(transaction=True)
def test_every_migration_of_ours_can_be_taken_back_and_made_again() -> None:
    ours = {apps.get_app_config(name.rsplit(".", 1)[1]).label for name in rooms.installed()}
    with another_database():
        before = built()
        executor = MigrationExecutor(connection)
        with few_models_drawn():
            executor.migrate([(label, None) for label, _ in executor.loader.graph.leaf_nodes() if label in ours])
        assert not {table for table in tables() if table.split("_", 1)[0] in ours}
        with few_models_drawn():
            call_command("migrate", verbosity=0)
        assert built() == before


@pytest.mark.django_db
def test_no_change_of_a_model_lacks_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
