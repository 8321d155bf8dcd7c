"""Who sends the demo shop its goods: a cooperative, a fisherman, a workshop; what was bought of them and what is under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from quanzi.base.events.services import deliver_pending
from quanzi.goods.supply import services as supply
from quanzi.goods.supply.models import Purchase, Supplier, SupplierGoods
from quanzi.kernel.clock import today
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.services import confirm_contact, create_member
from quanzi.site.demo.stage import Stage

LOGIN = "sunzhaoping"
MAIL = "demo.example"


@dataclass(frozen=True)
class SupplierText:
    """goods: our key, pack, days until it is here."""

    key: str
    name: str
    place: str
    contact: str
    sends_direct: bool
    goods: tuple[tuple[str, int, int], ...]


SUPPLIERS = [
    SupplierText("coop", "莒南沙地合作社", "山东莒南", "孙兆平，早上六点后", False, (("yam", 10, 2), ("corn", 6, 2), ("spinach", 5, 1))),
    SupplierText("pier", "舟山阿海渔获", "浙江舟山", "阿海，靠岸后回电", False, (("shrimp", 4, 1),)),
    SupplierText("shipi", "拾皮工作室", "浙江温州", "拾皮本人", True, (("tote", 1, 7),)),
]  # fmt: skip
PAST = (
    ("coop", 21, {"yam": (60, 60, 0), "spinach": (40, 38, 2)}),
    ("coop", 14, {"corn": (48, 48, 0)}),
    ("pier", 9, {"shrimp": (24, 23, 1)}),
)
"""Supplier, days ago, and by goods: ordered, whole, damaged."""


def supply_shop(stage: Stage) -> None:
    """Suppliers with their goods, purchases of the past weeks, and two that wait."""
    found = {text.key: _supplier(stage, text) for text in SUPPLIERS}
    for key, days, lines in PAST:
        _bought(stage, found[key], stage.ago(days), lines)
    _open(stage, found)
    deliver_pending(now=stage.now)


def _supplier(stage: Stage, text: SupplierText) -> Supplier:
    at, actor = stage.ago(50), stage.staff["zhoumin"]
    made = supply.create_supplier(
        name=text.name, place=text.place, contact=text.contact, sends_direct=text.sends_direct, is_demo=True, actor=actor, now=at
    )  # fmt: skip
    for key, pack_of, lead_days in text.goods:
        sku = stage.skus[key]
        supply.set_goods(
            supplier=made, sku=sku, cost_minor=sku.cost_minor, pack_of=pack_of, lead_days=lead_days, is_first=True, actor=actor, now=at
        )  # fmt: skip
    if text.key == "coop":
        member = create_member(name="孙兆平", email=f"{LOGIN}@{MAIL}", is_demo=True, now=at)
        confirm_contact(member=member, email=f"{LOGIN}@{MAIL}", now=at)
        known = Member.objects.values_list("password", flat=True).get(pk=stage.staff["zhoumin"].pk)
        Member.objects.filter(pk=member.pk).update(password=known)  # hashed once for everybody of the demo
        stage.people[LOGIN] = member
        supply.add_person(supplier=made, member=member, actor=actor, now=at)
    if text.key == "shipi":
        supply.add_person(supplier=made, member=stage.people["shipi"], actor=actor, now=at)
    return made


def _purchase(stage: Stage, supplier: Supplier, at: datetime, wanted: dict[str, int], title: str) -> Purchase:
    actor = stage.staff["zhoumin"]
    made = supply.draft(supplier=supplier, title=title, due_at=at + timedelta(days=2), actor=actor, now=at)
    for key, quantity in wanted.items():
        supply.set_line(purchase_id=made.pk, sku_id=stage.skus[key].pk, quantity=quantity, now=at)
    return supply.send(purchase_id=made.pk, actor=actor, now=at)


def _bought(stage: Stage, supplier: Supplier, at: datetime, lines: dict[str, tuple[int, int, int]]) -> None:
    """Ordered, promised, sent and received, with a little loss."""
    made = _purchase(stage, supplier, at, {key: ordered for key, (ordered, _, _) in lines.items()}, "每周补货")
    supply.confirm(purchase_id=made.pk, now=at + timedelta(hours=3))
    supply.ship(purchase_id=made.pk, tracking="冷链专车", now=at + timedelta(hours=20))
    arrived = at + timedelta(hours=40)
    for line in made.lines.select_related("sku"):
        key = line.sku.code.lower()
        _, whole, damaged = lines[key]
        supply.receive(
            line_id=line.pk, quantity=whole, damaged=damaged, lot_code=f"{key[:3].upper()}-{today(arrived):%m%d}-{supplier.pk}",
            made_on=today(at), expires_at=arrived + timedelta(days=5), storage="chilled", temperature_tenths=34,
            key=stage.key(), actor=f"staff:{stage.staff['cangguan'].pk}", now=arrived,
        )  # fmt: skip


def _open(stage: Stage, found: dict[str, Supplier]) -> None:
    """One asked for this morning, one promised for tomorrow; a lot that lies ready at the cooperative and two bags at the workshop."""
    _purchase(stage, found["coop"], stage.ago(0.3), {"yam": 40, "spinach": 30}, "周末备货")
    coming = _purchase(stage, found["pier"], stage.ago(1.1), {"shrimp": 20}, "周末备货")
    supply.confirm(
        purchase_id=coming.pk,
        promised_at=stage.now + timedelta(hours=14),
        answer="今晚出海，明早靠岸",
        now=stage.ago(0.9),
    )
    for key, sku, code, quantity, days in (
        ("coop", "yam", "沙地五号坑", 300, 20),
        ("shipi", "tote", "十一月这批", 4, 0),
    ):
        supply.make_offer(
            goods=SupplierGoods.objects.get(supplier=found[key], sku=stage.skus[sku]), code=code, quantity=quantity,
            expires_at=stage.now + timedelta(days=days) if days else None, now=stage.ago(1),
        )  # fmt: skip
