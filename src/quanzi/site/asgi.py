"""The shop for ASGI servers: long-lived streams only; pages are served by wsgi.py."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanzi.site.settings")

from django.core.asgi import get_asgi_application

application = get_asgi_application()
