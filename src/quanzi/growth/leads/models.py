"""Topics, who is open to offers on them, what is watched for, what was found, and what one person offers another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Topic(models.Model):
    """What offers may be about, as the shop keeps it. words: separated by commas. is_off: forbidden here, for everybody."""

    name = models.CharField(max_length=20, unique=True)
    name_en = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=600)
    is_sensitive = models.BooleanField(default=False, help_text=_("Health, faith, money trouble, children"))
    is_off = models.BooleanField(default=False, help_text=_("Nobody may be offered anything about it here"))

    class Meta:
        ordering: ClassVar = ["is_sensitive", "id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(words=""), name="topic_has_words")]

    @property
    def label(self) -> str:
        """Its name in the reader's language, where the shop wrote one."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class Scope(models.TextChoices):
    SHOP = "shop", _("The shop only")
    KNOWN = "known", _("The shop, and leaders I know")
    ANY = "any", _("The shop, and any leader")


class Opening(models.Model):
    """A member is open to offers on one topic. Nothing of it is ever changed but its end.

    consent: the decision in the ledger that it rests on; sentence: what was agreed to of a sensitive topic, word for word.
    """

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="openings")
    scope = models.CharField(max_length=6, choices=Scope.choices)
    sentence = models.CharField(max_length=300, blank=True)
    consent = models.ForeignKey("contact.Consent", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "topic"], condition=Q(ended_at=None), name="opening_stands_once"),
            models.CheckConstraint(condition=Q(until__gt=F("opened_at")), name="opening_has_a_span"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("opened_at")), name="opening_ends_after"
            ),
        ]


class Watch(models.Model):
    """Somebody looks out for a topic, narrowed by words when given. for_shop: the merchant's, seen by whoever may write to members."""

    owner = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    for_shop = models.BooleanField(default=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="watches")
    words = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "for_shop", "topic", "words"], condition=Q(ended_at=None), name="watch_once"
            )
        ]


class LeadState(models.TextChoices):
    NEW = "new", _("New")
    OFFERED = "offered", _("Offer made")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class Lead(models.Model):
    """A post that a watcher may be shown, since its author is open to offers. owner: the watcher, None for the shop.

    found: the words it was found by; print: of the text they were found in, so that another text is no lead before it was read again.
    """

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="leads")
    owner = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="leads")
    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="leads")
    found = models.CharField(max_length=200)
    print = models.CharField(max_length=32)
    state = models.CharField(max_length=8, choices=LeadState.choices, default=LeadState.NEW)
    found_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "post"], nulls_distinct=False, name="lead_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["owner", "-id"], name="lead_of_owner")]


class ApproachKind(models.TextChoices):
    OFFER = "offer", _("An offer")
    SUGGESTION = "suggestion", _("A suggestion")
    UPDATE = "update", _("News")


class Answer(models.TextChoices):
    NONE = "", _("No answer yet")
    THANKS = "thanks", _("Thanks")
    ASK = "ask", _("Tell me more")
    NO = "no", _("No, thank you")


class Approach(models.Model):
    """One commercial message from one person to another: about a lead, goods suggested to somebody one knows, or news to who follows.

    The database refuses it without consent, beyond the attention of its reader, or after too many (migration 0002). It shows from `shows_at`,
    which is never in the quiet hours; told_at: when its reader was told.
    """

    sender = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    for_shop = models.BooleanField(default=False)
    recipient = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=ApproachKind.choices)
    lead = models.OneToOneField(Lead, null=True, blank=True, on_delete=models.CASCADE, related_name="approach")
    product = models.ForeignKey("catalogue.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300)
    sent_at = models.DateTimeField()
    shows_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=6, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="approach_says_something"),
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="approach_not_to_oneself"),
            models.CheckConstraint(
                condition=Q(kind="offer", lead__isnull=False)
                | Q(kind="suggestion", lead=None, product__isnull=False, for_shop=False)
                | Q(kind="update", lead=None, for_shop=False),
                name="approach_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="approach_answer_is_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-sent_at"], name="approach_to"),
            models.Index(fields=["sender", "-sent_at"], name="approach_from"),
            models.Index(fields=["shows_at"], condition=Q(told_at=None), name="approach_untold"),
        ]


class Attention(models.Model):
    """How many commercial messages a member lets come in seven days, from everybody together. Without a row: two.

    begins, ends: hours of the site's day between which they show, within nine and twenty-one.
    """

    member = models.OneToOneField("accounts.Member", primary_key=True, on_delete=models.CASCADE, related_name="+")
    per_week = models.PositiveSmallIntegerField(default=2)
    begins = models.PositiveSmallIntegerField(default=9, db_default=9)
    ends = models.PositiveSmallIntegerField(default=21, db_default=21)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(per_week__lte=7), name="attention_at_most_seven"),
            models.CheckConstraint(
                condition=Q(begins__gte=9, ends__lte=21, ends__gt=F("begins")), name="attention_by_day"
            ),
        ]


class Fewer(models.Model):
    """A member wants to hear less from somebody: one commercial message in ninety days. other: None for the shop."""

    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "other"], nulls_distinct=False, name="fewer_once")
        ]


class Mark(models.Model):
    """A post of somebody who is open changed; it is looked at by the worker, or by whoever opens their leads before."""

    post_id = models.BigIntegerField()
