"""Suppliers with what they send and what they did."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, F, Q, Sum

from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.supply.models import LotOrigin, Purchase, PurchaseLine, PurchaseState, Supplier, SupplierGoods
from quanzi.goods.supply.rules import Record
from quanzi.kernel.money import Money


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """open: purchases that are asked and not here yet."""

    id: int
    name: str
    place: str
    contact: str
    sends_direct: bool
    is_checked: bool
    is_active: bool
    goods: int
    open: int
    record: Record


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One variant that a supplier can send."""

    id: int
    sku_id: int
    product_id: int
    title: str
    sku_code: str
    their_code: str
    cost: Money
    price: Money
    pack_of: int
    lead_days: int
    is_first: bool
    is_active: bool


COMING = (PurchaseState.SENT, PurchaseState.CONFIRMED, PurchaseState.SHIPPED)


def supplier_rows() -> list[SupplierRow]:
    """Every supplier by name; the active first. A shop has tens of them."""
    counted = Supplier.objects.annotate(
        sent=Count("goods", filter=Q(goods__is_active=True), distinct=True),
        coming=Count("purchases", filter=Q(purchases__state__in=COMING), distinct=True),
    )
    rows = list(counted.order_by("-is_active", "name"))
    found = records(row.pk for row in rows)
    return [
        SupplierRow(
            id=row.pk, name=row.name, place=row.place, contact=row.contact, sends_direct=row.sends_direct, is_checked=row.is_checked,
            is_active=row.is_active, goods=row.sent, open=row.coming, record=found[row.pk],
        )
        for row in rows
    ]  # fmt: skip


def goods_of(supplier_id: int, *, only_active: bool = False) -> list[GoodsRow]:
    """What a supplier can send, by name."""
    rows = SupplierGoods.objects.filter(supplier_id=supplier_id).select_related("sku__product")
    if only_active:
        rows = rows.filter(is_active=True)
    return [
        GoodsRow(
            id=row.pk, sku_id=row.sku_id, product_id=row.sku.product_id, title=variant_title(row.sku.product.name, row.sku.options),
            sku_code=row.sku.code, their_code=row.their_code, cost=Money(row.cost_minor, row.currency),
            price=Money(row.sku.price_minor, row.sku.currency), pack_of=row.pack_of, lead_days=row.lead_days, is_first=row.is_first,
            is_active=row.is_active,
        )
        for row in rows.order_by("-is_active", "sku__product__name", "pk")
    ]  # fmt: skip


def records(supplier_ids: Iterable[int]) -> dict[int, Record]:
    """What each supplier did, over purchases that are over: from facts, all of them."""
    ids = list(supplier_ids)
    over = Purchase.objects.filter(supplier_id__in=ids, state=PurchaseState.RECEIVED)
    heads = over.values("supplier_id").annotate(
        n=Count("pk"),
        dated=Count("pk", filter=Q(due_at__isnull=False)),
        on_time=Count("pk", filter=Q(due_at__isnull=False, closed_at__lte=F("due_at"))),
    )
    units = (
        PurchaseLine.objects.filter(purchase__supplier_id__in=ids, purchase__state=PurchaseState.RECEIVED)
        .values("purchase__supplier_id")
        .annotate(ordered=Sum("quantity"), came=Sum("received"), broken=Sum("damaged"))
    )
    sums = {row["purchase__supplier_id"]: row for row in units}
    found = dict.fromkeys(ids, Record())
    for head in heads:
        sum_of = sums[head["supplier_id"]]
        found[head["supplier_id"]] = Record(
            purchases=head["n"], on_time=head["on_time"], with_date=head["dated"], ordered=sum_of["ordered"],
            received=sum_of["came"], damaged=sum_of["broken"],
        )  # fmt: skip
    return found


def record_of(supplier_id: int) -> Record:
    return records([supplier_id])[supplier_id]


class Origin(NamedTuple):
    """Where a lot came from."""

    supplier_id: int
    name: str
    at_supplier: bool


def suppliers_of_lots(lot_ids: Collection[int]) -> dict[int, Origin]:
    """The supplier of each lot that came through a purchase or lies at one; other lots are left out."""
    rows = LotOrigin.objects.filter(lot_id__in=lot_ids).values_list(
        "lot_id", "supplier_id", "supplier__name", "at_supplier"
    )
    return {lot_id: Origin(supplier_id, name, there) for lot_id, supplier_id, name, there in rows}


def lots_of_suppliers(supplier_ids: Collection[int]) -> dict[int, list[int]]:
    """Ids of the lots that came from each supplier, oldest first: complaints and recalls hang on lots."""
    found: dict[int, list[int]] = {supplier_id: [] for supplier_id in supplier_ids}
    rows = LotOrigin.objects.filter(supplier_id__in=found).order_by("lot_id")
    for supplier_id, lot_id in rows.values_list("supplier_id", "lot_id"):
        found[supplier_id].append(lot_id)
    return found


def choose_suppliers(sku_ids: Sequence[int]) -> dict[int, SupplierGoods]:
    """Who is asked for each variant: whoever is first, else the cheapest; variants that nobody sends are left out."""
    rows = SupplierGoods.objects.filter(sku_id__in=sku_ids, is_active=True, supplier__is_active=True)
    chosen: dict[int, SupplierGoods] = {}
    for goods in rows.select_related("supplier").order_by("sku_id", "-is_first", "cost_minor", "pk"):
        chosen.setdefault(goods.sku_id, goods)
    return chosen
