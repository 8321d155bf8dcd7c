"""Facts behind a source's figures."""

from __future__ import annotations

from datetime import date

from django.db.models import Count

from quanzi.growth.sources.models import Source, Spend, Touch


def spends_between(*, source_id: int | None, first: date, last: date, limit: int = 200) -> list[Spend]:
    """What was written down for days from first to last, both included; source_id None: for all sources."""
    found = Spend.objects.select_related("source").filter(spent_on__gte=first, spent_on__lte=last)
    if source_id is not None:
        found = found.filter(source_id=source_id)
    return list(found.order_by("-spent_on", "-pk")[:limit])


def visitors_of(source_id: int) -> int:
    """Distinct browsers that arrived through a source."""
    return Touch.objects.filter(source_id=source_id).values("visitor_id").distinct().count()


def sources_of_kind(kind: str, *, limit: int = 100) -> list[Source]:
    """Sources of one kind that still count, the newest first; each with `visitors`, its distinct browsers."""
    found = Source.objects.filter(kind=kind, retired_at=None).select_related("owner")
    return list(found.annotate(visitors=Count("touches__visitor", distinct=True)).order_by("-pk")[:limit])
