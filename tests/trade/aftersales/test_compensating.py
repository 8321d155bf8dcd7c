"""Compensation beyond what was paid: promised in the books, paid once, never a refund."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from quanzi.base.ledger.queries import balance, settle_deferred
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, IllegalMove, NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.errors import SamePerson
from quanzi.people.approvals.models import Approval
from quanzi.people.contact.models import Notice
from quanzi.trade.aftersales import errors, rules, services
from quanzi.trade.aftersales.asking import compensate_or_ask
from quanzi.trade.aftersales.models import Compensation
from quanzi.trade.aftersales.queries import compensations, compensations_of
from quanzi.trade.sales.errors import KeyReused, OwnOrder
from quanzi.trade.sales.models import OrderLine
from tests.factories.goods import make_sku
from tests.factories.trade import make_buyer, make_order, make_paid_order, make_staff

pytestmark = pytest.mark.django_db


def grant(line: OrderLine, staff: Member, **more: object) -> Compensation | Approval:
    values = {"reason": "goodwill", "amount_minor": 2_000, "words": "让你久等了", "idempotency_key": "k", **more}
    return compensate_or_ask(line_id=line.pk, staff=staff, now=clock.now(), **values)  # type: ignore[arg-type]


def pay(made: Compensation, staff: Member, **more: object) -> Compensation:
    values = {"paid_how": "wechat", "reference": "WX-1", **more}
    return services.pay_compensation(compensation_id=made.pk, staff=staff, now=clock.now(), **values)  # type: ignore[arg-type]


def test_a_promise_is_booked_paid_once_and_leaves_the_line_as_it_was(assert_well: Callable[[], None]) -> None:
    line, staff = make_paid_order(sku=make_sku(price_minor=1_000, stock_of=3)).lines.get(), make_staff("finance")
    bank = balance("cash.bank").minor
    made = grant(line, staff)
    assert isinstance(made, Compensation)
    assert grant(line, staff) == made
    with pytest.raises(KeyReused):
        grant(line, staff, amount_minor=1)
    settle_deferred()
    assert (balance("payable.compensation").minor, balance("cost.compensation").minor) == (2_000, 2_000)
    services.say_where(compensation_id=made.pk, member=line.member, send_to="支付宝 138…")
    assert compensations(state="promised", may_pay=True)[0].send_to == "支付宝 138…"
    assert compensations(state="promised", may_pay=False)[0].send_to == "", "only who pays it is told"
    assert pay(made, staff) == pay(made, staff)
    with pytest.raises(IllegalMove):
        pay(made, staff, reference="WX-2")
    settle_deferred()
    line.refresh_from_db()
    assert (line.refunded_minor, balance("payable.compensation").minor, balance("cash.bank").minor) == (
        0,
        0,
        bank - 2_000,
    )
    [row] = compensations_of(line.order_id)
    assert (row.state, row.send_to, row.reference) == ("paid", "", "WX-1")
    kinds = Notice.objects.filter(member=line.member, kind__startswith="compensation").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["compensation_promised", "compensation_paid"]
    assert_well()


def test_above_the_limit_a_second_person_agrees_and_small_parts_count_together(assert_well: Callable[[], None]) -> None:
    line, staff, second = make_paid_order().lines.get(), make_staff("finance"), make_staff("owner")
    assert isinstance(grant(line, staff, amount_minor=9_000), Compensation)
    asked = grant(line, staff, amount_minor=1_001, idempotency_key="again")
    assert isinstance(asked, Approval)
    assert grant(line, staff, amount_minor=1_001, idempotency_key="again") == asked
    with pytest.raises(SamePerson):
        approvals.approve(approval_id=asked.pk, by=staff, now=clock.now())
    approvals.approve(approval_id=asked.pk, by=second, now=clock.now())
    assert [one.amount_minor for one in Compensation.objects.order_by("pk")] == [9_000, 1_001]
    assert_well()


def test_what_was_promised_by_mistake_is_taken_back_with_a_reason(assert_well: Callable[[], None]) -> None:
    line, staff = make_paid_order().lines.get(), make_staff("finance")
    made = grant(line, staff)
    assert isinstance(made, Compensation)
    services.withdraw_compensation(compensation_id=made.pk, staff=staff, why="写错了订单", now=clock.now())
    services.withdraw_compensation(compensation_id=made.pk, staff=staff, why="写错了订单", now=clock.now())
    settle_deferred()
    assert (balance("payable.compensation").minor, compensations_of(line.order_id)[0].why_not) == (0, "写错了订单")
    with pytest.raises(IllegalMove):
        pay(made, staff)
    assert_well()


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"reason": "because"}, errors.UnknownCompensation),
        ({"amount_minor": 0}, errors.BadCompensation),
        ({"amount_minor": True}, errors.BadCompensation),
        ({"words": " "}, errors.CompensationWordsNeeded),
        ({"reason": "threefold", "amount_minor": 49_999}, errors.LessThanTheLaw),
    ],
)
def test_what_is_refused(wrong: dict[str, object], refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        grant(make_paid_order().lines.get(), make_staff("finance"), **wrong)


def test_who_may_not_and_for_what() -> None:
    staff, line = make_staff("finance"), make_paid_order().lines.get()
    with pytest.raises(NotAllowed):
        grant(line, make_staff("support"))
    with pytest.raises(OwnOrder):
        grant(make_paid_order(member=staff).lines.get(), staff)
    with pytest.raises(errors.NothingWasPaid):
        grant(make_order().lines.get(), staff)
    made = grant(line, staff)
    assert isinstance(made, Compensation)
    with pytest.raises(errors.NoSuchCompensation):
        services.say_where(compensation_id=made.pk, member=make_buyer(), send_to="x")
    with pytest.raises(errors.NotEnoughCash):
        pay(made, staff, paid_how="cash")


def test_the_law_names_the_least_for_its_reasons() -> None:
    assert rules.lawful_minor("goodwill", paid_minor=99_999) == 1
    assert rules.lawful_minor("threefold", paid_minor=100) == 50_000
    assert rules.lawful_minor("threefold", paid_minor=20_000) == 60_000
    assert rules.lawful_minor("tenfold", paid_minor=3_990) == 100_000
    assert rules.lawful_minor("tenfold", paid_minor=12_000) == 120_000


def test_plain_sql_neither_raises_a_promise_nor_forgets_one() -> None:
    made = grant(make_paid_order().lines.get(), make_staff("finance"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Compensation.objects.filter(pk=made.pk).update(amount_minor=9_999)
    with pytest.raises(IntegrityError), transaction.atomic():
        Compensation.objects.filter(pk=made.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Compensation.objects.filter(pk=made.pk).update(state="paid")
