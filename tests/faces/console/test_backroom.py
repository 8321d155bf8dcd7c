"""The back room: who of the staff sees which records, what nobody may delete, and what goes through services."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from quanzi.base.audit.models import AuditEntry
from quanzi.faces.console.admin import Kept, Looked
from quanzi.goods.catalogue.models import Maker
from quanzi.people.accounts.models import StaffRole
from quanzi.people.accounts.policies import can
from quanzi.trade.sales.models import PickupPoint
from tests.faces.console.desk import client_of, small_shop
from tests.factories.people import make_member, make_staff

pytestmark = pytest.mark.django_db
OURS = {model: one for model, one in admin.site._registry.items() if isinstance(one, Looked)}


def address(model: type, *args: object, page: str = "changelist") -> str:
    meta = model._meta  # type: ignore[attr-defined]
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("role", StaffRole.values)
def test_each_role_looks_up_what_its_permission_says(role: str) -> None:
    member = make_staff(role)
    client = client_of(member)
    small_shop()
    for model, one in OURS.items():
        status = client.get(address(model)).status_code
        assert status == (200 if can(member, one.needs) else 403), (model, status)


def test_members_and_visitors_are_led_to_log_in() -> None:
    for client in (client_of(make_member()), client_of()):
        assert client.get(reverse("admin:index")).status_code in (302, 403)


def test_nobody_deletes_and_facts_are_only_read() -> None:
    small_shop()
    owner = make_staff("owner")
    client, request = client_of(owner), RequestFactory().get("/")
    request.user = owner
    for model, one in OURS.items():
        assert not one.has_delete_permission(request), model
        row = model._default_manager.order_by("pk").first()
        if row is None:
            continue
        assert client.post(address(model, row.pk, page="delete"), {"post": "yes"}).status_code == 403, model
        assert client.get(address(model, row.pk, page="change")).status_code == 200, model
        if not isinstance(one, Kept):
            assert client.post(address(model, row.pk, page="change"), {}).status_code == 403, model


def test_what_is_kept_here_goes_through_its_service() -> None:
    client, leader = client_of(make_staff("owner")), make_member()
    made = client.post(address(Maker, page="add"), {"name": "周师傅", "slug": "zhou", "place": "温州", "story": ""})
    assert made.status_code == 302
    maker = Maker.objects.get(slug="zhou")
    assert (
        client.post(
            address(Maker, maker.pk, page="change"), {"name": "周师傅", "slug": "zhou", "place": "杭州", "story": ""}
        ).status_code
        == 302
    )
    assert Maker.objects.get().place == "杭州"
    form = {"leader": leader.pk, "name": "古荡站", "address": "古荡路 1 号", "hours": "17:00-20:00", "hours_en": ""}
    assert client.post(address(PickupPoint, page="add"), form).status_code == 302
    assert PickupPoint.objects.get().leader == leader
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"catalogue.create_maker", "catalogue.update_maker", "sales.open_point"} <= actions
    refused = client.post(address(Maker, page="add"), {"name": "别人", "slug": "zhou", "place": "", "story": ""})
    assert refused.status_code in (200, 409, 422)
    assert Maker.objects.count() == 1


def test_nothing_stands_here_but_what_we_put_there() -> None:
    assert {type(one).__name__ for model, one in admin.site._registry.items() if model not in OURS} == set()


def test_contacts_are_not_looked_up_here() -> None:
    member = make_member("小雨")
    client = client_of(make_staff("owner"))
    meta = type(member)._meta
    drawn = client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[member.pk])).content.decode()
    assert "小雨" in drawn
    assert str(member.phone) not in drawn
    assert str(member.email) not in drawn
