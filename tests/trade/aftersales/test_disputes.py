"""Disputes: both sides speak, the money waits, a person decides who had not answered, and another one looks again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales import errors, services
from quanzi.trade.aftersales.models import Claim, Dispute
from quanzi.trade.aftersales.queries import dispute_page, open_disputes
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.services import close_windows
from tests.factories.trade import make_received_order, make_staff

pytestmark = pytest.mark.django_db

MONTH = timedelta(days=30)


@pytest.fixture
def answered() -> tuple[Claim, Member]:
    """A claim that was declined, and by whom."""
    line, staff = make_received_order().lines.get(), make_staff("finance")
    claim = services.ask(line_id=line.pk, member=line.member, reason="spoiled", note="碎了", now=clock.now())
    return services.decline(claim_id=claim.pk, actor_member=staff, answer="照片里是好的", now=clock.now()), staff


def contested(claim: Claim) -> Dispute:
    return services.contest(claim_id=claim.pk, member=claim.member, words="盒子里面是碎的", now=clock.now())


def decide(dispute: Dispute, actor: Member, amount: int = 0, **more: object) -> Dispute:
    given = {
        "dispute_id": dispute.pk,
        "actor_member": actor,
        "amount_minor": amount,
        "words": "看过了",
        "now": clock.now(),
    }
    return services.decide_dispute(**{**given, **more})


def test_the_money_waits_until_the_appeal_is_over(
    answered: tuple[Claim, Member], assert_well: Callable[[], None]
) -> None:
    claim, first = answered
    dispute = contested(claim)
    with pytest.raises(errors.AlreadyContested):
        contested(claim)
    with pytest.raises(errors.AlreadyAsked):
        services.ask(line_id=claim.line_id, member=claim.member, reason="spoiled", note="再说", now=clock.now())
    second = make_staff("finance")
    with pytest.raises(errors.SomebodyElse):
        decide(dispute, first)
    with pytest.raises(errors.TooEarlyToDecide):
        decide(dispute, second)
    services.say(dispute_id=dispute.pk, author=first, words="发货时拍了照", now=clock.now())
    decided = decide(dispute, second)
    later = clock.now() + MONTH
    close_windows(now=later)
    line = OrderLine.objects.get(pk=claim.line_id)
    assert (decided.state, line.kept_at, line.disputed_at is not None) == ("decided", None, True)
    assert_well()
    services.appeal(dispute_id=dispute.pk, member=claim.member, words="请再看一次", now=clock.now())
    for before in (first, second):
        with pytest.raises(errors.SomebodyElse):
            decide(dispute, before)
    done = decide(dispute, make_staff("operator"), line.paid_minor)
    line.refresh_from_db()
    assert (done.state, done.closed_at is not None, line.refunded_minor) == ("closed", True, line.paid_minor)
    page = dispute_page(claim_id=claim.pk, member_id=claim.member_id)
    assert [row.side for row in page.statements] == ["buyer", "shop", "buyer"]
    assert page.row.appeal is not None and page.row.appeal.paid_back.minor == line.paid_minor
    assert_well()


def test_what_nobody_appeals_is_closed_and_the_line_is_kept(
    answered: tuple[Claim, Member], assert_well: Callable[[], None]
) -> None:
    claim, _ = answered
    dispute = contested(claim)
    assert [row.id for row in open_disputes()] == [dispute.pk]
    decided = decide(dispute, make_staff("finance"), 100, now=dispute.evidence_until)
    assert decided.appeal_until is not None
    assert services.close_disputes(decided.appeal_until - timedelta(microseconds=1)) == 0
    assert services.close_disputes(decided.appeal_until) == 1
    close_windows(now=clock.now() + MONTH)
    line = OrderLine.objects.get(pk=claim.line_id)
    assert (line.refunded_minor, line.kept_at is not None, line.disputed_at) == (100, True, None)
    assert_well()


def test_only_its_buyer_contests_in_time_and_what_was_said_stays(answered: tuple[Claim, Member]) -> None:
    claim, staff = answered
    assert claim.decided_at is not None
    with pytest.raises(errors.NoSuchClaim):
        services.contest(claim_id=claim.pk, member=staff, words="x", now=clock.now())
    with pytest.raises(errors.CannotContest):
        services.contest(claim_id=claim.pk, member=claim.member, words="x", now=claim.decided_at + timedelta(days=7))
    dispute = contested(claim)
    with pytest.raises(errors.TooLateToSay):
        services.say(dispute_id=dispute.pk, author=staff, words="晚了", now=dispute.evidence_until)
    decide(dispute, make_staff("finance"), now=dispute.evidence_until)
    for sql in (
        "UPDATE aftersales_statement SET words = ''",
        "DELETE FROM aftersales_statement",
        "UPDATE aftersales_dispute SET appeal_decided_by_id = decided_by_id",
        "UPDATE aftersales_dispute SET state = 'decided', outcome = ''",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.parametrize("answer", ["declined", "withdrawn"])
def test_the_answer_to_another_claim_does_not_lift_the_hold_of_an_open_dispute(
    answer: str, assert_well: Callable[[], None]
) -> None:
    line, staff = make_received_order().lines.get(), make_staff("finance")

    def ask() -> Claim:
        return services.ask(line_id=line.pk, member=line.member, reason="spoiled", note="坏了", now=clock.now())

    first = ask()
    services.decline(claim_id=first.pk, actor_member=staff, answer="不行", now=clock.now())
    second = ask()
    dispute = services.contest(claim_id=first.pk, member=line.member, words="真的坏了", now=clock.now())
    if answer == "declined":
        services.decline(claim_id=second.pk, actor_member=staff, answer="不行", now=clock.now())
    else:
        services.withdraw(claim_id=second.pk, member=line.member, now=clock.now())
    close_windows(now=clock.now() + MONTH)
    line.refresh_from_db()
    assert (line.disputed_at is not None, line.kept_at, line.released_minor) == (True, None, 0)
    later = dispute.evidence_until
    services.decide_dispute(
        dispute_id=dispute.pk, actor_member=make_staff("finance"), amount_minor=0, words="不退", now=later
    )
    assert services.close_disputes(later + MONTH) == 1
    line.refresh_from_db()
    assert line.disputed_at is None
    assert_well()
