"""Something dear that all tests of a module share: made once and gone with the module; what a test does to it is undone.

shop, _django_db_helper = staying("shop", small_shop)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction


def staying(name: str, make: Callable[[], Any]) -> tuple[Any, Any]:
    """Two fixtures: what was made, under its name, and what stands in the place of pytest-django's own helper."""

    @pytest.fixture(scope="module", name=name)
    def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
        with django_db_blocker.unblock(), transaction.atomic():
            yield make()
            transaction.set_rollback(True)

    @pytest.fixture(name="_django_db_helper")
    def undone(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
        request.getfixturevalue(name)
        with django_db_blocker.unblock(), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return made, undone
