"""What the shop tells while the batch is made, and what it must ask: another date needs everybody's own yes."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.people.accounts.models import Member
from quanzi.trade.preorders import errors, rules
from quanzi.trade.preorders.events import DateAsked, NewsTold
from quanzi.trade.preorders.models import Answer, DateChange, News, Place, PlaceState, Preorder, PreorderState
from quanzi.trade.preorders.services.joining import DATE_MOVED, let_go
from quanzi.trade.preorders.services.moving import COUNTED, lock_place, lock_preorder, own_place
from quanzi.trade.preorders.services.returning import DATE_REFUSED, DATE_SILENT, give_back
from quanzi.trade.sales.rules import clean

log = logging.getLogger(__name__)

LIVE = (PreorderState.OPEN, PreorderState.MADE)


@transaction.atomic
def tell_news(*, preorder_id: int, text: str, actor: Member | str, now: datetime) -> News:
    """Everybody with a place reads it. Raises NoSuchPreorder, Ended, InvalidInput."""
    said = clean(text)
    if not 1 <= len(said) <= 300:
        raise InvalidInput(field="text")
    preorder = lock_preorder(preorder_id)
    if preorder.state not in LIVE:
        raise errors.Ended()
    made: News = News.objects.create(preorder=preorder, text=said, told_at=now)
    audit.write(
        actor=actor, action="preorders.tell", target=f"preorder:{preorder.pk}", after={"news": made.pk}, now=now
    )
    record(NewsTold(preorder.pk, news_id=made.pk), now=now)
    return made


@transaction.atomic
def ask_date(*, preorder_id: int, after: date, reason: str, actor: Member | str, now: datetime) -> DateChange:
    """Goods would leave later: whoever has a place says yes, or gets all of it back. Five days; silence is a no.

    Who joins from now on sees the new date. Raises NoSuchPreorder, Ended, NotLater, StillAsking, InvalidInput.
    """
    said = clean(reason)
    if not 1 <= len(said) <= 200:
        raise InvalidInput(field="reason")
    preorder = lock_preorder(preorder_id)
    if preorder.state not in LIVE:
        raise errors.Ended()
    if after <= preorder.promised_on:
        raise errors.NotLater(field="after")
    open_one = DateChange.objects.filter(preorder=preorder, answers__agrees=None, answers__isnull=False).first()
    if open_one is not None:
        raise errors.StillAsking(at=open_one.answer_by)
    made: DateChange = DateChange.objects.create(
        preorder=preorder, before=preorder.promised_on, after=after, reason=said, asked_at=now,
        answer_by=rules.answer_by(now=now),
    )  # fmt: skip
    for unpaid in Place.objects.filter(preorder=preorder, state=PlaceState.ASKED).order_by("id"):
        let_go(unpaid, DATE_MOVED, now)  # the deposit was not paid for this date
    places = _asked(preorder)
    Answer.objects.bulk_create(Answer(change=made, place_id=place_id) for place_id in places)
    preorder.promised_on = after
    preorder.save(update_fields=["promised_on"])
    crash.point("preorders.date.asked")
    told = {"promised_on": after.isoformat(), "asked": len(places)}
    before = {"promised_on": made.before.isoformat()}
    audit.write(
        actor=actor, action="preorders.ask_date", target=f"preorder:{preorder.pk}", before=before, after=told, now=now
    )
    record(DateAsked(preorder.pk, change_id=made.pk), now=now)
    return made


def _asked(preorder: Preorder) -> list[int]:
    """Places that wait for goods: those whose goods are on their way are not asked."""
    found = Place.objects.filter(preorder=preorder, state__in=COUNTED).exclude(order__released_at__isnull=False)
    return list(found.order_by("id").values_list("pk", flat=True))


@transaction.atomic
def answer_date(*, place_id: int, member: Member, agrees: bool, now: datetime) -> Answer:
    """Yes: the place stays as it is. No: all of its money goes back at once. The first answer counts.

    Raises NoSuchPlace, NothingAsked.
    """
    place = own_place(place_id, member.pk)
    answer = Answer.objects.select_for_update().filter(place=place).order_by("-id").first()
    if answer is None or (answer.agrees is not None and answer.agrees != agrees):
        raise errors.NothingAsked()
    if answer.agrees is None:
        if answer.change.answer_by <= now or place.ended_at is not None:
            raise errors.NothingAsked()
        _write(answer, place, agrees=agrees, silent=False, now=now)
    return answer


def _write(answer: Answer, place: Place, *, agrees: bool, silent: bool, now: datetime) -> None:
    answer.agrees, answer.answered_at, answer.was_silent = agrees, now, silent
    answer.save(update_fields=["agrees", "answered_at", "was_silent"])
    crash.point("preorders.date.answered")
    if not agrees:
        give_back(place, reason=DATE_SILENT if silent else DATE_REFUSED, actor=f"member:{place.member_id}", now=now)


def close_answers(now: datetime, *, limit: int = 200) -> int:
    """Who said nothing gets everything back, and so does a question whose place has ended; returns how many were closed."""
    due = Answer.objects.filter(agrees=None, change__answer_by__lte=now).order_by("id")
    return sum(_close(pk, place_id, now) for pk, place_id in list(due.values_list("pk", "place_id")[:limit]))


def _close(answer_id: int, place_id: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            place = lock_place(place_id)
            answer = Answer.objects.select_for_update().select_related("change").get(pk=answer_id)
            if answer.agrees is not None:
                return False
            is_under_way = place.order is not None and place.order.released_at is not None
            _write(answer, place, agrees=is_under_way, silent=True, now=now)
    except DomainError as refusal:
        log.warning("Answer %s waits for the next run: %s", answer_id, refusal.code)
        return False
    return True
