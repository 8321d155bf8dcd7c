"""Asking together, and the merchant's answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.community.circles.models import Circle
from quanzi.goods.catalogue.models import ProductState, Sku
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError, Errors
from quanzi.kernel.ids import new_code
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.bargains import errors, policies
from quanzi.trade.bargains.events import BargainAnswered, BargainOpened
from quanzi.trade.bargains.models import Bargain, BargainState, Voice
from quanzi.trade.deals.services import create_deal
from quanzi.trade.sales.rules import clean

GATHERS = timedelta(days=7)
MOST_OF_ONE = 99
MOST_PEOPLE = 100


@transaction.atomic
def ask(
    *,
    sku_id: int,
    opener: Member,
    wish_minor: int,
    quantity: int = 1,
    words: str = "",
    circle: Circle | None = None,
    now: datetime,
) -> Bargain:
    """Wish for a price; others may add their voice for seven days. The opener's is the first.

    circle: only its people see it and join. Raises NotOnOffer, AskedAlready, and Errors for what the form can repair.
    """
    sku = Sku.objects.select_related("product").filter(pk=sku_id, is_active=True, product__state=ProductState.ON_SALE).first()  # fmt: skip
    if sku is None:
        raise errors.NotOnOffer(field="sku")
    if circle is not None and not policies.is_in(opener, circle):
        raise errors.NoSuchBargain()
    problems: list[DomainError] = []
    if not 0 < wish_minor < sku.price_minor:
        problems.append(errors.WishTooHigh(field="wish_minor", price=Money(sku.price_minor, sku.currency)))
    if not 1 <= quantity <= MOST_OF_ONE:
        problems.append(errors.BadVoice(field="quantity", least=1, most=MOST_OF_ONE))
    Errors.raise_any(problems)
    try:
        with transaction.atomic():
            made = Bargain.objects.create(
                code=new_code(), sku=sku, circle=circle, opener=opener, wish_minor=wish_minor,
                single_minor=sku.price_minor, currency=sku.currency, words=clean(words)[:200], opened_at=now,
                closes_at=now + GATHERS,
            )  # fmt: skip
    except IntegrityError:
        raise errors.AskedAlready() from None
    Voice.objects.create(bargain=made, member=opener, quantity=quantity, said_at=now)
    record(BargainOpened(bargain_id=made.pk, opener_id=opener.pk), now=now)
    return made


@transaction.atomic
def add_voice(*, bargain: Bargain, member: Member, quantity: int, now: datetime) -> Voice:
    """I would take so many; said again it is the new number. Raises NoSuchBargain, BargainOver, BadVoice."""
    locked = _gathering(bargain, member, now)
    if not 1 <= quantity <= MOST_OF_ONE:
        raise errors.BadVoice(field="quantity", least=1, most=MOST_OF_ONE)
    voice, _ = Voice.objects.update_or_create(
        bargain=locked, member=member, defaults={"quantity": quantity, "said_at": now, "withdrawn_at": None}
    )
    return voice


@transaction.atomic
def withdraw(*, bargain: Bargain, member: Member, now: datetime) -> None:
    """My voice does not count any more. Raises NoSuchBargain, BargainOver."""
    locked = _gathering(bargain, member, now)
    Voice.objects.filter(bargain=locked, member=member, withdrawn_at=None).update(withdrawn_at=now)


def _gathering(bargain: Bargain, member: Member, now: datetime) -> Bargain:
    locked = Bargain.objects.select_for_update(of=("self",)).select_related("circle").get(pk=bargain.pk)
    if not policies.may_see(member, locked):
        raise errors.NoSuchBargain()
    if locked.state != BargainState.GATHERING or now >= locked.closes_at:
        raise errors.BargainOver()
    return locked


@transaction.atomic
def agree(
    *,
    bargain_id: int,
    price_minor: int,
    minimum: int,
    ends_at: datetime,
    max_per_seat: int = MOST_OF_ONE,
    answer: str = "",
    actor: Member,
    now: datetime,
) -> Bargain:
    """The merchant's offer: this price when so many people pay until then. It is a deal whose teams those open who asked;
    whoever has a team's link joins. Raises NoSuchBargain, AnsweredAlready, what making a deal raises."""
    locked = _unanswered(bargain_id)
    guests = list(Voice.objects.filter(bargain=locked, withdrawn_at=None).values_list("member_id", flat=True))
    deal = create_deal(
        sku=locked.sku, team_size=minimum, price_minor=price_minor, most_people=MOST_PEOPLE, max_per_seat=max_per_seat,
        window_minutes=60 * 24 * 30, circle=locked.circle, guests=guests, ends_at=ends_at, is_demo=locked.sku.product.is_demo,
        reason_zh="大家一起议的价",
        reason_en="A price that was asked for together", actor=actor, now=now,
    )  # fmt: skip
    crash.point("bargains.agree.deal_made")
    locked.state, locked.answered_at, locked.answer, locked.deal = BargainState.AGREED, now, clean(answer)[:200], deal
    _answer(locked, guests, actor, now)
    return locked


@transaction.atomic
def decline(*, bargain_id: int, reason: str, actor: Member, now: datetime) -> Bargain:
    """No, and why. Raises NoSuchBargain, AnsweredAlready, AnswerNeeded."""
    locked, reason = _unanswered(bargain_id), clean(reason)
    if not 1 <= len(reason) <= 200:
        raise errors.AnswerNeeded(field="reason", most=200)
    guests = list(Voice.objects.filter(bargain=locked, withdrawn_at=None).values_list("member_id", flat=True))
    locked.state, locked.answered_at, locked.answer = BargainState.DECLINED, now, reason
    _answer(locked, guests, actor, now)
    return locked


def _unanswered(bargain_id: int) -> Bargain:
    """The row alone for us, so that nobody adds a voice and no second answer is given meanwhile."""
    rows = Bargain.objects.select_for_update(of=("self",)).select_related("sku__product", "circle")
    locked = rows.filter(pk=bargain_id).first()
    if locked is None:
        raise errors.NoSuchBargain()
    if locked.state != BargainState.GATHERING:
        raise errors.AnsweredAlready()
    return locked


def _answer(bargain: Bargain, guests: list[int], actor: Member, now: datetime) -> None:
    """Write it, account for it, tell everybody who asked."""
    bargain.save(update_fields=["state", "answered_at", "answer", "deal"])
    is_agreed = bargain.deal is not None
    audit.write(
        actor=actor, action="bargain.answered", target=f"bargain:{bargain.pk}",
        after={"agreed": is_agreed, "deal": bargain.deal_id, "answer": bargain.answer}, now=now,
    )  # fmt: skip
    params = {"product": bargain.sku.product.name, "answer": bargain.answer}
    if bargain.deal is not None:
        params["price"] = str(Money(bargain.deal.price_minor, bargain.currency))
        params["people"] = str(bargain.deal.team_size)
    for member_id in guests:
        notify(
            member_id=member_id, kind="bargain_agreed" if is_agreed else "bargain_declined", params=params,
            link=f"/ask/{bargain.code}", key=f"bargain:{bargain.pk}", now=now,
        )  # fmt: skip
    record(BargainAnswered(bargain_id=bargain.pk, is_agreed=is_agreed, deal_id=bargain.deal_id), now=now)
