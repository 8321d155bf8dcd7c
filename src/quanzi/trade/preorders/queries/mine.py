"""A member's own places: what is paid, what is still to pay, what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from quanzi.kernel.money import Money
from quanzi.trade.preorders.errors import NoSuchPlace
from quanzi.trade.preorders.models import Answer, Place, PlaceState, Preorder
from quanzi.trade.preorders.queries.batches import PreorderCard, TimelineRow, cards, timeline


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """`deposit` for all units; order_number: of the balance, "" while there is none; order_state likewise."""

    id: int
    preorder: PreorderCard
    sku_id: int
    quantity: int
    deposit: Money
    price: Money
    state: str
    asked_at: datetime
    pay_by: datetime
    held_at: datetime | None
    settled_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    order_number: str
    order_state: str
    is_released: bool

    @property
    def total(self) -> Money:
        """The goods in full, without freight."""
        return self.price * self.quantity

    @property
    def balance(self) -> Money:
        return self.total - self.deposit

    @property
    def may_pay_deposit(self) -> bool:
        return self.state == PlaceState.ASKED and self.preorder.takes_deposits

    @property
    def may_pay_balance(self) -> bool:
        return self.state == PlaceState.HELD and self.preorder.takes_balances

    @property
    def may_leave(self) -> bool:
        return self.state in (PlaceState.ASKED, PlaceState.HELD)


@dataclass(frozen=True, slots=True)
class Question:
    """Another date: asked until `answer_by`."""

    before: date
    after: date
    reason: str
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class PlacePage:
    card: PlaceCard
    question: Question | None
    timeline: tuple[TimelineRow, ...]


def my_places(*, member_id: int, now: datetime, before_id: int | None = None, limit: int = 20) -> list[PlaceCard]:
    """A member's places, newest first, below `before_id`; those that nothing was ever paid for are left out once they are gone."""
    found = Place.objects.filter(member_id=member_id).exclude(state=PlaceState.GONE)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return _cards(list(found.select_related("good", "order").order_by("-pk")[:limit]), now)


def place_page(*, place_id: int, member_id: int, now: datetime) -> PlacePage:
    """The member's own place; somebody else's does not exist (NoSuchPlace)."""
    place = Place.objects.select_related("good", "order").filter(pk=place_id, member_id=member_id).first()
    if place is None:
        raise NoSuchPlace()
    card = _cards([place], now)[0]
    answer = Answer.objects.select_related("change").filter(place=place, agrees=None).order_by("-id").first()
    asked = answer is not None and place.ended_at is None and answer.change.answer_by > now
    change = answer.change if answer is not None and asked else None
    question = Question(change.before, change.after, change.reason, change.answer_by) if change else None
    return PlacePage(card, question, timeline(card.preorder))


def unsettled_count(*, member_id: int, now: datetime) -> int:
    """Places of a member that wait for the member: a balance that is asked for, or a question about the date."""
    balances = Place.objects.filter(
        member_id=member_id, state=PlaceState.HELD, preorder__balance_from__lte=now, preorder__balance_until__gt=now
    )
    asked = Place.objects.filter(
        member_id=member_id, ended_at=None, answers__agrees=None, answers__change__answer_by__gt=now
    )
    return balances.union(asked).count()


def _cards(places: list[Place], now: datetime) -> list[PlaceCard]:
    found = Preorder.objects.filter(pk__in={place.preorder_id for place in places})
    known = {card.id: card for card in cards(found, now)}
    return [_card(place, known[place.preorder_id]) for place in places]


def _card(place: Place, preorder: PreorderCard) -> PlaceCard:
    order = place.order
    return PlaceCard(
        id=place.pk, preorder=preorder, sku_id=place.good.sku_id, quantity=place.quantity,
        deposit=Money(place.deposit_minor, place.currency), price=Money(place.good.price_minor, place.currency),
        state=place.state, asked_at=place.asked_at, pay_by=place.pay_by, held_at=place.held_at,
        settled_at=place.settled_at, ended_at=place.ended_at, end_reason=place.end_reason,
        order_number=order.number if order else "", order_state=order.state if order else "",
        is_released=order is not None and order.released_at is not None,
    )  # fmt: skip
