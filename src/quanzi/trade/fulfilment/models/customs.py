"""The name that customs is told of who receives goods from abroad."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Declaration(models.Model):
    """The buyer's name as in their papers, and that they agreed to its going to customs for this one order.

    Thirty days after the order ended the name is gone; that somebody agreed stays.
    """

    order = models.OneToOneField("sales.Order", on_delete=models.PROTECT, related_name="declaration")
    name = models.CharField(max_length=40, blank=True)
    agreed_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(forgotten_at=None) & ~Q(name="")) | Q(forgotten_at__isnull=False, name=""),
                name="declaration_has_a_name_until_forgotten",
            ),
        ]
