"""What is looked in, what must be read again, words of the merchant, and what a member lets the search know."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    PRODUCT = "product", _("Goods")
    MAKER = "maker", _("Makers")
    CIRCLE = "circle", _("Circles")
    MEMBER = "member", _("People")
    NOTE = "note", _("Notes")
    QUESTION = "question", _("Questions")
    EXPERIENCE = "experience", _("Experiences")


POSTS = (Kind.NOTE, Kind.QUESTION, Kind.EXPERIENCE)


class Audience(models.IntegerChoices):
    """Who may find it. What nobody may find has no entry."""

    EVERYBODY = 0
    MEMBERS = 1, _("Whoever is logged in")
    CIRCLE = 2, _("People of the circle")


class Keys(models.Field):  # type: ignore[type-arg]  # generic for the checker only
    """A tsvector. Read and written by statements of the room; Django only makes the column."""

    def db_type(self, connection: object) -> str:
        return "tsvector"


class Entry(models.Model):
    """One thing that can be found: derived from the facts, never written by anybody else.

    title, text: folded to one spelling, text with the title in front; keys: what it is found by; facts: a fingerprint
    of what it was made of (facts.py). kept: kept lines of goods, people of a circle; useful: members who found a post so.
    is_proof: an experience whose goods are still kept. There are no foreign keys: triggers follow the facts.
    """

    kind = models.CharField(max_length=12, choices=Kind.choices)
    object_id = models.BigIntegerField()
    audience = models.SmallIntegerField(choices=Audience.choices)
    circle_id = models.BigIntegerField(null=True)
    author_id = models.BigIntegerField(null=True)
    title = models.TextField()
    text = models.TextField()
    keys = Keys()
    kept = models.IntegerField(default=0)
    useful = models.IntegerField(default=0)
    is_proof = models.BooleanField(default=False)
    price_minor = models.BigIntegerField(null=True)
    place = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    facts = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once"),
            models.CheckConstraint(
                condition=~Q(audience=Audience.CIRCLE) | Q(circle_id__isnull=False), name="search_entry_circle_is_known"
            ),
        ]
        # The indexes of keys stand in the migration: one for posts, one for everything else.
        indexes: ClassVar = [
            models.Index(fields=["-made_at", "-id"], condition=Q(kind__in=POSTS), name="search_newest_posts"),
            models.Index(
                fields=["author_id", "-made_at"], condition=Q(author_id__isnull=False), name="search_newest_of_author"
            ),
            models.Index(fields=["circle_id"], condition=Q(circle_id__isnull=False), name="search_of_circle"),
        ]


class Stale(models.Model):
    """Something changed in the same transaction: its entry is made anew by whoever searches next, or by the worker."""

    group = models.CharField(max_length=8, help_text=_("product, maker, circle, member or post"))
    object_id = models.BigIntegerField()


class Change(models.Model):
    """An entry or a word changed: a number that is seen together with it (remembered.py). Triggers write it; the worker keeps the newest."""


class WordLine(models.Model):
    """Words of the merchant that mean the same; one word alone is a name that is not cut in two."""

    made_at = models.DateTimeField()


class Word(models.Model):
    """A word of a line, folded."""

    line = models.ForeignKey(WordLine, on_delete=models.CASCADE, related_name="words")
    said = models.CharField(max_length=20)
    word = models.CharField(max_length=20, unique=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(word=""), name="search_word_says_something")]


class Choice(models.Model):
    """What a member lets the search do. Without a row: others do not find them, and what they looked for is kept for them."""

    member = models.OneToOneField(
        "accounts.Member", primary_key=True, on_delete=models.CASCADE, related_name="search_choice"
    )
    is_findable = models.BooleanField(default=False)
    remembers = models.BooleanField(default=True)


class Past(models.Model):
    """What a member looked for, for themselves alone."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="searches")
    words = models.CharField(max_length=60)
    searched_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "words"], name="past_search_once")]
        indexes: ClassVar = [models.Index(fields=["member", "-searched_at"], name="past_search_newest")]


class Miss(models.Model):
    """Words that found nothing, and how often on a day. Nobody's name stands here."""

    words = models.CharField(max_length=40)
    day = models.DateField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["words", "day"], name="missed_once_a_day")]
