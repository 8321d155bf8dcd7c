"""How a price is made: goods, delivery, leader, and what is left for the shop. Written by the merchant, shown where they choose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quanzi.base import planned
from quanzi.base.audit import services as audit
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.pricing.errors import BadPart, UnknownGoods
from quanzi.goods.pricing.models import BuildUp
from quanzi.people.accounts.models import Member

SHOWN = "SELECT sku_id, goods_minor, delivery_minor, leader_minor FROM pricing_buildup WHERE is_shown AND sku_id = ANY (%s::bigint[])"
MOST = 10**9


@dataclass(frozen=True, slots=True)
class Made:
    """Parts of one unit, in minor units. What is left of a price is the shop's; below zero the shop adds it."""

    goods_minor: int
    delivery_minor: int
    leader_minor: int

    def margin_minor(self, price_minor: int) -> int:
        """Whatever the price is, the parts and this sum exactly to it."""
        return price_minor - self.goods_minor - self.delivery_minor - self.leader_minor


def shown(sku_ids: Collection[int]) -> dict[int, Made]:
    """Of these variants those whose build-up the merchant shows, in one statement."""
    return {sku_id: Made(*parts) for sku_id, *parts in planned.rows(SHOWN, [list(sku_ids)])}


def build_up(sku_id: int) -> BuildUp | None:
    """For the staff, shown or not."""
    return BuildUp.objects.filter(sku_id=sku_id).first()


@transaction.atomic
def set_build_up(
    *,
    sku_id: int,
    goods_minor: int,
    delivery_minor: int,
    leader_minor: int,
    is_shown: bool,
    actor: Member | str,
    now: datetime,
) -> BuildUp:
    """Say what of one unit goes to whom. Raises UnknownGoods, BadPart."""
    if not Sku.objects.filter(pk=sku_id).exists():
        raise UnknownGoods(field="sku_id", sku_id=sku_id)
    parts = {"goods_minor": goods_minor, "delivery_minor": delivery_minor, "leader_minor": leader_minor}
    for field, value in parts.items():
        if not 0 <= value <= MOST:
            raise BadPart(field=field)
    made, _ = BuildUp.objects.update_or_create(
        sku_id=sku_id, defaults={**parts, "is_shown": is_shown, "changed_at": now}
    )
    audit.write(
        actor=actor, action="price.build_up", target=f"sku:{sku_id}", after={**parts, "is_shown": is_shown}, now=now
    )
    return made
