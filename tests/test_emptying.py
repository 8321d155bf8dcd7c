"""A test that commits leaves what every shop has from its first day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from tests.emptying import STAYING, empty, tables
from tests.factories.people import make_member


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in (*tables(), *STAYING):
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_holds_what_migrations_made_and_nothing_else() -> None:
    make_member(now=datetime(2026, 5, 1, tzinfo=UTC))
    empty()
    emptied = rows()
    usual = connection.settings_dict["NAME"]
    connection.close()
    try:
        connection.settings_dict["NAME"] = connection.settings_dict["TEST"]["TEMPLATE"]
        made = rows()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
    assert {table: count for table, count in emptied.items() if count != made[table]} == {}
