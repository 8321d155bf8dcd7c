"""Lots that nobody hands over any more: for a while, or for good."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class LotPause(models.Model):
    """A lot is not handed over nor sold until somebody releases it and says why.

    paused_by None: complaints passed the threshold; then complaints of handed_over lines stood against it. held: units on
    the shelf that are kept off sale meanwhile, under the ref "lot_pause:<id>". is_check: it waits for its quality check,
    and only a check that it passes releases it.
    """

    lot = models.ForeignKey("catalogue.Lot", on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=200)
    complaints = models.PositiveIntegerField(default=0)
    handed_over = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    paused_at = models.DateTimeField()
    paused_by = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    release_reason = models.CharField(max_length=200, blank=True)
    is_check = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lot"], condition=Q(released_at=None), name="lot_pause_open_once"),
            models.CheckConstraint(
                condition=Q(released_at=None) | ~Q(release_reason=""), name="lot_pause_released_for_a_reason"
            ),
            models.CheckConstraint(condition=Q(complaints__lte=F("handed_over")), name="lot_pause_of_what_went_out"),
        ]


class QualityCheck(models.Model):
    """Somebody opened `sampled` units of a lot that waits, and `flawed` of them were not as they should be. Never edited."""

    pause = models.ForeignKey(LotPause, on_delete=models.PROTECT, related_name="checks")
    sampled = models.PositiveIntegerField()
    flawed = models.PositiveIntegerField()
    words = models.CharField(max_length=200)
    is_passed = models.BooleanField()
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(sampled__gte=1, flawed__lte=F("sampled")), name="check_of_what_was_opened"
            ),
            models.UniqueConstraint(fields=["pause"], condition=Q(is_passed=True), name="check_passed_once"),
        ]


class Recall(models.Model):
    """A lot is called back: every line that was given goods of it is paid back. held: units kept off sale, under "recall:<id>".

    finished_at: every line is settled. cleared_at: what was left on the shelf is written off.
    """

    lot = models.OneToOneField("catalogue.Lot", on_delete=models.PROTECT, related_name="recall")
    reason = models.CharField(max_length=200)
    held = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)


class RecalledLine(models.Model):
    """An order line that was given `quantity` units of a recalled lot. refund None once settled: nothing of it was left to give back."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey("sales.OrderLine", on_delete=models.PROTECT, related_name="recalled")
    quantity = models.PositiveIntegerField()
    refund = models.OneToOneField(
        "sales.OrderRefund", null=True, blank=True, on_delete=models.PROTECT, related_name="recalled_line"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "line"], name="recalled_line_once"),
            models.CheckConstraint(
                condition=Q(refund=None) | Q(settled_at__isnull=False), name="recalled_line_refund_settles_it"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recall", "id"], condition=Q(settled_at=None), name="recalled_line_waiting")
        ]
