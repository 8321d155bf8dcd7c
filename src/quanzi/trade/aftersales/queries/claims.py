"""Claims as the staff and their buyers see them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel.money import Money
from quanzi.trade.aftersales.models import Claim, ClaimState, Return
from quanzi.trade.aftersales.queries.holding import left_with_behind
from quanzi.trade.sales.models import Order, OrderLine, OrderState


@dataclass(frozen=True)
class ClaimRow:
    """A claim as the staff and its buyer see it. left: what can still be refunded of the line."""

    id: int
    line_id: int
    order_number: str
    title: str
    buyer_id: int
    buyer_name: str
    reason: str
    reason_label: str
    note: str
    state: str
    state_label: str
    answer: str
    opened_at: datetime
    decided_at: datetime | None
    left: Money
    pictures: tuple[Picture, ...]
    giving_back: ReturnRow | None


@dataclass(frozen=True)
class ReturnRow:
    """Goods on their way back. for_title: the variant that is given instead of the money; empty for a refund."""

    state: str
    state_label: str
    for_sku_id: int | None
    for_title: str
    buyer_pays: bool
    send_by: datetime
    carrier: str
    tracking: str
    arrived_at: datetime | None
    refund_by: datetime | None
    is_sellable: bool | None
    out_carrier: str
    out_tracking: str
    new_order: NewOrder | None


@dataclass(frozen=True)
class NewOrder:
    """The other variant as an order of its own, as it costs more. difference: what is paid for it; is_paid: it was."""

    number: str
    difference: Money
    pay_by: datetime
    is_paid: bool


def open_claims(*, after_id: int = 0, limit: int = 50) -> list[ClaimRow]:
    """What waits for a decision, the longest first; pages by `after_id`."""
    found = Claim.objects.filter(state=ClaimState.OPEN, pk__gt=after_id).order_by("pk")[:limit]
    return _rows(list(found.select_related("line__order", "member").prefetch_related("claim_pictures__picture")))


def open_count() -> int:
    """How many claims wait for a decision."""
    return Claim.objects.filter(state=ClaimState.OPEN).count()


def open_of_product(product_id: int) -> int:
    """How many claims about a product are not settled."""
    sql = """SELECT count(*) FROM aftersales_claim c JOIN sales_orderline l ON l.id = c.line_id
             WHERE l.product_id = %s AND c.state = 'open'"""
    return int(planned.value(sql, [product_id]))


def open_of_lines(line_ids: Collection[int]) -> set[int]:
    """Which of these lines have a claim that waits for a decision."""
    return set(Claim.objects.filter(state=ClaimState.OPEN, line_id__in=line_ids).values_list("line_id", flat=True))


def of_lines(line_ids: Collection[int]) -> dict[int, ClaimRow]:
    """The newest claim of each of these lines, where there is one."""
    found = Claim.objects.filter(line_id__in=line_ids).order_by("pk")
    rows = _rows(list(found.select_related("line__order", "member").prefetch_related("claim_pictures__picture")))
    return {row.line_id: row for row in rows}


def line_of(line_id: int, *, member_id: int) -> OrderLine | None:
    """A member's own order line with its order and product; None also for somebody else's."""
    found = OrderLine.objects.select_related("order", "product").filter(pk=line_id, member_id=member_id)
    return found.first()


def _rows(claims: list[Claim]) -> list[ClaimRow]:
    returns = _returns(claims) if claims else {}
    return [
        ClaimRow(
            id=claim.pk,
            line_id=claim.line_id,
            order_number=claim.line.order.number,
            title=claim.line.title,
            buyer_id=claim.member_id,
            buyer_name=claim.member.name,
            reason=claim.reason,
            reason_label=claim.get_reason_display(),
            note=claim.note,
            state=claim.state,
            state_label=claim.get_state_display(),
            answer=claim.answer,
            opened_at=claim.opened_at,
            decided_at=claim.decided_at,
            left=Money(_left(claim), claim.line.order.currency),
            pictures=tuple(shown.picture for shown in claim.claim_pictures.all()),
            giving_back=returns.get(claim.pk),
        )
        for claim in claims
    ]


def _left(claim: Claim) -> int:
    line = claim.line
    return left_with_behind(line) if line.order.waits_for else line.paid_minor - line.refunded_minor


def _new_order(order: Order | None) -> NewOrder | None:
    if order is None:
        return None
    is_paid = order.state not in (OrderState.PLACED, OrderState.CANCELLED)
    return NewOrder(order.number, Money(order.amount_minor, order.currency), order.pay_by, is_paid)


def _returns(claims: list[Claim]) -> dict[int, ReturnRow]:
    found = Return.objects.filter(claim_id__in=[claim.pk for claim in claims]).select_related(
        "for_sku__product", "new_order"
    )
    return {
        row.claim_id: ReturnRow(
            state=row.state,
            state_label=row.get_state_display(),
            for_sku_id=row.for_sku_id,
            for_title=variant_title(row.for_sku.product.name, row.for_sku.options) if row.for_sku else "",
            buyer_pays=row.buyer_pays,
            send_by=row.send_by,
            carrier=row.carrier,
            tracking=row.tracking,
            arrived_at=row.arrived_at,
            refund_by=row.refund_by,
            is_sellable=row.is_sellable,
            out_carrier=row.out_carrier,
            out_tracking=row.out_tracking,
            new_order=_new_order(row.new_order),
        )
        for row in found
    }
