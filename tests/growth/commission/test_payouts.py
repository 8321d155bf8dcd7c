"""Commission leaves once, for exactly what is payable, to an account that stood for a day, above a limit by two people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base import doctor
from quanzi.base.audit.models import AuditEntry
from quanzi.base.events.services import deliver_pending
from quanzi.base.ledger.queries import balance, settle_deferred
from quanzi.growth.commission import errors
from quanzi.growth.commission.models import Accrual, AccrualState, Payout, PayoutAccount, PayoutLine, PayoutState
from quanzi.growth.commission.queries import due_to, earnings_of, number_of, people_due, standing_of, statement
from quanzi.growth.commission.services import fail_payout, make_payout, mark_done, mark_sent, set_account
from quanzi.growth.commission.states import PAYOUT_MOVES
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, IllegalMove, NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.errors import SamePerson
from quanzi.people.contact.models import Notice
from quanzi.trade.sales.services import refund_line
from tests.factories.commission import make_account, make_leader, make_payable_line
from tests.factories.people import make_staff

pytestmark = pytest.mark.django_db


def settle(leader: Member, staff: Member | None = None, key: str = "k") -> Payout:
    return make_payout(member_id=leader.pk, staff=staff or make_staff("finance"), idempotency_key=key, now=clock.now())


def send(payout: Payout, staff: Member | None = None) -> Payout:
    return mark_sent(payout_id=payout.pk, reference="ICBC 0042", staff=staff or make_staff("finance"), now=clock.now())


def give_back(accrual: Accrual, part: float = 1.0) -> None:
    line = accrual.line
    line.refresh_from_db()
    refund_line(
        line_id=line.pk, amount_minor=int(line.paid_minor * part), reason="spoilt", actor="system",
        idempotency_key=f"back-{accrual.pk}-{line.refunded_minor}", now=clock.now(),
    )  # fmt: skip
    deliver_pending(now=clock.now())


def sound() -> None:
    settle_deferred()
    assert [
        (one.id, one.sample, one.error) for one in doctor.run(only=["C2", "C3", "L1", "L2"]) if one.violations
    ] == []


def test_everything_payable_becomes_one_statement_and_leaves_the_books_once() -> None:
    leader, finance = make_leader(), make_staff("finance")
    one, two = make_payable_line(leader), make_payable_line(leader, price_minor=5_000)
    payout = settle(leader, finance)
    assert (payout.state, payout.amount_minor) == (PayoutState.APPROVED, 1_500)
    assert [(row.accrual_id, row.minor) for row in statement(payout.pk)] == [(one.pk, 1_000), (two.pk, 500)]
    send(payout, finance)
    send(payout, finance)  # the same reference again
    settle_deferred()
    assert (balance("payable.commission").minor, balance("cash.bank").minor) == (0, -1_500)
    assert set(Accrual.objects.values_list("state", flat=True)) == {AccrualState.PAID}
    assert mark_done(payout_id=payout.pk, staff=finance, now=clock.now()).state == PayoutState.DONE
    assert standing_of(leader.pk).paid_minor == 1_500
    assert {row.payout_id for row in earnings_of(leader.pk)} == {payout.pk}
    trail = AuditEntry.objects.filter(target=f"payout:{payout.pk}").order_by("pk").values_list("action", flat=True)
    assert list(trail) == ["payout.made", "payout.sent", "payout.done"]
    assert Notice.objects.filter(member=leader, kind="payout_sent").count() == 1
    sound()


def test_the_same_key_finds_the_first_payout_and_a_second_one_has_nothing_to_pay() -> None:
    leader, finance = make_leader(), make_staff("finance")
    make_payable_line(leader)
    payout = settle(leader, finance)
    assert settle(leader, finance).pk == payout.pk
    with pytest.raises(errors.PayoutOpen):
        settle(leader, finance, key="other")
    send(payout, finance)
    with pytest.raises(errors.NothingToPay):
        settle(leader, finance, key="third")


def test_only_those_who_keep_the_books_pay_and_nobody_pays_themselves() -> None:
    leader = make_leader()
    make_payable_line(leader)
    for role in ("operator", "support", "fulfilment", "moderator"):
        with pytest.raises(NotAllowed):
            settle(leader, make_staff(role))
    owner = make_staff("owner")
    make_account(owner)
    make_payable_line(owner)
    with pytest.raises(NotAllowed):
        settle(owner, owner)


def test_what_waits_is_not_paid() -> None:
    leader = make_leader()
    accrual = make_payable_line(leader)
    Accrual.objects.filter(pk=accrual.pk).update(state=AccrualState.WAITING, payable_at=None)
    with pytest.raises(errors.NothingToPay):
        settle(leader)


class TestGoodsThatGoBack:
    def test_before_the_payout_less_is_paid(self) -> None:
        leader = make_leader()
        give_back(make_payable_line(leader), 0.5)
        assert settle(leader).amount_minor == 500
        sound()

    def test_between_making_and_sending_it_is_made_again(self) -> None:
        leader = make_leader()
        accrual = make_payable_line(leader)
        payout = settle(leader)
        give_back(accrual, 0.5)
        with pytest.raises(errors.StatementChanged):
            send(payout)
        fail_payout(payout_id=payout.pk, reason="made again", staff=make_staff("finance"), now=clock.now())
        again = send(settle(leader))
        assert again.amount_minor == 500
        sound()

    def test_after_it_was_paid_the_next_payout_is_smaller_and_none_is_below_zero(self) -> None:
        leader = make_leader()
        accrual = make_payable_line(leader)
        send(settle(leader))
        give_back(accrual)
        assert [one.minor for one in due_to(leader.pk)] == [-1_000]
        assert standing_of(leader.pk).due_minor == people_due()[0].minor == -1_000
        with pytest.raises(errors.NothingToPay):
            settle(leader)
        make_payable_line(leader, price_minor=25_000)
        payout = send(settle(leader, key="next"))
        assert payout.amount_minor == 1_500
        assert sorted(payout.lines.values_list("kind", "amount_minor")) == [("back", -1_000), ("earned", 2_500)]
        assert due_to(leader.pk) == []
        sound()


def test_a_transfer_that_comes_back_frees_its_lines_for_another() -> None:
    leader, finance = make_leader(), make_staff("finance")
    make_payable_line(leader)
    first = send(settle(leader, finance), finance)
    fail_payout(payout_id=first.pk, reason="account closed", staff=finance, now=clock.now())
    fail_payout(payout_id=first.pk, reason="account closed", staff=finance, now=clock.now())
    settle_deferred()
    assert (balance("payable.commission").minor, balance("cash.bank").minor) == (1_000, 0)
    again = send(settle(leader, finance, key="again"), finance)
    assert again.amount_minor == 1_000
    with pytest.raises(IllegalMove):
        mark_done(payout_id=first.pk, staff=finance, now=clock.now())
    sound()


class TestTheAccount:
    def test_it_is_sealed_and_told(self) -> None:
        leader = make_leader()
        found = PayoutAccount.objects.get(member=leader)
        assert "1234" not in found.sealed
        assert (found.tail, number_of(found)) == ("1234", "6222000000001234")
        assert Notice.objects.filter(member=leader, kind="payout_account").count() == 1
        assert "6222" not in str(
            list(AuditEntry.objects.filter(action="payout.account").values_list("after", flat=True))
        )

    def test_money_does_not_follow_a_change_for_a_day(self) -> None:
        leader = make_leader()
        make_payable_line(leader)
        make_account(leader, age=timedelta(hours=1), number="9999888877776666")
        with pytest.raises(errors.AccountTooNew):
            send(settle(leader))

    def test_a_payout_to_an_account_that_was_replaced_is_made_again(self) -> None:
        leader = make_leader()
        make_payable_line(leader)
        payout = settle(leader)
        make_account(leader, number="9999888877776666")
        with pytest.raises(errors.AccountChanged):
            send(payout)

    def test_the_same_account_again_is_no_change(self) -> None:
        leader = make_leader()
        make_account(leader, age=timedelta(0))
        assert PayoutAccount.objects.filter(member=leader).count() == 1

    def test_everything_wrong_is_said_at_once(self) -> None:
        with pytest.raises(Errors) as refused:
            set_account(member=make_leader(), method="cash", holder=" ", number="1", now=clock.now())
        assert set(refused.value.fields) == {"method", "holder", "number"}

    def test_without_one_nothing_is_made(self) -> None:
        leader = make_leader(has_account=False)
        make_payable_line(leader)
        with pytest.raises(errors.NoPayoutAccount):
            settle(leader)


class TestASecondPerson:
    def big(self) -> tuple[Payout, Member]:
        leader, finance = make_leader(), make_staff("finance")
        make_payable_line(leader, price_minor=2_100_000)
        return settle(leader, finance), finance

    def test_above_the_limit_it_waits_and_whoever_made_it_cannot_approve(self) -> None:
        payout, finance = self.big()
        assert (payout.state, payout.needs_second) == (PayoutState.ASKED, True)
        with pytest.raises(IllegalMove):
            send(payout)
        assert payout.approval is not None
        with pytest.raises(SamePerson):
            approvals.approve(approval_id=payout.approval.pk, by=finance, now=clock.now())

    def test_somebody_else_approves_and_then_it_may_be_sent(self) -> None:
        payout, _ = self.big()
        owner = make_staff("owner")
        assert payout.approval is not None
        done = approvals.approve(approval_id=payout.approval.pk, by=owner, now=clock.now())
        assert done.outcome == f"payout:{payout.pk}"
        payout.refresh_from_db()
        assert (payout.state, payout.approved_by) == (PayoutState.APPROVED, owner)
        send(payout)
        sound()

    def test_owners_set_the_limit(self) -> None:
        approvals.set_limit(name=limits.PAYOUT, amount_minor=500, by=make_staff("owner"), now=clock.now())
        leader = make_leader()
        make_payable_line(leader)
        assert settle(leader).needs_second

    @pytest.mark.parametrize("who", ["the same person", "nobody asked"])
    def test_the_database_refuses_one_person_however_the_row_is_written(self, who: str) -> None:
        payout, finance = self.big()
        other = finance if who == "the same person" else make_staff("owner")
        with pytest.raises(IntegrityError), transaction.atomic():
            Payout.objects.filter(pk=payout.pk).update(state="approved", approved_by=other, approved_at=clock.now())
            settle_deferred()


def made() -> Payout:
    leader = make_leader()
    make_payable_line(leader)
    return settle(leader)


RAW = {
    "a payout is never removed": "DELETE FROM commission_payout",
    "its amount is not edited": "UPDATE commission_payout SET amount_minor = amount_minor + 1",
    "a line is not edited": "UPDATE commission_payoutline SET amount_minor = amount_minor - 1",
    "a line is not removed": "DELETE FROM commission_payoutline",
    "a line does not die alone": "UPDATE commission_payoutline SET is_live = false",
    "no step is left out": "UPDATE commission_payout SET state = 'done', reference = 'x', sent_at = now()",
    "sent needs a reference": "UPDATE commission_payout SET state = 'sent', sent_at = now()",
    "a young account gets nothing": (
        "UPDATE commission_payout SET state = 'sent', reference = 'x', sent_at = made_at - interval '25 hours'"
    ),
    "an accrual is not paid by hand": "UPDATE commission_accrual SET state = 'paid'",
    "an account is not edited": "UPDATE commission_payoutaccount SET tail = '0000'",
}  # fmt: skip


@pytest.mark.parametrize("lie", RAW)
def test_raw_sql_is_refused(lie: str) -> None:
    made()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RAW[lie])
        settle_deferred()


def test_raw_sql_cannot_put_an_accrual_into_a_second_live_payout() -> None:
    payout = send(made())
    line = payout.lines.get()
    fields: dict[str, Any] = {
        "beneficiary": payout.beneficiary, "account": payout.account, "amount_minor": line.amount_minor, "key": "twice",
        "needs_second": False, "made_by": payout.made_by, "made_at": clock.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="payout_line_earned_once"), transaction.atomic():
        twice = Payout.objects.create(**fields)
        PayoutLine.objects.create(
            payout=twice, accrual=line.accrual, kind="earned", amount_minor=line.amount_minor, reversed_minor=0
        )


def test_the_database_knows_the_same_moves_as_the_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'payout_guard'")
        text = cursor.fetchone()[0]
    assert {pair for pair in PAYOUT_MOVES.paths() if f"('{pair[0]}', '{pair[1]}')" in text} == PAYOUT_MOVES.paths()


def test_the_doctor_sees_a_payout_that_the_books_do_not_know() -> None:
    payout = made()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE commission_payout SET state = 'sent', reference = 'x', sent_at = now()")
    (found,) = doctor.run(only=["C2"])
    assert f"payout:{payout.pk}" in str(found.sample)
