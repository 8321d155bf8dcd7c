"""Where goods are picked up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.community.circles.models import Circle
from quanzi.kernel.errors import InvalidInput
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.sales.rules import clean

LONGEST = {"name": 40, "address": 120, "hours": 60, "hours_en": 80}
"""Characters, as the columns have it."""


@transaction.atomic
def open_pickup_point(
    *,
    leader: Member,
    name: str,
    address: str,
    hours: str,
    hours_en: str = "",
    circle: Circle | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    is_demo: bool = False,
    actor: str,
    now: datetime,
) -> PickupPoint:
    """Open a point that `leader` runs. Raises InvalidInput for an empty or too long text."""
    texts = {"name": name, "address": address, "hours": hours, "hours_en": hours_en}
    point = PickupPoint.objects.create(
        leader=leader, circle=circle, latitude=latitude, longitude=longitude, is_demo=is_demo, **_checked(texts)
    )
    if not leader.is_leader:
        Member.objects.filter(pk=leader.pk).update(is_leader=True)
    audit.write(actor=actor, action="sales.open_point", target=f"point:{point.pk}", after=texts, now=now)
    return point


@transaction.atomic
def update_pickup_point(
    *,
    point: PickupPoint,
    name: str,
    address: str,
    hours: str,
    hours_en: str = "",
    is_open: bool = True,
    actor: str,
    now: datetime,
) -> PickupPoint:
    """Change what people read about a point, or close it for new orders. Orders already placed stay there."""
    before = {"name": point.name, "address": point.address, "hours": point.hours, "is_open": point.is_open}
    for field, value in _checked({"name": name, "address": address, "hours": hours, "hours_en": hours_en}).items():
        setattr(point, field, value)
    point.is_open = is_open
    point.save(update_fields=["name", "address", "hours", "hours_en", "is_open"])
    after = {"name": point.name, "address": point.address, "hours": point.hours, "is_open": point.is_open}
    audit.write(
        actor=actor, action="sales.update_point", target=f"point:{point.pk}", before=before, after=after, now=now
    )
    return point


def _checked(texts: dict[str, str]) -> dict[str, str]:
    said = {field: clean(value) for field, value in texts.items()}
    for field, value in said.items():
        if len(value) > LONGEST[field] or (not value and field != "hours_en"):
            raise InvalidInput(field=field)
    return said
