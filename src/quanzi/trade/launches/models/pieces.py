"""Numbered pieces: an edition of N, who has which, who waits for one, and what happened to each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """A SKU of which there are `size` pieces, each with its number. Sold by its room only (the product is kept apart)."""

    code = models.CharField(max_length=12, unique=True)
    sku = models.OneToOneField("catalogue.Sku", on_delete=models.PROTECT, related_name="edition")
    size = models.PositiveIntegerField()
    may_choose = models.BooleanField(
        default=True, help_text=_("Buyers choose their number; else the next one is theirs")
    )
    story = models.TextField(max_length=2000, blank=True)
    opened_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(size__gte=1, size__lte=500), name="edition_size")]

    def __str__(self) -> str:
        return self.code


class PieceState(models.TextChoices):
    FREE = "free", _("Free")
    OFFERED = "offered", _("Offered to somebody who waited")
    ORDERED = "ordered", _("Ordered")
    OWNED = "owned", _("Owned")


class Piece(models.Model):
    """One piece. `code` is on its certificate and guessed by nobody; owner: whose it is, since it was paid or handed on."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="pieces")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=10, choices=PieceState.choices, default=PieceState.FREE)
    order = models.ForeignKey("sales.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="pieces")
    owner = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="pieces"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "number"], name="piece_number_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state__in=["ordered", "owned"]), name="piece_of_an_order_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="piece_number_from_one"),
            models.CheckConstraint(condition=Q(state__in=PieceState.values), name="piece_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["free", "offered"], order=None, owner=None)
                | Q(state="ordered", order__isnull=False, owner=None)
                | Q(state="owned", order__isnull=False),
                name="piece_of_somebody_has_an_order",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["owner"], name="piece_of_owner")]


class AskState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    TURN = "turn", _("Has a turn")
    BOUGHT = "bought", _("Ordered")
    PASSED = "passed", _("Passed on")
    LEFT = "left", _("Left")


class Ask(models.Model):
    """A member would like a piece when one is free again. In the order of asking; a turn lasts a day."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="asks")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="piece_asks")
    state = models.CharField(max_length=10, choices=AskState.choices, default=AskState.WAITING)
    asked_at = models.DateTimeField()
    piece = models.ForeignKey(Piece, null=True, blank=True, on_delete=models.PROTECT, related_name="asks")
    turn_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "member"], condition=Q(state__in=["waiting", "turn"]), name="piece_ask_one_each"
            ),
            models.UniqueConstraint(fields=["piece"], condition=Q(state="turn"), name="piece_offered_to_one"),
            models.CheckConstraint(
                condition=~Q(state="turn") | Q(piece__isnull=False, turn_until__isnull=False),
                name="piece_turn_of_a_piece",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["edition", "id"], condition=Q(state="waiting"), name="piece_asks_waiting"),
            models.Index(fields=["turn_until"], condition=Q(state="turn"), name="piece_turns"),
        ]


class Handing(models.Model):
    """An owner hands a piece on: one gives the word and a link, the other takes it. Both words make the change."""

    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="handings")
    giver = models.ForeignKey("accounts.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    taker = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    token = models.CharField(max_length=32, unique=True)
    offered_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["piece"], condition=Q(taken_at=None, withdrawn_at=None), name="piece_handed_on_once"
            ),
            models.CheckConstraint(condition=Q(taken_at=None) | Q(withdrawn_at=None), name="piece_handing_ends_once"),
            models.CheckConstraint(condition=Q(taker=None) | ~Q(taker=F("giver")), name="piece_not_to_oneself"),
        ]


class RecordKind(models.TextChoices):
    SOLD = "sold", _("Found its owner")
    CARE = "care", _("Cared for")
    REPAIR = "repair", _("Repaired")
    HANDED_ON = "handed_on", _("Handed on")
    CAME_BACK = "came_back", _("Came back to the maker")


class PieceRecord(models.Model):
    """What happened to a piece. Written by its owner or its maker, and by nobody edited."""

    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=10, choices=RecordKind.choices)
    text = models.CharField(max_length=500, blank=True)
    writer = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_maker = models.BooleanField(default=False)
    pictures = models.ManyToManyField("media.Picture", related_name="+", blank=True)
    written_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["piece", "id"], name="piece_record_in_order")]
