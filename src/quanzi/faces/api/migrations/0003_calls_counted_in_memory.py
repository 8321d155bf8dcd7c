"""Calls with a name are counted where those without one are: in memory that the processes of a machine share."""

from typing import ClassVar

from django.db import migrations

BACK = """
CREATE UNLOGGED TABLE api_calls (
    who text PRIMARY KEY,
    period bigint NOT NULL,
    calls integer NOT NULL
) WITH (fillfactor = 50);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("api", "0002_scopes_and_counts")]

    operations: ClassVar = [migrations.RunSQL("DROP TABLE api_calls", BACK)]
