"""A chain ends: it closes and its paid orders go on, or it is called off and everybody gets all of it back."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.community.circles.queries import member_ids
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import allowing, notify
from quanzi.trade.chains import errors, policies
from quanzi.trade.chains.events import ChainEnded
from quanzi.trade.chains.models import Chain, ChainState, SignUp
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderState
from quanzi.trade.sales.rules import clean

log = logging.getLogger(__name__)

CALLED_OFF = "chain_called_off"


def end_due(now: datetime, *, limit: int = 200) -> int:
    """Close what is due, and give back what was called off; returns how many chains were worked on.

    Each chain closes in one transaction, each refund has its own: an interruption loses nothing, the next run goes on.
    """
    due = list(
        Chain.objects.filter(state=ChainState.OPEN, closes_at__lte=now)
        .order_by("closes_at")
        .values_list("pk", flat=True)[:limit]
    )
    for chain_id in due:
        _close(chain_id, now)
        crash.point("chains.close.done")
    waiting = SignUp.objects.filter(chain__state=ChainState.CALLED_OFF, ended_at=None).order_by("chain_id", "id")
    off = list(waiting.select_related("order", "chain")[:limit])
    for one in off:
        _give_back(one, now)
    return len(due) + len({one.chain_id for one in off})


@transaction.atomic
def _close(chain_id: int, now: datetime) -> None:
    chain = Chain.objects.select_for_update().get(pk=chain_id)
    if chain.state != ChainState.OPEN or now < chain.closes_at:
        return
    chain.state, chain.ended_at = ChainState.CLOSED, now
    chain.save(update_fields=["state", "ended_at"])
    crash.point("chains.close.marked")
    release_paid(chain, now=now)
    for order in _unpaid(chain):
        _ask_to_pay(chain, order.member_id, order.order.number, now)
    record(ChainEnded(chain_id=chain.pk, circle_id=chain.circle_id, is_called_off=False), now=now)


def release_paid(chain: Chain, *, now: datetime) -> None:
    """Let the paid orders of a closed chain go to be prepared. Safe to repeat."""
    paid = Q(order__state=OrderState.PAID, order__released_at=None)
    orders = SignUp.objects.filter(paid, chain=chain, ended_at=None).order_by("order_id")
    sales.release_all(order_ids=list(orders.values_list("order_id", flat=True)), now=now)


@transaction.atomic
def call_off(*, chain: Chain, actor: Member, reason: str, now: datetime) -> None:
    """Before its closing a chain may be called off, with a reason; a job gives everything back at once.

    Doors of the staff go through `asking`, which knows the limit for refunds. Raises NotOfTheChain, ChainClosed.
    """
    if not policies.may_call_off(actor, chain):
        raise errors.NotOfTheChain()
    locked = Chain.objects.select_for_update().get(pk=chain.pk)
    if locked.state != ChainState.OPEN:
        raise errors.ChainClosed()
    locked.state, locked.ended_at, locked.end_reason = ChainState.CALLED_OFF, now, clean(reason)[:80]
    locked.save(update_fields=["state", "ended_at", "end_reason"])
    audit.write(actor=actor, action="chain.called_off", target=f"chain:{chain.pk}", after={"reason": locked.end_reason}, now=now)  # fmt: skip
    record(ChainEnded(chain_id=chain.pk, circle_id=chain.circle_id, is_called_off=True), now=now)


@transaction.atomic
def _give_back(one: SignUp, now: datetime) -> None:
    try:
        if one.order.state == OrderState.PLACED:
            sales.cancel_order(order_id=one.order_id, actor="system", reason=CALLED_OFF, now=now)
        else:
            sales.refund_order(
                order_id=one.order_id, actor="system", reason=CALLED_OFF, idempotency_key=f"{CALLED_OFF}:{one.pk}", now=now
            )  # fmt: skip
        notify(
            member_id=one.member_id, kind="chain_called_off",
            params={"title": one.chain.title, "number": one.order.number, "reason": one.chain.end_reason or "–"},
            link=f"/o/{one.order.number}", key=f"chain_called_off:{one.pk}", now=now,
        )  # fmt: skip
        crash.point("chains.call_off.one_given_back")
    except DomainError as refusal:  # the buyer or the provider was quicker; the next run sees what is left
        log.warning("Sign-up %s of chain %s waits for the next run: %s", one.pk, one.chain_id, refusal.code)


@transaction.atomic
def remind(*, chain: Chain, actor: Member, now: datetime) -> int:
    """Once: whoever signed up and has not paid is asked to, and people of the circle who allow it hear that it closes.

    Returns how many were told. Raises NotOfTheChain, ChainClosed, RemindedBefore.
    """
    if not policies.may_keep(actor, chain):
        raise errors.NotOfTheChain()
    locked = Chain.objects.select_for_update().get(pk=chain.pk)
    if locked.state == ChainState.CALLED_OFF or now >= locked.pay_until:
        raise errors.ChainClosed()
    if locked.reminded_at is not None:
        raise errors.RemindedBefore()
    locked.reminded_at = now
    locked.save(update_fields=["reminded_at"])
    told = 0
    for one in _unpaid(chain):
        _ask_to_pay(chain, one.member_id, one.order.number, now)
        told += 1
    if locked.state == ChainState.OPEN and now < locked.closes_at:
        told += _tell_circle(chain, now)
    return told


def _tell_circle(chain: Chain, now: datetime) -> int:
    """People of the circle who are not in the list and let the shop tell them what happens in their circles."""
    inside = set(SignUp.objects.filter(chain=chain, ended_at=None).values_list("member_id", flat=True))
    others = [one for one in member_ids(chain.circle) if one not in inside]
    readers = allowing(Purpose.CIRCLE, others, Channel.IN_APP)
    for member_id in sorted(readers):
        notify(
            member_id=member_id, kind="chain_closes", params={"title": chain.title, "circle": chain.circle.name},
            link=f"/chain/{chain.code}", key=f"chain_closes:{chain.pk}", now=now,
        )  # fmt: skip
    return len(readers)


def _unpaid(chain: Chain) -> list[SignUp]:
    waiting = SignUp.objects.filter(chain=chain, ended_at=None, order__state=OrderState.PLACED)
    return list(waiting.select_related("order").order_by("id"))


def _ask_to_pay(chain: Chain, member_id: int, number: str, now: datetime) -> None:
    """Said once for each order, by the closing or by the reminder, whichever is first."""
    notify(
        member_id=member_id, kind="chain_pay", params={"title": chain.title, "number": number},
        link=f"/o/{number}", key=f"chain_pay:{number}", now=now,
    )  # fmt: skip
