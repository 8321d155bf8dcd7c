"""A delivery was short, and nothing more comes: what is here serves who paid first, the rest gets its money back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.services.moving import lock_order
from quanzi.trade.stations import errors, queries, rules
from quanzi.trade.stations.models import RoundState, Stop
from quanzi.trade.stations.services.arriving import serve

SHORT = "round_short"


def end_wait(*, stop_id: int, actor: Member, now: datetime) -> int:
    """Nothing more comes to this stop. Lines that what was counted does not fill are refunded, the newest orders first.

    Each line has its own transaction; called again it goes on with what is left. Returns how many lines were refunded.
    Raises NoSuchStation, NotCutOff, NothingCounted while no lot was counted there.
    """
    stop = Stop.objects.select_related("round").filter(pk=stop_id).first()
    if stop is None:
        raise errors.NoSuchStation()
    if stop.round.state != RoundState.CLOSED:
        raise errors.NotCutOff()
    if not stop.arrivals.exists():
        raise errors.NothingCounted()
    unfilled = _unfilled(stop_id, now)
    after = {"lines": len(unfilled)}
    audit.write(actor=actor, action="stations.end_wait", target=f"round:{stop.round_id}", after=after, now=now)
    refunded = 0
    for line_id in unfilled:
        refunded += _refund_one(stop_id, line_id, now)
        crash.point("stations.short.one_refunded")
    with transaction.atomic():
        locked = Stop.objects.select_for_update(of=("self",)).select_related("station__point", "round").get(pk=stop_id)
        serve(stop=locked, actor=f"member:{actor.pk}", now=now)
    return refunded


@transaction.atomic
def _refund_one(stop_id: int, line_id: int, now: datetime) -> bool:
    """Under the order's lock, which a hand-over takes first as well. False: goods came for it meanwhile, or it was given out."""
    lock_order(OrderLine.objects.values_list("order_id", flat=True).get(pk=line_id), now=now)
    if line_id not in _unfilled(stop_id, now):
        return False
    sales.refund_line(line_id=line_id, reason=SHORT, actor="system", idempotency_key=f"{SHORT}:{line_id}", now=now)
    return True


def _unfilled(stop_id: int, now: datetime) -> list[int]:
    """The newest order comes first, so that a crash in between has refunded whom the rule names first."""
    lines = queries.waiting_lines(stop_id=stop_id)
    return rules.unfilled(lines, queries.fit_units(stop_id=stop_id, now=now))[::-1]
