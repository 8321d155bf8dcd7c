"""Fail when a model has changed without a migration."""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "quanzi.site.testing"

import django
from django.conf import settings
from django.core.management import call_command

from quanzi.site.database.lease import hold

django.setup()
hold(settings.QUANZI_HOME, durable=False)
call_command("makemigrations", check=True, dry_run=True, verbosity=1)
print("Every change of a model has its migration.")
