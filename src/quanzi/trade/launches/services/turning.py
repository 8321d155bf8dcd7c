"""The lot, and turns: who may order now. Everything here holds the launch alone."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q, Sum

from quanzi.base import planned
from quanzi.base.events.services import record
from quanzi.base.jobs.services import enqueue
from quanzi.goods.stock.services.turns import take_turn
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.trade.launches import errors, rules
from quanzi.trade.launches.events import LaunchEnded, LotDrawn, TurnGiven, TurnPassed
from quanzi.trade.launches.models import Launch, LaunchState, Place, PlaceState, Seal
from quanzi.trade.launches.services import shelf
from quanzi.trade.launches.states import LAUNCH_MOVES
from quanzi.trade.sales.models import OrderState

log = logging.getLogger(__name__)

DRAW = """
WITH lot AS (
    SELECT id, row_number() OVER (ORDER BY launches_ticket(%(seed)s, code), code COLLATE "C") AS position
    FROM launches_place WHERE launch_id = %(launch)s AND state = 'waiting'
)
UPDATE launches_place p SET position = lot.position FROM lot WHERE p.id = lot.id RETURNING p.id
"""

PASS_ON = """
UPDATE launches_place SET state = 'passed', ended_at = turn_until
WHERE launch_id = %s AND state = 'turn' AND turn_until <= %s RETURNING id, member_id, granted
"""

LET_IN = """
WITH line AS (
    SELECT id, wanted, coalesce(sum(wanted) OVER (ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM (SELECT * FROM launches_place WHERE launch_id = %(launch)s AND state = 'waiting' ORDER BY position LIMIT %(free)s::int) q
)
UPDATE launches_place p SET state = 'turn', granted = least(line.wanted, %(free)s::int - line.before), turn_from = %(now)s, turn_until = %(until)s
FROM line WHERE p.id = line.id AND line.before < %(free)s::int RETURNING p.id, p.member_id, p.granted
"""


def locked(launch_id: int) -> Launch:
    """The launch, alone until the transaction ends. Raises NoSuchLaunch."""
    found = Launch.objects.select_for_update(no_key=True).filter(pk=launch_id).first()
    if found is None:
        raise errors.NoSuchLaunch()
    return found


def run_due(now: datetime) -> int:
    """Draw the lots that are due, give turns on, end what is over; returns how many launches were looked at.

    One transaction for each, so that a difficult one leaves the others done. Running late gives the same lot: who entered
    before the start takes part in it, whenever it is drawn.
    """
    due = Launch.objects.filter(Q(state=LaunchState.PLANNED, starts_at__lte=now) | Q(state=LaunchState.SELLING))
    ids = list(due.order_by("starts_at", "id").values_list("pk", flat=True))
    for launch_id in ids:
        try:
            run(launch_id=launch_id, now=now)
        except DomainError as refusal:
            log.warning("Launch %s waits for the next run: %s", launch_id, refusal.code)
    return len(ids)


@transaction.atomic
def run(*, launch_id: int, now: datetime) -> None:
    """Whatever is due in one launch. Safe to repeat. Raises NoSuchLaunch."""
    launch = locked(launch_id)
    begin(launch, now)
    advance(launch, now)


def begin(launch: Launch, now: datetime) -> None:
    """Draw the lot when it is time: everybody who waits gets a place by it, and the seed is told."""
    if launch.state != LaunchState.PLANNED or now < launch.starts_at:
        return
    LAUNCH_MOVES.check(launch.state, LaunchState.SELLING)
    seal = Seal.objects.get(launch=launch)
    places = planned.rows(DRAW, {"seed": seal.seed, "launch": launch.pk})
    crash.point("launches.draw.placed")
    launch.state, launch.seed, launch.drawn_at = LaunchState.SELLING, seal.seed, now
    launch.save(update_fields=["state", "seed", "drawn_at"])
    seal.delete()
    record(LotDrawn(launch.pk, places=len(places)), now=now)


def advance(launch: Launch, now: datetime) -> None:
    """Unused turns pass on, free units become turns in the order of the queue, and what is sold out or over ends."""
    if launch.state != LaunchState.SELLING:
        return
    for place_id, member_id, granted in planned.rows(PASS_ON, [launch.pk, now]):
        launch.taken -= granted
        record(TurnPassed(launch.pk, place_id=place_id, member_id=member_id), now=now)
    if now < launch.ends_at:
        _let_in(launch, now)
    launch.save(update_fields=["taken", "held"])
    crash.point("launches.turns.given")
    if _is_sold_out(launch):
        end(launch, state=LaunchState.OVER, reason=rules.SOLD_OUT, now=now)
    elif now >= launch.ends_at:
        end(launch, state=LaunchState.OVER, reason=rules.TIME_IS_UP, now=now)


def _let_in(launch: Launch, now: datetime) -> None:
    free = launch.units - launch.taken
    if free <= 0:
        return
    until = rules.turn_ends_at(minutes=launch.turn_minutes, ends_at=launch.ends_at, now=now)
    given = planned.rows(LET_IN, {"launch": launch.pk, "free": free, "now": now, "until": until})
    for place_id, member_id, granted in sorted(given):
        launch.taken += granted
        record(TurnGiven(launch.pk, place_id=place_id, member_id=member_id), now=now)
    if given:
        mark = f"launch:{launch.pk}:{until.isoformat()}"
        enqueue("launches.run", run_at=until, unique=mark, launch_id=launch.pk)


def _is_sold_out(launch: Launch) -> bool:
    """Every unit is paid: no turn and no unpaid order is left that could give one back."""
    if launch.taken < launch.units:
        return False
    pending = Q(state=PlaceState.TURN) | Q(state=PlaceState.ORDERED, order__state=OrderState.PLACED)
    return not Place.objects.filter(pending, launch=launch).exists()


def end(launch: Launch, *, state: str, reason: str, now: datetime) -> None:
    """No more turns: who still waits was not served; what nobody ordered is on sale for everybody again."""
    take_turn(launch.sku_id)
    open_places = Place.objects.filter(launch=launch, state__in=[PlaceState.WAITING, PlaceState.TURN])
    launch.taken -= open_places.aggregate(units=Sum("granted"))["units"] or 0
    unserved = open_places.update(state=PlaceState.UNSERVED, ended_at=now)
    shelf.let_go(launch, launch.held, now)
    Seal.objects.filter(launch=launch).delete()
    launch.state, launch.ended_at, launch.end_reason = state, now, reason
    launch.save(update_fields=["state", "ended_at", "end_reason", "taken", "held"])
    crash.point("launches.end.written")
    record(LaunchEnded(launch.pk, reason=reason, unserved=unserved), now=now)
