"""Links that ask for money: for goods of the shop, or for an amount with a few words."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import ProductState, ReturnRule, Sku
from quanzi.goods.stock import services as stock
from quanzi.kernel.errors import DomainError, Errors, InvalidInput
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.errors import BadKey
from quanzi.trade.sales.rules import MOST_OF_ONE, clean, is_key
from quanzi.trade.stores import errors, policies, rules
from quanzi.trade.stores.models import LinkState, PayLink, Store
from quanzi.trade.stores.services.keeping import kept_store, require

CODE_LENGTH = 10


@transaction.atomic
def link_goods(
    *,
    sku_id: int,
    quantity: int = 1,
    store_id: int | None = None,
    uses: int,
    lives: timedelta,
    by: Member,
    idempotency_key: str,
    now: datetime,
) -> PayLink:
    """A link for goods of the shop, at the price of the moment when somebody orders through it.

    store_id: picked up there at once. The same key with the same content returns the same link. Raises NotAllowed,
    NoSuchStore, BadUses, BadHours, InvalidInput, KeyReused.
    """
    require(policies.may_link_goods(by))
    asked = fingerprint("goods", sku_id, quantity, store_id, uses, lives)
    known = known_link(by, idempotency_key, asked)
    if known is not None:
        return known
    _check(
        uses, lives, [] if type(quantity) is int and 1 <= quantity <= MOST_OF_ONE else [InvalidInput(field="quantity")]
    )
    if not Sku.objects.filter(pk=sku_id, is_active=True, product__state=ProductState.ON_SALE).exists():
        raise InvalidInput(field="sku")
    return _write(
        sku_id=sku_id, quantity=quantity, store=_store(store_id, by), most=uses, expires_at=now + lives, by=by,
        key=idempotency_key, asked=asked, now=now,
    )  # fmt: skip


@transaction.atomic
def link_amount(
    *,
    what: str,
    amount_minor: int,
    return_rule: str = ReturnRule.SEVEN_DAYS,
    store_id: int | None = None,
    uses: int = 1,
    lives: timedelta,
    by: Member,
    idempotency_key: str,
    now: datetime,
) -> PayLink:
    """A link for an amount in words of one's own. It is an order like every other: escrow, rights and receipt with it.

    Raises as link_goods does, and BadAmount.
    """
    require(policies.may_link_amounts(by))
    asked = fingerprint("amount", what, amount_minor, return_rule, store_id, uses, lives)
    known = known_link(by, idempotency_key, asked)
    if known is not None:
        return known
    _check(uses, lives, amount_problems(what, amount_minor, return_rule))
    store = _store(store_id, by)
    sku = goods_apart(
        store, what=what, amount_minor=amount_minor, return_rule=return_rule, units=uses, actor=f"staff:{by.pk}", now=now
    )  # fmt: skip
    return _write(
        sku_id=sku.pk, quantity=1, store=store, most=uses, expires_at=now + lives, by=by,
        key=idempotency_key, asked=asked, now=now,
    )  # fmt: skip


@transaction.atomic
def close_link(*, link_id: int, by: Member, now: datetime) -> PayLink:
    """Nobody orders through it any more; who has ordered may still pay. Again changes nothing. Raises NoSuchPayLink."""
    link = lock_link(link_id)
    is_mine = link.made_by_id == by.pk and link.only_for_id is None
    if not is_mine and not policies.may_link_amounts(by):
        raise errors.NoSuchPayLink()
    if link.state == LinkState.OPEN:
        link.state, link.decided_at, link.decided_by = LinkState.CLOSED, now, by
        link.save(update_fields=["state", "decided_at", "decided_by"])
        audit.write(actor=f"member:{by.pk}", action="stores.close_link", target=f"paylink:{link.pk}", now=now)
    return link


def lock_link(link_id: int) -> PayLink:
    """Raises NoSuchPayLink."""
    link = PayLink.objects.select_for_update(of=("self",)).select_related("store__point").filter(pk=link_id).first()
    if link is None:
        raise errors.NoSuchPayLink()
    return link


def goods_apart(
    store: Store | None, *, what: str, amount_minor: int, return_rule: str, units: int, actor: str, now: datetime
) -> Sku:
    """A product of its own for an amount in words: sold apart, and as many units of it as the link may be used."""
    code = new_code(CODE_LENGTH)
    product = catalogue.create_product(
        name=clean(what), slug=f"x-{code.lower()}", return_rule=return_rule,
        is_demo=store is not None and store.point.is_demo, actor=actor, now=now,
    )  # fmt: skip
    sku = catalogue.add_sku(product=product, code=f"X-{code}", price_minor=amount_minor, actor=actor, now=now)
    catalogue.keep_apart(product=product, actor=actor, now=now)
    stock.receive(sku_id=sku.pk, quantity=units, key=f"apart:{code}", reason="pay link", actor=actor, now=now)
    return sku


def amount_problems(what: str, amount_minor: int, return_rule: str = ReturnRule.SEVEN_DAYS) -> list[DomainError]:
    wrong: list[DomainError] = []
    if not 1 <= len(clean(what)) <= rules.LONGEST["what"]:
        wrong.append(InvalidInput(field="what"))
    if not rules.is_amount(amount_minor):
        wrong.append(errors.BadAmount(field="amount"))
    if return_rule not in ReturnRule.values:
        wrong.append(InvalidInput(field="return_rule"))
    return wrong


def fingerprint(*asked: object) -> str:
    """What was asked for under a key."""
    return hashlib.sha256(repr(asked).encode()).hexdigest()


def known_link(by: Member, key: str, asked: str) -> PayLink | None:
    """What this key made before. Raises BadKey, KeyReused."""
    if not is_key(key):
        raise BadKey(field="key")
    found = PayLink.objects.select_related("store__point").filter(made_by=by, idempotency_key=key).first()
    if found is not None and found.request_hash != asked:
        raise errors.KeyReused()
    return found


def _check(uses: int, lives: timedelta, wrong: list[DomainError]) -> None:
    if type(uses) is not int or not 1 <= uses <= rules.MOST_USES:
        wrong.append(errors.BadUses(field="uses"))
    if not rules.LEAST_LIFE <= lives <= rules.LONGEST_LIFE:
        wrong.append(errors.BadHours(field="lives"))
    Errors.raise_any(wrong)


def _store(store_id: int | None, by: Member) -> Store | None:
    return kept_store(store_id, by) if store_id is not None else None


def _write(*, by: Member, key: str, asked: str, now: datetime, **terms: Any) -> PayLink:
    link: PayLink = PayLink.objects.create(
        code=new_code(CODE_LENGTH).lower(), made_by=by, idempotency_key=key, request_hash=asked, created_at=now, **terms
    )
    audit.write(
        actor=f"member:{by.pk}", action="stores.make_link", target=f"paylink:{link.pk}",
        after={"sku": link.sku_id, "quantity": link.quantity, "uses": link.most}, now=now,
    )  # fmt: skip
    return link
