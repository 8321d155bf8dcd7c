"""Who and what there is when the month begins: stations with their leaders, members near them, goods, lots, deals."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from django.conf import settings
from django.db import transaction

from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Lot, Sku
from quanzi.goods.stock import services as stock
from quanzi.people.accounts.models import Member, StaffRole
from quanzi.people.accounts.services import add_address, create_member, set_staff_role
from quanzi.trade.deals.models import GroupDeal
from quanzi.trade.deals.services import create_deal
from quanzi.trade.payments import providers
from quanzi.trade.sales.services import open_pickup_point
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Station
from simulation.bank import Bank

FRESH = ("鲜菜", "豆腐", "草莓", "河虾", "土鸡蛋", "叶菜", "鲜奶", "玉米", "番茄", "菌菇", "豆苗", "莲藕")
LASTING = ("大米", "蜂蜜", "茶叶", "面条", "木耳", "米酒", "酱油", "茶油")
BATCH = 200


@dataclass
class World:
    """Chance is seeded: the same seed, the same month."""

    chance: random.Random
    bank: Bank
    operator: Member
    packer: Member
    stations: list[Station] = field(default_factory=list)
    home: dict[int, int] = field(default_factory=dict)
    """Member to the place of their station in `stations`."""
    addresses: dict[int, int] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    fresh: list[Sku] = field(default_factory=list)
    lasting: list[Sku] = field(default_factory=list)
    deals: list[GroupDeal] = field(default_factory=list)
    lots: dict[int, Lot] = field(default_factory=dict)
    """The lot of a SKU that is given out now."""
    _keys: count[int] = field(default_factory=lambda: count(1))

    def key(self) -> str:
        return f"sim-{next(self._keys)}"


def build(*, stations_wanted: int, members_wanted: int, seed: int, now: datetime) -> World:
    chance = random.Random(seed)
    bank = Bank(random.Random(seed + 1))
    providers.register(bank)
    settings.PAYMENT_PROVIDERS = [*settings.PAYMENT_PROVIDERS, bank.name]
    world = World(chance, bank, operator=_staff("operator", now), packer=_staff("fulfilment", now))
    _goods(world, now)
    _stations(world, stations_wanted, now)
    _people(world, members_wanted, now)
    _deals(world, now)
    while deliver_pending(now=now):
        pass
    return world


def _staff(role: str, now: datetime) -> Member:
    member = create_member(name=role, email=f"{role}@simulation.example", now=now)
    return set_staff_role(member=member, role=StaffRole(role), actor="system", now=now)


@transaction.atomic
def _goods(world: World, now: datetime) -> None:
    for place, name in enumerate((*FRESH, *LASTING)):
        is_fresh = name in FRESH
        product = catalogue.create_product(
            name=name, slug=f"goods-{place}", summary=name, story="", return_rule="fresh" if is_fresh else "seven_days",
            actor="system", now=now,
        )  # fmt: skip
        sku = catalogue.add_sku(
            product=product, code=f"G{place}", options={}, price_minor=500 + 37 * place * place, cost_minor=300,
            weight_g=500, actor="system", now=now,
        )  # fmt: skip
        catalogue.publish(product=product, actor="system", now=now)
        (world.fresh if is_fresh else world.lasting).append(sku)
        restock(world, sku, units=400, now=now)


def restock(world: World, sku: Sku, *, units: int, now: datetime) -> Lot:
    """A new lot arrives; fresh goods last five days."""
    lot = catalogue.add_lot(
        sku=sku, code=f"{sku.code}-{world.key()}", made_on=now.date(), storage="chilled",
        expires_at=now + timedelta(days=5 if sku in world.fresh else 300), now=now,
    )  # fmt: skip
    stock.receive(
        sku_id=sku.pk, quantity=units, lot_id=lot.pk, key=world.key(), reason="delivery", actor="system", now=now
    )
    world.lots[sku.pk] = lot
    return lot


@transaction.atomic
def _stations(world: World, wanted: int, now: datetime) -> None:
    for place in range(wanted):
        leader = create_member(name=f"团长{place}", email=f"leader{place}@simulation.example", now=now)
        point = open_pickup_point(
            leader=leader, name=f"{place} 号站", address=f"路口 {place}", hours="16:00-20:00",
            latitude=30.2 + place / 200, longitude=120.1 + place / 300, actor="system", now=now,
        )  # fmt: skip
        world.stations.append(
            stations.open_station(point=point, area=f"小区 {place}", capacity=400, actor=world.operator, now=now)
        )


def _people(world: World, wanted: int, now: datetime) -> None:
    for first in range(0, wanted, BATCH):
        with transaction.atomic():
            for place in range(first, min(first + BATCH, wanted)):
                member = create_member(name=f"邻居{place}", email=f"m{place}@simulation.example", now=now)
                world.members.append(member)
                world.home[member.pk] = place % len(world.stations)
                if place % 4 == 0:
                    world.addresses[member.pk] = add_address(
                        member=member, recipient=member.name, phone="13800000000", region_code="330106",
                        detail=f"{place} 号", is_default=True, now=now,
                    ).pk  # fmt: skip
        deliver_pending(now=now)


@transaction.atomic
def _deals(world: World, now: datetime) -> None:
    for place, sku in enumerate([*world.lasting, *world.fresh[:4]]):
        size, price = 2 + place % 3, sku.price_minor
        world.deals.append(
            create_deal(
                sku=sku, team_size=size, price_minor=price * 9 // 10, per_member_limit=99, window_minutes=24 * 60,
                steps=[(size + 2, price * 8 // 10), (size + 4, price * 7 // 10)] if place % 3 == 0 else (),
                reason_zh="一起送，省一趟", actor="system", now=now,
            )
        )  # fmt: skip
