"""Templates, static files, pictures."""

from __future__ import annotations

import os
from typing import Any

from quanzi.site import home as folders

_CONTEXT = [
    "django.template.context_processors.request",
    "django.template.context_processors.i18n",
    "django.template.context_processors.csp",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]

_JINJA2: dict[str, Any] = {
    "BACKEND": "django.template.backends.jinja2.Jinja2",
    "DIRS": [],
    "APP_DIRS": True,  # each room's `jinja2` folder
    "OPTIONS": {
        "environment": "quanzi.faces.ui.environment.environment",
        "context_processors": [*_CONTEXT, "quanzi.faces.ui.context.page"],
    },
}
_DJANGO: dict[str, Any] = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [],
    "APP_DIRS": True,  # the admin, and pages of libraries that we did not redraw
    "OPTIONS": {"context_processors": _CONTEXT},
}
TEMPLATES = [_JINJA2, _DJANGO]

_demo_mark = folders.home() / "demo"
"""Written by the demo shop's loader; it holds the demo's name. Its pages carry a ribbon."""
QUANZI_DEMO = os.environ.get("QUANZI_DEMO", "") == "1" or _demo_mark.exists()
QUANZI_SHOP_NAME = os.environ.get("QUANZI_SHOP_NAME", "") or (
    _demo_mark.read_text(encoding="utf-8").strip() if _demo_mark.exists() else ""
)

STATIC_URL = "/static/"
STATIC_ROOT = folders.home() / "static"
folders.make(folders.home())
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise complains about a folder that is not there yet
MEDIA_URL = "/media/"
MEDIA_ROOT = folders.home() / "media"
QUANZI_FILMS_ARRIVING = folders.home() / "films-arriving"
QUANZI_FILM_MB = int(os.environ.get("QUANZI_FILM_MB", "") or 100)
QUANZI_FILM_SECONDS = int(os.environ.get("QUANZI_FILM_SECONDS", "") or 60)
"""What people may send, at most."""
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "quanzi.site.static_files.FingerprintedFiles"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
