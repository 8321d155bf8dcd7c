"""Applications, middleware, database, time, jobs."""

from __future__ import annotations

import os
from pathlib import Path

from quanzi.site import home as folders
from quanzi.site import rooms
from quanzi.site.database import address

QUANZI_HOME: Path = folders.home()
folders.make(QUANZI_HOME)
DEBUG = os.environ.get("QUANZI_DEBUG", "") == "1"

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    *rooms.installed(),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "quanzi.site.headers.answer_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "quanzi.site.backroom.backroom_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "quanzi.faces.ui.language.ReaderLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "quanzi.people.accounts.middleware.OriginMiddleware",
    "quanzi.people.accounts.middleware.SecondStepMiddleware",
    "quanzi.people.accounts.middleware.MemberSessionMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "quanzi.growth.sources.middleware.SourceMiddleware",
    "quanzi.faces.ui.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "quanzi.site.urls"
WSGI_APPLICATION = "quanzi.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Connections live as long as their thread: a new connection for each request costs more than the page.
DATABASES = {"default": address.django_database(QUANZI_HOME)}

QUANZI_PLANS_STATEMENTS = address.plans_statements()

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parents[2] / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Limits of the sign-in and codes of apps: a few rows that all processes share (an unlogged table), never a page.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "quanzi.site.logs.OneLine",
            "format": "{asctime} {levelname} {name}: {message}",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("QUANZI_LOG", "WARNING")},
}
