"""Invoices: asked for by the buyer, issued by the shop, cancelled by a red letter when money goes back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class InvoiceKind(models.TextChoices):
    PERSON = "person", _("For a person")
    COMPANY = "company", _("For a company")


class InvoiceState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    ISSUED = "issued", _("Issued")
    RED_NEEDED = "red_needed", _("A red-letter invoice is due")
    REVERSED = "reversed", _("Cancelled by a red-letter invoice")
    WITHDRAWN = "withdrawn", _("Taken back")


class Invoice(models.Model):
    """amount_minor: what was paid and had not gone back when it was issued; None before. One at a time for an order."""

    order = models.ForeignKey("sales.Order", on_delete=models.PROTECT, related_name="invoices")
    member = models.ForeignKey("accounts.Member", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=InvoiceKind.choices)
    title = models.CharField(max_length=100)
    tax_number = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=InvoiceState.choices, default=InvoiceState.ASKED)
    asked_at = models.DateTimeField()
    amount_minor = models.BigIntegerField(null=True, blank=True)
    number = models.CharField(max_length=40, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey("accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    red_needed_at = models.DateTimeField(null=True, blank=True)
    red_number = models.CharField(max_length=40, blank=True)
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversed_by = models.ForeignKey(
        "accounts.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(state__in=["asked", "issued", "red_needed"]), name="invoice_one_at_a_time"
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="invoice_number_once"),
            models.UniqueConstraint(fields=["red_number"], condition=~Q(red_number=""), name="invoice_red_number_once"),
            models.CheckConstraint(condition=Q(state__in=InvoiceState.values), name="invoice_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"], number="", issued_at=None, amount_minor=None)
                | (
                    Q(state__in=["issued", "red_needed", "reversed"], issued_at__isnull=False, amount_minor__gt=0)
                    & ~Q(number="")
                ),
                name="invoice_issued_has_a_number",
            ),
            models.CheckConstraint(
                condition=(Q(state="reversed", reversed_at__isnull=False) & ~Q(red_number=""))
                | (~Q(state="reversed") & Q(red_number="", reversed_at=None)),
                name="invoice_reversed_has_a_red_number",
            ),
            models.CheckConstraint(
                condition=~Q(kind="company") | ~Q(tax_number=""), name="invoice_company_has_a_tax_number"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="invoice_by_state")]


class InvoiceFile(models.Model):
    """The lawful invoice as the tax office's system wrote it: of the invoice, or of the red letter. The newest one counts.

    Private: it lies in the database, not among the pictures, and is given to its buyer and to who reads the money.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="files")
    is_red = models.BooleanField()
    kind = models.CharField(max_length=3, choices=[("pdf", "PDF"), ("ofd", "OFD")])
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("accounts.Member", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "is_red", "sha256"], name="invoice_file_once"),
            models.CheckConstraint(condition=Q(kind__in=["pdf", "ofd"]), name="invoice_file_kind_known"),
        ]
