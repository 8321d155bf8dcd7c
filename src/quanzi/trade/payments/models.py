from django.conf import settings
from django.db import models
from django.db.models import F, Q

from quanzi.trade.payments.states import Decision, PaymentState, RefundState

LARGEST_MINOR = 10**15


class Payment(models.Model):
    """One attempt to collect `amount_minor` for a payable (an order, a ticket, ...), known only by kind and id."""

    number = models.CharField(max_length=32, unique=True)  # the provider's out_trade_no
    payable_kind = models.CharField(max_length=40)
    payable_id = models.BigIntegerField()
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120, default="")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    provider = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=PaymentState.choices, default=PaymentState.CREATED)
    provider_ref = models.CharField(max_length=64, null=True)
    surplus = models.BooleanField(default=False)  # captured, but not wanted: refunded in full
    refunded_minor = models.BigIntegerField(default=0)  # kept by a trigger from the live refunds
    idempotency_key = models.CharField(max_length=255, unique=True)
    pay_url = models.CharField(max_length=500, default="")
    return_url = models.CharField(max_length=500, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["payable_kind", "payable_id"], name="payment_payable"),
            models.Index(fields=["expires_at"], name="payment_open", condition=Q(state="created")),
            models.Index(fields=["-captured_at", "-id"], name="payment_captured_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["payable_kind", "payable_id"],
                condition=Q(state="captured", surplus=False),
                name="payment_one_captured_per_payable",
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_ref"], condition=Q(provider_ref__isnull=False), name="payment_one_ref"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, amount_minor__lt=LARGEST_MINOR), name="payment_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
                name="payment_refunded_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor=0) | Q(state="captured"), name="payment_refunded_only_when_captured"
            ),
            models.CheckConstraint(
                condition=Q(state="captured", captured_at__isnull=False, provider_ref__isnull=False)
                | (~Q(state="captured") & Q(captured_at__isnull=True, surplus=False)),
                name="payment_captured_has_proof",
            ),
            models.CheckConstraint(condition=Q(state__in=PaymentState.values), name="payment_state_known"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def refundable_minor(self) -> int:
        return self.amount_minor - self.refunded_minor if self.state == PaymentState.CAPTURED else 0


class PaymentMove(models.Model):
    """Each change of state, written by the database itself."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="moves")
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Refund(models.Model):
    """Money on its way back. In the books from the moment it is requested; a failed one is reversed there."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    number = models.CharField(max_length=32, unique=True)  # the provider's out_refund_no, the same on each retry
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=RefundState.choices, default=RefundState.REQUESTED)
    debit_account = models.CharField(max_length=60)
    ledger_key = models.CharField(max_length=80, unique=True)
    idempotency_key = models.CharField(max_length=255, unique=True)
    requested_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    provider_ref = models.CharField(max_length=64, default="")
    """Of the provider. Where a person pays by hand it is empty until they have, then what they wrote down."""
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, default="")
    again_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="again")

    class Meta:
        indexes = [
            models.Index(fields=["requested_at"], name="refund_open", condition=Q(state__in=["requested", "unknown"])),
            models.Index(fields=["requested_at"], name="refund_by_hand", condition=Q(state="done", provider_ref="")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=RefundState.values), name="refund_state_known"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True)),
                name="refund_done_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Notification(models.Model):
    """A verified message of a provider, kept as it came. Forged ones are answered 401 and never stored."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    raw = models.BinaryField()
    headers = models.JSONField()
    received_at = models.DateTimeField()
    verdict = models.CharField(max_length=40)  # "verified", or the first check of its content that failed
    event_type = models.CharField(max_length=40)
    content = models.JSONField()  # the decrypted resource
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.PENDING)
    applied_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["received_at"], name="notification_open", condition=Q(decision__in=["pending", "case"])
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="notification_once"),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="notification_decision_known"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"
