"""Counting in the background."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.jobs.registry import job, periodic
from quanzi.growth.spread.services.asking import lapse as lapse_now


@job("spread.count")
def count(*, plan_id: int, now: datetime) -> None:
    """Whom to ask; how far it is can be seen meanwhile."""
    # numpy is loaded when it is needed only: the web processes never count.
    from quanzi.growth.spread.counting import count_plan
    from quanzi.growth.spread.models import Plan

    def say(percent: int) -> None:
        Plan.objects.filter(pk=plan_id).update(percent=percent)

    count_plan(plan_id=plan_id, now=now, say=say)


@job("spread.foretell")
def foretell(*, plan_id: int, now: datetime) -> None:
    """The forecast for those who said yes."""
    from quanzi.growth.spread.counting import foretell as foretell_now

    with transaction.atomic():
        foretell_now(plan_id=plan_id, now=now)


@periodic("spread.estimate", cron="53 19 * * *")
def estimate(*, now: datetime) -> None:
    """Nightly: how far the words of those who want to know go."""
    from quanzi.growth.spread.counting import estimate as estimate_now

    estimate_now(now=now)


@periodic("spread.lapse", cron="37 * * * *")
def lapse(*, now: datetime) -> None:
    """Each hour: questions that nobody answered for a week end."""
    lapse_now(now=now)
