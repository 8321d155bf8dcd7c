"""Reading payments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Sum

from quanzi.base.rows import Select
from quanzi.kernel.clock import midnight
from quanzi.kernel.money import Money
from quanzi.trade.payments import providers, rules
from quanzi.trade.payments.models import Notification, Payment, Refund
from quanzi.trade.payments.states import Decision, PaymentState, RefundState

BATCH = 100

_own = Select(Payment, "WHERE t.number = %s AND t.member_id = %s")


def of_payable(kind: str, payable_id: int) -> list[Payment]:
    """Every attempt to pay for a thing, oldest first."""
    return list(Payment.objects.filter(payable_kind=kind, payable_id=payable_id).order_by("pk"))


def captured_of(kind: str, payable_id: int) -> Payment | None:
    """The one payment that paid for a thing, if any."""
    return Payment.objects.filter(
        payable_kind=kind, payable_id=payable_id, state=PaymentState.CAPTURED, surplus=False
    ).first()


def by_number(number: str, *, member_id: int) -> Payment | None:
    """A member's own payment; None also when it is somebody else's."""
    return _own.first([number, member_id])


def refunds_of(payment_id: int) -> list[Refund]:
    return list(Refund.objects.filter(payment_id=payment_id).order_by("pk"))


def stale_notifications(*, before: datetime) -> list[int]:
    rows = Notification.objects.filter(decision=Decision.PENDING, received_at__lt=before).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def due_to_ask(*, since: datetime, now: datetime) -> list[int]:
    """Online payments that wait, and came to one of the moments of rules.ASK_AFTER, or to their expiry, in (since, now]."""
    moments = Q(expires_at__gt=since, expires_at__lte=now)
    for step in rules.ASK_AFTER:
        moments |= Q(created_at__gt=since - step, created_at__lte=now - step)
    online = [name for name in providers.names() if providers.get(name).is_online]
    rows = Payment.objects.filter(moments, state=PaymentState.CREATED, provider__in=online)
    return list(rows.order_by("expires_at").values_list("pk", flat=True))


def stale_payments(*, before: datetime) -> list[int]:
    """Online payments that still wait although their time is over since `before`."""
    online = [name for name in providers.names() if providers.get(name).is_online]
    rows = Payment.objects.filter(state=PaymentState.CREATED, expires_at__lt=before, provider__in=online)
    return list(rows.order_by("expires_at").values_list("pk", flat=True)[:BATCH])


def stale_refunds(*, before: datetime) -> list[int]:
    rows = Refund.objects.filter(state__in=[RefundState.REQUESTED, RefundState.UNKNOWN], requested_at__lt=before)
    return list(rows.order_by("requested_at").values_list("pk", flat=True)[:BATCH])


@dataclass(frozen=True)
class Attention:
    """What a person of finance should look at."""

    open_cases: int
    failed_refunds: int
    waiting_refunds: int


def attention() -> Attention:
    refunds = Refund.objects.aggregate(
        failed=Count("pk", filter=Q(state=RefundState.FAILED, again=None)),
        waiting=Count("pk", filter=Q(state__in=[RefundState.REQUESTED, RefundState.UNKNOWN])),
    )
    cases = Notification.objects.filter(decision=Decision.CASE, resolved_at=None).count()
    return Attention(cases, refunds["failed"], refunds["waiting"])


@dataclass(frozen=True)
class DayTotals:
    """What one provider took and gave back on one day of the site's zone."""

    provider: str
    captured: Money
    captures: int
    refunded: Money
    refunds: int


def day_totals(day: date) -> list[DayTotals]:
    """Totals of a day by provider; refunds count on the day they were confirmed."""
    start = midnight(day)
    span = (start, start + timedelta(days=1))
    captured = {
        row["provider"]: row
        for row in Payment.objects.filter(captured_at__gte=span[0], captured_at__lt=span[1])
        .values("provider")
        .annotate(total=Sum("amount_minor"), rows=Count("pk"))
    }
    refunded = {
        row["payment__provider"]: row
        for row in Refund.objects.filter(done_at__gte=span[0], done_at__lt=span[1])
        .values("payment__provider")
        .annotate(total=Sum("amount_minor"), rows=Count("pk"))
    }
    nothing = {"total": 0, "rows": 0}
    return [
        DayTotals(name, Money(into["total"]), into["rows"], Money(out["total"]), out["rows"])
        for name in sorted(captured.keys() | refunded.keys())
        for into, out in [(captured.get(name, nothing), refunded.get(name, nothing))]
    ]


@dataclass(frozen=True)
class Difference:
    """A line where the provider's bill and our records disagree. ours or theirs is None when that side lacks it."""

    kind: str
    number: str
    ours: Money | None
    theirs: Money | None


def bill_differences(*, provider: str, day: date) -> list[Difference]:
    """Compare a day of the provider, line by line, with ours. Asks the provider over the network."""
    theirs = {(line.kind, line.refund_number or line.provider_ref): line for line in providers.get(provider).bill(day)}
    start = midnight(day)
    # A minute to midnight may be another day there, so our side is read a little wider and matched by reference.
    wide = (start - timedelta(hours=1), start + timedelta(hours=25))
    exact = (start, start + timedelta(days=1))
    ours: dict[tuple[str, str], tuple[int, datetime | None]] = {}
    payments = Payment.objects.filter(provider=provider, captured_at__gte=wide[0], captured_at__lt=wide[1])
    for reference, minor, at in payments.values_list("provider_ref", "amount_minor", "captured_at"):
        ours["capture", reference or ""] = (minor, at)
    refunds = Refund.objects.filter(payment__provider=provider, done_at__gte=wide[0], done_at__lt=wide[1])
    for number, minor, at in refunds.values_list("number", "amount_minor", "done_at"):
        ours["refund", number] = (minor, at)
    found = []
    for (kind, number), line in theirs.items():
        mine = ours.pop((kind, number), None)
        if mine is None or mine[0] != line.amount.minor:
            found.append(Difference(kind, number, None if mine is None else Money(mine[0]), line.amount))
    found += [
        Difference(kind, number, Money(minor), None)
        for (kind, number), (minor, at) in ours.items()
        if at is not None and exact[0] <= at < exact[1]
    ]
    return found
