"""Purchases: written by us, answered and sent by the supplier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.base.audit import services as audit
from quanzi.base.audit.services import Person
from quanzi.base.events import services as events
from quanzi.goods.catalogue.rules import text_problems, variant_title
from quanzi.goods.supply import ports, rules
from quanzi.goods.supply.errors import BadUnits, EmptyPurchase, NoSuchDemand, NoSuchPurchase, NotSupplied
from quanzi.goods.supply.events import (
    PurchaseCancelled,
    PurchaseConfirmed,
    PurchaseReceived,
    PurchaseSent,
    PurchaseShipped,
)
from quanzi.goods.supply.models import Offer, Purchase, PurchaseLine, PurchaseState, Supplier, SupplierGoods
from quanzi.goods.supply.queries.suppliers import choose_suppliers
from quanzi.goods.supply.services.offers import claim, give_back
from quanzi.goods.supply.states import PURCHASE_MOVES
from quanzi.kernel import crash
from quanzi.kernel.errors import Errors, IllegalMove
from quanzi.kernel.ids import order_number

NUMBER_TRIES = 20


@transaction.atomic
def draft(
    *,
    supplier: Supplier,
    title: str = "",
    ref: str = "",
    due_at: datetime | None = None,
    note: str = "",
    actor: Person | str,
    now: datetime,
) -> Purchase:
    """Begin a purchase. With a ref that has one already, that one is returned."""
    Errors.raise_any(text_problems({"title": title, "note": note}, {"title": 80, "note": 200}))
    known = _of_ref(supplier, ref)
    if known is not None:
        return known
    made = _numbered(
        Purchase(supplier=supplier, ref=ref, title=title.strip(), due_at=due_at, note=note.strip(), made_at=now, made_by=_word(actor)), now
    )  # fmt: skip
    audit.write(
        actor=actor, action="supply.draft", target=f"purchase:{made.pk}", after={"supplier": supplier.pk}, now=now
    )
    return made


def _of_ref(supplier: Supplier, ref: str) -> Purchase | None:
    if not ref:
        return None
    Supplier.objects.select_for_update(no_key=True).get(pk=supplier.pk)  # two who buy for one demand at once
    return Purchase.objects.filter(supplier=supplier, ref=ref).exclude(state=PurchaseState.CANCELLED).first()


def _numbered(purchase: Purchase, now: datetime) -> Purchase:
    for _ in range(NUMBER_TRIES):
        purchase.number = f"P{order_number(now)}"
        try:
            with transaction.atomic():
                purchase.save(force_insert=True)
        except IntegrityError:
            continue
        return purchase
    raise RuntimeError(f"no free purchase number in {NUMBER_TRIES} tries")


@transaction.atomic
def set_line(
    *,
    purchase_id: int,
    sku_id: int,
    quantity: int,
    wanted: int | None = None,
    offer_id: int | None = None,
    now: datetime,
) -> PurchaseLine | None:
    """Order so many units of a variant in a draft (0: none), out of a lot that the supplier offers when offer_id names one.

    wanted: what the demand asked for, when that is less. Raises NoSuchPurchase, NotSupplied, BadUnits, IllegalMove.
    """
    purchase = lock_purchase(purchase_id)
    if purchase.state != PurchaseState.DRAFT:
        raise IllegalMove(purchase.state, PurchaseState.DRAFT)
    if type(quantity) is not int or not 0 <= quantity <= rules.MOST_UNITS:
        raise BadUnits(field="quantity", least=0, most=rules.MOST_UNITS)
    if quantity == 0:
        PurchaseLine.objects.filter(purchase=purchase, sku_id=sku_id).delete()
        return None
    goods = SupplierGoods.objects.select_related("sku__product").filter(
        supplier_id=purchase.supplier_id, sku_id=sku_id, is_active=True
    )
    known = goods.first()
    offer = Offer.objects.filter(pk=offer_id, goods=known).first() if offer_id is not None and known else None
    if known is None or (offer_id is not None and offer is None):
        raise NotSupplied(field="sku_id", title=str(sku_id))
    line, _ = PurchaseLine.objects.update_or_create(
        purchase=purchase,
        sku_id=sku_id,
        defaults={
            "quantity": quantity,
            "wanted": quantity if wanted is None else wanted,
            "offer": offer,
            "title": variant_title(known.sku.product.name, known.sku.options),
            "cost_minor": offer.cost_minor if offer else known.cost_minor,
        },
    )
    return line


@transaction.atomic
def from_demand(*, ref: str, actor: Person | str, now: datetime) -> tuple[list[Purchase], list[int]]:
    """One purchase for each supplier with all that a demand needs, in whole packs; and the SKUs that nobody supplies.

    Again returns what there is; a draft follows the demand as it stands. Raises NoSuchDemand.
    """
    kind, _, key = ref.partition(":")
    source = ports.demand_sources().get(kind)
    head = next((one for one in source.open_demands(now) if one.ref == ref), None) if source else None
    if source is None or head is None:
        raise NoSuchDemand()
    needs: dict[int, int] = {}
    for one in source.wanted(key):
        needs[one.sku_id] = needs.get(one.sku_id, 0) + one.quantity
    chosen = choose_suppliers(sorted(needs))
    made: list[Purchase] = []
    for supplier in sorted({goods.supplier for goods in chosen.values()}, key=lambda one: one.pk):
        purchase = draft(supplier=supplier, title=head.title[:80], ref=ref, due_at=head.due_at, actor=actor, now=now)
        made.append(purchase)
        if purchase.state == PurchaseState.DRAFT:
            _fill(purchase, [goods for goods in chosen.values() if goods.supplier_id == supplier.pk], needs, now)
    return made, [sku_id for sku_id in sorted(needs) if sku_id not in chosen]


def _fill(purchase: Purchase, goods: Sequence[SupplierGoods], needs: Mapping[int, int], now: datetime) -> None:
    PurchaseLine.objects.filter(purchase=purchase).exclude(sku_id__in=[one.sku_id for one in goods]).delete()
    for one in goods:
        wanted = needs[one.sku_id]
        set_line(
            purchase_id=purchase.pk, sku_id=one.sku_id, quantity=rules.in_packs(wanted, one.pack_of), wanted=wanted, now=now
        )  # fmt: skip


@transaction.atomic
def send(*, purchase_id: int, actor: Person | str, now: datetime) -> Purchase:
    """Ask the supplier. What comes out of an offered lot is taken of it now, all of it or nothing; again changes nothing.

    Raises NoSuchPurchase, EmptyPurchase, OfferOver, TooFewOffered, IllegalMove.
    """
    purchase = lock_purchase(purchase_id)
    if purchase.state == PurchaseState.SENT:
        return purchase
    lines = list(purchase.lines.order_by("offer_id", "id"))
    if not lines:
        raise EmptyPurchase()
    PURCHASE_MOVES.check(purchase.state, PurchaseState.SENT)
    for line in lines:
        if line.offer_id is not None:
            claim(offer_id=line.offer_id, quantity=line.quantity, ref=_ref(line), now=now)
    purchase.state, purchase.sent_at = PurchaseState.SENT, now
    purchase.save(update_fields=["state", "sent_at"])
    crash.point("supply.send.written")
    audit.write(actor=actor, action="supply.send", target=f"purchase:{purchase.pk}", now=now)
    events.record(PurchaseSent(purchase_id=purchase.pk, supplier_id=purchase.supplier_id), now=now)
    return purchase


@transaction.atomic
def confirm(
    *,
    purchase_id: int,
    quantities: Mapping[int, int] | None = None,
    promised_at: datetime | None = None,
    answer: str = "",
    now: datetime,
) -> Purchase:
    """The supplier says what they will send (by line id; None: all of it) and when. Raises NoSuchPurchase, BadUnits, IllegalMove."""
    purchase = lock_purchase(purchase_id)
    Errors.raise_any(text_problems({"answer": answer}, {"answer": 200}))
    PURCHASE_MOVES.check(purchase.state, PurchaseState.CONFIRMED)
    for line in purchase.lines.order_by("id"):
        said = line.quantity if quantities is None else quantities.get(line.pk, line.quantity)
        if type(said) is not int or not 0 <= said <= line.quantity:
            raise BadUnits(field=f"line-{line.pk}", least=0, most=line.quantity)
        PurchaseLine.objects.filter(pk=line.pk).update(confirmed=said)
    purchase.state, purchase.confirmed_at = PurchaseState.CONFIRMED, now
    purchase.promised_at, purchase.answer = promised_at or purchase.due_at, answer.strip()
    purchase.save(update_fields=["state", "confirmed_at", "promised_at", "answer"])
    events.record(PurchaseConfirmed(purchase_id=purchase.pk, supplier_id=purchase.supplier_id), now=now)
    return purchase


@transaction.atomic
def ship(*, purchase_id: int, tracking: str = "", now: datetime) -> Purchase:
    """The supplier sent it; again changes nothing. Raises NoSuchPurchase, IllegalMove."""
    purchase = lock_purchase(purchase_id)
    Errors.raise_any(text_problems({"tracking": tracking}, {"tracking": 60}))
    if purchase.state == PurchaseState.SHIPPED:
        return purchase
    PURCHASE_MOVES.check(purchase.state, PurchaseState.SHIPPED)
    purchase.state, purchase.shipped_at, purchase.tracking = PurchaseState.SHIPPED, now, tracking.strip()
    purchase.save(update_fields=["state", "shipped_at", "tracking"])
    events.record(PurchaseShipped(purchase_id=purchase.pk, supplier_id=purchase.supplier_id), now=now)
    return purchase


@transaction.atomic
def decline(*, purchase_id: int, answer: str, now: datetime) -> Purchase:
    """The supplier cannot. Raises NoSuchPurchase, IllegalMove."""
    return _call_off(purchase_id, answer, by_supplier=True, now=now)


@transaction.atomic
def call_off(*, purchase_id: int, reason: str, actor: Person | str, now: datetime) -> Purchase:
    """We do not want it any more; only before it was sent off and before anything arrived. Raises NoSuchPurchase, IllegalMove."""
    purchase = _call_off(purchase_id, reason, by_supplier=False, now=now)
    audit.write(
        actor=actor, action="supply.call_off", target=f"purchase:{purchase.pk}", after={"reason": reason}, now=now
    )
    return purchase


def _call_off(purchase_id: int, why: str, *, by_supplier: bool, now: datetime) -> Purchase:
    Errors.raise_any(text_problems({"reason": why}, {"reason": 200}, ("reason",)))
    purchase = lock_purchase(purchase_id)
    PURCHASE_MOVES.check(purchase.state, PurchaseState.CANCELLED)
    lines = list(purchase.lines.order_by("id"))
    if any(line.received or line.damaged for line in lines):
        raise IllegalMove(PurchaseState.RECEIVED, PurchaseState.CANCELLED)
    for line in lines:
        give_back(ref=_ref(line), now=now)
    purchase.state, purchase.closed_at, purchase.answer = PurchaseState.CANCELLED, now, why.strip()
    purchase.save(update_fields=["state", "closed_at", "answer"])
    crash.point("supply.call_off.written")
    events.record(
        PurchaseCancelled(
            purchase_id=purchase.pk, supplier_id=purchase.supplier_id, reason=why.strip(), by_supplier=by_supplier
        ),
        now=now,
    )
    return purchase


@transaction.atomic
def close(*, purchase_id: int, actor: Person | str, now: datetime) -> Purchase:
    """Nothing more will come of it; again changes nothing. Raises NoSuchPurchase, IllegalMove."""
    purchase = lock_purchase(purchase_id)
    if purchase.state != PurchaseState.RECEIVED:
        finish(purchase, now=now)
        audit.write(actor=actor, action="supply.close", target=f"purchase:{purchase.pk}", now=now)
    return purchase


def finish(purchase: Purchase, *, now: datetime) -> None:
    """All that will come has come; the row is locked by the caller."""
    PURCHASE_MOVES.check(purchase.state, PurchaseState.RECEIVED)
    purchase.state, purchase.closed_at = PurchaseState.RECEIVED, now
    purchase.save(update_fields=["state", "closed_at"])
    events.record(PurchaseReceived(purchase_id=purchase.pk, supplier_id=purchase.supplier_id), now=now)


def lock_purchase(purchase_id: int) -> Purchase:
    found = Purchase.objects.select_for_update().filter(pk=purchase_id).first()
    if found is None:
        raise NoSuchPurchase()
    return found


def _ref(line: PurchaseLine) -> str:
    return f"purchase_line:{line.pk}"


def _word(actor: Person | str) -> str:
    return actor if isinstance(actor, str) else f"staff:{actor.pk}"
