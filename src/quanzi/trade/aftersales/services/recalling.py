"""A lot is called back: nobody gets it any more, and everybody who got it is paid back, once."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import connection, transaction

from quanzi.base.audit import services as audit
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Lot
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.services.turns import take_turn
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError, NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales import errors
from quanzi.trade.aftersales.models import LotPause, Recall, RecalledLine
from quanzi.trade.aftersales.policies import may_decide
from quanzi.trade.aftersales.queries.holding import HELD, held_of_lot, owed_for
from quanzi.trade.aftersales.services.answering import answer_with
from quanzi.trade.aftersales.services.pausing import after_hand_overs, hold_the_shelf, pause_ref, reason_of
from quanzi.trade.aftersales.services.swapping import refund
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.services.moving import lock_order

log = logging.getLogger(__name__)

RECALLED = "lot_recalled"

LINES = f"""
INSERT INTO aftersales_recalledline (recall_id, line_id, quantity)
SELECT %(recall)s, held.line_id, sum(held.quantity) FROM ({HELD}) held WHERE held.lot_id = %(lot)s
GROUP BY held.line_id
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def recall(*, lot_id: int, reason: str, actor: Member, now: datetime) -> Recall:
    """From this moment nobody hands the lot over, and every line that has goods of it is to be paid back. Twice is once.

    The lot's lock puts it before or behind each hand-over: one that came first is among the lines. The money follows by
    `carry_on_recalls`. Raises NotAllowed, NoSuchLot, ReasonMissing.
    """
    if not may_decide(actor):
        raise NotAllowed()
    lot = Lot.objects.select_for_update(of=("self",)).filter(pk=lot_id).first()
    if lot is None:
        raise errors.NoSuchLot()
    known = Recall.objects.filter(lot=lot).first()
    if known is not None:
        return known
    reason, now = reason_of(reason), after_hand_overs(lot, now)
    catalogue.recall_lot(lot=lot, reason=reason, actor=f"staff:{actor.pk}", now=now)
    made = Recall.objects.create(lot=lot, reason=reason, started_at=now, started_by=actor)
    crash.point("aftersales.recall.written")
    _take_over_pause(lot, actor, reason, now)
    made.held = hold_the_shelf(lot, ref_of(made.pk), now)
    made.save(update_fields=["held"])
    with connection.cursor() as cursor:
        cursor.execute(LINES, {"recall": made.pk, "lot": lot.pk})
    audit.write(
        actor=actor, action="aftersales.recall", target=f"lot:{lot.pk}",
        after={"reason": reason, "lines": made.lines.count()}, now=now,
    )  # fmt: skip
    return made


def carry_on_recalls(now: datetime, *, limit: int = 500) -> int:
    """Pay back the lines of recalls that still wait, one transaction each; returns how many were settled.

    A crash leaves the others done, and the next run goes on. A line that cannot be settled now is tried again.
    """
    waiting = RecalledLine.objects.filter(settled_at=None).order_by("pk").values_list("pk", flat=True)
    done = 0
    for recalled_id in list(waiting[:limit]):
        try:
            _settle(recalled_id, now)
            done += 1
            crash.point("aftersales.recall.one_settled")
        except DomainError as refusal:
            log.warning("Recalled line %s waits for the next run: %s", recalled_id, refusal.code)
    open_ones = Recall.objects.filter(finished_at=None).exclude(lines__settled_at=None, lines__isnull=False)
    open_ones.update(finished_at=now)
    return done


@transaction.atomic
def clear(*, recall_id: int, quantity: int, actor: Member, now: datetime) -> Recall:
    """What was left of the lot is thrown away or sent back: `quantity` units leave the shelf, and nothing is held any more.

    Raises NoSuchLot, AlreadyCleared, and what scrapping raises.
    """
    found = Recall.objects.select_for_update(of=("self",)).select_related("lot").filter(pk=recall_id).first()
    if found is None:
        raise errors.NoSuchLot()
    if found.cleared_at is not None:
        raise errors.AlreadyCleared()
    take_turn(found.lot.sku_id)
    stock.release(refs=[ref_of(found.pk)], now=now)
    if quantity:
        stock.scrap(
            sku_id=found.lot.sku_id, quantity=quantity, lot_id=found.lot_id, key=f"recall:{found.pk}",
            reason=RECALLED, actor=f"staff:{actor.pk}", now=now,
        )  # fmt: skip
    found.cleared_at = now
    found.save(update_fields=["cleared_at"])
    audit.write(
        actor=actor,
        action="aftersales.clear_recall",
        target=f"lot:{found.lot_id}",
        after={"quantity": quantity},
        now=now,
    )
    return found


def ref_of(recall_id: int) -> str:
    return f"recall:{recall_id}"


def _take_over_pause(lot: Lot, actor: Member, reason: str, now: datetime) -> None:
    """A pause that stood ends in the recall; its units are held by the recall from here."""
    stood = LotPause.objects.filter(lot=lot, released_at=None).first()
    if stood is not None:
        stood.released_at, stood.released_by, stood.release_reason = now, actor, reason
        stood.save(update_fields=["released_at", "released_by", "release_reason"])
        take_turn(lot.sku_id)
        stock.release(refs=[pause_ref(stood.pk)], now=now)


@transaction.atomic
def _settle(recalled_id: int, now: datetime) -> None:
    """Pay one line back, unless its goods were given back meanwhile; with the last one of its order the delivery too. The
    refund's own key makes a second run find the first."""
    order_id = RecalledLine.objects.values_list("line__order_id", flat=True).get(pk=recalled_id)
    lock_order(order_id, now=now)
    row = RecalledLine.objects.select_for_update(of=("self",)).select_related("recall__started_by").get(pk=recalled_id)
    if row.settled_at is not None:
        return
    line = OrderLine.objects.get(pk=row.line_id)
    is_back = line.returned_at is not None or not held_of_lot(line.pk, lot_id=row.recall.lot_id)
    owed = 0 if is_back else owed_for(line, row.quantity)
    if owed:
        row.refund = refund(
            line_id=line.pk, amount_minor=owed, reason=RECALLED, actor=f"recall:{row.recall_id}", with_freight=True,
            idempotency_key=f"recalled:{row.pk}", now=now,
        )  # fmt: skip
        crash.point("aftersales.recall.refunded")
        answer_with(row.refund, line_id=line.pk, by=row.recall.started_by, answer=row.recall.reason, now=now)
    row.settled_at = now
    row.save(update_fields=["refund", "settled_at"])
