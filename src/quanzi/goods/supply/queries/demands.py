"""What rooms above need bought, and of whom it can be had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.stock.queries import free
from quanzi.goods.supply.errors import NoSuchDemand
from quanzi.goods.supply.models import Purchase, PurchaseState
from quanzi.goods.supply.ports import DemandHead, demand_sources
from quanzi.goods.supply.queries.suppliers import choose_suppliers
from quanzi.goods.supply.rules import in_packs


@dataclass(frozen=True, slots=True)
class OpenDemand:
    """purchases: numbers of those that answer it already."""

    head: DemandHead
    purchases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One variant of a demand. places: units by place; buy: in whole packs of the supplier, 0 when nobody sends it."""

    sku_id: int
    title: str
    wanted: int
    places: tuple[tuple[str, int], ...]
    supplier_id: int | None
    supplier_name: str
    buy: int
    on_shelf: int


def open_demands(*, now: datetime) -> list[OpenDemand]:
    """Every demand that goods have yet to be bought for, the most urgent first."""
    heads = [head for source in demand_sources().values() for head in source.open_demands(now)]
    rows = Purchase.objects.filter(ref__in=[head.ref for head in heads]).exclude(state=PurchaseState.CANCELLED)
    bought: dict[str, list[str]] = {}
    for ref, number in rows.order_by("pk").values_list("ref", "number"):
        bought.setdefault(ref, []).append(number)
    heads.sort(key=lambda head: (head.due_at is None, head.due_at or now, head.ref))
    return [OpenDemand(head, tuple(bought.get(head.ref, ()))) for head in heads]


def demand_sheet(ref: str, *, now: datetime) -> tuple[DemandHead, list[NeedRow]]:
    """What a demand needs, variant by variant. Raises NoSuchDemand."""
    kind, _, key = ref.partition(":")
    source = demand_sources().get(kind)
    head = next((one for one in source.open_demands(now) if one.ref == ref), None) if source else None
    if source is None or head is None:
        raise NoSuchDemand()
    places: dict[int, dict[str, int]] = {}
    for one in source.wanted(key):
        of_sku = places.setdefault(one.sku_id, {})
        of_sku[one.place] = of_sku.get(one.place, 0) + one.quantity
    chosen, shelf = choose_suppliers(sorted(places)), free(places)
    skus = Sku.objects.select_related("product").in_bulk(places)
    rows = []
    for sku_id, by_place in places.items():
        goods, wanted = chosen.get(sku_id), sum(by_place.values())
        rows.append(
            NeedRow(
                sku_id=sku_id, title=variant_title(skus[sku_id].product.name, skus[sku_id].options), wanted=wanted,
                places=tuple(sorted(by_place.items())), supplier_id=goods.supplier_id if goods else None,
                supplier_name=goods.supplier.name if goods else "", buy=in_packs(wanted, goods.pack_of) if goods else 0,
                on_shelf=shelf[sku_id],
            )
        )  # fmt: skip
    return head, sorted(rows, key=lambda row: (row.supplier_name, row.title))
