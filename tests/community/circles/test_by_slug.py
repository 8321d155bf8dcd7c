"""The statement that reads a circle with its company gives what the ORM gives."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from quanzi.community.circles.models import Circle
from quanzi.community.circles.queries import circle_by_slug
from tests.factories.community import make_circle
from tests.factories.goods import make_picture

pytestmark = pytest.mark.django_db


def row(one: object) -> object:
    return one and {name: value for name, value in vars(one).items() if name != "_state"}


@pytest.mark.parametrize("has_cover", [True, False])
def test_it_is_the_plain_row_with_cover_and_founder(
    has_cover: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = make_circle(name="老邻居")
    Circle.objects.filter(pk=made.pk).update(cover=make_picture() if has_cover else None)
    plain = Circle.objects.select_related("cover", "founder").get(pk=made.pk)
    with django_assert_num_queries(1):
        found = circle_by_slug(made.slug)
        assert found is not None
        assert (found, row(found)) == (plain, row(plain))
        assert (row(found.cover), row(found.founder)) == (row(plain.cover), row(plain.founder))
    found.save()


def test_at_an_address_of_nobody_is_nothing() -> None:
    assert circle_by_slug("nobody") is None
