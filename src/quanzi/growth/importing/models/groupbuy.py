"""Records from elsewhere, replayed through the shop's own services; each run remembers how far it came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ImportRun(models.Model):
    """One import of one folder, however often it was interrupted. `done` of `total` records are finished.

    `report` is written at the end; until then it holds the sessions of the run (when, how many records, how long).
    """

    kind = models.CharField(max_length=20)
    folder_name = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64, help_text="sha256 over names and contents of the files")
    total = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    report = models.JSONField(default=dict)
    source = models.ForeignKey("sources.Source", null=True, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey("sales.PickupPoint", null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "fingerprint"], name="import_run_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.folder_name}: {self.done} of {self.total}"


class ImportedRecord(models.Model):
    """A finished record, written in the transaction that replays it. `team` is empty for a broken one.

    The number counts from 0 in the order of replay; the unique pair makes each record happen once.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="records", db_index=False)
    number = models.BigIntegerField()
    team = models.OneToOneField("deals.Team", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "number"], name="imported_record_once")]


class ImportedMember(models.Model):
    """Which of our members stands for a person of the imported log. Such a member has no contact and no login."""

    kind = models.CharField(max_length=20)
    outside_id = models.CharField(max_length=60)
    member = models.ForeignKey("accounts.Member", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "outside_id"], name="imported_member_once")]


class ImportedProduct(models.Model):
    """Which of our products stands for a thing of the imported log."""

    kind = models.CharField(max_length=20)
    outside_id = models.CharField(max_length=60)
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "outside_id"], name="imported_product_once")]
