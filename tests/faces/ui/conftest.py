"""The design system stands alone: its tests know no page of another face."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from django.contrib import admin
from django.test import override_settings
from django.urls import include, path


@pytest.fixture(autouse=True, scope="module")
def only_our_addresses() -> Iterator[None]:
    module = ModuleType("addresses_of_ui")
    module.urlpatterns = [  # type: ignore[attr-defined]
        path("", include("quanzi.faces.ui.urls")),
        path("account/", include("allauth.urls")),
        path("backroom/", admin.site.urls),
    ]
    sys.modules[module.__name__] = module
    with override_settings(ROOT_URLCONF=module.__name__):
        yield
