"""Things that buying journeys need and the generated shop lacks: much on the shelf, addresses, deals without an end. Made by services."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from bench.stage import Stage

ACTOR = "bench"
TEAM_SIZE = 10


@dataclass(frozen=True)
class Ware:
    """A SKU; delivered_minor: what one of it costs with its freight."""

    sku_id: int
    price_minor: int

    @property
    def delivered_minor(self) -> int:
        from quanzi.goods.pricing.freight import tariff

        rates = tariff()
        return self.price_minor + (rates.delivery_minor if self.price_minor < rates.free_from_minor else 0)


@dataclass(frozen=True)
class Deal:
    id: int
    ware: Ware

    def wish(self, address: int) -> dict[str, Any]:
        team = Ware(self.ware.sku_id, self.ware.price_minor // 2)
        return {
            "method": "delivery", "address_id": address, "expected_amount_minor": team.delivered_minor, "provider": "paysim",
        }  # fmt: skip


def fresh(name: str, *, units: int) -> Ware:
    """A new thing on sale with so many on the shelf."""
    from quanzi.goods.catalogue import services as catalogue
    from quanzi.goods.stock import services as stock
    from quanzi.kernel import clock

    now = clock.now()
    product = catalogue.create_product(name=name, slug=name, summary="For the benchmark", actor=ACTOR, now=now)
    sku = catalogue.add_sku(
        product=product, code=name.upper(), price_minor=12_800, cost_minor=6_400, actor=ACTOR, now=now
    )
    stock.receive(sku_id=sku.pk, quantity=units, key=f"bench:{name}", reason="benchmark", actor=ACTOR, now=now)
    catalogue.publish(product=product, actor=ACTOR, now=now)
    return Ware(sku.pk, sku.price_minor)


@cache
def _shelf(count: int, units: int) -> list[Ware]:
    from quanzi.goods.catalogue.models import Sku

    known = {row.code: Ware(row.pk, row.price_minor) for row in Sku.objects.filter(code__startswith="BENCH-SHELF-")}
    names = [f"bench-shelf-{one}" for one in range(count)]
    return [known.get(name.upper()) or fresh(name, units=units * 100) for name in names]


def shelf(stage: Stage, count: int, *, units: int) -> list[Ware]:
    """Things of which there is plenty, the same ones each time."""
    return _shelf(count, units)


@cache
def address_of(member_id: int) -> int:
    """The id of an address in the member's book; made when there is none."""
    from quanzi.kernel import clock
    from quanzi.people.accounts.models import Address, Member
    from quanzi.people.accounts.services import add_address

    known = Address.objects.filter(member_id=member_id, removed_at=None).order_by("-is_default", "-id").first()
    if known is None:
        known = add_address(
            member=Member.objects.get(pk=member_id), recipient="张三", phone="13800000001", region_code="310101",
            detail="人民路 1 号 502", now=clock.now(),
        )  # fmt: skip
    return known.pk


@cache
def _deals(count: int) -> list[Deal]:
    from quanzi.goods.catalogue.models import Sku
    from quanzi.kernel import clock
    from quanzi.trade.deals.models import GroupDeal
    from quanzi.trade.deals.services import create_deal

    found = []
    for ware in _shelf(64, 10_000)[-count:]:
        deal = GroupDeal.objects.filter(sku_id=ware.sku_id, stopped_at=None).first() or create_deal(
            sku=Sku.objects.get(pk=ware.sku_id), team_size=TEAM_SIZE, price_minor=ware.price_minor // 2, per_member_limit=10_000,
            actor=ACTOR, now=clock.now(),
        )  # fmt: skip
        found.append(Deal(deal.pk, ware))
    return found


def deals(stage: Stage, count: int) -> list[Deal]:
    """Deals that one member may join as often as the load wants."""
    return _deals(count)


def empty_carts(stage: Stage) -> None:
    """What earlier runs left there would come to the most of one line, and each look at a cart reads all of it."""
    from quanzi.trade.sales.models import CartLine

    CartLine.objects.filter(member_id__in=[one.id for one in stage.members]).delete()


def sold(sku_id: int) -> int:
    """How many of a SKU are held for orders."""
    from quanzi.goods.stock.models import Stock

    return int(Stock.objects.get(sku_id=sku_id).reserved)


def as_json(value: Any) -> str:
    return json.dumps(value)
