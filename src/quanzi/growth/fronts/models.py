"""A page of one's own: what its owner says first, in which order, and what they stand by."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Front(models.Model):
    """Of a member, a circle, a maker or a station, as they arranged it; without a row a page stands as it always did.

    sections: words of rules.SECTIONS in order. shows_record: the member's own word; whoever sells or leads has theirs shown anyway.
    """

    member = models.OneToOneField(
        "accounts.Member", null=True, blank=True, on_delete=models.CASCADE, related_name="front"
    )
    circle = models.OneToOneField(
        "circles.Circle", null=True, blank=True, on_delete=models.CASCADE, related_name="front"
    )
    maker = models.OneToOneField(
        "catalogue.Maker", null=True, blank=True, on_delete=models.CASCADE, related_name="front"
    )
    station = models.OneToOneField(
        "stations.Station", null=True, blank=True, on_delete=models.CASCADE, related_name="front"
    )
    intro = models.CharField(max_length=300, blank=True)
    sections = models.CharField(max_length=40, default="pins kept goods notes", blank=True)
    shows_record = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, circle=None, maker=None, station=None)
                | Q(member=None, circle__isnull=False, maker=None, station=None)
                | Q(member=None, circle=None, maker__isnull=False, station=None)
                | Q(member=None, circle=None, maker=None, station__isnull=False),
                name="front_of_one",
            ),
            models.CheckConstraint(
                condition=Q(shows_record=False) | Q(member__isnull=False), name="front_record_of_a_member"
            ),
        ]


class Update(models.Model):
    """News of a page, from whoever looks after it, to those who follow it and agreed to hear. It may be undone until `goes_at`.

    next_at: when it goes to those who have not got it yet, None when that is over: undone, or a week old.
    """

    front = models.ForeignKey(Front, on_delete=models.CASCADE, related_name="updates")
    sender = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=300)
    product = models.ForeignKey("catalogue.Product", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey("posts.Post", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("deals.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    written_at = models.DateTimeField()
    goes_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="update_says_something"),
            models.CheckConstraint(condition=Q(goes_at__gt=F("written_at")), name="update_waits_first"),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(undone_at__lt=F("goes_at"), next_at=None), name="update_undone_before"
            ),
            models.CheckConstraint(
                condition=Q(product=None, post=None) | Q(product=None, team=None) | Q(post=None, team=None),
                name="update_leads_to_one",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["front", "-id"], name="update_of_front"),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="update_to_send"),
        ]


class Receipt(models.Model):
    """Somebody got it: as a commercial message, under the rules of all of them."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="receipts")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    approach = models.OneToOneField("leads.Approach", on_delete=models.CASCADE, related_name="news")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["update", "member"], name="receipt_once")]


class Mute(models.Model):
    """A member follows a page and wants no news of it."""

    front = models.ForeignKey(Front, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")
    muted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["front", "member"], name="front_muted_once")]


class Pin(models.Model):
    """A note, goods, or an order line: goods that somebody of this page kept and stands by (the database asks for the proof)."""

    front = models.ForeignKey(Front, on_delete=models.CASCADE, related_name="pins")
    position = models.PositiveSmallIntegerField(default=0)
    post = models.ForeignKey("posts.Post", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey("catalogue.Product", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    line = models.ForeignKey("sales.OrderLine", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=140, blank=True)
    pinned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, product=None, line=None)
                | Q(post=None, product__isnull=False, line=None)
                | Q(post=None, product=None, line__isnull=False),
                name="pin_of_one",
            ),
            models.UniqueConstraint(fields=["front", "post"], name="pin_post_once"),
            models.UniqueConstraint(fields=["front", "product"], name="pin_product_once"),
            models.UniqueConstraint(fields=["front", "line"], name="pin_line_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["front", "position", "id"], name="pin_in_order")]
