"""Signing up, changing, leaving: an order that waits for the chain, and a place in its list.

Order of locks: chain (shared) → order → stock. The end of a chain takes its row alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base import planned
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.chains import errors, policies, rules
from quanzi.trade.chains.models import Chain, ChainGood, ChainState, SignUp
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import DeliveryMethod, Order, OrderOrigin, OrderState
from quanzi.trade.sales.rules import clean

SHARE = "SELECT state, closes_at, pay_until FROM chains_chain WHERE id = %s FOR SHARE"

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('chains.sign'), %s::int)"
"""Two clicks of one person wait for each other."""

LEFT, CHANGED = "left_chain", "changed_sign_up"
"""Reasons of orders that end here."""


@dataclass(frozen=True)
class Place:
    """Where in the list a new order stands; the same word for any, since an order remembers what it was asked for."""

    since: datetime

    def __str__(self) -> str:
        return "place"


@transaction.atomic
def sign_up(
    *,
    chain: Chain,
    member: Member,
    lines: Sequence[tuple[int, int]],
    words: str = "",
    expected_amount_minor: int | None = None,
    idempotency_key: str,
    without_return: Collection[int] = (),
    origin: str = OrderOrigin.SHOP,
    now: datetime,
) -> Order:
    """Take a place in the list, or change what an unpaid one asks for; the number in the list stays.

    The same key with the same content returns the same order. Raises NoSuchChain to whom the circle is not theirs,
    ChainClosed, NotInChain, PaidAlready, or what placing an order raises; then nothing has changed.
    """
    if not policies.may_see(member, chain.circle):
        raise errors.NoSuchChain()
    planned.rows(ONE_AT_A_TIME, [member.pk % 2**31])
    share_chain(chain.pk)
    first = Order.objects.filter(member=member, idempotency_key=idempotency_key).exists()
    mine = SignUp.objects.select_related("order").filter(chain=chain, member=member, ended_at=None).first()
    since = mine.since if mine is not None else now
    if mine is not None and not first:
        if mine.order.state != OrderState.PLACED:
            raise errors.PaidAlready()
        sales.cancel_order(order_id=mine.order_id, actor=f"member:{member.pk}", reason=CHANGED, now=now)
        crash.point("chains.sign.changed")
    order: Order = sales.place_order(
        member=member,
        lines=lines,
        method=DeliveryMethod.PICKUP,
        pickup_point_id=chain.point_id,
        note=clean(words)[: rules.LONGEST_WORDS],
        context={"chain_id": chain.pk, "place": Place(since)},
        waits_for=f"{rules.KIND}:{chain.pk}",
        pay_by=chain.pay_until,
        expected_amount_minor=expected_amount_minor,
        idempotency_key=idempotency_key,
        without_return=without_return,
        origin=origin,
        now=now,
    )
    return order


def share_chain(chain_id: int) -> tuple[str, datetime, datetime]:
    """The chain's state and times, which stay as they are until this transaction ends. Raises NoSuchChain."""
    found = planned.rows(SHARE, [chain_id])
    if not found:
        raise errors.NoSuchChain()
    state, closes_at, pay_until = found[0]
    return state, closes_at, pay_until


def enter(*, order: Order, chain_id: int, context: Mapping[str, Any], now: datetime) -> None:
    """Write the place of a new order in the list."""
    state, closes_at, _ = share_chain(chain_id)
    if not isinstance(context.get("place"), Place) or not rules.takes_people(state=state, closes_at=closes_at, now=now):
        raise errors.ChainClosed()
    wanted = set(order.lines.values_list("sku_id", flat=True))
    if wanted - set(ChainGood.objects.filter(chain_id=chain_id).values_list("sku_id", flat=True)):
        raise errors.NotInChain(field="lines")
    place = context["place"]
    SignUp.objects.create(
        chain_id=chain_id, member_id=order.member_id, order=order, words=order.note, since=place.since, signed_at=now
    )
    crash.point("chains.sign.written")


def take_payment(*, order: Order, chain_id: int, now: datetime) -> bool:
    """Whether the money counts; after the closing the goods may be prepared at once."""
    state, _, pay_until = share_chain(chain_id)
    lives = SignUp.objects.filter(order=order, ended_at=None).exists()
    if state == ChainState.CALLED_OFF or now >= pay_until or not lives:
        return False
    if state == ChainState.CLOSED:
        sales.release(order_id=order.pk, now=now)
    return True


def end(*, order: Order, now: datetime) -> None:
    """The order ended without goods: its place in the list is free. Safe to repeat."""
    SignUp.objects.filter(order=order, ended_at=None).update(ended_at=now)
    crash.point("chains.leave.written")


@transaction.atomic
def leave(*, chain: Chain, member: Member, now: datetime) -> None:
    """Go out of the list: an unpaid order is cancelled, a paid one refunded in full until the closing.

    Raises NotSignedUp, TooLateToLeave.
    """
    state, closes_at, _ = share_chain(chain.pk)
    mine = SignUp.objects.select_related("order").filter(chain=chain, member=member, ended_at=None).first()
    if mine is None:
        raise errors.NotSignedUp()
    actor = f"member:{member.pk}"
    if mine.order.state == OrderState.PLACED:
        sales.cancel_order(order_id=mine.order_id, actor=actor, reason=LEFT, now=now)
        return
    if not rules.takes_people(state=state, closes_at=closes_at, now=now):
        raise errors.TooLateToLeave()
    sales.refund_order(order_id=mine.order_id, actor=actor, reason=LEFT, idempotency_key=f"{LEFT}:{mine.pk}", now=now)
