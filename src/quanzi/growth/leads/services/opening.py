"""What the author decides: topics, how much they want to hear, from whom less."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from quanzi.base.audit import services as audit
from quanzi.growth.leads import errors
from quanzi.growth.leads.models import Attention, Fewer, Lead, LeadState, Opening, Scope, Topic
from quanzi.growth.leads.rules import DAY_BEGINS, DAY_ENDS, MOST_TOPIC_WORDS, SPANS, said
from quanzi.growth.leads.services.matching import look_back
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Purpose
from quanzi.people.contact.services import decide


def sentence(topic: Topic) -> str:
    """What a member agrees to of a sensitive topic, in their language."""
    return gettext(
        "I know that “%(topic)s” is a sensitive topic. I want what I write about it shown to those I chose, so that they may offer me something."
    ) % {"topic": topic.label}


@transaction.atomic
def open_topic(
    *, member: Member, topic_id: int, scope: str, days: int, agreed: bool = False, where: str, now: datetime
) -> Opening:
    """Be open to offers on one topic for some days; what stood before ends. Only the member opens it, nobody for them.

    agreed: to the topic's own sentence, which sensitive topics need. Raises NotFound, TopicForbidden, SentenceNeeded, SpanNeeded.
    """
    topic = Topic.objects.filter(pk=topic_id).first()
    if topic is None:
        raise NotFound
    if topic.is_off:
        raise errors.TopicForbidden
    if scope not in Scope.values or days not in SPANS:
        raise errors.SpanNeeded(field="scope")
    if topic.is_sensitive and not agreed:
        raise errors.SentenceNeeded(field="agreed")
    consent = decide(member=member, purpose=Purpose.OFFERS, channel="none", granted=True, where=where, now=now)
    _standing(member).filter(topic=topic).update(ended_at=now)
    made = Opening.objects.create(
        member=member, topic=topic, scope=scope, sentence=sentence(topic) if topic.is_sensitive else "", consent=consent,
        opened_at=now, until=now + timedelta(days=days),
    )  # fmt: skip
    look_back(now=now, author_id=member.pk)
    return made


def close_topic(*, member: Member, topic_id: int, now: datetime) -> bool:
    """Not open to it any more, at once; answers whether I was."""
    return _standing(member).filter(topic_id=topic_id).update(ended_at=now) > 0


def close_all(*, member: Member, where: str, now: datetime) -> None:
    """The consent itself is withdrawn, which ends every topic in the same moment."""
    decide(member=member, purpose=Purpose.OFFERS, channel="none", granted=False, where=where, now=now)


def want_at_most(*, member: Member, per_week: int, hours: tuple[int, int] | None = None) -> None:
    """Commercial messages in seven days, from everybody together: 0 to 7. hours: of the day between which they show, from the first
    until before the last; None leaves them. What was sent already comes when it was to come. Raises SpanNeeded, HoursNeeded."""
    if not 0 <= per_week <= 7:
        raise errors.SpanNeeded(field="per_week")
    if hours is not None and not DAY_BEGINS <= hours[0] < hours[1] <= DAY_ENDS:
        raise errors.HoursNeeded(field="begins", least=DAY_BEGINS, most=DAY_ENDS)
    own = {"begins": hours[0], "ends": hours[1]} if hours is not None else {}
    Attention.objects.update_or_create(member=member, defaults={"per_week": per_week, **own})


def want_fewer(*, member: Member, other_id: int | None, now: datetime) -> None:
    """One message in ninety days from this person at most (None: from the shop). They are not told."""
    if other_id is not None and not Member.objects.filter(pk=other_id).exclude(pk=member.pk).exists():
        raise NotFound
    Fewer.objects.get_or_create(member=member, other_id=other_id, defaults={"said_at": now})


def want_as_before(*, member: Member, other_id: int | None) -> None:
    """Take that back."""
    Fewer.objects.filter(member=member, other_id=other_id).delete()


def close_lead(*, member: Member, lead_id: int) -> None:
    """My post is not shown to this watcher any more. Raises NotFound for what is not mine."""
    if not Lead.objects.filter(pk=lead_id, post__author=member).update(state=LeadState.CLOSED):
        raise NotFound


@transaction.atomic
def keep_topic(
    *,
    topic_id: int | None,
    name: str,
    name_en: str = "",
    words: str,
    is_sensitive: bool,
    is_off: bool,
    actor: Member,
    now: datetime,
) -> Topic:
    """Write a topic of the shop, a new one without an id. It opens nothing for anybody. Raises NotFound, TopicWordsNeeded."""
    name, spoken = name.strip().replace("\x00", ""), said(words.replace("\x00", ""))
    text = ", ".join(spoken)
    topic = Topic.objects.filter(pk=topic_id).first() if topic_id is not None else Topic()
    if topic is None:
        raise NotFound
    taken = Topic.objects.filter(name=name).exclude(pk=topic.pk).exists()
    if not 1 <= len(name) <= 20 or taken or not 1 <= len(spoken) <= MOST_TOPIC_WORDS or len(text) > 600:
        raise errors.TopicWordsNeeded(field="words")
    topic.name, topic.name_en, topic.words = name, name_en.strip()[:40], text
    topic.is_sensitive, topic.is_off = is_sensitive, is_off
    topic.save()
    after = {"name": name, "words": text, "is_sensitive": is_sensitive, "is_off": is_off}
    audit.write(actor=actor, action="leads.topic", target=f"topic:{topic.pk}", after=after, now=now)
    return topic


def _standing(member: Member) -> QuerySet[Opening]:
    return Opening.objects.filter(member=member, ended_at=None)
