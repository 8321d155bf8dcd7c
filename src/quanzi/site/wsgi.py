"""The shop for WSGI servers."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanzi.site.settings")
os.environ.setdefault("QUANZI_STATEMENT_SECONDS", "30")

from django.core.wsgi import get_wsgi_application

from quanzi.base.shop.identity import heal
from quanzi.site.parent import promise_now

promise_now()
application = get_wsgi_application()
heal()
