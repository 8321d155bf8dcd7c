"""The source of visits that name none stands from the first day."""

from typing import ClassVar

from django.db import migrations

MAKE = """
INSERT INTO sources_source (kind, name, token, utm, target, is_demo, created_at)
VALUES ('direct', 'Direct', 'direct', '', '/', false, now()) ON CONFLICT (token) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sources", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(MAKE, "DELETE FROM sources_source WHERE token = 'direct' AND NOT EXISTS (SELECT FROM sources_touch)")
    ]
