"""What is wanted and not here, who wants it, and what the merchant says to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NeedState(models.TextChoices):
    OPEN = "open", _("Waiting for an answer")
    SEEKING = "seeking", _("The shop is looking for it")
    FOUND = "found", _("Here it is")
    PREORDER = "preorder", _("It can be ordered ahead")
    DECLINED = "declined", _("Not to be had here")


ENDED = (NeedState.FOUND, NeedState.PREORDER, NeedState.DECLINED)
"""What says yes or no, as far as that goes: see `queries.NeedRow.may_be_asked_again`."""


class Need(models.Model):
    """words: what was searched for in vain, folded; or post: a public question that nobody answered. One of the two."""

    words = models.CharField(max_length=40, blank=True)
    post = models.OneToOneField("posts.Post", null=True, blank=True, on_delete=models.CASCADE, related_name="need")
    state = models.CharField(max_length=10, choices=NeedState.choices, default=NeedState.OPEN)
    answer = models.CharField(max_length=200, blank=True)
    product = models.ForeignKey(
        "catalogue.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="needs"
    )
    preorder = models.ForeignKey(
        "preorders.Preorder", null=True, blank=True, on_delete=models.PROTECT, related_name="needs"
    )
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(post=None) & ~Q(words="")) | Q(post__isnull=False, words=""), name="need_says_what"
            ),
            models.UniqueConstraint(fields=["words"], condition=~Q(words=""), name="need_gathers_once"),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None, answer="", product=None, preorder=None)
                | Q(state="seeking", answered_at__isnull=False, product=None, preorder=None)
                | Q(state="found", answered_at__isnull=False, product__isnull=False, preorder=None)
                | Q(state="preorder", answered_at__isnull=False, product=None, preorder__isnull=False)
                | (Q(state="declined", answered_at__isnull=False, product=None, preorder=None) & ~Q(answer="")),
                name="need_answer_is_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="need_by_state")]


class Support(models.Model):
    """A member who wants it too."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="supports")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["need", "member"], name="support_once")]
        indexes: ClassVar = [models.Index(fields=["member", "-id"], name="support_of_member")]
