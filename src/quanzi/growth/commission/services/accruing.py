"""Writes of the room: accrue on paid lines, release on kept ones, take back on refunds. No rule exists until staff writes one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from quanzi.base.ledger.chart import COST_COMMISSION, PAYABLE_COMMISSION
from quanzi.base.ledger.services import Leg, post
from quanzi.base.rows import Select
from quanzi.growth.commission.models import Accrual, AccrualState, CommissionRule
from quanzi.growth.commission.rules import commission_minor, to_reverse_minor
from quanzi.kernel import crash
from quanzi.people.trust.models import Tie, TieKind
from quanzi.trade.aftersales.queries import open_of_lines
from quanzi.trade.sales.models import OrderLine

# The newest of a depth comes last.
_rules_at = Select(
    CommissionRule, "WHERE (t.ends_at IS NULL OR t.ends_at > %s) AND t.starts_at <= %s ORDER BY t.depth, t.id"
)


def accrue(*, order_id: int, now: datetime) -> int:
    """Write what each paid line of an order will owe to the one who invited the buyer, if a rule says so. Twice changes nothing."""
    rules = {rule.depth: rule for rule in _rules_at([now, now])}
    return _accrue(order_id, rules, now) if rules else 0


@transaction.atomic
def _accrue(order_id: int, rules: dict[int, CommissionRule], now: datetime) -> int:
    made = 0
    for line in OrderLine.objects.filter(order_id=order_id, order__paid_at__isnull=False).exclude(
        order__origin="replay"
    ):
        for depth, beneficiary_id in _uplines(line.member_id, deepest=max(rules)).items():
            if depth in rules and beneficiary_id != line.member_id:
                made += _accrue_line(line, rules[depth], beneficiary_id=beneficiary_id, now=now)
    return made


@transaction.atomic
def make_payable(*, line_id: int, now: datetime) -> None:
    """The goods are kept and their windows have closed: the accrual becomes a debt of the shop."""
    for accrual in (
        Accrual.objects.select_for_update().select_related("line").filter(line_id=line_id, state=AccrualState.WAITING)
    ):
        line = accrual.line
        windows = [at for at in (line.claim_closes_at, line.return_closes_at) if at is not None]
        if (
            line.kept_at is None
            or line.disputed_at is not None
            or line.pk in open_of_lines([line.pk])
            or any(at > now for at in windows)
        ):
            continue
        accrual.state, accrual.payable_at = AccrualState.PAYABLE, now
        accrual.save(update_fields=["state", "payable_at"])
        crash.point("commission.payable.marked")
        owed = accrual.amount_minor - accrual.reversed_minor
        if owed:
            _post(accrual, owed, key=f"commission:{accrual.pk}", now=now)


@transaction.atomic
def reverse_for_refund(*, line_id: int, now: datetime) -> None:
    """A line was refunded, in part or whole: the accrual shrinks in the same proportion. Twice changes nothing."""
    for accrual in (
        Accrual.objects.select_for_update()
        .select_related("line")
        .filter(line_id=line_id)
        .exclude(state=AccrualState.REVERSED)
    ):
        more = to_reverse_minor(
            amount_minor=accrual.amount_minor, reversed_minor=accrual.reversed_minor,
            paid_minor=accrual.line.paid_minor, refunded_minor=accrual.line.refunded_minor,
        )  # fmt: skip
        if not more:
            continue
        if accrual.state != AccrualState.WAITING:
            _post(accrual, -more, key=f"commission:{accrual.pk}:back:{accrual.reversed_minor + more}", now=now)
        accrual.reversed_minor += more
        if accrual.reversed_minor == accrual.amount_minor:
            accrual.state = AccrualState.REVERSED
        accrual.save(update_fields=["reversed_minor", "state"])
        crash.point("commission.reverse.written")


def _uplines(member_id: int, *, deepest: int) -> dict[int, int]:
    """Who invited the buyer (1), and who invited that person (2); no further, whatever is asked."""
    found: dict[int, int] = {}
    current = member_id
    for depth in range(1, min(deepest, 2) + 1):
        inviter = (
            Tie.objects.filter(target_id=current, kind=TieKind.INVITED)
            # The fact stands in both directions; its evidence says who of the two invited.
            .filter(evidence=Concat(Value("invited_by:"), Cast("source_id", CharField())))
            .order_by("made_at", "pk")
            .values_list("source_id", flat=True)
            .first()
        )
        if inviter is None or inviter == member_id:
            break
        found[depth] = current = inviter
    return found


def _accrue_line(line: OrderLine, rule: CommissionRule, *, beneficiary_id: int, now: datetime) -> int:
    amount = commission_minor(paid_minor=line.paid_minor, rate_bp=rule.rate_bp)
    _, is_new = Accrual.objects.get_or_create(
        line=line, depth=rule.depth,
        defaults={"beneficiary_id": beneficiary_id, "buyer_id": line.member_id, "rule": rule, "amount_minor": amount, "created_at": now},
    )  # fmt: skip
    crash.point("commission.accrue.written")
    if is_new and line.refunded_minor:  # a refund was faster than this reaction
        reverse_for_refund(line_id=line.pk, now=now)
    return int(is_new)


def _post(accrual: Accrual, minor: int, *, key: str, now: datetime) -> None:
    post(
        key=key, kind="commission", ref=f"order_line:{accrual.line_id}", memo="", actor="system", now=now,
        entries=[Leg(COST_COMMISSION, minor), Leg(PAYABLE_COMMISSION, -minor)],
    )  # fmt: skip
