"""What commands need before they can work: the database, Django, the present shape of the tables."""

from __future__ import annotations

import os

from quanzi.site import home
from quanzi.site.cli.mistakes import Mistake
from quanzi.site.database.lease import hold


def open_shop(*, migrated: bool = True) -> None:
    """Start or share the database and load Django. migrated: insist that no migration is waiting."""
    load_django()
    hold(home.home())
    _check_server()
    if migrated and (waiting := waiting_migrations()):
        raise Mistake(f"The database waits for {waiting} migration(s). Run: quanzi migrate")


def load_django() -> None:
    """Read the settings and load the rooms; speaks to no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanzi.site.settings")
    import django

    django.setup()


def _check_server() -> None:
    """A database of somebody's own is new enough, holds every script, and knows that Chinese words are words."""
    from django.db import connection

    with connection.cursor() as cursor:
        version = cursor.connection.info.server_version
        cursor.execute("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()")
        (encoding,) = cursor.fetchone()
        if version < 150000:
            raise Mistake(f"quanzi needs PostgreSQL 15 or newer; DATABASE_URL names one of version {version // 10000}.")
        if encoding == "UTF8":
            cursor.execute("SELECT U&'\\4E2D' ~ '[[:alpha:]]'")
            if cursor.fetchone()[0]:
                return
    raise Mistake(
        f"The database that DATABASE_URL names ({encoding}) does not know Chinese letters. Make one that does: "
        "CREATE DATABASE shop OWNER shop ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;"
    )


def waiting_migrations() -> int:
    """How many migrations are not applied yet."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
