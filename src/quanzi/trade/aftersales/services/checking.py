"""What a supplier sends is looked at before anybody is given it, where the shop chose so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.goods.catalogue.models import Lot
from quanzi.goods.stock import services as stock
from quanzi.kernel.errors import InvalidInput
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales import errors
from quanzi.trade.aftersales.models import LotPause, QualityCheck
from quanzi.trade.aftersales.queries.quality import lot_facts
from quanzi.trade.aftersales.services.pausing import go_on, hold_the_shelf, locked_lot, pause_ref, reason_of, stop

WAITS = "quality check"
MOST_SAMPLED = 10_000


class Inspecting:
    """The room's side of `supply.ports.Inspection`."""

    def wait(self, lot_id: int, now: datetime, /) -> None:
        lot = locked_lot(lot_id)
        found = LotPause.objects.filter(lot=lot, released_at=None).first()
        if found is not None:
            _hold_more(lot, found, now)
        elif lot.recalled_at is None:
            stop(lot, WAITS, None, lot_facts(lot_id), now, is_check=True)


@transaction.atomic
def check_lot(
    *,
    lot_id: int,
    sampled: int,
    flawed: int,
    words: str,
    is_passed: bool,
    actor: Member,
    now: datetime,
) -> QualityCheck:
    """What was found in the units that were opened. A lot that passes goes on at once; one that does not stays where it is,
    to be looked at again, recalled or sent back. Raises NoSuchLot, NothingToCheck, InvalidInput, ReasonMissing."""
    lot, words = locked_lot(lot_id), reason_of(words)
    if type(sampled) is not int or not 1 <= sampled <= MOST_SAMPLED:
        raise InvalidInput(field="sampled")
    if type(flawed) is not int or not 0 <= flawed <= sampled:
        raise InvalidInput(field="flawed")
    pause = LotPause.objects.filter(lot=lot, released_at=None, is_check=True).first()
    if pause is None or lot.recalled_at is not None:
        raise errors.NothingToCheck()
    made: QualityCheck = QualityCheck.objects.create(
        pause=pause, sampled=sampled, flawed=flawed, words=words, is_passed=is_passed, checked_at=now, checked_by=actor,
    )  # fmt: skip
    audit.write(
        actor=actor, action="aftersales.check_lot", target=f"lot:{lot.pk}",
        after={"sampled": sampled, "flawed": flawed, "is_passed": is_passed}, now=now,
    )  # fmt: skip
    if is_passed:
        go_on(lot, pause, words, actor, now)
    return made


def _hold_more(lot: Lot, found: LotPause, now: datetime) -> None:
    """More of a lot that stands still arrived: that is kept off sale too, and looked at before any of the lot goes on."""
    stock.release(refs=[pause_ref(found.pk)], now=now)
    found.held = hold_the_shelf(lot, pause_ref(found.pk), now)
    found.is_check = True
    found.save(update_fields=["held", "is_check"])
