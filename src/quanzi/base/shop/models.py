"""The shop's one row of data about itself, the texts of its rules, and the key that opens an empty shop."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

NOTICE = timedelta(days=7)
"""A changed rule is shown this long before it holds (E-commerce Law of China, article 34)."""


class Accent(models.TextChoices):
    """Colours of buttons and marks. Their values, with measured contrast, stand in ui/accents.css."""

    PERSIMMON = "persimmon", _("Persimmon")
    ROUGE = "rouge", _("Rouge")
    PLUM = "plum", _("Plum")
    INDIGO = "indigo", _("Indigo")
    LAKE = "lake", _("Lake blue")
    TEA = "tea", _("Tea brown")


class Registration(models.TextChoices):
    """Article 10 and 15: a merchant shows the licence, or the reason why the law asks for none."""

    UNSAID = "", _("Not said yet")
    REGISTERED = "registered", _("Registered with the market authority")
    OWN_HARVEST = "own_harvest", _("No registration needed: sells farm produce of their own")
    HANDICRAFT = "handicraft", _("No registration needed: handicraft made at home")
    SERVICES = "services", _("No registration needed: small services that need no licence")
    SMALL = "small", _("No registration needed: now and then, of small value")


class Taxpayer(models.TextChoices):
    UNSAID = "", _("Not said yet")
    SMALL = "small", _("Small-scale VAT payer")
    GENERAL = "general", _("General VAT payer")
    PERSON = "person", _("Private person")


class Shop(models.Model):
    """One row, number 1. What readers see everywhere is mirrored for all processes (identity.py); `version` counts its changes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.PositiveBigIntegerField(default=0)
    name = models.CharField(max_length=40, blank=True)
    about = models.TextField(max_length=2000, blank=True)
    logo = models.ForeignKey("media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    accent = models.CharField(max_length=12, choices=Accent.choices, default=Accent.PERSIMMON)
    language = models.CharField(max_length=10, default="zh-hans")
    phone = models.CharField(max_length=30, blank=True)
    email = models.CharField(max_length=254, blank=True)
    hours = models.CharField(max_length=60, blank=True)
    freight_minor = models.BigIntegerField(null=True, blank=True)
    freight_free_from_minor = models.BigIntegerField(null=True, blank=True)
    takes_simulated = models.BooleanField(default=True)
    registration = models.CharField(max_length=12, choices=Registration.choices, blank=True)
    legal_name = models.CharField(max_length=100, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    licence = models.ForeignKey("media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    permits = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=200, blank=True)
    taxpayer = models.CharField(max_length=8, choices=Taxpayer.choices, blank=True)
    invoices = models.CharField(max_length=200, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="shop_is_one"),
            models.CheckConstraint(
                condition=(Q(freight_minor__isnull=True) | Q(freight_minor__gte=0))
                & (Q(freight_free_from_minor__isnull=True) | Q(freight_free_from_minor__gte=0)),
                name="shop_freight_not_negative",
            ),
        ]


class TextKind(models.TextChoices):
    TERMS = "terms", _("Terms of use")
    PRIVACY = "privacy", _("Privacy")
    RETURNS = "returns", _("Returns and refunds")


class RuleText(models.Model):
    """One version of one text. Append-only; the first holds at once, each later one seven days after it was shown or later."""

    kind = models.CharField(max_length=8, choices=TextKind.choices)
    version = models.PositiveIntegerField()
    body = models.TextField()
    body_en = models.TextField(blank=True)
    published_at = models.DateTimeField()
    effective_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "version"], name="shop_text_version_once"),
            models.CheckConstraint(
                condition=Q(effective_at__gte=F("published_at") + NOTICE)
                | Q(version=1, effective_at__gte=F("published_at")),
                name="shop_text_is_shown_first",
            ),
        ]


class OpeningKey(models.Model):
    """Lets one person become the first owner of a shop that has none. Only the key's hash is kept."""

    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
