"""Addresses of drivers' pages."""

from django.urls import URLPattern, path

from quanzi.faces.storefront.driving import views

driving_urls: list[URLPattern] = [
    path("drive", views.home, name="drive"),
    path("drive/invitation", views.invitation, name="drive_invitation"),
    path("drive/<slug:code>", views.run, name="drive_run"),
    path("drive/<slug:code>/<int:stop_id>", views.act, name="drive_stop"),
]
