"""Who and what there is when the month begins: stations with their leaders, members near them, goods, lots, deals."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from django.conf import settings
from django.db import transaction

from quanzi.base.events.services import deliver_pending
from quanzi.community.circles.models import Circle
from quanzi.community.circles.services import ask_to_join, create_circle
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Lot, Maker, Product, Sku
from quanzi.goods.stock import services as stock
from quanzi.goods.supply import services as supply
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
CIRCLES, PEOPLE_OF_A_CIRCLE = 5, 100


@dataclass
class World:
    """Chance is seeded: the same seed, the same month."""

    chance: random.Random
    bank: Bank
    operator: Member
    packer: Member
    finance: Member
    owner: Member
    """The last two are the second and the third person, where one is not enough."""
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
    maker: Maker = field(init=False)
    other_of: dict[int, int] = field(default_factory=dict)
    """SKU to the smaller one of the same goods, which costs less."""
    to_order: list[Sku] = field(default_factory=list)
    numbered: Sku = field(init=False)
    circles: list[Circle] = field(default_factory=list)
    """Kept by the leaders of the first stations, in their order."""
    people_of: dict[int, list[Member]] = field(default_factory=dict)
    """Circle to its people."""
    brought: set[str] = field(default_factory=set)
    """Batches that came in."""
    _keys: count[int] = field(default_factory=lambda: count(1))

    def key(self) -> str:
        return f"sim-{next(self._keys)}"


def build(*, stations_wanted: int, members_wanted: int, seed: int, now: datetime) -> World:
    chance = random.Random(seed)
    bank = Bank(random.Random(seed + 1))
    providers.register(bank)
    settings.PAYMENT_PROVIDERS = [*settings.PAYMENT_PROVIDERS, bank.name]
    operator, packer, finance, owner = (_staff(role, now) for role in ("operator", "fulfilment", "finance", "owner"))
    world = World(chance, bank, operator, packer, finance, owner)
    _goods(world, now)
    _special_goods(world, now)
    _suppliers(world, now)
    _stations(world, stations_wanted, now)
    _people(world, members_wanted, now)
    _circles(world, now)
    _deals(world, now)
    while deliver_pending(now=now):
        pass
    return world


def _staff(role: str, now: datetime) -> Member:
    member = create_member(name=role, email=f"{role}@simulation.example", now=now)
    return set_staff_role(member=member, role=StaffRole(role), actor="system", now=now)


@transaction.atomic
def _goods(world: World, now: datetime) -> None:
    world.maker = catalogue.create_maker(name="王家酱园", slug="jiangyuan", actor="system", now=now)
    for place, name in enumerate((*FRESH, *LASTING)):
        is_fresh, price = name in FRESH, 500 + 37 * place * place
        product = _product(world, name, f"goods-{place}", "fresh" if is_fresh else "seven_days", now)
        sku = _sku(product, f"G{place}", price, now, size="大" if not is_fresh else "一份")
        catalogue.publish(product=product, actor="system", now=now)
        (world.fresh if is_fresh else world.lasting).append(sku)
        restock(world, sku, units=400, now=now)
        if not is_fresh:
            small = _sku(product, f"G{place}S", price * 4 // 5, now, size="小")
            world.other_of[sku.pk] = small.pk
            restock(world, small, units=200, now=now)


@transaction.atomic
def _special_goods(world: World, now: datetime) -> None:
    """Two sizes of something that is made to order, and pieces with numbers, which stay a draft until then."""
    pot = _product(world, "柴烧壶", "pot", "seven_days", now)
    world.to_order += [
        _sku(pot, f"POT-{size}", price, now, size=size) for size, price in (("大", 28_000), ("小", 19_000))
    ]
    catalogue.publish(product=pot, actor="system", now=now)
    world.numbered = _sku(_product(world, "编号茶碗", "bowl", "seven_days", now), "BOWL", 36_000, now, size="一只")
    restock(world, world.numbered, units=12, now=now)


def _product(world: World, name: str, slug: str, rule: str, now: datetime) -> Product:
    return catalogue.create_product(
        name=name, slug=slug, summary=name, maker=world.maker, return_rule=rule, actor="system", now=now
    )


def _sku(product: Product, code: str, price_minor: int, now: datetime, *, size: str) -> Sku:
    return catalogue.add_sku(
        product=product, code=code, options={"规格": size}, price_minor=price_minor, cost_minor=price_minor // 2, weight_g=500,
        actor="system", now=now,
    )  # fmt: skip


@transaction.atomic
def _suppliers(world: World, now: datetime) -> None:
    """Two, for what is fresh; the rest is the shop's own."""
    half = len(world.fresh) // 2
    for name, skus in (("东村菜园", world.fresh[:half]), ("西湖鱼塘", world.fresh[half:])):
        supplier = supply.create_supplier(name=name, contact="13900000000", actor="system", now=now)
        for sku in skus:
            supply.set_goods(
                supplier=supplier, sku=sku, cost_minor=sku.price_minor // 2, is_first=True, actor="system", now=now
            )


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
def _circles(world: World, now: datetime) -> None:
    """Leaders of the first stations keep a circle of people who fetch their goods there."""
    for place, station in enumerate(world.stations[:CIRCLES]):
        leader = station.point.leader
        circle = create_circle(founder=leader, name=f"{place} 号站邻居", slug=f"station-{place}", now=now)
        people = [one for one in world.members if world.home[one.pk] == place][:PEOPLE_OF_A_CIRCLE]
        for member in people:
            ask_to_join(circle=circle, member=member, now=now)
        world.circles.append(circle)
        world.people_of[circle.pk] = people


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
