"""What people with a place hear. These are affairs of their own, told whatever they allow for other purposes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quanzi.base.events.registry import react_to
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from quanzi.people.contact.services import notify
from quanzi.trade.preorders import events
from quanzi.trade.preorders.models import DateChange, News, Place, Preorder
from quanzi.trade.preorders.services.moving import COUNTED

REASONS = {
    "preorder_left": "preorder_left",
    "preorder_missed": "preorder_missed",
    "preorder_called_off": "preorder_off",
    "preorder_date_refused": "preorder_date_no",
    "preorder_date_silent": "preorder_silent",
    "preorder_balance_not_paid": "preorder_lapsed",
}
"""How the end of a place is worded, by its reason."""


def _tell_all(preorder_id: int, kind: str, *, once: str, now: datetime, **params: Any) -> None:
    """Everybody whose place counts hears one thing, once."""
    title = Preorder.objects.values_list("title", flat=True).get(pk=preorder_id)
    places = Place.objects.filter(preorder_id=preorder_id, state__in=COUNTED).order_by("id")
    for place_id, member_id in places.values_list("pk", "member_id"):
        notify(
            member_id=member_id,
            kind=kind,
            params={"title": title, **{name: str(value) for name, value in params.items()}},
            link=f"/me/preorders/{place_id}",
            key=f"{kind}:{once}:{place_id}",
            now=now,
        )


@react_to(events.DepositPaid, consumer="preorders.tell_held")
def tell_held(event: events.DepositPaid, *, now: datetime) -> None:
    place = Place.objects.select_related("preorder").get(pk=event.place_id)
    notify(
        member_id=event.member_id,
        kind="preorder_held",
        params={"title": place.preorder.title, "amount": str(Money(place.deposit_minor, place.currency))},
        link=f"/me/preorders/{place.pk}",
        key=f"preorder_held:{place.pk}",
        now=now,
    )


@react_to(events.BatchMade, consumer="preorders.tell_made")
def tell_made(event: events.BatchMade, *, now: datetime) -> None:
    _tell_all(event.preorder_id, "preorder_made", once=str(event.preorder_id), now=now, count=event.taken)


@react_to(events.NewsTold, consumer="preorders.tell_news")
def tell_news(event: events.NewsTold, *, now: datetime) -> None:
    news = News.objects.get(pk=event.news_id)
    _tell_all(event.preorder_id, "preorder_news", once=str(news.pk), now=now, text=news.text)


@react_to(events.BalanceAsked, consumer="preorders.tell_balance")
def tell_balance(event: events.BalanceAsked, *, now: datetime) -> None:
    until = Preorder.objects.values_list("balance_until", flat=True).get(pk=event.preorder_id)
    until_text = f"{clock.local(until):%Y-%m-%d %H:%M}" if until else ""
    _tell_all(event.preorder_id, "preorder_balance", once=str(event.preorder_id), now=now, until=until_text)


@react_to(events.DateAsked, consumer="preorders.tell_date")
def tell_date(event: events.DateAsked, *, now: datetime) -> None:
    """Who was asked, and only they."""
    change = DateChange.objects.select_related("preorder").get(pk=event.change_id)
    asked = change.answers.filter(agrees=None).select_related("place").order_by("id")
    for answer in asked:
        notify(
            member_id=answer.place.member_id,
            kind="preorder_date",
            params={
                "title": change.preorder.title,
                "after": change.after.isoformat(),
                "until": f"{clock.local(change.answer_by):%Y-%m-%d %H:%M}",
            },
            link=f"/me/preorders/{answer.place_id}",
            key=f"preorder_date:{answer.pk}",
            now=now,
        )


@react_to(events.PlaceReturned, consumer="preorders.tell_returned")
def tell_returned(event: events.PlaceReturned, *, now: datetime) -> None:
    """The end of a place with its reason; money that went back through an order is told by sales."""
    kind = REASONS.get(event.reason)
    if kind is None:
        return
    place = Place.objects.select_related("preorder").get(pk=event.place_id)
    notify(
        member_id=event.member_id,
        kind=kind,
        params={"title": place.preorder.title, "amount": str(Money(event.amount_minor, event.currency))},
        link=f"/me/preorders/{place.pk}",
        key=f"preorder_returned:{place.pk}",
        now=now,
    )
