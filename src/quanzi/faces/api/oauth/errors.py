"""Refusals about apps."""

from __future__ import annotations

from quanzi.kernel.errors import InvalidInput, NotFound
from quanzi.kernel.words import N_


class AppNotFound(NotFound):
    code = "app_not_found"
    message = N_("This app is not registered, or has no access to take back.")


class AppNameNeeded(InvalidInput):
    code = "app_name_needed"
    message = N_("Please give the app a name of 1 to {limit} characters; members will read it.")


class RedirectNeeded(InvalidInput):
    code = "app_redirect_needed"
    message = N_("Please enter at least one address to return to, and at most {most}.")


class RedirectUnsafe(InvalidInput):
    code = "app_redirect_unsafe"
    message = N_(
        "{address} cannot be used: addresses begin with https://, or with http://127.0.0.1 on the own machine, or with a "
        "scheme of the app like com.example.app:/, without a # part or a star."
    )
