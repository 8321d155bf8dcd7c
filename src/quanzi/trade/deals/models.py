"""Buying together (拼团): a deal says the terms, a team is one attempt, a seat is one paying member."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RefundRule(models.TextChoices):
    """What a member may do after the team succeeded; before success everybody may leave with a full refund."""

    UNTIL_HANDOVER = (
        "until_handover",
        _("Full refund until the goods are handed over; the others keep their price"),
    )
    FAULT_ONLY = "fault_only", _("After success only for faults or a lawful return")


class GroupDeal(models.Model):
    """Terms: `team_size` people, `price_minor` each, a team lives `window_minutes` and never past `ends_at`.

    steps: what more people make of the price, as [people, price_minor] beyond `team_size` (a ladder); never edited.
    newcomers_only: whoever joins (not the opener) has never paid an order before.
    for_guests: only its guests see it and open teams of it; whoever has a team's link joins.
    """

    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="group_deals")
    circle = models.ForeignKey(
        "circles.Circle",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="group_deals",
    )
    team_size = models.PositiveSmallIntegerField()
    price_minor = models.BigIntegerField()
    steps = models.JSONField(default=list, blank=True)
    newcomers_only = models.BooleanField(default=False)
    for_guests = models.BooleanField(default=False)
    currency = models.CharField(max_length=3, default="CNY")
    reason_zh = models.CharField(max_length=60, blank=True, help_text=_("Why it is cheaper together"))
    reason_en = models.CharField(max_length=80, blank=True)
    window_minutes = models.PositiveIntegerField(default=1440)
    per_member_limit = models.PositiveSmallIntegerField(
        default=1, help_text=_("Teams of this deal that one member may be in")
    )
    max_per_seat = models.PositiveSmallIntegerField(default=1)
    refund_rule = models.CharField(max_length=16, choices=RefundRule.choices, default=RefundRule.UNTIL_HANDOVER)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(team_size__gte=2) & Q(team_size__lte=100),
                name="deal_team_of_two_to_hundred",
            ),
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="deal_price_positive"),
            models.CheckConstraint(
                condition=Q(per_member_limit__gte=1) & Q(max_per_seat__gte=1),
                name="deal_limits_positive",
            ),
            models.CheckConstraint(condition=Q(window_minutes__gte=1), name="deal_window_positive"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="deal_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"deal {self.pk} of {self.team_size}"

    @property
    def most_seats(self) -> int:
        """As many as a team may have: the people of the last step."""
        return self.steps[-1][0] if self.steps else self.team_size


class DealGuest(models.Model):
    """Somebody for whom a deal was made."""

    deal = models.ForeignKey(GroupDeal, on_delete=models.CASCADE, related_name="guests")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["deal", "member"], name="deal_guest_once")]

    def __str__(self) -> str:
        return f"deal {self.deal_id}: guest {self.member_id}"


class DealUse(models.Model):
    """How many teams of a deal a member is in: the scarce counter behind the per-member limit.

    `used` is the number of the member's live seats in teams of the deal; a trigger refuses to count past the limit.
    """

    deal = models.ForeignKey(GroupDeal, on_delete=models.CASCADE, related_name="uses")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    used = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["deal", "member"], name="deal_use_once")]

    def __str__(self) -> str:
        return f"deal {self.deal_id}: member {self.member_id} used {self.used}"


class TeamState(models.TextChoices):
    FORMING = "forming", _("Forming")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")


class Team(models.Model):
    """One attempt. `taken_seats` counts held and paid seats, `paid_seats` only paid ones; both 0..most_seats.

    A team is forming until `paid_seats` = `most_seats` before `deadline` (succeeded) or the deadline passes (failed, or
    succeeded when it has at least `team_size`: only a team on a ladder has more seats than it needs).
    Terms are fixed when it opens. Triggers prove the counters from the seats and success from captured payments.
    final_minor: the price of the step that a ladder reached; levelled_at: when every difference had gone back.
    """

    deal = models.ForeignKey(GroupDeal, on_delete=models.PROTECT, related_name="teams")
    code = models.CharField(max_length=16, unique=True)
    opener = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="opened_teams")
    state = models.CharField(max_length=10, choices=TeamState.choices, default=TeamState.FORMING)
    team_size = models.PositiveSmallIntegerField()
    most_seats = models.PositiveSmallIntegerField()
    newcomers_only = models.BooleanField(default=False)
    price_minor = models.BigIntegerField()
    final_minor = models.BigIntegerField(null=True, blank=True)
    taken_seats = models.PositiveSmallIntegerField(default=0)
    paid_seats = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    deadline = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    levelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(taken_seats__lte=F("most_seats")) & Q(paid_seats__lte=F("taken_seats")),
                name="team_seats_within_size",
            ),
            models.CheckConstraint(
                condition=Q(team_size__gte=2) & Q(price_minor__gt=0) & Q(most_seats__gte=F("team_size")),
                name="team_terms_make_sense",
            ),
            models.CheckConstraint(
                condition=Q(deadline__gt=F("opened_at")),
                name="team_deadline_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(succeeded_at=None) | Q(failed_at=None),
                name="team_never_both",
            ),
            models.CheckConstraint(
                condition=Q(final_minor=None)
                | Q(
                    state="succeeded",
                    most_seats__gt=F("team_size"),
                    final_minor__lte=F("price_minor"),
                    final_minor__gt=0,
                ),
                name="team_final_price_of_a_ladder",
            ),
            models.CheckConstraint(
                condition=Q(state="succeeded", succeeded_at__isnull=False)
                | (~Q(state="succeeded") & Q(succeeded_at=None)),
                name="team_success_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="failed", failed_at__isnull=False) | (~Q(state="failed") & Q(failed_at=None)),
                name="team_failure_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["deadline"], condition=Q(state="forming"), name="team_due"),
            models.Index(fields=["id"], condition=Q(state="failed", taken_seats__gt=0), name="team_giving_back"),
            models.Index(fields=["deal", "state", "-id"], name="team_of_deal"),
            models.Index(
                fields=["id"], condition=Q(final_minor__isnull=False, levelled_at=None), name="team_levelling"
            ),
            # Open teams, the nearest to success first.
            models.Index(
                F("team_size") - F("paid_seats"),
                "deadline",
                "id",
                condition=Q(state="forming", paid_seats__gt=0, taken_seats__lt=F("most_seats")),
                name="team_nearest",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SeatState(models.TextChoices):
    HELD = "held", _("Waiting for payment")
    PAID = "paid", _("Paid")
    RELEASED = "released", _("Left before paying")
    REFUNDED = "refunded", _("Left and refunded")


class Seat(models.Model):
    """One member's place in a team, tied to one order. Nobody has two live seats in a team.

    `deal` repeats the team's, so that the limit of a member is counted by one index.
    levelled_minor: what went back when the ladder had reached its step, written once.
    """

    deal = models.ForeignKey(GroupDeal, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="seats")
    order = models.OneToOneField("sales.Order", on_delete=models.PROTECT, related_name="seat")
    state = models.CharField(max_length=10, choices=SeatState.choices, default=SeatState.HELD)
    invited_by = models.ForeignKey(
        "accounts.Member",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    taken_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    levelled_minor = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "member"],
                condition=Q(state__in=["held", "paid"]),
                name="seat_once_per_member",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["paid", "refunded"]) | Q(paid_at__isnull=False),
                name="seat_paid_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "paid"], ended_at=None)
                | Q(state__in=["released", "refunded"], ended_at__isnull=False),
                name="seat_ended_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["deal", "member"],
                condition=Q(state__in=["held", "paid"]),
                name="seat_live_of_member",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} seat {self.pk} in team {self.team_id}"
