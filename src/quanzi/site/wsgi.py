"""The shop for WSGI servers."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanzi.site.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402 - settings must be named first

from quanzi.site.parent import promise_now  # noqa: E402

promise_now()
application = get_wsgi_application()
