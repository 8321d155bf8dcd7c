"""What a member may take along: every table that points at people is told, or left out with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from quanzi.growth.exporting.own import LEFT_OUT, PARTS, Part, everything_about
from quanzi.people.accounts.models import Member
from tests.factories.people import make_member
from tests.factories.trade import make_paid_order


def column_of(part: Part) -> str:
    """The column that a part follows to its member."""
    model: Any = apps.get_model(part.model)
    *way, last = part.whose.split("__")
    for step in way:
        model = model._meta.get_field(step).related_model
    return f"{model._meta.label_lower}.{last}"


def test_every_column_that_points_at_a_member_is_told_or_left_out_with_a_reason() -> None:
    pointing = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is Member
    }
    told = {column_of(part) for part in PARTS} & pointing
    assert told | LEFT_OUT.keys() == pointing
    assert not told & LEFT_OUT.keys() and all(LEFT_OUT.values())
    assert len({part.name for part in PARTS}) == len(PARTS)


@pytest.mark.django_db
def test_an_order_is_told_with_its_lines_payments_and_address_and_to_its_buyer_only(
    django_assert_num_queries: Any,
) -> None:
    order = make_paid_order()
    with django_assert_num_queries(len(PARTS)):
        mine = everything_about(order.member_id)
    assert [row["number"] for row in mine["orders"]] == [row["order"] for row in mine["order_lines"]] == [order.number]
    assert mine["orders"][0]["delivered_to"] == order.ship_to
    assert [row["amount_minor"] for row in mine["payments"]] == [order.amount_minor]
    assert not any(everything_about(make_member().pk)[name] for name in ("orders", "order_lines", "payments"))
