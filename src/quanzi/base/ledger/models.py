"""Tables of the books. Their guards are triggers and stand in the migration that follows the tables."""

from django.db import models
from django.db.models import Q

from quanzi.base.ledger import chart

KINDS = [chart.ASSET, chart.LIABILITY, chart.INCOME, chart.EXPENSE, chart.EQUITY]


class Account(models.Model):
    """A named pot of one currency; its kind decides which side is its natural one."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=100, unique=True)
    currency = models.CharField(max_length=3, default="CNY")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    may_go_negative = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="ledger_account_kind"),
            models.CheckConstraint(condition=~Q(code=""), name="ledger_account_code"),
        ]

    def __str__(self) -> str:
        return self.code


class Transaction(models.Model):
    """One booking: at least two entries that cancel out. Written once, never changed, only reversed."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    memo = models.TextField(blank=True, default="")
    ref = models.CharField(max_length=100, blank=True, default="")
    reverses = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
    )
    occurred_at = models.DateTimeField()
    posted_at = models.DateTimeField()
    actor = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="ledger_transaction_key")]
        indexes = [
            models.Index(fields=["ref"], name="ledger_transaction_ref"),
            models.Index(fields=["kind", "id"], name="ledger_transaction_kind"),
            models.Index(fields=["occurred_at"], name="ledger_transaction_occurred"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Entry(models.Model):
    """One line of a booking: debit above zero, credit below."""

    id = models.BigAutoField(primary_key=True)
    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_entry_not_zero"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=-(10**15)) & Q(amount_minor__lt=10**15),
                name="ledger_entry_range",
            ),
        ]
        indexes = [models.Index(fields=["account", "id"], name="ledger_entry_account")]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class Balance(models.Model):
    """The sum of an account's entries, kept by the trigger that seals a transaction (debit above zero)."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="balance")
    balance_minor = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.balance_minor)


class Link(models.Model):
    """A transaction's place in the hash chain, written by the database when the transaction commits."""

    transaction = models.OneToOneField(Transaction, on_delete=models.PROTECT, primary_key=True, related_name="link")
    seq = models.BigIntegerField(unique=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq}: {self.hash[:12]}"
