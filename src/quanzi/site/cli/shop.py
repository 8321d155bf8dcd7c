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
    _check_server_version()
    if migrated and (waiting := waiting_migrations()):
        raise Mistake(f"The database waits for {waiting} migration(s). Run: quanzi migrate")


def load_django() -> None:
    """Read the settings and load the rooms; speaks to no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanzi.site.settings")
    import django

    django.setup()


def _check_server_version() -> None:
    from django.db import connection

    connection.ensure_connection()
    version = connection.cursor().connection.info.server_version
    if version < 150000:
        raise Mistake(f"quanzi needs PostgreSQL 15 or newer; DATABASE_URL names one of version {version // 10000}.")


def waiting_migrations() -> int:
    """How many migrations are not applied yet."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
