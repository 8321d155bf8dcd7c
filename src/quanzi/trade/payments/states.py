"""The lives of a payment and of a refund; the database repeats both tables in triggers (migration 0002)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanzi.kernel.states import StateTable


class PaymentState(models.TextChoices):
    CREATED = "created", _("Waiting for payment")
    CAPTURED = "captured", _("Paid")
    CLOSED = "closed", _("Closed")
    FAILED = "failed", _("Failed")


class RefundState(models.TextChoices):
    REQUESTED = "requested", _("Being sent")
    UNKNOWN = "unknown", _("Being checked")
    DONE = "done", _("Refunded")
    FAILED = "failed", _("Refused by the provider")


class Decision(models.TextChoices):
    """What a stored notification led to."""

    PENDING = "pending", _("Waiting")
    APPLIED = "applied", _("Applied")  # it changed the payment or refund
    REPEATED = "repeated", _("Known already")  # it said what we knew
    SURPLUS = "surplus", _("Refunded, not wanted")  # money nobody waits for: sent back in full
    CASE = "case", _("For a person to decide")  # rightly signed, but not what we asked for
    IGNORED = "ignored", _("Moves no money")


PAYMENT_MOVES = StateTable[str](
    {
        PaymentState.CREATED: frozenset({PaymentState.CAPTURED, PaymentState.CLOSED, PaymentState.FAILED}),
        # Money can arrive after we gave up: it is taken into the books as surplus and sent back.
        PaymentState.CLOSED: frozenset({PaymentState.CAPTURED}),
        PaymentState.FAILED: frozenset({PaymentState.CAPTURED}),
        PaymentState.CAPTURED: frozenset(),
    }
)

REFUND_MOVES = StateTable[str](
    {
        RefundState.REQUESTED: frozenset({RefundState.DONE, RefundState.FAILED, RefundState.UNKNOWN}),
        RefundState.UNKNOWN: frozenset({RefundState.DONE, RefundState.FAILED}),
        RefundState.DONE: frozenset(),
        RefundState.FAILED: frozenset(),
    }
)
