"""Secrets, hosts, cookies, content security policy."""

from __future__ import annotations

import os

from django.utils.csp import CSP

from quanzi.site import home as folders
from quanzi.site import secret_key

SECRET_KEY = os.environ.get("SECRET_KEY") or secret_key.read_or_make(folders.home())

_hosts = os.environ.get("QUANZI_HOSTS", "").replace(",", " ").split()
ALLOWED_HOSTS = [*_hosts, "localhost", "127.0.0.1", "[::1]"]
_https = os.environ.get("QUANZI_HTTPS", "") == "1"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _hosts if host != "*"]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_ENGINE = "quanzi.people.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "quanzi.faces.storefront.faults.stale_form"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if _https else 0
X_FRAME_OPTIONS = "DENY"

# Nothing inline, nothing from elsewhere. The admin's pages widen this for themselves (site/backroom.py).
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
