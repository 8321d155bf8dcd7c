"""How many there are, who holds some, and why the number changed. One row of scarcity for each SKU."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

LOW_AT = 5
"""So many free units are few, until somebody says another number."""


class Stock(models.Model):
    """The counter. free = on_hand + expected - reserved; only conditional updates touch it.

    received + returned - scrapped - sold = on_hand, all provable from movements. expected: units that are held under promises
    and not here yet, so that what is on the shelf is free for anybody.
    """

    sku = models.OneToOneField(
        "catalogue.Sku",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="stock",
    )
    on_hand = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    expected = models.BigIntegerField(default=0, db_default=0)
    low_at = models.PositiveIntegerField(
        default=LOW_AT, db_default=LOW_AT, help_text="Announced at so many free units; 0: never"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(on_hand__gte=0)
                & Q(expected__gte=0)
                & Q(reserved__gte=F("expected"))
                & Q(reserved__lte=F("on_hand") + F("expected")),
                name="stock_reserved_within_on_hand",
            ),
        ]


class Promise(models.Model):
    """Units that a `source` ("round:12", "preorder:3") has promised: ordered first, bought after.

    coming: promised and not arrived yet. held: units held for orders under this source. owed: of those, what there is nothing on the
    shelf for yet; kept, like held, by the database. coming - owed can still be ordered under the source.
    """

    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="promises")
    source = models.CharField(max_length=60, help_text='Who promised, like "round:12"')
    coming = models.BigIntegerField(help_text="Units promised and not arrived yet")
    held = models.BigIntegerField(default=0, help_text="Units held for orders under this source")
    owed = models.BigIntegerField(default=0, help_text="Of those held, what there is nothing on the shelf for yet")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "sku"], name="promise_once_for_source"),
            models.CheckConstraint(
                condition=Q(owed__gte=0) & Q(owed__lte=F("coming")) & Q(owed__lte=F("held")),
                name="promise_owed_within_coming",
            ),
        ]


class ReservationState(models.TextChoices):
    LIVE = "live"
    CONSUMED = "consumed"
    RELEASED = "released"


class Reservation(models.Model):
    """Goods held for an order line (`ref` like "order_line:12") until `expires_at` (None: paid, held until handed over).

    source: the promise it may draw on, empty for goods on the shelf.
    """

    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="reservations")
    ref = models.CharField(max_length=60)
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ReservationState.choices, default=ReservationState.LIVE)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ref"],
                condition=~Q(state="released"),
                name="reservation_one_live_per_ref",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_of_something"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"],
                condition=Q(state="live"),
                name="reservation_expiring",
            ),
            models.Index(
                fields=["source", "sku"],
                condition=Q(state="live") & ~Q(source=""),
                name="reservation_under_promise",
            ),
        ]


class MovementKind(models.TextChoices):
    RECEIVED = "received"
    SOLD = "sold"
    RETURNED = "returned"
    SCRAPPED = "scrapped"
    COUNTED = "counted"


class Movement(models.Model):
    """Append-only: each change of on_hand, signed, with its reason. `key` makes it happen once.

    `reservation` is set for what was sold and for what came back from that sale, so that no more returns than went out.
    """

    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="movements")
    lot = models.ForeignKey(
        "catalogue.Lot",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="movements",
    )
    reservation = models.ForeignKey(
        Reservation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="movements",
    )
    kind = models.CharField(max_length=10, choices=MovementKind.choices)
    quantity = models.BigIntegerField(help_text="Signed: positive comes in, negative goes out")
    key = models.CharField(max_length=80, unique=True)
    reason = models.CharField(max_length=120, blank=True)
    actor = models.CharField(max_length=80, blank=True)
    moved_at = models.DateTimeField()
    source = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="The promise that goods received are for"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(quantity=0), name="movement_of_something"),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["sold", "scrapped"], quantity__lt=0)
                    | Q(kind__in=["received", "returned"], quantity__gt=0)
                    | Q(kind="counted")
                ),
                name="movement_sign_fits_kind",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["sold", "returned"], reservation__isnull=False)
                    | (~Q(kind__in=["sold", "returned"]) & Q(reservation__isnull=True))
                ),
                name="movement_of_a_sale",
            ),
            models.UniqueConstraint(
                fields=["reservation", "lot"],
                condition=Q(kind="sold"),
                name="movement_sold_once",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["sku", "-id"], name="movement_of_sku")]
