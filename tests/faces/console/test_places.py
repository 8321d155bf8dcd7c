"""Shelves, makers and pickup points are made on a page, and bad input is told beside its field."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quanzi.goods.catalogue.models import Category, Maker
from quanzi.trade.sales.models import PickupPoint
from tests.faces.console.desk import client_of
from tests.factories.people import make_member, make_staff

pytestmark = pytest.mark.django_db


def test_a_new_shop_gets_its_shelves_makers_and_points() -> None:
    client, leader, here = client_of(make_staff("operator")), make_member("王阿姨"), reverse("console:places")
    for sent in (
        {"kind": "shelf", "name": "蔬菜", "name_en": "Greens"},
        {"kind": "maker", "maker_name": "孙兆平", "place": "山东莒南"},
        {
            "kind": "point",
            "point_name": "锦绣站",
            "address": "3 号楼",
            "hours": "周五 16:00–20:00",
            "leader": leader.email or "",
        },
    ):
        assert client.post(here, sent).status_code == 302
    assert (Category.objects.get().name, Maker.objects.get().name) == ("蔬菜", "孙兆平")
    point = PickupPoint.objects.select_related("leader").get()
    assert (point.leader, point.leader.is_leader) == (leader, True)
    drawn = client.get(here).content.decode()
    assert "锦绣站" in drawn and "孙兆平" in drawn


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "shelf", "name": " "}, "name"),
        ({"kind": "maker", "maker_name": "长" * 61}, "maker_name"),
        (
            {"kind": "point", "point_name": "站", "address": "a", "hours": "b", "leader": "nobody@nowhere.example"},
            "leader",
        ),
        ({"kind": "point", "point_name": "站", "address": "a", "hours": "b", "leader": "12"}, "leader"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_made(sent: dict[str, str], field: str) -> None:
    answer = client_of(make_staff("operator")).post(reverse("console:places"), sent)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.content.decode()
    assert not Category.objects.exists() and not Maker.objects.exists() and not PickupPoint.objects.exists()


def test_an_unknown_form_is_not_found() -> None:
    assert client_of(make_staff("operator")).post(reverse("console:places"), {"kind": "nonsense"}).status_code == 404
