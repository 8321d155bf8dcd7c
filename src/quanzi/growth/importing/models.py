"""Records from elsewhere, replayed through the shop's own services; each run remembers how far it came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ImportRun(models.Model):
    """One import of one folder. `done` counts records finished, so that a broken run goes on where it stopped."""

    kind = models.CharField(max_length=20)
    folder_name = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64, help_text="sha256 over names and sizes of the files")
    total = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    report = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "fingerprint"], name="import_run_once")]


class ImportedMember(models.Model):
    """Which of our members stands for a person of the imported log."""

    kind = models.CharField(max_length=20)
    outside_id = models.CharField(max_length=60)
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "outside_id"], name="imported_member_once")]


class ImportedProduct(models.Model):
    kind = models.CharField(max_length=20)
    outside_id = models.CharField(max_length=60)
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "outside_id"], name="imported_product_once")]
