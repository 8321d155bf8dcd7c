"""Applications, for who asked and for who decides."""

from __future__ import annotations

from quanzi.trade.stations.models import ApplicationState, StationApplication


def newest_application(member_id: int) -> StationApplication | None:
    """What a member asked last, with the answer."""
    return StationApplication.objects.filter(member_id=member_id).order_by("-id").first()


def applications(*, state: str = ApplicationState.ASKED, limit: int = 50) -> list[StationApplication]:
    """Those that wait with the oldest first; decided ones newest first. Each with its member."""
    found = StationApplication.objects.filter(state=state).select_related("member", "decided_by")
    return list(found.order_by("id" if state == ApplicationState.ASKED else "-id")[:limit])
