"""The quick way to an empty database against Django's own. It takes minutes, so `./dev fuzz` runs it and the gate does not."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.site.test_migrations import another_database, built


@pytest.mark.django_db(transaction=True)
def test_the_quick_way_builds_what_django_builds() -> None:
    """The template that every test works in was made the quick way."""
    with another_database(template="template0"):
        call_command("migrate", verbosity=0)
        slowly = built()
    with another_database():
        assert built() == slowly
