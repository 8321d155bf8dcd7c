"""Goods arrive: into a lot, onto the shelf, once."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction

from quanzi.base.events import services as events
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Lot, StorageCondition
from quanzi.goods.catalogue.rules import text_problems
from quanzi.goods.stock import services as stock
from quanzi.goods.supply import ports
from quanzi.goods.supply.errors import (
    BadUnits,
    KeyReused,
    LotNameNeeded,
    LotOfAnotherSupplier,
    NoSuchPurchase,
    ReceivedTooMany,
)
from quanzi.goods.supply.events import GoodsReceived
from quanzi.goods.supply.models import LotOrigin, Purchase, PurchaseLine, PurchaseState, Receipt
from quanzi.goods.supply.rules import MOST_UNITS
from quanzi.goods.supply.services.purchases import finish, lock_purchase
from quanzi.kernel import crash
from quanzi.kernel.errors import Errors, IllegalMove

COMING = (PurchaseState.SENT, PurchaseState.CONFIRMED, PurchaseState.SHIPPED)
COLDEST, WARMEST = -600, 600


@transaction.atomic
def receive(
    *,
    line_id: int,
    quantity: int,
    damaged: int = 0,
    lot_code: str = "",
    made_on: date | None = None,
    expires_at: datetime | None = None,
    storage: str = StorageCondition.AMBIENT,
    temperature_tenths: int | None = None,
    picture: Picture | None = None,
    note: str = "",
    key: str,
    actor: str,
    now: datetime,
) -> Receipt:
    """So many whole units go on the shelf as this lot; damaged ones are counted and do not.

    A lot that this supplier sent before grows. What a checked supplier sends waits for its quality check.
    temperature_tenths: measured, in tenths of a degree. The same key again
    returns the first receipt. The purchase is received when nothing more can come. Raises NoSuchPurchase, BadUnits,
    ReceivedTooMany, LotNameNeeded, LotOfAnotherSupplier, KeyReused, IllegalMove, and what a new lot is refused for.
    """
    _check(quantity, damaged, temperature_tenths, note)
    known = _known(key, line_id, quantity, damaged)
    if known is not None:
        return known
    line = _locked_line(line_id)
    left = line.quantity - line.received - line.damaged
    if quantity + damaged > left:
        raise ReceivedTooMany(field="quantity", title=line.title, most=left)
    lot = _lot(line, lot_code.strip(), made_on, expires_at, storage, actor, now) if quantity else None
    made = Receipt.objects.create(
        line=line, lot=lot, quantity=quantity, damaged=damaged, temperature_tenths=temperature_tenths, picture=picture,
        note=note.strip(), key=key, received_at=now, actor=actor,
    )  # fmt: skip
    crash.point("supply.receive.written")
    if lot is not None:
        stock.receive(
            sku_id=line.sku_id, quantity=quantity, lot_id=lot.pk, source=line.purchase.ref,
            key=f"supply.receive:{made.pk}", reason=line.purchase.number, actor=actor, now=now,
        )  # fmt: skip
        inspection = ports.inspection()
        if line.purchase.supplier.is_checked and inspection is not None:
            inspection.wait(lot.pk, now)
    crash.point("supply.receive.on_shelf")
    events.record(
        GoodsReceived(
            purchase_id=line.purchase_id, supplier_id=line.purchase.supplier_id, receipt_id=made.pk, sku_id=line.sku_id,
            lot_id=lot.pk if lot else None, quantity=quantity, damaged=damaged,
        ),
        now=now,
    )  # fmt: skip
    _finish_if_complete(line.purchase, now)
    return made


def _check(quantity: int, damaged: int, temperature_tenths: int | None, note: str) -> None:
    Errors.raise_any(text_problems({"note": note}, {"note": 200}))
    for field, number in (("quantity", quantity), ("damaged", damaged)):
        if type(number) is not int or not 0 <= number <= MOST_UNITS:
            raise BadUnits(field=field, least=0, most=MOST_UNITS)
    if quantity + damaged == 0:
        raise BadUnits(field="quantity", least=1, most=MOST_UNITS)
    if temperature_tenths is not None and not COLDEST <= temperature_tenths <= WARMEST:
        raise BadUnits(field="temperature", least=COLDEST // 10, most=WARMEST // 10)


def _known(key: str, line_id: int, quantity: int, damaged: int) -> Receipt | None:
    with connection.cursor() as cursor:  # two callers with one key: the second finds what the first wrote
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"receipt:{key}"])
    known = Receipt.objects.filter(key=key).first()
    if known is not None and (known.line_id, known.quantity, known.damaged) != (line_id, quantity, damaged):
        raise KeyReused()
    return known


def _locked_line(line_id: int) -> PurchaseLine:
    """The line, its purchase locked before it: all receipts of a purchase come one after the other."""
    purchase_id = PurchaseLine.objects.filter(pk=line_id).values_list("purchase_id", flat=True).first()
    if purchase_id is None:
        raise NoSuchPurchase()
    purchase = lock_purchase(purchase_id)
    if purchase.state not in COMING:
        raise IllegalMove(purchase.state, PurchaseState.RECEIVED)
    line = PurchaseLine.objects.select_for_update(of=("self",)).select_related("sku", "offer").get(pk=line_id)
    line.purchase = purchase
    return line


def _lot(
    line: PurchaseLine,
    code: str,
    made_on: date | None,
    expires_at: datetime | None,
    storage: str,
    actor: str,
    now: datetime,
) -> Lot:
    """The lot of this code, when this supplier sent it before; else a new one. An offered lot brings its own dates."""
    offer = line.offer
    code = code or (offer.code if offer else "")
    if not code:
        raise LotNameNeeded(field="lot_code")
    known = Lot.objects.filter(code=code).select_related("supplied").first()
    if known is not None:
        origin = getattr(known, "supplied", None)
        is_ours = origin is not None and origin.supplier_id == line.purchase.supplier_id and not origin.at_supplier
        if known.sku_id != line.sku_id or not is_ours:
            raise LotOfAnotherSupplier(field="lot_code")
        return known
    lot = catalogue.add_lot(
        sku=line.sku, code=code, made_on=made_on or (offer.made_on if offer else None),
        expires_at=expires_at or (offer.expires_at if offer else None), storage=storage, actor=actor, now=now,
    )  # fmt: skip
    LotOrigin.objects.create(lot=lot, supplier_id=line.purchase.supplier_id, cost_minor=line.cost_minor)
    return lot


def _finish_if_complete(purchase: Purchase, now: datetime) -> None:
    """Every line has all that the supplier said they would send."""
    lines = list(purchase.lines.all())
    if all(
        line.received + line.damaged >= (line.quantity if line.confirmed is None else line.confirmed) for line in lines
    ):
        finish(purchase, now=now)
