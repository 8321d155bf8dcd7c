"""Writes of the room: the merchant's words, what a member chose, what was looked for, what nobody found."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import F

from quanzi.base.audit import services as audit
from quanzi.growth.searching.errors import TooManyLines, WordKnown, WordNeeded
from quanzi.growth.searching.folding import fold
from quanzi.growth.searching.models import Choice, Miss, Past, Word, WordLine
from quanzi.growth.searching.rules import may_be_kept
from quanzi.kernel.clock import today
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member

MOST_LINES, MOST_IN_LINE, LONGEST = 500, 8, 20
MOST_PAST = 20
MISSES_KEPT, PAST_KEPT = timedelta(days=90), timedelta(days=365)


@transaction.atomic
def add_words(*, words: str, actor: Member | str, now: datetime) -> WordLine:
    """A line of words that mean the same, or one name. words: with commas between. Raises WordNeeded, WordKnown, TooManyLines."""
    said = [one.strip() for one in re.split(r"[,，、;；\n]", words) if one.strip()]
    folded = {fold(one).replace(" ", ""): one for one in said}
    if not 1 <= len(folded) <= MOST_IN_LINE or any(not 1 <= len(word) <= LONGEST for word in folded):
        raise WordNeeded(field="words")
    if WordLine.objects.count() >= MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    known = Word.objects.filter(word__in=folded).first()
    if known is not None:
        raise WordKnown(field="words", word=known.said)
    line = WordLine.objects.create(made_at=now)
    try:
        with transaction.atomic():
            Word.objects.bulk_create(Word(line=line, said=one[:LONGEST], word=word) for word, one in folded.items())
    except IntegrityError:
        raise WordKnown(field="words", word=said[0]) from None
    audit.write(
        actor=actor, action="searching.add_words", target=f"word_line:{line.pk}", after={"words": said}, now=now
    )
    return line


@transaction.atomic
def add_usual_words(*, actor: Member | str, now: datetime) -> int:
    """Lines of the list that comes with quanzi: food by its names in different places. Answers how many were added.

    A line of which the shop knows a word already is left to the shop, so this is safe to repeat.
    """
    known = set(Word.objects.values_list("word", flat=True))
    usual = [[(one, fold(one).replace(" ", "")) for one in line] for line in usual_lines()]
    fresh = [line for line in usual if known.isdisjoint(word for _, word in line)][
        : MOST_LINES - WordLine.objects.count()
    ]
    lines = WordLine.objects.bulk_create(WordLine(made_at=now) for _ in fresh)
    Word.objects.bulk_create(
        Word(line=line, said=said, word=word) for line, words in zip(lines, fresh, strict=True) for said, word in words
    )
    if fresh:
        action = "searching.add_usual_words"
        audit.write(actor=actor, action=action, target="word_lines", after={"lines": len(fresh)}, now=now)
    return len(fresh)


def usual_lines() -> list[list[str]]:
    """The list, as it is written."""
    text = (Path(__file__).parent / "usual_words.txt").read_text(encoding="utf-8")
    return [
        [word.strip() for word in line.split(",")] for line in text.splitlines() if line and not line.startswith("#")
    ]


@transaction.atomic
def remove_words(*, line_id: int, actor: Member | str, now: datetime) -> None:
    """The words are words like others again. Raises NotFound."""
    line = WordLine.objects.select_for_update().filter(pk=line_id).first()
    if line is None:
        raise NotFound
    said = list(line.words.values_list("said", flat=True))
    line.delete()
    audit.write(
        actor=actor, action="searching.remove_words", target=f"word_line:{line_id}", before={"words": said}, now=now
    )


@transaction.atomic
def choose(*, member: Member, is_findable: bool | None = None, remembers: bool | None = None) -> Choice:
    """What a member lets the search do; None leaves it as it is. No longer remembering forgets what was looked for too."""
    choice, _ = Choice.objects.select_for_update().get_or_create(member=member)
    if is_findable is not None and is_findable != choice.is_findable:
        Choice.objects.filter(pk=member.pk).update(is_findable=is_findable)
        choice.is_findable = is_findable
    if remembers is not None and remembers != choice.remembers:
        Choice.objects.filter(pk=member.pk).update(remembers=remembers)
        choice.remembers = remembers
    if not choice.remembers:
        Past.objects.filter(member=member).delete()
    return choice


@transaction.atomic
def remember(*, member: Member, words: str, now: datetime) -> None:
    """For the member alone: the newest `MOST_PAST` of what they looked for, unless they do not want that."""
    if not words or Choice.objects.filter(member=member, remembers=False).exists():
        return
    Past.objects.update_or_create(member=member, words=words[:60], defaults={"searched_at": now})
    newest = Past.objects.filter(member=member).order_by("-searched_at", "-id").values_list("pk", flat=True)[:MOST_PAST]
    Past.objects.filter(member=member).exclude(pk__in=list(newest)).delete()


def forget(*, member: Member, past_id: int | None = None) -> int:
    """Take one search out of the member's own list, or all; answers how many went."""
    found = Past.objects.filter(member=member)
    return (found if past_id is None else found.filter(pk=past_id)).delete()[0]


def note_miss(*, words: str, now: datetime) -> None:
    """Count words that found nothing, without saying whose they were."""
    folded = fold(words)
    if not may_be_kept(words) or not may_be_kept(folded):
        return
    day = today(now)
    if not Miss.objects.filter(words=folded, day=day).update(times=F("times") + 1):
        miss, is_new = Miss.objects.get_or_create(words=folded, day=day)
        if not is_new:
            Miss.objects.filter(pk=miss.pk).update(times=F("times") + 1)


def forget_old(*, now: datetime) -> None:
    """What nobody needs any more."""
    Miss.objects.filter(day__lt=today(now - MISSES_KEPT)).delete()
    Past.objects.filter(searched_at__lt=now - PAST_KEPT).delete()
