"""How much has faded is worked out once for a walk, and in place when facts are counted.

The epoch of a moment with a time zone depends on no setting, but PostgreSQL does not know that, and calls such a function row by row.
"""

from importlib import import_module

from django.db import migrations

WALKING = import_module("quanzi.people.trust.migrations.0005_edges").WALKING
PATH = import_module("quanzi.people.trust.migrations.0007_path").FORWARD.split("CREATE FUNCTION trust_ring_decided")[0]

FADE = """
CREATE OR REPLACE FUNCTION trust_fade(at timestamptz) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT power(2.0::float8, (1767225600.0::float8 - extract(epoch FROM at {zone})::float8) / 31536000.0::float8)
$$;
"""


def walks(fade: str) -> str:
    return (WALKING + PATH).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace("trust_fade(at)", fade)


class Migration(migrations.Migration):
    dependencies = [("trust", "0007_path")]

    operations = [
        migrations.RunSQL(
            FADE.format(zone="AT TIME ZONE 'UTC'") + walks("(SELECT trust_fade(at))"), FADE.format(zone="") + walks("trust_fade(at)")
        )
    ]
