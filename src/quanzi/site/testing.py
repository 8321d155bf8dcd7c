"""Settings of the test runs: a home folder and a server of their own, nothing sent, nothing slow."""

from __future__ import annotations

import os

from quanzi.site import home as folders

# Processes of one run inherit the choice; without the marker each would make a folder inside the other's.
if "QUANZI_TEST_HOME" not in os.environ:
    os.environ["QUANZI_TEST_HOME"] = str(folders.home() / "test")
os.environ["QUANZI_HOME"] = os.environ["QUANZI_TEST_HOME"]

from quanzi.site.settings import *  # noqa: F403 - the home must be chosen first
from quanzi.site.settings import DATABASES, STORAGES

DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
ALLOWED_HOSTS = ["*"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
SMS_PROVIDER = "quanzi.people.accounts.sms.KeptSms"
API_CALLS_FILE = None
WHITENOISE_AUTOREFRESH = True  # each test client would list all files anew
