"""Fail when the API no longer is what docs/api/openapi.json says; --write brings the file up to date."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "quanzi.site.testing"

import django

django.setup()

from quanzi.faces.api.routes.all import api

SNAPSHOT = Path(__file__).parents[1] / "docs" / "api" / "openapi.json"

now = json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, default=str) + "\n"
if "--write" in sys.argv[1:]:
    SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
    SNAPSHOT.write_text(now, encoding="utf-8")
    print(f"Written: {SNAPSHOT.relative_to(Path.cwd()) if SNAPSHOT.is_relative_to(Path.cwd()) else SNAPSHOT}")
elif not SNAPSHOT.exists() or SNAPSHOT.read_text(encoding="utf-8") != now:
    print("The API has changed. If it is meant: .venv/bin/python tools/check_openapi.py --write, and commit the file.")
    sys.exit(1)
else:
    print("The API is what docs/api/openapi.json says.")
