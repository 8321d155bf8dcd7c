"""Claims: asking and taking back; calling an order off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.base.events.services import record
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.models import Sku
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.aftersales import errors, rules
from quanzi.trade.aftersales.events import ClaimOpened
from quanzi.trade.aftersales.models import (
    Claim,
    ClaimPicture,
    ClaimReason,
    ClaimState,
    Dispute,
    DisputeState,
    Return,
    ReturnState,
)
from quanzi.trade.aftersales.services.answering import came_back, decide
from quanzi.trade.aftersales.services.holding import lock_claim
from quanzi.trade.aftersales.services.returning import agree
from quanzi.trade.aftersales.services.swapping import Where
from quanzi.trade.chains.queries import chain_of_order
from quanzi.trade.chains.services import leave as leave_chain
from quanzi.trade.deals.queries import team_of_order
from quanzi.trade.deals.services import leave_team
from quanzi.trade.fulfilment.models import FulfilmentState
from quanzi.trade.fulfilment.queries import progress
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import NoSuchLine, NoSuchOrder
from quanzi.trade.sales.models import Order, OrderLine, OrderState
from quanzi.trade.sales.services.moving import lock_order

CALLED_OFF = "called_off"


@transaction.atomic
def ask(
    *,
    line_id: int,
    member: Member,
    reason: str,
    note: str = "",
    pictures: Sequence[Picture] = (),
    for_sku_id: int | None = None,
    where: Where | None = None,
    now: datetime,
) -> Claim:
    """Ask for money back for a line, or for another variant of it. A line that is not kept yet stays out of kept until it is answered.

    Sending back within the seven days needs nobody's leave: it is agreed at once; so is an exchange. where: one that costs more goes.
    Raises NoSuchLine (also for another member's), UnknownReason, SayMore, NoteTooLong, TooManyPictures, TooLateToAsk, NoFreeReturn, AlreadyAsked,
    OtherGoods, NotArrived (of the order), OutOfStock, and what placing the order of a dearer variant raises.
    """
    line = OrderLine.objects.select_related("order__member").filter(pk=line_id, member_id=member.pk).first()
    if line is None:
        raise NoSuchLine()
    note = _checked(reason, note, pictures)
    if not rules.may_ask(facts_of(line), reason=reason, now=now):
        is_unlawful = reason == ClaimReason.RETURN and line.received_at is not None and line.return_closes_at is None
        raise errors.NoFreeReturn() if is_unlawful else errors.TooLateToAsk()
    if Dispute.objects.filter(claim__line=line).exclude(state=DisputeState.CLOSED).exists():
        raise errors.AlreadyAsked()
    sales.dispute_line(line_id=line_id, now=now)
    crash.point("aftersales.ask.disputed")
    try:
        with transaction.atomic():
            claim = Claim.objects.create(line=line, member=member, reason=reason, note=note, opened_at=now)
    except IntegrityError as twice:
        raise errors.AlreadyAsked() from twice
    ClaimPicture.objects.bulk_create(ClaimPicture(claim=claim, picture=picture) for picture in set(pictures))
    for_sku = _variant(for_sku_id, line)
    if reason == ClaimReason.RETURN or for_sku is not None:
        agree(claim, for_sku=for_sku, where=where, now=now)
    record(ClaimOpened(claim_id=claim.pk, line_id=line_id, member_id=member.pk, reason=reason), now=now)
    return claim


def lapse_returns(now: datetime, *, limit: int = 200) -> int:
    """Returns that nobody sent in time end, and the claim with them; returns how many."""
    due = Return.objects.filter(state=ReturnState.AGREED, send_by__lte=now).values_list("claim_id", flat=True)
    return sum(_lapse(claim_id, now) for claim_id in list(due.order_by("send_by")[:limit]))


@transaction.atomic
def _lapse(claim_id: int, now: datetime) -> bool:
    claim = lock_claim(claim_id, now=now)
    late = Return.objects.filter(claim=claim, state=ReturnState.AGREED, send_by__lte=now).exists()
    if claim.state != ClaimState.OPEN or not late:
        return False
    decide(claim, ClaimState.WITHDRAWN, by=None, answer="", now=now)
    notify(
        member_id=claim.member_id, kind="return_lapsed", params={"product": claim.line.title},
        link=f"/o/{claim.line.order.number}", key=f"return_lapsed:{claim.pk}", now=now,
    )  # fmt: skip
    return True


@transaction.atomic
def withdraw(*, claim_id: int, member: Member, now: datetime) -> Claim:
    """The buyer takes the request back, until the goods arrived: then the shop has them, and owes an answer.

    Raises NoSuchClaim (also for another member's), GoodsCameBack, IllegalMove.
    """
    claim = lock_claim(claim_id, now=now)
    if claim.member_id != member.pk:
        raise errors.NoSuchClaim()
    if came_back(claim):
        raise errors.GoodsCameBack()
    return decide(claim, ClaimState.WITHDRAWN, by=member, answer="", now=now)


@transaction.atomic
def call_off(*, order_id: int, member: Member, now: datetime) -> None:
    """The buyer no longer wants a paid order: everything goes back at once while nothing is prepared.

    An order of a team, or of a list that people sign up to, follows the rule of that; a balance is called off like any order.
    Raises NoSuchOrder (also for another member's), GoodsAreReady, and what leaving them or a refund raises.
    """
    if not Order.objects.filter(pk=order_id, member_id=member.pk).exists():
        raise NoSuchOrder()
    code = team_of_order(order_id)
    if code:
        leave_team(team_code=code, member=member, now=now)
        return
    chain = chain_of_order(order_id)
    if chain is not None:
        leave_chain(chain=chain, member=member, now=now)
        return
    order = lock_order(order_id, now=now)  # so that nothing is handed over between the look and the refund
    how_far = progress(order_id=order_id)
    is_out = order.state in (OrderState.HANDED_OVER, OrderState.RECEIVED, OrderState.COMPLETED)
    is_prepared = order.state == OrderState.PAID and how_far is not None and how_far.state != FulfilmentState.WAITING
    if is_out or is_prepared:
        raise errors.GoodsAreReady()
    sales.refund_order(
        order_id=order_id, reason=CALLED_OFF, actor=f"member:{member.pk}", idempotency_key=CALLED_OFF, now=now
    )


def _variant(sku_id: int | None, line: OrderLine) -> Sku | None:
    if sku_id is None:
        return None
    if line.received_at is None:
        raise errors.NotArrived()
    found = Sku.objects.filter(pk=sku_id).first()
    if found is None:
        raise errors.OtherGoods(field="for_sku")
    return found


def facts_of(line: OrderLine) -> rules.LineFacts:
    """line: with its order loaded."""
    return rules.LineFacts(
        is_paid=line.order.state not in (OrderState.PLACED, OrderState.CANCELLED),
        is_settled=line.returned_at is not None
        or line.dropped_at is not None
        or line.refunded_minor >= line.paid_minor,
        received_at=line.received_at,
        claim_closes_at=line.claim_closes_at,
        return_closes_at=line.return_closes_at,
    )


def _checked(reason: str, note: str, pictures: Sequence[Picture]) -> str:
    if reason not in ClaimReason.values:
        raise errors.UnknownReason(field="reason")
    note = " ".join(note.replace("\x00", "").split())
    if len(note) > rules.LONGEST_NOTE:
        raise errors.NoteTooLong(field="note", most=rules.LONGEST_NOTE)
    if not note and not pictures and reason != ClaimReason.RETURN:
        raise errors.SayMore(field="note")
    if len(pictures) > rules.MOST_PICTURES:
        raise errors.TooManyPictures(field="pictures", most=rules.MOST_PICTURES)
    return note
