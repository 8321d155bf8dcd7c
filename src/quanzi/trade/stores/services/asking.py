"""A buyer at the counter types an amount; the shopkeeper looks and confirms; then it is a link for this buyer only."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.goods.catalogue.models import ReturnRule
from quanzi.kernel import crash
from quanzi.kernel.errors import Errors
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.trade.stores import errors, policies, rules
from quanzi.trade.stores.events import AmountAnswered, AmountAsked
from quanzi.trade.stores.models import LinkState, PayLink, Store
from quanzi.trade.stores.services.linking import (
    CODE_LENGTH,
    amount_problems,
    fingerprint,
    goods_apart,
    known_link,
    lock_link,
)
from quanzi.trade.stores.states import LINK_MOVES


@transaction.atomic
def ask_amount(
    *, store_code: str, member: Member, what: str, amount_minor: int, idempotency_key: str, now: datetime
) -> PayLink:
    """Offer the store this amount. Nothing can be paid before the store confirms; half an hour later it is over.

    The same key with the same content returns the same link. Raises NoSuchStore, StoreShut, NoAmounts, AskedAlready,
    BadAmount, InvalidInput, KeyReused.
    """
    asked = fingerprint("ask", store_code, what, amount_minor)
    known = known_link(member, idempotency_key, asked)
    if known is not None:
        return known
    store = _takes_amounts(store_code)
    Errors.raise_any(amount_problems(what, amount_minor))
    _forget_old(store, member, now)
    sku = goods_apart(
        store, what=what, amount_minor=amount_minor, return_rule=ReturnRule.SEVEN_DAYS, units=1,
        actor=f"member:{member.pk}", now=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            link: PayLink = PayLink.objects.create(
                code=new_code(CODE_LENGTH).lower(), sku=sku, store=store, only_for=member, made_by=member,
                state=LinkState.ASKED, most=1, expires_at=now + rules.ASKED_LIFE, idempotency_key=idempotency_key,
                request_hash=asked, created_at=now,
            )  # fmt: skip
    except IntegrityError as waiting:
        raise errors.AskedAlready() from waiting
    crash.point("stores.ask.written")
    record(AmountAsked(link.pk, store_id=store.pk, member_id=member.pk), now=now)
    return link


@transaction.atomic
def answer_amount(*, link_id: int, confirm: bool, by: Member, now: datetime) -> PayLink:
    """The shopkeeper has looked: the amount is right, or it is not. The same answer again changes nothing.

    Raises NoSuchPayLink (also for who does not keep the store, and for one's own question), LinkOver, IllegalMove.
    """
    link = lock_link(link_id)
    if (
        link.store is None
        or link.only_for_id is None
        or link.only_for_id == by.pk
        or not policies.may_keep(by, link.store)
    ):
        raise errors.NoSuchPayLink()
    after = LinkState.OPEN if confirm else LinkState.DECLINED
    if link.state == after:
        return link
    LINK_MOVES.check(link.state, after)
    if confirm and now >= link.expires_at:
        raise errors.LinkOver()
    link.state, link.decided_at, link.decided_by = after, now, by
    link.save(update_fields=["state", "decided_at", "decided_by"])
    crash.point("stores.answer.written")
    audit.write(
        actor=f"member:{by.pk}", action="stores.answer_amount", target=f"paylink:{link.pk}", after={"state": str(after)}, now=now
    )  # fmt: skip
    record(AmountAnswered(link.pk, member_id=link.only_for_id, is_confirmed=confirm), now=now)
    return link


def _takes_amounts(code: str) -> Store:
    store = Store.objects.select_related("point").filter(code=code.lower()[:12]).first()
    if store is None:
        raise errors.NoSuchStore()
    if not store.point.is_open:
        raise errors.StoreShut()
    if not store.takes_amounts:
        raise errors.NoAmounts()
    return store


def _forget_old(store: Store, member: Member, now: datetime) -> None:
    """A question that nobody answered in its half hour does not stand in the way of the next."""
    old = PayLink.objects.filter(store=store, only_for=member, state=LinkState.ASKED, expires_at__lte=now)
    old.update(state=LinkState.CLOSED, decided_at=now)
