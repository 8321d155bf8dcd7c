"""Tokens say what they may; answers are kept for a day; counts and short-lived secrets are shared by all processes."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Rights of the staff are given anew, by whoever has taken the second step.
READ = "me:read community:read orders:read leader:read supplier:read"
ALL = READ + " me:write community:write orders:write payments:write leader:write"

SCOPES = f"UPDATE api_apitoken SET scopes = CASE WHEN is_read_only THEN '{READ}' ELSE '{ALL}' END"
SCOPES_BACK = "UPDATE api_apitoken SET is_read_only = (scopes NOT LIKE '%%:write%%')"

# Unlogged: counting must not wait for the disk, and after a crash of the machine everybody may begin anew.
SHARED = """
CREATE UNLOGGED TABLE api_calls (
    who text PRIMARY KEY,
    period bigint NOT NULL,
    calls integer NOT NULL
) WITH (fillfactor = 50);
CREATE UNLOGGED TABLE shared_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX shared_cache_expires ON shared_cache (expires);
"""
SHARED_BACK = "DROP TABLE api_calls; DROP TABLE shared_cache;"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("api", "0001_initial"),
        ("allauth_idp_oidc", "0003_client_allow_uri_wildcards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            "apitoken", "scopes",
            models.TextField(help_text="What it may be used for, with blanks between", default=""), preserve_default=False,
        ),
        migrations.RunSQL(SCOPES, SCOPES_BACK),
        migrations.RemoveField("apitoken", "is_read_only"),
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("request_digest", models.CharField(help_text="Of method, address and body", max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.TextField(blank=True)),
                ("made_at", models.DateTimeField(db_index=True)),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("member", "key"), name="api_answer_once")]},
        ),
        migrations.CreateModel(
            name="SpentRefresh",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("spent_at", models.DateTimeField(db_index=True)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="allauth_idp_oidc.client")),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.RunSQL(SHARED, SHARED_BACK),
    ]
