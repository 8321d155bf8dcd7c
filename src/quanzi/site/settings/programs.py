"""Programs that call: how often they may, and the doors of OAuth for apps."""

from __future__ import annotations

import os
from pathlib import Path

from quanzi.site import home as folders


def _calls(name: str, usual: int) -> int:
    text = os.environ.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit()):
        raise ValueError(f"{name} is a whole number, 0 for none, not {text!r}.")
    return int(text) if text else usual


# Calls a minute to the API; 0 takes the limit away. The first is for each token and each session, the second for each
# address without a name; the processes of a machine count together.
API_MEMBER_CALLS = _calls("QUANZI_API_MEMBER_CALLS", 300)
API_VISITOR_CALLS = _calls("QUANZI_API_VISITOR_CALLS", 120)

API_CALLS_FILE: Path | None = folders.home() / "run" / "calls"
"""Where the processes of a machine count calls together."""

ALLAUTH_TRUSTED_PROXY_COUNT = _calls("QUANZI_PROXIES", 0)
"""How many proxies of ours stand before the shop and add to X-Forwarded-For; limits by address then see the visitor."""

# OAuth 2 for apps (authorization code with PKCE). Access tokens are short, refresh tokens turn over with each use.
IDP_OIDC_ADAPTER = "quanzi.faces.api.oauth.adapter.AppAdapter"
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 60 * 60
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 60 * 60 * 24 * 60
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 60
IDP_OIDC_ROTATE_REFRESH_TOKEN = True


def _inside(text: str) -> frozenset[tuple[str, int]]:
    """Hosts and ports with commas between: "erp.lan:8080, 10.0.0.5:443"."""
    found = set()
    for one in filter(None, (part.strip() for part in text.split(","))):
        host, _, port = one.rpartition(":")
        if not host or not port.isascii() or not port.isdigit():
            raise ValueError(f"QUANZI_WEBHOOKS_INSIDE names host:port with commas between, not {one!r}.")
        found.add((host.lower(), int(port)))
    return frozenset(found)


WEBHOOKS_INSIDE = _inside(os.environ.get("QUANZI_WEBHOOKS_INSIDE", ""))
"""Receivers in the own network. All others must have a public address and speak https."""
