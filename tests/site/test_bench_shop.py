"""The shop that the benchmark measures is still a shop: its statements fit the tables of today."""

from __future__ import annotations

import pytest
from django.db import connection
from rich.console import Console

from bench import searching
from bench.shop.build import build, is_built
from quanzi.base import doctor
from quanzi.community.posts.models import Post


@pytest.mark.django_db(transaction=True)
def test_a_small_one_is_built_and_the_doctor_finds_nothing() -> None:
    try:
        build(seed=3, scale=0.001, console=Console(quiet=True))
        assert is_built(seed=3, scale=0.001)
        assert [(one.id, one.sample[:1]) for one in doctor.run() if not one.is_well] == []
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA IF EXISTS bench CASCADE")


@pytest.mark.django_db(transaction=True)
def test_posts_to_search_among_are_written() -> None:
    searching.fill(posts=60, seed=3)
    assert Post.objects.count() == 60
