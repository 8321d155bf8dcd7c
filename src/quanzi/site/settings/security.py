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

# A "__Host-" cookie is taken by browsers only over HTTPS, from this very host, for all of it: no neighbour can set one.
SESSION_COOKIE_NAME = "__Host-sessionid" if _https else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if _https else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True  # forms and htmx carry the token of the page; no script reads the cookie
SESSION_ENGINE = "quanzi.people.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "quanzi.faces.storefront.faults.stale_form"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT = _https
# Asked by neighbours on this machine, which do not come through the proxy; a notification is proved by its signature.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^pay/notify/"]
X_FRAME_OPTIONS = "DENY"

# Nothing inline, nothing from elsewhere. The admin's pages widen this for themselves (site/backroom.py).
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],  # blob: pictures that were chosen, seen before they are sent
    "media-src": [CSP.SELF, "blob:"],  # blob: the length of a film is read before it is sent
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
