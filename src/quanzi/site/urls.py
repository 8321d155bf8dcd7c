"""Addresses of the whole site."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from quanzi.faces.storefront.security import RemovePasskey
from quanzi.site.addresses import by_word
from quanzi.site.backroom import may_enter, way_in
from quanzi.site.health import healthz

# Mounted in this order.
_MOUNTS = [
    ("media/", "quanzi.base.media.urls"),
    ("", "quanzi.faces.api.program_urls"),
    ("api/", "quanzi.faces.api.urls"),
    ("console/", "quanzi.faces.console.urls"),
    ("pay/", "quanzi.trade.payments.urls"),
    ("carriers/", "quanzi.trade.fulfilment.urls"),
    ("", "quanzi.growth.sources.urls"),
    ("", "quanzi.faces.ui.urls"),
    ("", "quanzi.faces.storefront.urls"),
]

# The back room has no door of its own: the shop's login limits guesses, knows codes and second factors.
admin.site.has_permission = may_enter  # type: ignore[method-assign]
admin.site.login = way_in  # type: ignore[method-assign]

ADDRESSES: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("account/2fa/webauthn/keys/<int:pk>/remove/", RemovePasskey.as_view()),  # before the library's own
    path("account/", include("allauth.urls")),
    path("backroom/", admin.site.urls),
    *(path(prefix, include(module)) for prefix, module in _MOUNTS),
]
urlpatterns = by_word(ADDRESSES)

_FAULTS = "quanzi.faces.storefront.faults"
handler400 = f"{_FAULTS}.bad_request"
handler403 = f"{_FAULTS}.forbidden"
handler404 = f"{_FAULTS}.not_found"
handler429 = f"{_FAULTS}.too_many"  # read by the sign-in library
handler500 = f"{_FAULTS}.fault"
