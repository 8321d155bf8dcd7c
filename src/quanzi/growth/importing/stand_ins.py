"""Members and goods of this shop that stand for those of the log, made by the rooms' services when first needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import ProductState, Sku
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.queries import free
from quanzi.growth.importing.clock import BEGINS_AT, WINDOW_MINUTES
from quanzi.growth.importing.models import ImportedMember, ImportedProduct, ImportRun
from quanzi.growth.sources.models import Source
from quanzi.growth.sources.services import record_touch
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.services import create_member
from quanzi.trade.deals.models import GroupDeal
from quanzi.trade.deals.services import create_deal
from quanzi.trade.deals.services.terms import LIMITS

KIND = "groupbuy"
ACTOR = "import:groupbuy"
UNITS_AT_ONCE = 200


def members_for(outside_ids: Iterable[str], *, source: Source, now: datetime) -> dict[str, Member]:
    """The members of these people, new ones without contact or login, arrived through the import's source."""
    wanted = set(outside_ids)
    rows = ImportedMember.objects.select_related("member").filter(kind=KIND, outside_id__in=wanted)
    found = {row.outside_id: row.member for row in rows}
    for outside_id in sorted(wanted - found.keys()):  # in one order for everybody, so that workers cannot deadlock
        member = create_member(name=f"Beibei {outside_id}", how="import", now=now)
        ImportedMember.objects.create(kind=KIND, outside_id=outside_id, member=member)
        record_touch(visitor_key=f"{KIND}:{outside_id}", source=source, path="/", member_id=member.pk, now=now)
        found[outside_id] = member
    return found


@dataclass
class Shelf:
    """One thing of the log in this process: its SKU, at least how many are free, its deals by team size."""

    sku: Sku
    free: int = 0
    deals: dict[int, int] = field(default_factory=dict)


class Shelves:
    """What a process knows of the things it sells. One process owns a thing, so its count cannot be overtaken."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._known: dict[str, Shelf] = {}

    def forget(self, item: str) -> None:
        """Read a thing again next time: the transaction that changed it was taken back."""
        self._known.pop(item, None)

    def deal_for(self, item: str, *, team_size: int, number: int, now: datetime) -> int:
        """The deal of a thing for teams of a size, on sale and with enough on the shelf for one team."""
        shelf = self._known.get(item) or self._find(item) or _make(item, now)
        self._known[item] = shelf
        if shelf.free < team_size:
            key = f"{KIND}:{self._run.pk}:{number}"
            stock.receive(
                sku_id=shelf.sku.pk, quantity=UNITS_AT_ONCE, key=key, reason="replayed log", actor=ACTOR, now=now
            )
            shelf.free += UNITS_AT_ONCE
        shelf.free -= team_size
        if team_size not in shelf.deals:
            shelf.deals[team_size] = _deal(shelf.sku, team_size, now).pk
        return shelf.deals[team_size]

    def _find(self, item: str) -> Shelf | None:
        known = ImportedProduct.objects.select_related("product").filter(kind=KIND, outside_id=item).first()
        if known is None:
            return None
        if known.product.state != ProductState.ON_SALE:
            catalogue.publish(product=known.product, actor=ACTOR, now=self._run.started_at)
        sku = known.product.skus.get()
        deals = GroupDeal.objects.filter(sku=sku, starts_at=BEGINS_AT, stopped_at=None).values_list("team_size", "pk")
        return Shelf(sku, free([sku.pk])[sku.pk], dict(deals))


def price_minor(item: str) -> int:
    """A made-up list price in fen, from 19.90 to 318.90, the same for the same thing: the log has no prices."""
    return 1990 + int(item) * 7919 % 300 * 100


def _make(item: str, now: datetime) -> Shelf:
    list_minor = price_minor(item)
    product = catalogue.create_product(
        name=f"Beibei item {item}", slug=f"beibei-{item}", summary="From a recorded log", actor=ACTOR, now=now
    )
    sku = catalogue.add_sku(
        product=product,
        code=f"BEIBEI-{item}",
        price_minor=list_minor,
        cost_minor=list_minor * 6 // 10,
        actor=ACTOR,
        now=now,
    )
    catalogue.publish(product=product, actor=ACTOR, now=now)
    ImportedProduct.objects.create(kind=KIND, outside_id=item, product=product)
    return Shelf(sku)


def _deal(sku: Sku, team_size: int, now: datetime) -> GroupDeal:
    """One fifth off together, for as many teams as the log has one person in."""
    return create_deal(
        sku=sku,
        team_size=team_size,
        price_minor=sku.price_minor * 8 // 10,
        window_minutes=WINDOW_MINUTES,
        per_member_limit=LIMITS[1],
        starts_at=BEGINS_AT,
        actor=ACTOR,
        now=now,
    )


def take_off_sale(*, now: datetime) -> int:
    """Pause every thing of the log, so that nobody finds it in the shop; returns how many were on sale."""
    rows = ImportedProduct.objects.filter(kind=KIND, product__state=ProductState.ON_SALE).select_related("product")
    products = [row.product for row in rows.order_by("pk")]
    for start in range(0, len(products), UNITS_AT_ONCE):
        with transaction.atomic():
            for product in products[start : start + UNITS_AT_ONCE]:
                catalogue.pause(product=product, actor=ACTOR, now=now)
    return len(products)
