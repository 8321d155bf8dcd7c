"""Addresses beside the API itself: a member's tokens and apps, the console's page of both, OAuth, the reference."""

from django.urls import include, path

from quanzi.faces.api.oauth import views
from quanzi.faces.api.pages import desk, mine, reference

_mine = [
    path("me/tokens", mine.tokens, name="tokens"),
    path("me/apps", mine.mine, name="apps"),
]
_console = [
    path("console/programs", desk.programs, name="programs"),
    path("console/programs/remove", desk.remove_app, name="app_remove"),
    path("console/programs/revoke", desk.revoke_token, name="token_revoke"),
]
_oauth = [
    path("oauth/authorize", views.authorize, name="authorization"),  # the library looks for these names
    path("oauth/token", views.token, name="token"),
    path("oauth/revoke", views.revoke, name="revoke"),
]
_reference = [
    path("api/docs/", reference.start, name="start"),
    path("api/docs/refusals", reference.refusals, name="refusals"),
    path("api/docs/<slug:part>", reference.part, name="part"),
]

urlpatterns = [
    path("", include((_mine, "programs"))),
    path("", include((_console, "console_programs"))),
    path("", include(([path("", include((_oauth, "oidc")))], "idp"))),
    path("", include((_reference, "api_docs"))),
    path(".well-known/oauth-authorization-server", views.metadata, name="oauth_metadata"),
]
