"""Lots: goods of one variant that were made together, and are called back together."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events import services as events
from quanzi.goods.catalogue import rules
from quanzi.goods.catalogue.errors import CodeTaken
from quanzi.goods.catalogue.events import LotRecalled
from quanzi.goods.catalogue.models import Lot, Sku, StorageCondition
from quanzi.kernel.errors import Errors

LIMITS = {"code": 40, "note": 200}


@transaction.atomic
def add_lot(
    *,
    sku: Sku,
    code: str,
    made_on: date | None = None,
    expires_at: datetime | None = None,
    storage: str = StorageCondition.AMBIENT,
    note: str = "",
    actor: str = "system",
    now: datetime,
) -> Lot:
    """Name goods that were made together; how many there are is for stock to say.

    Raises Errors, or the one refusal, with the fields to repair.
    """
    lot = Lot(sku=sku, code=code.strip(), made_on=made_on, expires_at=expires_at, storage=storage, note=note)
    problems = [
        *rules.text_problems({"code": lot.code, "note": note}, LIMITS, ("code",)),
        *rules.choice_problems(storage, StorageCondition.values, "storage"),
        *rules.lot_problems(made_on, expires_at),
    ]
    if Lot.objects.filter(code=lot.code).exists():
        problems.append(CodeTaken(field="code", value=lot.code))
    Errors.raise_any(problems)
    lot.save(force_insert=True)
    audit.write(
        actor=actor,
        action="catalogue.add_lot",
        target=f"lot:{lot.id}",
        after={"sku": sku.id, "code": lot.code},
        now=now,
    )
    return lot


@transaction.atomic
def pause_lot(*, lot_id: int, reason: str, actor: str, now: datetime) -> Lot:
    """Until it is released, nobody hands this lot over. Paused or recalled already: nothing happens."""
    lot = Lot.objects.select_for_update(of=("self",)).get(pk=lot_id)
    if lot.paused_at is None and lot.recalled_at is None:
        _set_pause(lot, now, "catalogue.pause_lot", reason, actor, now)
    return lot


@transaction.atomic
def release_lot(*, lot_id: int, reason: str, actor: str, now: datetime) -> Lot:
    """It is handed over again. Raises Errors without a reason; a lot that is not paused stays as it is."""
    Errors.raise_any(rules.text_problems({"reason": reason}, {"reason": 200}, ("reason",)))
    lot = Lot.objects.select_for_update(of=("self",)).get(pk=lot_id)
    if lot.paused_at is not None:
        _set_pause(lot, None, "catalogue.release_lot", reason, actor, now)
    return lot


def _set_pause(lot: Lot, at: datetime | None, action: str, reason: str, actor: str, now: datetime) -> None:
    lot.paused_at = at
    lot.save(update_fields=["paused_at"])
    audit.write(actor=actor, action=action, target=f"lot:{lot.pk}", after={"reason": reason}, now=now)


@transaction.atomic
def recall_lot(*, lot: Lot, reason: str, actor: str, now: datetime) -> Lot:
    """From now on nobody hands this lot over; announces LotRecalled. Recalled already: nothing happens."""
    Errors.raise_any(rules.text_problems({"reason": reason}, {"reason": 200}, ("reason",)))
    lot = Lot.objects.select_for_update(of=("self",)).get(id=lot.id)
    if lot.recalled_at is not None:
        return lot
    lot.recalled_at = now
    lot.note = reason
    lot.save(update_fields=["recalled_at", "note"])
    audit.write(actor=actor, action="catalogue.recall_lot", target=f"lot:{lot.id}", after={"reason": reason}, now=now)
    events.record(LotRecalled(lot.id, lot.sku_id, reason), now=now)
    return lot
