"""Stored pictures."""

from django.db import models
from django.db.models import Q

from quanzi.base.media import files, rules


class Picture(models.Model):
    """One accepted picture: what it shows and whose it is; the files are named by their content.

    sha256: of the uploaded bytes, so the same upload is stored on disk once; width, height, bytes: of the widest file.
    owner_id: a member's id as a plain number, since media knows no members; empty for the shop's own.
    """

    id = models.BigAutoField(primary_key=True)
    owner_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()
    alt = models.CharField(max_length=300, blank=True, default="")
    purpose = models.CharField(max_length=30)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(width__gt=0) & Q(height__gt=0),
                name="media_picture_has_size",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="media_picture_sha256",
            ),
        ]

    def __str__(self) -> str:
        return self.alt or f"picture {self.pk}"

    def url(self, width: int = 640) -> str:
        """Address of the narrowest file at least `width` wide, or of the widest there is.

        Avatars have a square of 96 besides, which is what small widths of them get.
        """
        return files.url_of(self, width)

    def srcset(self) -> str:
        """Every size with its width, for the `srcset` of an <img>."""
        return ", ".join(f"{files.address(self.sha256, width)} {width}w" for width in rules.widths(self.width))
