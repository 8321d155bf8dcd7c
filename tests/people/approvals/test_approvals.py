"""A second person for money above a limit: nobody alone, not in small parts, not twice, not by raw SQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base import doctor
from quanzi.base.audit.models import AuditEntry
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.services import set_staff_role
from quanzi.people.approvals import errors, rules, services
from quanzi.people.approvals.models import Approval, Limit
from quanzi.people.approvals.queries import limit_minor
from quanzi.trade.aftersales.asking import accept_or_ask
from quanzi.trade.aftersales.models import Claim
from quanzi.trade.aftersales.services import ask as ask_claim
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import OwnOrder
from quanzi.trade.sales.models import Order, OrderRefund, OrderState
from tests.factories.goods import make_sku
from tests.factories.people import make_staff
from tests.factories.trade import make_paid_order, make_received_order

pytestmark = pytest.mark.django_db


def big_order(minor: int = 80_000, quantity: int = 1) -> Order:
    """A paid order above what one person gives back alone."""
    return make_paid_order(sku=make_sku(price_minor=minor, stock_of=50), quantity=quantity)


def asked(order: Order, by: Member, key: str = "k", **fields: Any) -> OrderRefund | Approval:
    return sales.refund_or_ask(
        order_id=order.pk, reason="spoiled", staff=by, idempotency_key=key, now=clock.now(), **fields
    )


def waiting(order: Order, by: Member, key: str = "k", **fields: Any) -> Approval:
    found = asked(order, by, key, **fields)
    assert isinstance(found, Approval)
    return found


def test_a_refund_within_the_limit_is_done_by_one_person() -> None:
    order = big_order(40_000)
    assert isinstance(asked(order, make_staff("finance")), OrderRefund)


def test_a_refund_above_the_limit_waits_and_moves_nothing() -> None:
    order = big_order()
    found = waiting(order, make_staff("finance"))
    order.refresh_from_db()
    assert (found.amount_minor, found.state, order.refunded_minor) == (order.amount_minor, "waiting", 0)


def test_a_second_person_approves_and_it_is_done_once() -> None:
    order, other = big_order(), make_staff("owner")
    found = waiting(order, make_staff("finance"))
    done = services.approve(approval_id=found.pk, by=other, now=clock.now())
    order.refresh_from_db()
    assert (order.state, order.refunded_minor) == (OrderState.REFUNDED, order.amount_minor)
    assert done.outcome == f"order_refund:{order.refunds.get().pk}"
    with pytest.raises(errors.AlreadyDecided):
        services.approve(approval_id=found.pk, by=other, now=clock.now())
    trail = AuditEntry.objects.filter(target=f"approval:{found.pk}").order_by("pk").values_list("action", "actor_id")
    assert list(trail) == [("approval.asked", found.asked_by_id), ("approval.approved", other.pk)]


def test_whoever_asked_never_decides_not_even_an_owner() -> None:
    owner = make_staff("owner")
    found = waiting(big_order(), owner)
    with pytest.raises(errors.SamePerson):
        services.approve(approval_id=found.pk, by=owner, now=clock.now())
    with pytest.raises(errors.SamePerson):
        services.decline(approval_id=found.pk, by=owner, answer="no", now=clock.now())


@pytest.mark.parametrize("role", ["support", "fulfilment", "moderator"])
def test_who_may_not_refund_decides_nothing(role: str) -> None:
    found = waiting(big_order(), make_staff("finance"))
    with pytest.raises(NotAllowed):
        services.approve(approval_id=found.pk, by=make_staff(role), now=clock.now())
    with pytest.raises(NotAllowed):
        services.ask(
            deed="order.refund", target="order:1", amount_minor=1, reason="x", request={}, asked_by=make_staff(role),
            key="k", now=clock.now(),
        )  # fmt: skip


def test_nobody_of_the_staff_gives_money_back_to_themselves() -> None:
    """A small refund of the own order is refused, a large one is not even asked for, and who gets it does not decide."""
    finance, owner = make_staff("finance"), make_staff("owner")
    for minor in (4_000, 80_000):
        own = make_paid_order(member=owner, sku=make_sku(price_minor=minor, stock_of=5))
        with pytest.raises(OwnOrder):
            asked(own, owner)
    found = waiting(own, finance)
    with pytest.raises(NotAllowed):
        services.approve(approval_id=found.pk, by=owner, now=clock.now())
    own.refresh_from_db()
    assert own.refunded_minor == 0
    services.approve(approval_id=found.pk, by=make_staff("owner"), now=clock.now())


def test_nobody_of_the_staff_answers_their_own_claim() -> None:
    owner = make_staff("owner")
    line = make_received_order(member=owner).lines.get()
    claim = ask_claim(line_id=line.pk, member=owner, reason="spoiled", note="坏了", now=clock.now())
    with pytest.raises(OwnOrder):
        accept_or_ask(claim_id=claim.pk, staff=owner, amount_minor=None, goods_back=False, answer="", now=clock.now())
    assert Claim.objects.get(pk=claim.pk).state == "open"


def test_somebody_who_left_the_staff_meanwhile_is_not_obeyed() -> None:
    order, asker = make_received_order(sku=make_sku(price_minor=80_000, stock_of=5)), make_staff("finance")
    line = order.lines.get()
    claim = ask_claim(line_id=line.pk, member=order.member, reason="spoiled", note="坏了", now=clock.now())
    found = accept_or_ask(
        claim_id=claim.pk, staff=asker, amount_minor=None, goods_back=False, answer="", now=clock.now()
    )
    set_staff_role(member=asker, role="", actor="test", now=clock.now())
    with pytest.raises(errors.AskerLeft):
        services.approve(approval_id=found.pk, by=make_staff("owner"), now=clock.now())


def test_what_somebody_asked_for_who_left_the_staff_is_not_done_and_ends() -> None:
    order, asker = big_order(), make_staff("finance")
    found, stays = waiting(order, asker), waiting(big_order(), make_staff("finance"))
    set_staff_role(member=asker, role="support", actor="test", now=clock.now())
    with pytest.raises(errors.AskerLeft):
        services.approve(approval_id=found.pk, by=make_staff("owner"), now=clock.now())
    assert services.expire_due(now=clock.now()) == 1
    states = Approval.objects.filter(pk__in=[found.pk, stays.pk]).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["expired", "waiting"]
    assert not order.refunds.exists()


def test_nobody_agrees_to_more_than_was_asked_for() -> None:
    order, me = big_order(), make_staff("finance")
    request = {"order_id": order.pk, "line_id": None, "amount_minor": None, "goods_back": False}
    less = services.ask(
        deed="order.refund", target=f"order:{order.pk}", amount_minor=order.amount_minor - 1, reason="x", request=request,
        asked_by=me, key="less", now=clock.now(),
    )  # fmt: skip
    with pytest.raises(errors.AmountGrew):
        services.approve(approval_id=less.pk, by=make_staff("owner"), now=clock.now())
    assert not order.refunds.exists()


def test_a_key_of_a_request_for_other_goods_or_another_order_is_refused() -> None:
    order, other, me = big_order(), big_order(), make_staff("finance")
    waiting(order, me)
    with pytest.raises(errors.KeyReused):
        asked(other, me)
    with pytest.raises(errors.KeyReused):
        asked(order, me, goods_back=True)
    assert Approval.objects.count() == 1


def test_a_claim_that_waits_for_a_second_person_is_not_asked_for_again() -> None:
    order = make_received_order(sku=make_sku(price_minor=80_000, stock_of=5))
    claim = ask_claim(line_id=order.lines.get().pk, member=order.member, reason="spoiled", note="坏了", now=clock.now())
    found = [
        accept_or_ask(claim_id=claim.pk, staff=one, amount_minor=None, goods_back=False, answer="", now=clock.now())
        for one in (make_staff("finance"), make_staff("owner"))
    ]
    assert found[0] == found[1] == Approval.objects.get()


def test_a_declined_request_says_why_and_moves_nothing() -> None:
    order = big_order()
    found = waiting(order, make_staff("finance"))
    with pytest.raises(errors.AnswerNeeded):
        services.decline(approval_id=found.pk, by=make_staff("owner"), answer=" ", now=clock.now())
    services.decline(approval_id=found.pk, by=make_staff("owner"), answer="Ask the buyer first", now=clock.now())
    assert not order.refunds.exists()


def test_small_parts_of_one_order_count_together_whoever_gives_them() -> None:
    order = make_paid_order(sku=make_sku(price_minor=80_000, stock_of=5))
    line = order.lines.get().pk
    assert isinstance(asked(order, make_staff("finance"), "a", line_id=line, amount_minor=30_000), OrderRefund)
    assert isinstance(asked(order, make_staff("owner"), "b", line_id=line, amount_minor=20_000), OrderRefund)
    assert isinstance(asked(order, make_staff("operator"), "c", line_id=line, amount_minor=1), Approval)


def test_small_refunds_of_one_person_on_one_day_count_together() -> None:
    me, now = make_staff("finance"), clock.now()
    for number in range(5):
        assert isinstance(asked(big_order(40_000 - 400), me, f"k{number}"), OrderRefund)
    assert isinstance(asked(big_order(4_000), me, "more"), Approval)
    assert isinstance(asked(big_order(4_000), make_staff("finance"), "other"), OrderRefund)
    tomorrow = sales.refund_or_ask(
        order_id=big_order(4_000).pk, reason="spoiled", staff=me, idempotency_key="t", now=now + timedelta(days=1)
    )
    assert isinstance(tomorrow, OrderRefund)


def test_what_a_second_person_agreed_to_is_not_counted_again() -> None:
    me, other = make_staff("finance"), make_staff("owner")
    found = waiting(big_order(300_000), me)
    services.approve(approval_id=found.pk, by=other, now=clock.now())
    assert isinstance(asked(big_order(4_000), me, "small"), OrderRefund)


def test_the_rules_of_the_shop_have_no_limit() -> None:
    order = big_order(300_000)
    sales.refund_order(order_id=order.pk, reason="team_failed", actor="system", idempotency_key="t", now=clock.now())
    order.refresh_from_db()
    assert order.state == OrderState.REFUNDED


def test_a_call_past_the_request_is_refused_too() -> None:
    order, me = big_order(), make_staff("owner")
    with pytest.raises(errors.SecondPersonNeeded):
        sales.refund_order(order_id=order.pk, reason="x", actor=f"staff:{me.pk}", idempotency_key="t", now=clock.now())
    assert not order.refunds.exists()


def test_the_same_key_asks_once_and_other_content_under_it_is_refused() -> None:
    order, me = big_order(), make_staff("finance")
    assert waiting(order, me).pk == waiting(order, me).pk
    with pytest.raises(errors.KeyReused):
        services.ask(
            deed="order.refund", target=f"order:{order.pk}", amount_minor=1, reason="x", request={"other": 1}, asked_by=me,
            key="k", now=clock.now(),
        )  # fmt: skip


def test_a_raised_limit_does_not_let_an_old_key_refund_twice() -> None:
    order, me, owner = big_order(), make_staff("finance"), make_staff("owner")
    line = order.lines.get().pk
    found = waiting(order, me, "k", line_id=line, amount_minor=60_000)
    services.approve(approval_id=found.pk, by=owner, now=clock.now())
    services.set_limit(name=rules.REFUND_ORDER, amount_minor=10**9, by=owner, now=clock.now())
    assert waiting(order, me, "k", line_id=line, amount_minor=60_000).pk == found.pk
    assert order.refunds.count() == 1


def test_a_claim_above_the_limit_stays_open_until_a_second_person_agrees() -> None:
    order = make_received_order(sku=make_sku(price_minor=80_000, stock_of=5))
    claim = ask_claim(line_id=order.lines.get().pk, member=order.member, reason="spoiled", note="坏了", now=clock.now())
    found = accept_or_ask(
        claim_id=claim.pk, staff=make_staff("finance"), amount_minor=None, goods_back=False, answer="", now=clock.now()
    )
    assert isinstance(found, Approval)
    assert Claim.objects.get(pk=claim.pk).state == "open"
    services.approve(approval_id=found.pk, by=make_staff("owner"), now=clock.now())
    assert Claim.objects.get(pk=claim.pk).state == "accepted"


def test_requests_expire_after_three_days_and_are_not_approved_then() -> None:
    found, late = waiting(big_order(), make_staff("finance")), clock.now() + timedelta(days=3, minutes=1)
    with pytest.raises(errors.ApprovalExpired):
        services.approve(approval_id=found.pk, by=make_staff("owner"), now=late)
    assert services.expire_due(now=late) == 1
    found.refresh_from_db()
    assert found.state == "expired"


def test_whoever_asked_may_take_it_back_and_nobody_else() -> None:
    me = make_staff("finance")
    found = waiting(big_order(), me)
    with pytest.raises(errors.NoSuchApproval):
        services.withdraw(approval_id=found.pk, by=make_staff("owner"), now=clock.now())
    assert services.withdraw(approval_id=found.pk, by=me, now=clock.now()).state == "withdrawn"


def test_only_owners_set_limits_and_each_change_is_in_the_audit_log() -> None:
    with pytest.raises(NotAllowed):
        services.set_limit(name=rules.REFUND_DAY, amount_minor=1, by=make_staff("finance"), now=clock.now())
    owner = make_staff("owner")
    services.set_limit(name=rules.REFUND_DAY, amount_minor=5, by=owner, now=clock.now())
    assert limit_minor(rules.REFUND_DAY) == 5
    row = AuditEntry.objects.get(action="limit.set")
    assert (row.actor_id, row.before, row.after) == (owner.pk, {"amount_minor": 200_000}, {"amount_minor": 5})
    for wrong in (-1, 10**13, 1.5, True):
        with pytest.raises(errors.BadLimit):
            services.set_limit(name=rules.REFUND_DAY, amount_minor=wrong, by=owner, now=clock.now())  # type: ignore[arg-type]


ATTACKS = {
    "the same person": "UPDATE approvals_approval SET state='approved', decided_by_id=asked_by_id, decided_at=asked_at, outcome='x'",
    "nobody": "UPDATE approvals_approval SET state='approved', decided_at=asked_at, outcome='x'",
    "another amount": "UPDATE approvals_approval SET amount_minor=1",
    "another asker": "UPDATE approvals_approval SET asked_by_id=%(other)s",
    "other words": "UPDATE approvals_approval SET request='{}'",
    "too late": "UPDATE approvals_approval SET state='approved', decided_by_id=%(other)s, decided_at=expires_at, outcome='x'",
    "no longer there": "DELETE FROM approvals_approval",
}


@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_refuses(sql: str) -> None:
    waiting(big_order(), make_staff("finance"))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, {"other": make_staff("owner").pk})


def test_a_decision_is_final_in_the_database() -> None:
    found = waiting(big_order(), make_staff("finance"))
    services.decline(approval_id=found.pk, by=make_staff("owner"), answer="no", now=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE approvals_approval SET state = 'waiting', decided_by_id = NULL, decided_at = NULL")


def test_the_doctor_finds_a_decision_without_its_audit_row() -> None:
    found = waiting(big_order(), make_staff("finance"))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE approvals_approval SET state = 'declined', answer = 'no', decided_by_id = %s, decided_at = asked_at",
            [make_staff("owner").pk],
        )
    rows = doctor.run(only=["P1"])[0].sample
    assert [row["place"] for row in rows] == [str(found.pk)]


def test_limits_have_no_row_until_somebody_sets_one() -> None:
    assert not Limit.objects.exists()
    assert limit_minor(rules.REFUND_ORDER) == 50_000
