"""What was kept and what went back: counts of facts, and the facts behind them without names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from quanzi.base import planned
from quanzi.people.trust.models import RingMember
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.queries.orders import LOT_CODES


@dataclass(frozen=True)
class KeptCount:
    """「留下 96，退 0」: distinct order lines."""

    kept: int = 0
    returned: int = 0


# Each count is answered from its own partial index, without looking at a line; then the few lines of those left out are taken off.
COUNTED = """(SELECT count(*) FROM sales_orderline l WHERE l.product_id = {id} AND l.{came} IS NOT NULL)
    - (SELECT count(*) FROM (SELECT DISTINCT member_id FROM trust_ringmember WHERE left_out) r
       JOIN sales_orderline l ON l.member_id = r.member_id AND l.product_id = {id} AND l.{came} IS NOT NULL)"""
COUNTS = f"""SELECT p.id, {COUNTED.format(id="p.id", came="kept_at")}, {COUNTED.format(id="p.id", came="returned_at")}
FROM unnest(%(products)s::bigint[]) AS p(id)"""


def product_counts(product_ids: Collection[int]) -> dict[int, KeptCount]:
    """Kept and returned lines of each product; zeros where nobody has kept or returned any."""
    rows = planned.rows(COUNTS, {"products": list(product_ids)}) if product_ids else []
    counts = {product_id: KeptCount(kept, returned) for product_id, kept, returned in rows}
    return {product_id: counts.get(product_id, KeptCount()) for product_id in product_ids}


@dataclass(frozen=True)
class Evidence:
    """One fact behind a count. lot_code: all lots that it was given of. The pseudonym is the same for the same line and tells nothing else."""

    line_id: int
    pseudonym: str
    quantity: int
    lot_code: str
    received_at: datetime | None
    kept_at: datetime | None
    returned_at: datetime | None
    said: bool


def pseudonym_of(line_id: int) -> str:
    """Wherever a line stands as evidence, its mark is the same, so that one page can be held against another."""
    return salted_hmac("sales.evidence", str(line_id), algorithm="sha256").hexdigest()[:8]


def evidence(product_id: int, *, before_id: int | None = None, limit: int = 50) -> list[Evidence]:
    """The lines that `product_counts` counts, newest first, without the people."""
    found = _counted([product_id])
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return [
        Evidence(
            line_id=line.pk,
            pseudonym=pseudonym_of(line.pk),
            quantity=line.quantity,
            lot_code=getattr(line, "lot_codes", None) or "",
            received_at=line.received_at,
            kept_at=line.kept_at,
            returned_at=line.returned_at,
            said=line.said_kept_at is not None,
        )
        for line in found.annotate(lot_codes=LOT_CODES).order_by("-pk")[:limit]
    ]


def kept_lines(*, member_id: int, product_id: int | None = None) -> list[OrderLine]:
    """What a member has kept, newest first: the lines that an experience may be written about."""
    found = OrderLine.objects.filter(member_id=member_id, kept_at__isnull=False)
    if product_id is not None:
        found = found.filter(product_id=product_id)
    return list(found.select_related("product", "order").order_by("-kept_at", "-pk"))


def _counted(product_ids: Collection[int]) -> QuerySet[OrderLine]:
    """Two conditions, so that each is answered from its own partial index."""
    of_products = OrderLine.objects.filter(product_id__in=product_ids)
    left_out = RingMember.objects.filter(left_out=True).values("member")
    return of_products.filter(Q(kept_at__isnull=False) | Q(returned_at__isnull=False)).exclude(member__in=left_out)
