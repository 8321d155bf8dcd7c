"""Lots that suppliers offer: ordered of them, or sold from where they lie."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from quanzi.base.audit import services as audit
from quanzi.base.audit.services import Person
from quanzi.goods.catalogue import rules as catalogue_rules
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Lot, StorageCondition
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.stock import services as stock
from quanzi.goods.supply.errors import (
    BadCost,
    BadUnits,
    LotNameNeeded,
    NoSuchOffer,
    NotSendingDirect,
    OfferCodeTaken,
    OfferOver,
    TooFewOffered,
)
from quanzi.goods.supply.models import LotOrigin, Offer, OfferClaim, SupplierGoods
from quanzi.goods.supply.rules import MOST_UNITS
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError, Errors
from quanzi.people.accounts.models import Member


@transaction.atomic
def make_offer(
    *,
    goods: SupplierGoods,
    code: str,
    quantity: int,
    cost_minor: int | None = None,
    made_on: date | None = None,
    expires_at: datetime | None = None,
    storage: str = StorageCondition.AMBIENT,
    note: str = "",
    by: Member | None = None,
    now: datetime,
) -> Offer:
    """The supplier has a lot that we may order of. cost_minor: of one unit; None: the agreed one.

    The same values again find the first offer. Raises Errors, or the one refusal, with the fields to repair.
    """
    cost = goods.cost_minor if cost_minor is None else cost_minor
    texts = {"code": code.strip(), "note": note.strip()}
    problems: list[DomainError] = [
        *catalogue_rules.text_problems(texts, {"code": 40, "note": 200}, ("code",)),
        *catalogue_rules.choice_problems(storage, StorageCondition.values, "storage"),
        *catalogue_rules.lot_problems(made_on, expires_at),
    ]
    if type(quantity) is not int or not 1 <= quantity <= MOST_UNITS:
        problems.append(BadUnits(field="quantity", least=1, most=MOST_UNITS))
    if type(cost) is not int or not 0 <= cost <= catalogue_rules.MOST_PER_UNIT_MINOR:
        problems.append(BadCost(field="cost_minor"))
    Errors.raise_any(problems)
    offer = Offer(
        goods=goods, quantity=quantity, cost_minor=cost, made_on=made_on, expires_at=expires_at, storage=storage,
        offered_at=now, offered_by=by, **texts,
    )  # fmt: skip
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
    except IntegrityError:
        known = Offer.objects.get(goods=goods, code=texts["code"])
        if (known.quantity, known.cost_minor, known.expires_at) != (quantity, cost, expires_at):
            raise OfferCodeTaken(field="code") from None
        return known
    return offer


@transaction.atomic
def withdraw_offer(*, offer_id: int, actor: Person | str, now: datetime) -> Offer:
    """Nothing more is taken of it; what was promised stays promised. Again changes nothing. Raises NoSuchOffer."""
    offer = lock_offer(offer_id)
    if offer.ended_at is None:
        offer.ended_at = now
        offer.save(update_fields=["ended_at"])
        audit.write(actor=actor, action="supply.withdraw_offer", target=f"offer:{offer.pk}", now=now)
    return offer


def lock_offer(offer_id: int) -> Offer:
    offers = Offer.objects.select_for_update(of=("self",)).select_related("goods__supplier", "goods__sku__product")
    found = offers.filter(pk=offer_id).first()
    if found is None:
        raise NoSuchOffer()
    return found


def claim(*, offer_id: int, quantity: int, ref: str, now: datetime) -> OfferClaim:
    """Take units of an offer, under its row lock. The same ref again finds the first claim. Raises NoSuchOffer, OfferOver, TooFewOffered."""
    offer = lock_offer(offer_id)
    known = OfferClaim.objects.filter(offer=offer, ref=ref, given_back_at=None).first()
    if known is not None:
        return known
    title = _title(offer)
    if offer.ended_at is not None or (offer.expires_at is not None and offer.expires_at <= now):
        raise OfferOver(title=title)
    if quantity > offer.quantity - offer.taken:
        raise TooFewOffered(title=title, free=offer.quantity - offer.taken)
    made = OfferClaim.objects.create(offer=offer, ref=ref, quantity=quantity, claimed_at=now)
    crash.point("supply.claim.written")
    return made


def give_back(*, ref: str, now: datetime) -> int:
    """Units under this ref are the supplier's again; returns how many claims ended."""
    return OfferClaim.objects.filter(ref=ref, given_back_at=None).update(given_back_at=now)


@transaction.atomic
def sell_from_offer(
    *, offer_id: int, quantity: int, key: str, actor: Person | str, actor_word: str, now: datetime
) -> Lot:
    """Put units that stay at the supplier's on our shelf, to be sent from there to buyers: one lot for the offer.

    key: said again, it changes nothing. actor_word: who it was, in stock's words ("staff:3"). Raises NoSuchOffer,
    NotSendingDirect, BadUnits, OfferOver, TooFewOffered.
    """
    offer = lock_offer(offer_id)
    supplier = offer.goods.supplier
    if not supplier.sends_direct:
        raise NotSendingDirect(supplier=supplier.name)
    if type(quantity) is not int or not 1 <= quantity <= MOST_UNITS:
        raise BadUnits(field="quantity", least=1, most=MOST_UNITS)
    ref = f"sell:{key}"[:60]
    is_new = not OfferClaim.objects.filter(offer=offer, ref=ref, given_back_at=None).exists()
    taken = claim(offer_id=offer_id, quantity=quantity, ref=ref, now=now)
    lot = _lot_at_supplier(offer, actor, now)
    stock.receive(
        sku_id=offer.goods.sku_id, quantity=quantity, lot_id=lot.pk, key=f"supply.sell:{taken.pk}",
        reason=supplier.name[:60], actor=actor_word, now=now,
    )  # fmt: skip
    crash.point("supply.sell.received")
    if is_new:
        audit.write(
            actor=actor, action="supply.sell_from_offer", target=f"offer:{offer.pk}", after={"quantity": quantity, "lot": lot.pk}, now=now
        )  # fmt: skip
    return lot


def _lot_at_supplier(offer: Offer, actor: Person | str, now: datetime) -> Lot:
    """One lot of ours stands for the offer; its code says whose it is when the supplier's word is taken already."""
    known = LotOrigin.objects.filter(offer=offer, at_supplier=True).select_related("lot").first()
    if known is not None:
        return known.lot
    code = offer.code if not Lot.objects.filter(code=offer.code).exists() else f"{offer.code[:28]}-{offer.pk}"
    if not code:
        raise LotNameNeeded(field="code")
    lot = catalogue.add_lot(
        sku=offer.goods.sku, code=code, made_on=offer.made_on, expires_at=offer.expires_at, storage=offer.storage,
        note=offer.note, actor=actor if isinstance(actor, str) else f"staff:{actor.pk}", now=now,
    )  # fmt: skip
    LotOrigin.objects.create(
        lot=lot, supplier=offer.goods.supplier, offer=offer, cost_minor=offer.cost_minor, at_supplier=True
    )
    return lot


def _title(offer: Offer) -> str:
    sku = offer.goods.sku
    return variant_title(sku.product.name, sku.options)
