"""Ties between members, as facts. Strength is derived from them and read through at most three steps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class TieKind(models.TextChoices):
    FRIEND = "friend", _("Friend")
    FAMILY = "family", _("Family")
    FOLLOW = "follow", _("Follows")
    INVITED = "invited", _("Invited")
    BOUGHT_TOGETHER = "bought_together", _("Bought together")
    HELPED = "helped", _("Helped")
    REPLIED = "replied", _("Replied")
    KEPT_ADVICE = "kept_advice", _("Kept what was recommended")


ONCE = (TieKind.FRIEND, TieKind.FAMILY, TieKind.FOLLOW, TieKind.INVITED)
"""Kinds that stand at most once between two people; the others are as many as there are facts."""

DEEDS = (TieKind.HELPED, TieKind.REPLIED, TieKind.KEPT_ADVICE)
"""What one did to another: a fact of other rooms, which may turn out not to be one (goods go back, words are taken back)."""


class Tie(models.Model):
    """One fact that ties two people, directed from `source` to `target`; mutual facts are two rows.

    `label` is the word the source chose ("sister"); `evidence` names the fact ("team:12", "request:3").
    A withdrawn tie keeps its row and is never read. `hidden` keeps it out of other people's paths; without `is_used` nothing is
    recommended through it, in either direction.
    """

    source = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="ties_out")
    target = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="ties_in")
    kind = models.CharField(max_length=20, choices=TieKind.choices)
    label = models.CharField(max_length=20, blank=True)
    evidence = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    hidden = models.BooleanField(default=False)
    is_used = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target", "kind", "evidence"], name="tie_fact_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="tie_not_to_oneself"),
            models.UniqueConstraint(
                fields=["source", "target", "kind"],
                condition=Q(withdrawn_at=None, kind__in=ONCE),
                name="tie_declared_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["source", "target"],
                condition=Q(withdrawn_at=None),
                name="tie_live_out",
            ),
            models.Index(
                fields=["target", "source"],
                condition=Q(withdrawn_at=None),
                name="tie_live_in",
            ),
            # A deed that is taken back is found by what it was.
            models.Index(fields=["evidence"], condition=Q(kind__in=DEEDS), name="tie_of_deed"),
        ]


class Edge(models.Model):
    """What the live facts from one person to another come to: written by the database with each fact (migration 0005), only read here.

    Both numbers are masses (rules.py): `still` never fades, `fading` is told as of rules.EPOCH. There is no edge across a
    block, to somebody who is gone, or where the other side hides the tie.
    """

    pk = models.CompositePrimaryKey("source_id", "target_id")
    source = models.ForeignKey(
        "accounts.Member", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    target = models.ForeignKey(
        "accounts.Member", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    still = models.FloatField()
    fading = models.FloatField()
    since = models.DateTimeField()
    peak = models.FloatField(
        help_text="The whole mass on the day of the newest fact; the order in which a crowd is cut"
    )
    hidden = models.BooleanField()
    is_used = models.BooleanField()
    version = models.BigIntegerField(help_text="Another one with each change; the mark of a walk is made of them")

    class Meta:
        indexes: ClassVar = [
            # A walk reads these two alone.
            models.Index(
                fields=["source", "-peak", "target"],
                include=["still", "fading", "since"],
                condition=Q(hidden=False, is_used=True),
                name="edge_out",
            ),
            models.Index(
                fields=["target", "-peak", "source"],
                include=["still", "fading", "since"],
                condition=Q(hidden=False, is_used=True),
                name="edge_in",
            ),
            models.Index(fields=["source"], include=["version", "target"], name="edge_mark"),
        ]


class TieRequest(models.Model):
    """Somebody asks to be tied as friend or family; it becomes a tie when the other person agrees."""

    source = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="requests_out")
    target = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="requests_in")
    kind = models.CharField(
        max_length=20,
        choices=[
            (TieKind.FRIEND, TieKind.FRIEND.label),
            (TieKind.FAMILY, TieKind.FAMILY.label),
        ],
    )
    label = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "target"],
                condition=Q(answered_at=None),
                name="tie_request_open_once",
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="tie_request_not_to_oneself"),
        ]


class RingState(models.TextChoices):
    WAITING = "waiting", _("Waits for a moderator")
    LEFT_OUT = "left_out", _("Left out of counts")
    HONEST = "honest", _("Counts as honest")


class Ring(models.Model):
    """People whose orders and ties look made for each other's benefit, with every sign of it; a moderator decides, and may decide anew.

    key: the people, so that the same ring is found once. signs: pairs with what they share (growth.rings says the kinds); no
    address, device or account stands here, only that it was the same.
    """

    key = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=RingState.choices, default=RingState.WAITING)
    signs = models.JSONField()
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=RingState.WAITING, decided_at=None, decided_by=None)
                | (~Q(state=RingState.WAITING) & ~Q(reason="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="ring_decided_by_somebody_for_a_reason",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="ring_by_state")]


class RingMember(models.Model):
    """Somebody of a ring. left_out: what they did counts for nobody's proof; kept by the database from the state of the ring."""

    ring = models.ForeignKey(Ring, on_delete=models.CASCADE, related_name="people")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+", db_index=False)
    left_out = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ring", "member"], name="ring_member_once")]
        indexes: ClassVar = [
            models.Index(fields=["member"], name="ring_of_member"),
            models.Index(fields=["member"], condition=Q(left_out=True), name="ring_left_out"),
        ]
