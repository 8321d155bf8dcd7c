"""Papers of goods: where they come from, what customs said, who checked that they are genuine."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ImportFacts(models.Model):
    """What the law asks about goods from abroad. duty_bp: import taxes in the price, in basis points of it; 0 for none or not known.

    must_declare: the buyer's name goes to customs, which is said before anybody orders.
    """

    product = models.OneToOneField(
        "catalogue.Product", primary_key=True, on_delete=models.CASCADE, related_name="import_facts"
    )
    country = models.CharField(max_length=60)
    hs_code = models.CharField(max_length=12, blank=True)
    duty_bp = models.PositiveIntegerField(default=0)
    must_declare = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(duty_bp__lte=10_000), name="import_duty_within_price"),
            models.CheckConstraint(condition=Q(hs_code="") | Q(hs_code__regex=r"^[0-9]{4,12}$"), name="import_hs_code"),
        ]


class PaperKind(models.TextChoices):
    ORIGIN = "origin", _("Certificate of origin")
    CUSTOMS = "customs", _("Customs declaration")
    INSPECTION = "inspection", _("Inspection report")
    AUTHENTICITY = "authenticity", _("Proof that it is genuine")


class Paper(models.Model):
    """One document about goods, or about one lot of them. Never edited: a wrong one is withdrawn, and stays in the books.

    checked_by: who of the staff held it against the goods.
    """

    product = models.ForeignKey("catalogue.Product", on_delete=models.PROTECT, related_name="papers")
    lot = models.ForeignKey("catalogue.Lot", null=True, blank=True, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12, choices=PaperKind.choices)
    number = models.CharField(max_length=60)
    issuer = models.CharField(max_length=80)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    picture = models.ForeignKey("media.Picture", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "kind", "number"], condition=Q(withdrawn_at=None), name="paper_number_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("issued_on")), name="paper_valid_after_issue"
            ),
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="paper_kind_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["product", "-id"], name="paper_of_product")]
