"""One lot with what claims say of it, its pauses and its recall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from quanzi.goods.catalogue.models import Lot
from quanzi.kernel.money import Money
from quanzi.trade.aftersales.errors import NoSuchLot
from quanzi.trade.aftersales.models import LotPause, QualityCheck, Recall, RecalledLine
from quanzi.trade.aftersales.queries.quality import lot_facts
from quanzi.trade.aftersales.rules import Rate
from quanzi.trade.fulfilment.models import LineLot


@dataclass(frozen=True)
class PauseRow:
    """by: empty when complaints passed the threshold, or when the lot waits for its quality check (is_check)."""

    id: int
    reason: str
    is_check: bool
    complaints: int
    handed_over: int
    held: int
    paused_at: datetime
    by: str
    released_at: datetime | None
    released_by: str
    release_reason: str


@dataclass(frozen=True)
class CheckRow:
    """What somebody found in the units that they opened."""

    sampled: int
    flawed: int
    words: str
    is_passed: bool
    checked_at: datetime
    by: str


@dataclass(frozen=True)
class RecallRow:
    """lines: order lines that were given goods of the lot; settled: of them; paid_back: what went back to their buyers."""

    id: int
    reason: str
    held: int
    started_at: datetime
    by: str
    lines: int
    settled: int
    paid_back: Money
    finished_at: datetime | None
    cleared_at: datetime | None


@dataclass(frozen=True)
class LotPage:
    """left: units that movements say are on the shelf."""

    id: int
    code: str
    product_id: int
    product_name: str
    storage_label: str
    made_on: object
    expires_at: datetime | None
    paused_at: datetime | None
    recalled_at: datetime | None
    left: int
    rate: Rate
    pauses: tuple[PauseRow, ...]
    checks: tuple[CheckRow, ...]
    recall: RecallRow | None

    @property
    def waits_for_check(self) -> bool:
        return any(one.is_check and one.released_at is None for one in self.pauses)


@dataclass(frozen=True)
class GivenRow:
    """Who was given goods of a lot, by order number, and what a recall paid back."""

    id: int
    order_number: str
    buyer_name: str
    title: str
    quantity: int
    handed_over_at: datetime
    paid_back: Money | None
    settled_at: datetime | None


def lots_to_watch() -> list[LotPause]:
    """Lots that are paused now, the latest first."""
    return list(LotPause.objects.filter(released_at=None).select_related("lot__sku__product").order_by("-pk")[:50])


def lot_page(lot_id: int) -> LotPage:
    """Raises NoSuchLot."""
    lot = Lot.objects.select_related("sku__product").annotate(left=Sum("movements__quantity")).filter(pk=lot_id).first()
    if lot is None:
        raise NoSuchLot()
    pauses = LotPause.objects.filter(lot=lot).select_related("paused_by", "released_by").order_by("-pk")
    checks = QualityCheck.objects.filter(pause__lot=lot).select_related("checked_by").order_by("-pk")
    return LotPage(
        id=lot.pk,
        code=lot.code,
        product_id=lot.sku.product_id,
        product_name=lot.sku.product.name,
        storage_label=lot.get_storage_display(),
        made_on=lot.made_on,
        expires_at=lot.expires_at,
        paused_at=lot.paused_at,
        recalled_at=lot.recalled_at,
        left=lot.left or 0,
        rate=lot_facts(lot_id),
        pauses=tuple(_pause(one) for one in pauses),
        checks=tuple(_check(one) for one in checks),
        recall=_recall(lot),
    )


def lines_of_lot(lot_id: int, *, after_id: int = 0, limit: int = 100) -> list[GivenRow]:
    """Who was given goods of the lot, in the order of hand-over; pages by `after_id`."""
    given = LineLot.objects.filter(lot_id=lot_id, pk__gt=after_id).select_related("line__order__member").order_by("pk")
    found = list(given[:limit])
    of_lines = {
        row.line_id: row
        for row in RecalledLine.objects.filter(recall__lot_id=lot_id, line_id__in=[one.line_id for one in found])
        .select_related("refund")
    }  # fmt: skip
    return [_given(one, of_lines.get(one.line_id)) for one in found]


def _given(one: LineLot, row: RecalledLine | None) -> GivenRow:
    order = one.line.order
    return GivenRow(
        id=one.pk,
        order_number=order.number,
        buyer_name=order.member.name,
        title=one.line.title,
        quantity=one.quantity,
        handed_over_at=one.handed_over_at,
        paid_back=Money(row.refund.amount_minor, order.currency) if row and row.refund else None,
        settled_at=row.settled_at if row else None,
    )


def _pause(row: LotPause) -> PauseRow:
    return PauseRow(
        id=row.pk,
        reason=row.reason,
        is_check=row.is_check,
        complaints=row.complaints,
        handed_over=row.handed_over,
        held=row.held,
        paused_at=row.paused_at,
        by=row.paused_by.name if row.paused_by else "",
        released_at=row.released_at,
        released_by=row.released_by.name if row.released_by else "",
        release_reason=row.release_reason,
    )


def _check(row: QualityCheck) -> CheckRow:
    return CheckRow(
        sampled=row.sampled, flawed=row.flawed, words=row.words, is_passed=row.is_passed,
        checked_at=row.checked_at, by=row.checked_by.name if row.checked_by else "",
    )  # fmt: skip


def _recall(lot: Lot) -> RecallRow | None:
    counted = Recall.objects.filter(lot=lot).annotate(
        n=Count("lines"),
        done=Count("lines", filter=~Q(lines__settled_at=None)),
        back=Sum("lines__refund__amount_minor"),
    )
    row = counted.select_related("started_by").first()
    if row is None:
        return None
    return RecallRow(
        id=row.pk,
        reason=row.reason,
        held=row.held,
        started_at=row.started_at,
        by=row.started_by.name if row.started_by else "",
        lines=row.n,
        settled=row.done,
        paid_back=Money(row.back or 0, lot.sku.currency),
        finished_at=row.finished_at,
        cleared_at=row.cleared_at,
    )
