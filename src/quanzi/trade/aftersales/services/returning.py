"""Goods come back: agreed, sent, looked at; the money, or another variant, follows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.base.events.services import record
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.stock import services as stock
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.aftersales import errors, rules
from quanzi.trade.aftersales.events import ReturnArrived, ReturnSent
from quanzi.trade.aftersales.models import Claim, ClaimReason, ClaimState, Return, ReturnState
from quanzi.trade.aftersales.queries.holding import (
    EXCHANGED,
    exchange_ref,
    given_in_exchange,
    has_minor,
    last_exchange,
    left_with_behind,
)
from quanzi.trade.aftersales.services.holding import lock_claim
from quanzi.trade.aftersales.services.swapping import Where, let_go_of, order_other, refund, send_other
from quanzi.trade.aftersales.states import RETURN_MOVES
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import NothingToPay
from quanzi.trade.sales.models import OrderRefund
from quanzi.trade.sales.rules import clean

AFTER_CLAIM = {
    ClaimState.ACCEPTED: ReturnState.SETTLED,
    ClaimState.EXCHANGED: ReturnState.SETTLED,
    ClaimState.DECLINED: ReturnState.REFUSED,
    ClaimState.WITHDRAWN: ReturnState.ENDED,
}
"""What becomes of a return when its claim is decided."""


def agree(claim: Claim, *, for_sku: Sku | None, where: Where | None = None, now: datetime) -> Return:
    """The goods are to be sent back; the other variant is held for the buyer, by an order of its own where it costs more.

    Raises OtherGoods, OutOfStock, and for dearer goods what placing an order raises.
    """
    line = claim.line
    if for_sku is not None:
        last = last_exchange(line.pk)
        has_sku = line.sku_id if last is None else last.for_sku_id
        if for_sku.product_id != line.product_id or not for_sku.is_active or for_sku.pk == has_sku:
            raise errors.OtherGoods(field="for_sku")
    made: Return = Return.objects.create(
        claim=claim, for_sku=for_sku, quantity=line.quantity, buyer_pays=claim.reason == ClaimReason.RETURN,
        send_by=now + rules.SEND_WITHIN,
    )  # fmt: skip
    if for_sku is not None and not _ordered(made, where, now):
        stock.reserve(lines=[(for_sku.pk, line.quantity, exchange_ref(made.pk))], expires_at=None, now=now)
    return made


def _ordered(made: Return, where: Where | None, now: datetime) -> bool:
    """Whether the other variant costs more, and then is ordered; what a timed price makes no dearer is not."""
    line, other = made.claim.line, made.for_sku
    if other is None or other.price_minor * line.quantity <= has_minor(line):
        return False
    try:
        made.new_order = order_other(made, other, where=where, now=now)
    except NothingToPay:
        return False
    return True


@transaction.atomic
def send(*, claim_id: int, member: Member, carrier: str, tracking: str = "", now: datetime) -> Return:
    """The buyer sent the goods back, or brings them. Raises NoSuchClaim (also for another's), CarrierNeeded, IllegalMove."""
    found = _locked(claim_id, now)
    if found.claim.member_id != member.pk:
        raise errors.NoSuchClaim()
    carrier, tracking = clean(carrier), clean(tracking)
    if not 1 <= len(carrier) <= 40 or len(tracking) > 60:
        raise errors.CarrierNeeded(field="carrier", most=40)
    _move(found, ReturnState.SENT)
    found.carrier, found.tracking, found.sent_at = carrier, tracking, now
    found.save(update_fields=["state", "carrier", "tracking", "sent_at"])
    record(ReturnSent(claim_id=claim_id, line_id=found.claim.line_id, member_id=member.pk), now=now)
    return found


@transaction.atomic
def arrive(*, claim_id: int, actor_member: Member, now: datetime) -> Return:
    """The goods are here: the seven days in which the money must follow begin. Raises NoSuchClaim, IllegalMove."""
    found = _locked(claim_id, now)
    _move(found, ReturnState.ARRIVED)
    found.arrived_at, found.arrived_by, found.refund_by = now, actor_member, now + rules.REFUND_WITHIN
    found.save(update_fields=["state", "arrived_at", "arrived_by", "refund_by"])
    audit(actor=actor_member, action="aftersales.arrive", target=f"claim:{claim_id}", now=now)
    record(ReturnArrived(claim_id=claim_id, line_id=found.claim.line_id, member_id=found.claim.member_id), now=now)
    _tell(found, "return_arrived", now)
    return found


def give_other(
    found: Return, *, is_sellable: bool, lot_id: int | None, carrier: str, tracking: str, actor: Member,
    approval_id: int | None, now: datetime,
) -> None:  # fmt: skip
    """The other variant leaves, what came back is put on the shelf where it can be sold, and the difference goes back.

    The order and the claim are locked by the caller. Raises NotArrived, NothingToExchange, and what stock raises.
    """
    line, other = found.claim.line, found.for_sku
    if other is None:
        raise errors.NothingToExchange()
    if found.state != ReturnState.ARRIVED:
        raise errors.NotArrived()
    who = f"staff:{actor.pk}"
    if found.new_order_id is not None:
        send_other(found, found.new_order_id, is_sellable=is_sellable, actor=who, now=now)
        return
    stock.consume(refs=[exchange_ref(found.pk)], lot_id=lot_id, actor=who, now=now)
    crash.point("aftersales.exchange.given")
    if is_sellable:
        sales.put_line_back(line, reason="exchanged", actor=who, now=now)
    less = rules.difference_minor(
        list_minor=line.list_minor, other_minor=other.price_minor, quantity=line.quantity,
        given_minor=given_in_exchange(line.pk), left_minor=left_with_behind(line),
    )  # fmt: skip
    found.is_sellable, found.out_lot_id = is_sellable, lot_id
    found.out_carrier, found.out_tracking = clean(carrier)[:40], clean(tracking)[:60]
    if less:
        found.difference = _give_difference(found, less, who, approval_id, now)
    found.save(update_fields=["is_sellable", "out_lot", "out_carrier", "out_tracking", "difference"])
    sales.begin_windows_anew(line, is_sent=bool(found.out_carrier), now=now)


def _give_difference(found: Return, less: int, who: str, approval_id: int | None, now: datetime) -> OrderRefund:
    return refund(
        line_id=found.claim.line_id, amount_minor=less, reason=EXCHANGED, actor=who,
        idempotency_key=f"approval:{approval_id}" if approval_id else f"exchange:{found.pk}",
        is_approved=approval_id is not None, now=now,
    )  # fmt: skip


def follow(claim: Claim, *, is_sellable: bool | None, now: datetime) -> None:
    """The claim is decided, and its return with it; a variant that was held and not given is free again."""
    found = Return.objects.select_for_update().filter(claim=claim).exclude(ended_at__isnull=False).first()
    if found is None:
        return
    # Money that is given before the goods came lets the buyer keep them.
    came = found.state == ReturnState.ARRIVED
    after = AFTER_CLAIM[ClaimState(claim.state)]
    found.state = ReturnState.ENDED if after == ReturnState.SETTLED and not came else after
    found.ended_at = now
    if found.is_sellable is None and came and after == ReturnState.SETTLED:
        found.is_sellable = bool(is_sellable)
    found.save(update_fields=["state", "ended_at", "is_sellable"])
    if found.new_order_id and claim.state != ClaimState.EXCHANGED:
        let_go_of(found.new_order_id, now=now)
    elif found.for_sku_id and claim.state != ClaimState.EXCHANGED:
        stock.release(refs=[exchange_ref(found.pk)], now=now)


def _locked(claim_id: int, now: datetime) -> Return:
    claim = lock_claim(claim_id, now=now)
    found = Return.objects.select_for_update(of=("self",)).filter(claim=claim).first()
    if found is None:
        raise errors.NoSuchClaim()
    found.claim = claim
    return found


def _move(found: Return, state: ReturnState) -> None:
    RETURN_MOVES.check(found.state, state)
    found.state = state


def _tell(found: Return, kind: str, now: datetime) -> None:
    line = found.claim.line
    notify(
        member_id=found.claim.member_id, kind=kind, params={"product": line.title, "days": rules.REFUND_WITHIN // timedelta(days=1)},
        link=f"/o/{line.order.number}", key=f"{kind}:{found.pk}", now=now,
    )  # fmt: skip
