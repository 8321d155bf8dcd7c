"""Addresses below /media/."""

from django.urls import re_path

from quanzi.base.media.views import picture

app_name = "media"

urlpatterns = [
    re_path(
        r"^(?P<folder>[0-9a-f]{2})/(?P<sha256>(?P=folder)[0-9a-f]{62})-(?P<width>[1-9][0-9]{0,4})\.webp$",
        picture,
        name="picture",
    ),
]
