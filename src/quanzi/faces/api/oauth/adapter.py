"""What the sign-in library asks us about apps: words for scopes, shapes of secrets."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.utils.translation import gettext_lazy

from quanzi.faces.api.credentials import digest_of
from quanzi.faces.api.scopes import SCOPES
from quanzi.kernel.ids import new_token

SECRET_PREFIX = "qzs_"


class AppAdapter(DefaultOIDCAdapter):  # type: ignore[misc]  # the library has no types
    scope_display: dict[str, Any] = {scope: gettext_lazy(words) for scope, words in SCOPES.items()}

    def generate_client_secret(self) -> str:
        return SECRET_PREFIX + new_token(32)

    def hash_token(self, token: str) -> str:
        return digest_of(token)
