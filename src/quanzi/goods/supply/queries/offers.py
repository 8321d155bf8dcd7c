"""Lots that lie at suppliers'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q

from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.supply.models import Offer
from quanzi.kernel.money import Money


@dataclass(frozen=True, slots=True)
class OfferRow:
    """is_open: more may be taken of it now."""

    id: int
    supplier_id: int
    supplier_name: str
    sku_id: int
    title: str
    code: str
    quantity: int
    taken: int
    free: int
    cost: Money
    made_on: date | None
    expires_at: datetime | None
    storage: str
    note: str
    offered_at: datetime
    ended_at: datetime | None
    is_open: bool


def offer_rows(
    *,
    now: datetime,
    supplier_id: int | None = None,
    sku_id: int | None = None,
    only_open: bool = False,
    before_id: int | None = None,
    limit: int = 50,
) -> list[OfferRow]:
    """Newest first, below `before_id`."""
    found = Offer.objects.select_related("goods__supplier", "goods__sku__product")
    if supplier_id is not None:
        found = found.filter(goods__supplier_id=supplier_id)
    if sku_id is not None:
        found = found.filter(goods__sku_id=sku_id)
    if only_open:
        alive = Q(expires_at=None) | Q(expires_at__gt=now)
        found = found.filter(alive, ended_at=None, taken__lt=F("quantity"), goods__is_active=True)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return [_row(one, now) for one in found.order_by("-pk")[:limit]]


def _row(one: Offer, now: datetime) -> OfferRow:
    sku, supplier = one.goods.sku, one.goods.supplier
    is_alive = one.ended_at is None and (one.expires_at is None or one.expires_at > now)
    return OfferRow(
        id=one.pk, supplier_id=supplier.pk, supplier_name=supplier.name, sku_id=sku.pk, title=variant_title(sku.product.name, sku.options),
        code=one.code, quantity=one.quantity, taken=one.taken, free=one.free, cost=Money(one.cost_minor, one.goods.currency),
        made_on=one.made_on, expires_at=one.expires_at, storage=one.storage, note=one.note, offered_at=one.offered_at,
        ended_at=one.ended_at, is_open=is_alive and one.free > 0,
    )  # fmt: skip


def supplier_of_offer(offer_id: int) -> int | None:
    """Whose offer it is; None when there is none."""
    return Offer.objects.filter(pk=offer_id).values_list("goods__supplier_id", flat=True).first()
