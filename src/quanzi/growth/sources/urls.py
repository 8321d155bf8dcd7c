"""Addresses of the room."""

from django.urls import path

from quanzi.growth.sources.views import arrive

app_name = "sources"
urlpatterns = [path("i/<str:token>", arrive, name="arrive")]
