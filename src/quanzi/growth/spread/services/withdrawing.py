"""A consent that is taken back ends what hung on it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.growth.spread.models import Reach, Seed, SeedState
from quanzi.growth.spread.services.asking import let_go


def forget_reach(*, member_id: int) -> None:
    """What was estimated of a member goes."""
    Reach.objects.filter(member_id=member_id).delete()


@transaction.atomic
def take_out(*, member_id: int, now: datetime) -> None:
    """A member who does not want to be asked: open questions end. A sample that is on its way, or was accepted, stays theirs."""
    open_ones = Seed.objects.select_for_update().filter(
        member_id=member_id, state__in=(SeedState.CHOSEN, SeedState.ASKED)
    )
    let_go(list(open_ones), now=now)
