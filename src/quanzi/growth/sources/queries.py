"""Reads of the room."""

from __future__ import annotations

import io
from datetime import datetime

import segno
from django.db.models import Count, Q, QuerySet, Sum

from quanzi.base import planned
from quanzi.growth.sources.models import Source, Spend, Touch
from quanzi.growth.sources.rules import is_advertising


def sources(*, include_retired: bool = False) -> QuerySet[Source]:
    """All sources with their owner, the newest first."""
    rows = Source.objects.select_related("owner", "circle").order_by("-pk")
    return rows if include_retired else rows.filter(retired_at=None)


def spends(source_id: int, *, before: int | None = None, limit: int | None = None) -> list[Spend]:
    """What was spent on a source, the newest first, behind the one already seen."""
    found = Spend.objects.filter(source_id=source_id).order_by("-spent_on", "-pk")
    last = Spend.objects.filter(pk=before).first() if before is not None else None
    if last is not None:
        found = found.filter(Q(spent_on__lt=last.spent_on) | Q(spent_on=last.spent_on, pk__lt=last.pk))
    return list(found[:limit])


def spent_minor(source_id: int) -> int:
    """Everything spent on a source, in minor units."""
    return Spend.objects.filter(source_id=source_id).aggregate(total=Sum("amount_minor"))["total"] or 0


def visits_by_source() -> dict[int, int]:
    """Distinct browsers that arrived through each source."""
    counted = Touch.objects.values("source_id").annotate(visitors=Count("visitor", distinct=True)).order_by()
    return {row["source_id"]: row["visitors"] for row in counted}


def depth_of(source_id: int, now: datetime) -> int:
    """Through how many hands somebody comes who arrives by this source now (Touch.depth)."""
    return int(planned.value("SELECT coalesce(sources_depth(%s, %s), 0)", [source_id, now]))


def owner_of(token: str, now: datetime) -> int | None:
    """Whose word this token carries; None for the shop's own sources, forged tokens, and links that were passed on and on."""
    found = Source.objects.filter(token=token, owner__isnull=False).values_list("pk", "owner_id").first()
    return None if found is None or is_advertising(depth_of(found[0], now)) else found[1]


def qr_svg(address: str) -> str:
    """A QR code of an address as an inline SVG of its own size, dark on transparent, with the quiet zone included."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=4, border=4, xmldecl=False, svgclass="qr", lineclass=None
    )
    return out.getvalue().decode()
