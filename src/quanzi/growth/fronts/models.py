"""A page of one's own: what its owner says first, in which order, and what they stand by."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Front(models.Model):
    """Of a member, a circle or a maker, as they arranged it; without a row a page stands as it always did.

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
    intro = models.CharField(max_length=300, blank=True)
    sections = models.CharField(max_length=40, default="pins kept goods notes", blank=True)
    shows_record = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, circle=None, maker=None)
                | Q(member=None, circle__isnull=False, maker=None)
                | Q(member=None, circle=None, maker__isnull=False),
                name="front_of_one",
            ),
            models.CheckConstraint(
                condition=Q(shows_record=False) | Q(member__isnull=False), name="front_record_of_a_member"
            ),
        ]


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
