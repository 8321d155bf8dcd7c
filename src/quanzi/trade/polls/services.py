"""Asking friends: a question holds goods and prices, people answer it, it ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.community.posts.services import remove_post
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.pricing import services as pricing
from quanzi.goods.stock import services as stock
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError, Errors
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.people.trust.services import settle
from quanzi.trade.experiences.services import write_experience
from quanzi.trade.polls import errors, rules
from quanzi.trade.polls.models import Asked, Decision, Good, Openness, Poll, PollEnd, Says
from quanzi.trade.polls.queries import tellable
from quanzi.trade.polls.ties import ADVISED, HELPED, REPLIED
from quanzi.trade.sales.rules import clean


@transaction.atomic
def ask(*, asker: Member, sku_ids: Sequence[int], member_ids: Collection[int], words: str = "", now: datetime) -> Poll:
    """Ask some of one's own people about goods; one unit of each and its price are held for a day. All of it, or nothing.

    Raises TooManyOpen, CannotBeAsked, OutOfStock, HeldLately, and Errors for what the form can repair.
    """
    skus, people, words = list(dict.fromkeys(sku_ids)), sorted(set(member_ids) - {asker.pk}), clean(words)
    _check(skus, people, words)
    Member.objects.select_for_update(no_key=True).get(pk=asker.pk)  # one question after the other
    if Poll.objects.filter(asker=asker, ended_at=None).count() >= rules.MOST_OPEN:
        raise errors.TooManyOpen(most=rules.MOST_OPEN)
    titles = _not_held_lately(asker, skus, now)
    prices = _prices(asker, skus, now)
    made = Poll.objects.create(code=new_token(12), asker=asker, words=words, asked_at=now, closes_at=now + rules.HOLDS)
    goods = [
        Good.objects.create(poll=made, sku_id=line.sku_id, position=place, price_minor=line.unit_minor, currency=prices.currency)
        for place, line in enumerate(prices.lines, 1)
    ]  # fmt: skip
    stock.reserve(lines=[(good.sku_id, 1, rules.ref_of(good.pk)) for good in goods], expires_at=made.closes_at, now=now)
    crash.point("polls.ask.held")
    _invite(made, people, titles[skus[0]], now)
    return made


def _check(skus: Sequence[int], people: Sequence[int], words: str) -> None:
    wrong: list[DomainError] = []
    if not 1 <= len(skus) <= rules.MOST_GOODS:
        wrong.append(errors.BadGoods(field="sku", most=rules.MOST_GOODS))
    if not 1 <= len(people) <= rules.MOST_PEOPLE:
        wrong.append(errors.BadPeople(field="people", most=rules.MOST_PEOPLE))
    if len(words) > rules.LONGEST:
        wrong.append(errors.WordsTooLong(field="words", most=rules.LONGEST))
    Errors.raise_any(wrong)


def _not_held_lately(asker: Member, skus: Sequence[int], now: datetime) -> dict[int, str]:
    """Titles of the goods. Raises BadGoods, HeldLately."""
    found = {one.pk: one for one in Sku.objects.select_related("product").filter(pk__in=skus)}
    if len(found) < len(skus):
        raise errors.BadGoods(field="sku", most=rules.MOST_GOODS)
    titles = {one: variant_title(found[one].product.name, found[one].options) for one in skus}
    lately = Good.objects.filter(poll__asker=asker, sku_id__in=skus, poll__asked_at__gt=now - rules.REST)
    again = lately.values_list("sku_id", flat=True).first()
    if again is not None:
        raise errors.HeldLately(field="sku", name=titles[again])
    return titles


def _prices(asker: Member, skus: Sequence[int], now: datetime) -> pricing.Quote:
    """What one of each costs this member now. Raises BadGoods for what is sold by arrangement only or not at all."""
    try:
        return pricing.quote(
            lines=[pricing.QuoteLine(sku_id, 1) for sku_id in skus], member_id=asker.pk, context={}, now=now
        )
    except DomainError as refused:
        raise errors.BadGoods(field="sku", most=rules.MOST_GOODS) from refused


def _invite(poll: Poll, people: Sequence[int], title: str, now: datetime) -> None:
    """Who may not be asked is not told apart from who has been asked enough: neither is the asker's to know."""
    try:
        with transaction.atomic():
            Asked.objects.bulk_create(Asked(poll=poll, member_id=one, asked_at=now) for one in people)
    except IntegrityError as refused:
        raise errors.CannotBeAsked(field="people") from refused
    params = {"name": poll.asker.name, "product": title}
    for one in people:
        _tell(poll, one, "poll_asked", params, poll.pk, now)


@transaction.atomic
def answer(
    *,
    poll: Poll,
    member: Member,
    good_id: int | None,
    words: str = "",
    has_it: bool = False,
    tells: int | None = None,
    now: datetime,
) -> Asked:
    """Say yes to one of the goods, or to none of them (None); said again it is the new answer.

    tells: one of the goods that they kept, for others to read these words as their experience with it.
    Raises NoSuchPoll, PollOver, BadAnswer, WordsTooLong, NotKeptToTell, WordsToTell, and what writing a post raises.
    """
    locked, words = _locked(poll.pk), clean(words)
    mine = Asked.objects.filter(poll=locked, member=member).first()
    if mine is None:
        raise errors.NoSuchPoll()
    _check_open(locked, now)
    if good_id is not None and not Good.objects.filter(poll=locked, pk=good_id).exists():
        raise errors.BadAnswer(field="good")
    if len(words) > rules.LONGEST:
        raise errors.WordsTooLong(field="words", most=rules.LONGEST)
    first = mine.answered_at is None
    mine.says, mine.good_id = (Says.YES, good_id) if good_id is not None else (Says.NO, None)
    mine.words, mine.has_it = words, has_it or tells is not None
    mine.answered_at = mine.answered_at or now
    mine.save()
    if tells is not None:
        _tell_others(mine, tells, now)
    if first:
        settle(deeds=REPLIED, about=[mine.pk])
        _tell(locked, locked.asker_id, "poll_answered", {"name": member.name}, mine.pk, now)
    return mine


@transaction.atomic
def take_back(*, poll: Poll, member: Member, now: datetime) -> None:
    """What others could read of one's answer is gone; the asker keeps it. Twice changes nothing. Raises NoSuchPoll."""
    _locked(poll.pk)
    mine = Asked.objects.filter(poll=poll, member=member).select_related("experience__post").first()
    if mine is None:
        raise errors.NoSuchPoll()
    if mine.experience is None:
        return
    if mine.experience.post.removed_at is None:
        remove_post(post=mine.experience.post, member=member, now=now)
    Asked.objects.filter(pk=mine.pk).update(experience=None)


def _tell_others(mine: Asked, good_id: int, now: datetime) -> None:
    """An experience of their own, tied to the line that they kept. What was told already stays as it was told."""
    if mine.experience_id is not None:
        return
    if not mine.words:
        raise errors.WordsToTell(field="words")
    line_id = dict(tellable(poll_id=mine.poll_id, member_id=mine.member_id)).get(good_id)
    if line_id is None:
        raise errors.NotKeptToTell(field="tells")
    title, body = rules.as_experience(mine.words)
    mine.experience = write_experience(member=mine.member, line_id=line_id, title=title, body=body, now=now)
    mine.save(update_fields=["experience"])


@transaction.atomic
def decide(
    *, poll: Poll, asker: Member, decision: str, words: str = "", thanked: Collection[int] = (), now: datetime
) -> Poll:
    """The asker says what came of it and whose answer helped; held goods that nobody ordered are let go. Once.

    thanked: members who answered. Everybody who answered is told. Raises NoSuchPoll, NotOver, BadAnswer, WordsTooLong.
    """
    locked, words = _locked(poll.pk), clean(words)
    if locked.asker_id != asker.pk:
        raise errors.NoSuchPoll()
    if decision not in Decision.values or decision == Decision.UNTOLD:
        raise errors.BadAnswer(field="decision")
    if len(words) > rules.LONGEST:
        raise errors.WordsTooLong(field="words", most=rules.LONGEST)
    if locked.told_at is not None:
        raise errors.NotOver()
    if locked.ended_at is None and decision != Decision.TAKES:
        end(locked, PollEnd.DECIDED, now)
    locked.decision, locked.told, locked.told_at = decision, words, now
    locked.save(update_fields=["decision", "told", "told_at"])
    answered = Asked.objects.filter(poll=locked, answered_at__isnull=False)
    answered.filter(member_id__in=set(thanked)).update(thanked_at=now)
    settle(deeds=HELPED, about=answered.filter(thanked_at=now).values_list("pk", flat=True))
    for one in answered.order_by("member_id"):
        kind = "poll_thanked" if one.thanked_at else "poll_decided"
        _tell(locked, one.member_id, kind, {"name": asker.name}, locked.pk, now)
    return locked


@transaction.atomic
def withdraw(*, poll: Poll, asker: Member, now: datetime) -> None:
    """The asker ends it without a word: nobody answers any more, and the goods are free. Raises NoSuchPoll."""
    locked = _locked(poll.pk)
    if locked.asker_id != asker.pk:
        raise errors.NoSuchPoll()
    if locked.ended_at is None:
        end(locked, PollEnd.DECIDED, now)


def end(poll: Poll, reason: str, now: datetime) -> None:
    """A locked question ends, and with it every hold that no order took."""
    stock.release(refs=[rules.ref_of(one) for one in poll.goods.values_list("pk", flat=True)], now=now)
    crash.point("polls.end.let_go")
    poll.ended_at, poll.end_reason = now, reason
    poll.save(update_fields=["ended_at", "end_reason"])


def end_due(now: datetime) -> int:
    """End every question whose day is over, each in a transaction of its own; returns how many."""
    due = list(
        Poll.objects.filter(ended_at=None, closes_at__lte=now).order_by("closes_at").values_list("pk", flat=True)
    )
    return sum(_end_one(one, now) for one in due)


@transaction.atomic
def _end_one(poll_id: int, now: datetime) -> bool:
    locked = _locked(poll_id)
    if locked.ended_at is not None or locked.closes_at > now:
        return False
    end(locked, PollEnd.TIME, now)
    answers = locked.asked.filter(answered_at__isnull=False).count()
    if locked.told_at is None:
        _tell(locked, locked.asker_id, "poll_ended", {"answers": answers}, locked.pk, now)
    return True


@transaction.atomic
def set_open(*, member: Member, may_be_asked: bool, now: datetime) -> None:
    """Whether one's own people may ask one."""
    Openness.objects.update_or_create(member=member, defaults={"may_be_asked": may_be_asked, "changed_at": now})


def tie_advice(*, line_ids: Collection[int]) -> None:
    """Whoever said yes to goods that the asker then kept gave advice that was kept."""
    settle(deeds=ADVISED, about=line_ids)


def _locked(poll_id: int) -> Poll:
    return Poll.objects.select_related("asker").select_for_update(of=("self",)).get(pk=poll_id)


def _check_open(poll: Poll, now: datetime) -> None:
    if not rules.may_buy(asked_at=poll.asked_at, closes_at=poll.closes_at, ended_at=poll.ended_at, now=now):
        raise errors.PollOver()


def _tell(poll: Poll, member_id: int, kind: str, params: Mapping[str, object], about: int, now: datetime) -> None:
    """about: the question, or the answer, that makes it said once."""
    notify(member_id=member_id, kind=kind, params=params, link=f"/asked/{poll.code}", key=f"{kind}:{about}", now=now)
