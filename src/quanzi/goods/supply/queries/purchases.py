"""Purchases as both sides read them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from quanzi.goods.catalogue.rules import is_warm
from quanzi.goods.supply.errors import NoSuchPurchase
from quanzi.goods.supply.models import Purchase, PurchaseLine, Receipt
from quanzi.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One arrival. temperature_tenths: measured, tenths of a degree Celsius; storage: how its lot is kept, empty without one."""

    id: int
    quantity: int
    damaged: int
    lot_id: int | None
    lot_code: str
    temperature_tenths: int | None
    note: str
    received_at: datetime
    actor: str
    storage: str

    @property
    def is_warm(self) -> bool:
        return is_warm(self.storage, self.temperature_tenths)


@dataclass(frozen=True, slots=True)
class LineRow:
    """left: what can still arrive of what was ordered."""

    id: int
    sku_id: int
    sku_code: str
    product_id: int
    title: str
    quantity: int
    wanted: int
    confirmed: int | None
    received: int
    damaged: int
    left: int
    cost: Money
    total: Money
    offer_id: int | None
    offer_code: str
    receipts: tuple[ReceiptRow, ...]


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """total: what was ordered, at cost."""

    id: int
    number: str
    supplier_id: int
    supplier_name: str
    state: str
    ref: str
    title: str
    note: str
    answer: str
    tracking: str
    due_at: datetime | None
    promised_at: datetime | None
    made_at: datetime
    sent_at: datetime | None
    confirmed_at: datetime | None
    shipped_at: datetime | None
    closed_at: datetime | None
    lines: tuple[LineRow, ...]
    total: Money

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def came(self) -> int:
        return sum(line.received for line in self.lines)

    @property
    def promised(self) -> int:
        """Units that the supplier confirmed; of lines without an answer none."""
        return sum(line.confirmed or 0 for line in self.lines)

    @property
    def promised_total(self) -> Money:
        return Money(sum(line.cost.minor * (line.confirmed or 0) for line in self.lines), self.total.currency)

    @property
    def came_total(self) -> Money:
        """Whole units that came, at cost: what there is to pay for."""
        return Money(sum(line.cost.minor * line.received for line in self.lines), self.total.currency)


def purchase_rows(
    *,
    states: Collection[str] = (),
    supplier_id: int | None = None,
    ref: str = "",
    with_drafts: bool = True,
    before_id: int | None = None,
    limit: int = 50,
) -> list[PurchaseRow]:
    """Newest first, below `before_id`. A supplier reads without drafts."""
    found = Purchase.objects.all()
    if states:
        found = found.filter(state__in=states)
    if supplier_id is not None:
        found = found.filter(supplier_id=supplier_id)
    if ref:
        found = found.filter(ref=ref)
    if not with_drafts:
        found = found.exclude(sent_at=None)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    lines = PurchaseLine.objects.select_related("sku", "offer").order_by("title", "id")
    receipts = Receipt.objects.select_related("lot").order_by("id")
    rows = found.select_related("supplier").prefetch_related(
        Prefetch("lines", queryset=lines), Prefetch("lines__receipts", queryset=receipts)
    )
    return [_row(one) for one in rows.order_by("-pk")[:limit]]


def purchase_page(number: str, *, supplier_ids: Collection[int] | None = None) -> PurchaseRow:
    """One purchase; for a supplier (supplier_ids) only their own that were sent. Raises NoSuchPurchase."""
    found = Purchase.objects.filter(number=number)
    if supplier_ids is not None:
        found = found.filter(supplier_id__in=supplier_ids).exclude(sent_at=None)
    key = found.values_list("pk", flat=True).first()
    if key is None:
        raise NoSuchPurchase()
    return purchase_rows(before_id=key + 1, limit=1)[0]


def _row(one: Purchase) -> PurchaseRow:
    lines = tuple(_line(line, one.currency) for line in one.lines.all())
    return PurchaseRow(
        id=one.pk, number=one.number, supplier_id=one.supplier_id, supplier_name=one.supplier.name, state=one.state, ref=one.ref,
        title=one.title, note=one.note, answer=one.answer, tracking=one.tracking, due_at=one.due_at, promised_at=one.promised_at,
        made_at=one.made_at, sent_at=one.sent_at, confirmed_at=one.confirmed_at, shipped_at=one.shipped_at, closed_at=one.closed_at,
        lines=lines, total=Money(sum(line.total.minor for line in lines), one.currency),
    )  # fmt: skip


def _line(line: PurchaseLine, currency: str) -> LineRow:
    return LineRow(
        id=line.pk, sku_id=line.sku_id, sku_code=line.sku.code, product_id=line.sku.product_id, title=line.title,
        quantity=line.quantity, wanted=line.wanted, confirmed=line.confirmed, received=line.received, damaged=line.damaged,
        left=line.quantity - line.received - line.damaged, cost=Money(line.cost_minor, currency),
        total=Money(line.cost_minor * line.quantity, currency), offer_id=line.offer_id,
        offer_code=line.offer.code if line.offer else "", receipts=tuple(_receipt(one) for one in line.receipts.all()),
    )  # fmt: skip


def _receipt(one: Receipt) -> ReceiptRow:
    return ReceiptRow(
        id=one.pk, quantity=one.quantity, damaged=one.damaged, lot_id=one.lot_id, lot_code=one.lot.code if one.lot else "",
        temperature_tenths=one.temperature_tenths, note=one.note, received_at=one.received_at, actor=one.actor,
        storage=one.lot.storage if one.lot else "",
    )  # fmt: skip
