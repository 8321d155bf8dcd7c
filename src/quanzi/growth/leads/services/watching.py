"""What a leader or the shop looks out for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.growth.leads import errors
from quanzi.growth.leads.models import Lead, LeadState, Topic, Watch
from quanzi.growth.leads.queries import PAGE, LeadRow, leads
from quanzi.growth.leads.rules import MOST_WATCHES, MOST_WORDS, said
from quanzi.growth.leads.services.matching import catch_up, look_back
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member


@transaction.atomic
def watch(*, owner: Member, topic_id: int, words: str = "", for_shop: bool = False, now: datetime) -> Watch:
    """Look out for a topic from now on, and in the last thirty days; the same again changes nothing.

    words: of which one must stand in the post too. for_shop: the caller proves that the owner may. Raises NotFound, NotALeader,
    TopicForbidden, WatchWords, TooManyWatches.
    """
    if not for_shop and not owner.is_leader:
        raise errors.NotALeader
    topic = Topic.objects.filter(pk=topic_id).first()
    if topic is None:
        raise NotFound
    if topic.is_off:
        raise errors.TopicForbidden
    spoken = said(words.replace("\x00", ""))
    if len(spoken) > MOST_WORDS or any(not 2 <= len(one) <= 20 for one in spoken):
        raise errors.WatchWords(field="words")
    Member.objects.select_for_update(no_key=True).get(pk=owner.pk)
    mine = Watch.objects.filter(owner=owner, for_shop=for_shop, ended_at=None)
    text = ", ".join(spoken)
    found = mine.filter(topic=topic, words=text).first()
    if found is not None:
        return found
    if mine.count() >= MOST_WATCHES:
        raise errors.TooManyWatches(most=MOST_WATCHES)
    made = Watch.objects.create(owner=owner, for_shop=for_shop, topic=topic, words=text, made_at=now)
    if for_shop:
        after = {"topic": topic.name, "words": text}
        audit.write(actor=owner, action="leads.watch", target=f"watch:{made.pk}", after=after, now=now)
    look_back(now=now, watch_id=made.pk)
    return made


@transaction.atomic
def end_watch(*, watch_id: int, owner: Member | None, actor: Member, now: datetime) -> None:
    """Do not look out any more; what was found and not offered goes. owner None: a watch of the shop. Raises NotFound."""
    wanted = Watch.objects.filter(pk=watch_id, ended_at=None, for_shop=owner is None)
    if owner is not None:
        wanted = wanted.filter(owner=owner)
    if not wanted.update(ended_at=now):
        raise NotFound
    Lead.objects.filter(watch_id=watch_id, state=LeadState.NEW, shown_at=None).delete()
    Lead.objects.filter(watch_id=watch_id, state=LeadState.NEW).update(state=LeadState.CLOSED)
    if owner is None:
        audit.write(actor=actor, action="leads.end_watch", target=f"watch:{watch_id}", after={}, now=now)


def put_away(*, lead_id: int, owner: Member | None) -> None:
    """Nothing to offer here; it does not come again. owner None: of the shop. Raises NotFound."""
    if not Lead.objects.filter(pk=lead_id, owner=owner).update(state=LeadState.CLOSED):
        raise NotFound


def show_leads(
    *,
    owner: Member | None,
    states: Collection[str],
    before: int | None = None,
    limit: int = PAGE,
    is_read: bool = True,
    now: datetime,
) -> list[LeadRow]:
    """What was found until now, the newest first; owner None: for the shop. is_read: somebody sees it, which its authors are told."""
    catch_up(now=now)
    rows = leads(owner, states=states, before=before, limit=limit, now=now)
    if is_read:
        note_shown(lead_ids=[row.id for row in rows], now=now)
    return rows


def note_shown(*, lead_ids: list[int], now: datetime) -> None:
    """These were shown to their watcher; when first is kept, for the author to see."""
    Lead.objects.filter(pk__in=lead_ids, shown_at=None).update(shown_at=now)
