"""Circles: people around a place, a taste or a craft, with a charter and a door."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Admission(models.TextChoices):
    OPEN = "open", _("Open")
    QUESTION = "question", _("By question")
    INVITATION = "invitation", _("By invitation")


class Circle(models.Model):
    name = models.CharField(max_length=40)
    slug = models.SlugField(max_length=60, unique=True)
    summary = models.CharField(max_length=120, blank=True)
    charter = models.CharField(max_length=500, blank=True)
    place = models.CharField(max_length=60, blank=True)
    cover = models.ForeignKey("media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    admission = models.CharField(max_length=12, choices=Admission.choices, default=Admission.OPEN)
    question = models.CharField(max_length=200, blank=True)
    founder = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="founded_circles")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(admission="question") | ~Q(question=""), name="circle_question_is_asked"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CircleRole(models.TextChoices):
    FOUNDER = "founder", _("Founder")
    MODERATOR = "moderator", _("Moderator")
    MEMBER = "member", _("Member")


class MembershipState(models.TextChoices):
    ASKED = "asked", _("Waiting for an answer")
    JOINED = "joined", _("Joined")
    REFUSED = "refused", _("Refused")
    LEFT = "left", _("Left")
    REMOVED = "removed", _("Removed")


class Membership(models.Model):
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=CircleRole.choices, default=CircleRole.MEMBER)
    state = models.CharField(max_length=10, choices=MembershipState.choices)
    answer = models.CharField(max_length=500, blank=True)
    reason = models.CharField(
        max_length=200, blank=True, help_text=_("Why it was refused or ended, told to the person")
    )
    invited_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["circle", "member"], name="membership_once"),
            models.CheckConstraint(
                condition=~Q(state="joined") | Q(joined_at__isnull=False), name="membership_joined_has_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["member"], condition=Q(state="joined"), name="membership_live"),
            # Who belongs to a circle, in the order of joining, read from the index alone.
            models.Index(
                fields=["circle", "joined_at", "id"],
                include=["member"],
                condition=Q(state="joined"),
                name="membership_of_circle",
            ),
        ]


class JoinLink(models.Model):
    """A link (and QR) by which a member of a circle lets others in; it may expire and has a limit of uses."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="join_links")
    maker = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=40, unique=True)
    uses_left = models.PositiveIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(uses_left=None) | Q(uses_left__gte=0), name="join_link_uses_not_negative"
            )
        ]
