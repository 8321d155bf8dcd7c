"""One shop with two people's things and a console's worth of everything, for each module; what a test does in it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.faces.api.world import World, make_world
from tests.factories.people import make_staff


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world(make_staff("owner"))
        transaction.set_rollback(True)


@pytest.fixture
def _django_db_helper(world: World, django_db_blocker: Any) -> Iterator[None]:
    """In the place of pytest-django's own: what a test did is undone, the shop stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
