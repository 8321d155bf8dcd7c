"""Commission hangs on goods that were paid for and kept; the database refuses everything else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from quanzi.base.events.services import deliver_pending
from quanzi.growth.commission.models import Accrual, AccrualState, CommissionRule
from quanzi.growth.commission.rules import commission_minor, to_reverse_minor
from quanzi.growth.commission.services import accrue, create_rule, make_payable
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.trust.services import invited
from quanzi.trade.sales.models import Order
from quanzi.trade.sales.services import close_windows, refund_line, say_kept
from tests.factories.people import make_member, make_staff
from tests.factories.trade import make_order, make_paid_order, make_received_order


@pytest.mark.django_db
class TestAccruing:
    def family(self) -> tuple[Member, Member, Member]:
        """A invited B, who invited C."""
        a, b, c = make_member(), make_member(), make_member()
        invited(inviter_id=a.pk, newcomer_id=b.pk, now=clock.now())
        invited(inviter_id=b.pk, newcomer_id=c.pk, now=clock.now())
        return a, b, c

    def rule(self, depth: int = 1, rate_bp: int = 1000) -> CommissionRule:
        return create_rule(
            name="邀请",
            rate_bp=rate_bp,
            depth=depth,
            starts_at=clock.now(),
            actor=make_staff("owner"),
            signs=depth > 1,
            now=clock.now(),
        )

    def test_by_default_nobody_earns(self) -> None:
        _, _, c = self.family()
        make_paid_order(member=c)
        deliver_pending(now=clock.now())
        assert not Accrual.objects.exists()

    def test_the_direct_inviter_earns_on_what_was_paid_once(self) -> None:
        _, b, c = self.family()
        self.rule()
        order = make_paid_order(member=c)
        deliver_pending(now=clock.now())
        accrue(order_id=order.pk, now=clock.now())
        accrual = Accrual.objects.get()
        assert (accrual.beneficiary, accrual.depth, accrual.state) == (b, 1, AccrualState.WAITING)
        assert accrual.amount_minor == order.lines.get().paid_minor // 10

    def test_a_guest_earns_nothing_from_the_one_who_invited_them(self) -> None:
        a, _, _ = self.family()
        self.rule()
        self.rule(depth=2, rate_bp=200)
        make_paid_order(member=a)
        deliver_pending(now=clock.now())
        assert not Accrual.objects.exists()

    def test_a_second_level_needs_a_signature_and_there_is_no_third(self) -> None:
        a, b, c = self.family()
        self.rule()
        self.rule(depth=2, rate_bp=200)
        d = make_member()
        invited(inviter_id=c.pk, newcomer_id=d.pk, now=clock.now())
        make_paid_order(member=d)
        deliver_pending(now=clock.now())
        assert {(row.beneficiary_id, row.depth) for row in Accrual.objects.all()} == {(c.pk, 1), (b.pk, 2)}
        for depth, signer in [(2, None), (3, a), (0, a)]:
            with pytest.raises(IntegrityError), transaction.atomic():
                CommissionRule.objects.create(
                    name="x",
                    depth=depth,
                    rate_bp=1,
                    starts_at=clock.now(),
                    signed_by=signer,
                    signed_at=clock.now() if signer else None,
                )

    def test_it_becomes_payable_when_kept_and_the_windows_have_closed(self) -> None:
        _, _, c = self.family()
        self.rule()
        order = make_received_order(member=c)
        line, now = order.lines.get(), clock.now()
        say_kept(line_id=line.pk, member=c, now=now)
        deliver_pending(now=now)
        assert Accrual.objects.get().state == AccrualState.WAITING
        later = now + timedelta(days=40)
        close_windows(now=later)
        make_payable(line_id=line.pk, now=later)
        assert Accrual.objects.get().state == AccrualState.PAYABLE

    def test_a_refund_takes_back_the_same_share(self) -> None:
        _, _, c = self.family()
        self.rule()
        order = make_received_order(member=c)
        line = order.lines.get()
        deliver_pending(now=clock.now())
        refund_line(
            line_id=line.pk,
            amount_minor=line.paid_minor // 2,
            reason="坏了一半",
            actor="test",
            idempotency_key="half",
            now=clock.now(),
        )
        deliver_pending(now=clock.now())
        accrual = Accrual.objects.get()
        assert (
            accrual.amount_minor - accrual.reversed_minor
            == accrual.amount_minor * (line.paid_minor - line.paid_minor // 2) // line.paid_minor
        )

    @pytest.mark.parametrize("lie", ["unpaid order", "buyer earns", "other buyer", "too much", "early payable"])
    def test_the_database_refuses_what_no_rule_allows(self, lie: str) -> None:
        _, b, c = self.family()
        rule = self.rule()
        order: Order = make_order(member=c) if lie == "unpaid order" else make_paid_order(member=c)
        line = order.lines.get()
        row = {
            "beneficiary": c.pk if lie == "buyer earns" else b.pk,
            "buyer": b.pk if lie == "other buyer" else c.pk,
            "amount": line.paid_minor if lie == "too much" else 1,
            "state": "payable" if lie == "early payable" else "waiting",
        }
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO commission_accrual"
                " (line_id, beneficiary_id, buyer_id, rule_id, depth, amount_minor, reversed_minor, state, created_at, payable_at)"
                " VALUES (%s, %s, %s, %s, 1, %s, 0, %s, now(), now())",
                [line.pk, row["beneficiary"], row["buyer"], rule.pk, row["amount"], row["state"]],
            )


@given(st.integers(0, 10**9), st.integers(0, 3000))
def test_commission_never_exceeds_its_rate(paid: int, rate: int) -> None:
    assert 0 <= commission_minor(paid_minor=paid, rate_bp=rate) * 10_000 <= paid * rate


@given(st.integers(1, 10**6), st.integers(0, 10**5), st.lists(st.integers(0, 10**6), max_size=6))
def test_refunds_in_any_steps_leave_the_same_as_one(paid: int, amount: int, steps: list[int]) -> None:
    refunded = reversed_ = 0
    for step in steps:
        refunded = min(paid, refunded + step)
        reversed_ += to_reverse_minor(
            amount_minor=amount, reversed_minor=reversed_, paid_minor=paid, refunded_minor=refunded
        )
    assert amount - reversed_ == amount * (paid - refunded) // paid
