"""Members, sessions and sign-in (django-allauth)."""

from __future__ import annotations

import os
from typing import Any

from quanzi.site import rooms

AUTH_USER_MODEL = "accounts.Member" if rooms.exists("quanzi.people.accounts.apps") else "auth.User"

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Letters are printed to the terminal until a mail server is named.
_smtp: dict[str, Any] = {
    "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "OPTIONS": {
        "host": os.environ.get("QUANZI_SMTP_HOST", ""),
        "port": int(os.environ.get("QUANZI_SMTP_PORT", "465")),
        "username": os.environ.get("QUANZI_SMTP_USER", ""),
        "password": os.environ.get("QUANZI_SMTP_PASSWORD", ""),
        "use_ssl": True,
    },
}
_console: dict[str, Any] = {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
MAILERS = {"default": _smtp if os.environ.get("QUANZI_SMTP_HOST") else _console}
DEFAULT_FROM_EMAIL = os.environ.get("QUANZI_MAIL_FROM", "quanzi@localhost")
