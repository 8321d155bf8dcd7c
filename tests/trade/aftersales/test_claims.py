"""Claims: who may ask until when, what an answer does to money and goods, and what the database refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.community.circles.models import Membership
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove, NotAllowed
from quanzi.trade.aftersales import errors, services
from quanzi.trade.aftersales.models import Claim, ClaimState
from quanzi.trade.aftersales.queries import of_lines, open_claims, open_count, open_of_product
from quanzi.trade.chains import services as chains
from quanzi.trade.chains.errors import TooLateToLeave
from quanzi.trade.sales.errors import NoSuchLine, NoSuchOrder
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.services import close_windows, say_kept
from tests.factories.chains import make_chain, sign_up
from tests.factories.community import make_circle
from tests.factories.trade import make_buyer, make_order, make_paid_order, make_received_order, make_staff, pay

pytestmark = pytest.mark.django_db


def received() -> OrderLine:
    line = make_received_order().lines.get()
    assert isinstance(line, OrderLine)
    return line


def ask(line: OrderLine, **more: object) -> Claim:
    return services.ask(
        **{"line_id": line.pk, "member": line.member, "reason": "spoiled", "note": "碎了", "now": clock.now(), **more}
    )


def test_an_open_claim_keeps_the_line_out_of_kept_until_it_is_declined(assert_well: Callable[[], None]) -> None:
    line = received()
    claim = ask(line)
    later = clock.now() + timedelta(days=30)
    close_windows(now=later)
    line.refresh_from_db()
    assert line.kept_at is None
    assert (open_count(), open_of_product(line.product_id)) == (1, 1)
    services.decline(claim_id=claim.pk, actor_member=make_staff("finance"), answer="照片里是好的", now=clock.now())
    close_windows(now=later)
    line.refresh_from_db()
    assert line.kept_at is not None
    assert of_lines([line.pk])[line.pk].answer == "照片里是好的"
    assert_well()


def test_accepting_a_part_gives_it_back_and_leaves_the_line(assert_well: Callable[[], None]) -> None:
    line = received()
    claim = services.accept(
        claim_id=ask(line).pk, actor_member=make_staff("finance"), amount_minor=160, now=clock.now()
    )
    line.refresh_from_db()
    assert (claim.state, line.refunded_minor, line.returned_at, line.disputed_at) == ("accepted", 160, None, None)
    assert claim.refund is not None and claim.refund.amount_minor == 160
    assert_well()


def test_accepting_all_of_it_takes_the_line_back_even_when_it_was_kept(assert_well: Callable[[], None]) -> None:
    line = received()
    say_kept(line_id=line.pk, member=line.member, now=clock.now())
    services.accept(claim_id=ask(line).pk, actor_member=make_staff("finance"), now=clock.now())
    line.refresh_from_db()
    assert line.returned_at is not None
    assert line.kept_at is None
    assert_well()


def test_an_answer_is_final_and_given_once() -> None:
    staff, claim = make_staff("finance"), ask(received())
    services.decline(claim_id=claim.pk, actor_member=staff, answer="不符合", now=clock.now())
    with pytest.raises(IllegalMove):
        services.accept(claim_id=claim.pk, actor_member=staff, now=clock.now())


def test_one_claim_at_a_time_for_a_line() -> None:
    line = received()
    first = ask(line)
    with pytest.raises(errors.AlreadyAsked):
        ask(line)
    services.withdraw(claim_id=first.pk, member=line.member, now=clock.now())
    assert ask(line).state == ClaimState.OPEN


def test_only_the_buyer_asks_and_only_who_may_refund_answers() -> None:
    line = received()
    with pytest.raises(NoSuchLine):
        ask(line, member=make_buyer())
    claim = ask(line)
    for role in ("fulfilment", "support", "moderator"):
        with pytest.raises(NotAllowed):
            services.accept(claim_id=claim.pk, actor_member=make_staff(role), now=clock.now())
    with pytest.raises(errors.NoSuchClaim):
        services.withdraw(claim_id=claim.pk, member=make_buyer(), now=clock.now())
    assert [row.id for row in open_claims()] == [claim.pk]


def test_after_the_windows_it_is_too_late_and_before_payment_there_is_nothing() -> None:
    line = received()
    with pytest.raises(errors.TooLateToAsk):
        ask(line, now=clock.now() + timedelta(days=60))
    with pytest.raises(errors.TooLateToAsk):
        ask(make_order().lines.get())


def test_sending_back_without_a_reason_is_for_received_goods_only() -> None:
    with pytest.raises(errors.TooLateToAsk):
        ask(make_paid_order().lines.get(), reason="return", note="")
    assert ask(received(), reason="return", note="").reason == "return"


def test_the_database_refuses_a_second_open_claim_and_an_accepted_one_without_a_refund() -> None:
    claim = ask(received())
    copy = """
        INSERT INTO aftersales_claim (line_id, member_id, reason, note, state, opened_at, answer)
        SELECT line_id, member_id, 'other', '', 'open', now(), '' FROM aftersales_claim WHERE id = %s
    """
    accept = "UPDATE aftersales_claim SET state = 'accepted', decided_at = now() WHERE id = %s"
    for attack in (copy, accept):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack, [claim.pk])


def test_calling_off_is_for_the_buyer_while_nothing_left(assert_well: Callable[[], None]) -> None:
    order = make_paid_order()
    with pytest.raises(NoSuchOrder):
        services.call_off(order_id=order.pk, member=make_buyer(), now=clock.now())
    services.call_off(order_id=order.pk, member=order.member, now=clock.now())
    services.call_off(order_id=order.pk, member=order.member, now=clock.now())
    order.refresh_from_db()
    assert (order.state, order.refunded_minor) == ("refunded", order.amount_minor)
    assert_well()


def test_who_signed_up_to_a_list_calls_off_by_the_rule_of_the_list(assert_well: Callable[[], None]) -> None:
    host, guest, early = make_buyer(), make_buyer(), make_buyer()
    circle = make_circle(founder=host)
    for member in (guest, early):
        Membership.objects.create(
            circle=circle, member=member, state="joined", asked_at=clock.now(), joined_at=clock.now()
        )
    chain = make_chain(circle=circle, opener=host)
    order, left = (pay(sign_up(chain, member)) for member in (guest, early))
    services.call_off(order_id=left.pk, member=early, now=clock.now())
    chains.end_due(chain.closes_at)
    with pytest.raises(TooLateToLeave):
        services.call_off(order_id=order.pk, member=guest, now=chain.closes_at)
    for one, state in ((order, "paid"), (left, "refunded")):
        one.refresh_from_db()
        assert one.state == state
    assert_well()
