"""A lot with too many complaints stops by itself, and goes on when a person says why."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from quanzi.base.events.services import record
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Lot
from quanzi.goods.stock import queries as shelves
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.services.turns import take_turn
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.people.contact.services import notify
from quanzi.trade.aftersales import errors, rules
from quanzi.trade.aftersales.events import LotPaused, LotReleased
from quanzi.trade.aftersales.models import LotPause
from quanzi.trade.aftersales.queries.quality import complaints_since, lot_facts
from quanzi.trade.fulfilment.models import LineLot
from quanzi.trade.sales.rules import clean

LONGEST_REASON = 200


@transaction.atomic
def watch(*, lot_id: int, now: datetime) -> LotPause | None:
    """Pause the lot when what claims say passes the threshold. What was told before its last release counts no more as new."""
    lot = Lot.objects.select_for_update(of=("self",)).get(pk=lot_id)
    found = lot_facts(lot_id)
    last = LotPause.objects.filter(lot=lot).order_by("-pk").first()
    fresh = complaints_since(lot_id, last.released_at if last else None)
    if lot.paused_at or lot.recalled_at or fresh < rules.LEAST_COMPLAINTS or not rules.passes_the_threshold(found):
        return None
    return stop(lot, f"{found.count}/{found.of}", None, found, now)


@transaction.atomic
def pause(*, lot_id: int, reason: str, actor: Member, now: datetime) -> LotPause:
    """Somebody of the staff stops the lot at once. Raises NoSuchLot, ReasonMissing, LotIsStopped."""
    lot, reason = locked_lot(lot_id), reason_of(reason)
    if lot.paused_at is not None or lot.recalled_at is not None:
        raise errors.LotIsStopped()
    return stop(lot, reason, actor, lot_facts(lot_id), now)


@transaction.atomic
def release(*, lot_id: int, reason: str, actor: Member, now: datetime) -> LotPause:
    """The lot is handed over and sold again. Raises NoSuchLot, ReasonMissing, LotIsNotPaused, CheckFirst."""
    lot, reason = locked_lot(lot_id), reason_of(reason)
    found = LotPause.objects.filter(lot=lot, released_at=None).first()
    if found is None or lot.recalled_at is not None:
        raise errors.LotIsNotPaused()
    if found.is_check:
        raise errors.CheckFirst()
    return go_on(lot, found, reason, actor, now)


def go_on(lot: Lot, found: LotPause, reason: str, actor: Member, now: datetime) -> LotPause:
    """End the pause of a locked lot; what was kept off sale is sold again."""
    found.released_at, found.released_by, found.release_reason = now, actor, reason
    found.save(update_fields=["released_at", "released_by", "release_reason"])
    catalogue.release_lot(lot_id=lot.pk, reason=reason, actor=f"staff:{actor.pk}", now=now)
    crash.point("aftersales.release.written")
    stock.release(refs=[pause_ref(found.pk)], now=now)
    record(LotReleased(lot_id=lot.pk, sku_id=lot.sku_id, reason=reason), now=now)
    return found


def hold_the_shelf(lot: Lot, ref: str, now: datetime) -> int:
    """Keep what is left of the lot off sale, as far as it is not promised to somebody; returns how many units that are."""
    take_turn(lot.sku_id)
    left = next((one.on_hand for one in shelves.lots(lot.sku_id, now=now) if one.id == lot.pk), 0)
    units = min(max(left, 0), shelves.free([lot.sku_id])[lot.sku_id])
    if units > 0:
        stock.reserve(lines=[(lot.sku_id, units, ref)], expires_at=None, now=now)
    return max(units, 0)


def after_hand_overs(lot: Lot, now: datetime) -> datetime:
    """The moment at which a locked lot stops: behind each hand-over that came first, whatever its clock said."""
    last: datetime | None = LineLot.objects.filter(lot=lot).aggregate(last=Max("handed_over_at"))["last"]
    return now if last is None or last < now else last + timedelta(microseconds=1)


def pause_ref(pause_id: int) -> str:
    return f"lot_pause:{pause_id}"


def stop(
    lot: Lot, reason: str, actor: Member | None, found: rules.Rate, now: datetime, *, is_check: bool = False
) -> LotPause:
    """Pause a locked lot, keep what is left of it off sale, and tell the staff. found: what claims say of it."""
    who, now = f"staff:{actor.pk}" if actor else "system", after_hand_overs(lot, now)
    catalogue.pause_lot(lot_id=lot.pk, reason=reason, actor=who, now=now)
    made = LotPause.objects.create(
        lot=lot,
        reason=reason,
        complaints=found.count,
        handed_over=found.of,
        paused_at=now,
        paused_by=actor,
        is_check=is_check,
    )
    crash.point("aftersales.pause.written")
    made.held = hold_the_shelf(lot, pause_ref(made.pk), now)
    made.save(update_fields=["held"])
    record(
        LotPaused(lot_id=lot.pk, sku_id=lot.sku_id, reason=reason, is_automatic=actor is None and not is_check), now=now
    )
    _tell_staff(made, now)
    return made


def _tell_staff(made: LotPause, now: datetime) -> None:
    people = [one for one in Member.objects.filter(is_staff=True, erased_at=None) if can(one, "goods.edit")]
    for person in people:
        notify(
            member_id=person.pk, kind="lot_waits" if made.is_check else "lot_paused",
            params={"lot": made.lot.code, "n": made.complaints, "of": made.handed_over},
            link=f"/console/goods/lots/{made.lot_id}", key=f"lot_paused:{made.pk}:{person.pk}", now=now,
        )  # fmt: skip


def locked_lot(lot_id: int) -> Lot:
    """Raises NoSuchLot."""
    found = Lot.objects.select_for_update(of=("self",)).filter(pk=lot_id).first()
    if found is None:
        raise errors.NoSuchLot()
    return found


def reason_of(text: str) -> str:
    text = clean(text)
    if not 1 <= len(text) <= LONGEST_REASON:
        raise errors.ReasonMissing(field="reason", most=LONGEST_REASON)
    return text
