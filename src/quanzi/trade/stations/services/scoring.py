"""Whether a station's page shows what its facts come to: the merchant chooses."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.stations.models import Station


@transaction.atomic
def show_score(*, station_id: int, is_shown: bool, actor: Member, now: datetime) -> Station:
    """Again changes nothing. Raises NotFound."""
    found = Station.objects.select_for_update().filter(pk=station_id).first()
    if found is None:
        raise NotFound()
    if found.shows_score != is_shown:
        found.shows_score = is_shown
        found.save(update_fields=["shows_score"])
        audit(
            actor=actor,
            action="stations.show_score",
            target=f"station:{station_id}",
            after={"is_shown": is_shown},
            now=now,
        )
    return found
