"""A list that a circle orders from: signing up, changing, leaving, the end, and what the database refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.community.circles.models import Circle, Membership
from quanzi.goods.stock.queries import free
from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals import services as approvals
from quanzi.people.contact.models import Channel, Notice, Purpose
from quanzi.people.contact.services import decide
from quanzi.trade.chains import errors
from quanzi.trade.chains import services as chains
from quanzi.trade.chains.asking import call_off_or_ask
from quanzi.trade.chains.models import Chain, SignUp
from quanzi.trade.chains.queries import chain_page, chains_of, find_chain
from quanzi.trade.chains.queries.watching import chain_row, chain_rows, signed_rows
from quanzi.trade.chains.services.opening import Good
from quanzi.trade.sales.models import OrderState
from quanzi.trade.sales.services import expire_unpaid
from tests.factories.chains import make_chain, sign_up
from tests.factories.community import make_circle
from tests.factories.deals import assert_deals_add_up, make_buyer, make_point, pay, start_payment
from tests.factories.goods import make_sku
from tests.factories.people import make_staff

pytestmark = pytest.mark.django_db


@dataclass
class World:
    host: Member
    circle: Circle
    chain: Chain
    people: list[Member]


@pytest.fixture
def world(clock: Clock) -> World:
    host = make_buyer("主人")
    circle = make_circle(founder=host)
    people = [make_buyer() for _ in range(3)]
    for person in people:
        Membership.objects.create(circle=circle, member=person, state="joined", asked_at=clock.at, joined_at=clock.at)
    return World(host, circle, make_chain(circle=circle, opener=host), people)


def test_a_list_from_the_first_name_to_goods_that_are_prepared(world: World, clock: Clock) -> None:
    first, second, third = (sign_up(world.chain, one, words="早点拿") for one in world.people)
    pay(first)
    page = chain_page(chain=world.chain, viewer=world.people[1], now=clock.at)
    assert [(one.number, one.words, one.is_paid, one.is_mine) for one in page.signed] == [
        (1, "早点拿", True, False), (2, "早点拿", False, True), (3, "早点拿", False, False),
    ]  # fmt: skip
    assert (page.goods[0].wanted, page.goods[0].mine, page.paid, page.card.people) == (3, 1, 1, 3)
    first.refresh_from_db()
    assert first.released_at is None

    clock.at = world.chain.closes_at
    assert chains.end_due(clock.at) == 1
    first.refresh_from_db()
    assert first.released_at == clock.at
    assert Notice.objects.filter(kind="chain_pay").count() == 2

    pay(second, now=clock.at)  # after the closing, in its time: released at once
    second.refresh_from_db()
    assert second.released_at == clock.at

    clock.at = world.chain.pay_until
    expire_unpaid(now=clock.at)
    third.refresh_from_db()
    assert third.state == OrderState.CANCELLED
    assert chain_page(chain=world.chain, viewer=world.host, now=clock.at).card.people == 2
    assert_deals_add_up()


def test_a_wish_is_changed_in_its_place_until_it_is_paid(world: World, clock: Clock) -> None:
    one, other = world.people[:2]
    sign_up(world.chain, one, 2)
    clock.at += timedelta(minutes=1)
    sign_up(world.chain, other)
    clock.at += timedelta(minutes=1)
    sku_id = world.chain.goods.get().sku_id
    changed = sign_up(world.chain, one, 5, idempotency_key="again", words="改五份")
    assert sign_up(world.chain, one, 5, idempotency_key="again", words="改五份") == changed  # a double click
    page = chain_page(chain=world.chain, viewer=one, now=clock.at)
    assert page.mine is not None
    assert (page.mine.number, page.mine.words, page.goods[0].mine, free([sku_id])[sku_id]) == (1, "改五份", 5, 14)

    pay(changed)
    with pytest.raises(errors.PaidAlready):
        sign_up(world.chain, one, 1)
    chains.leave(chain=world.chain, member=one, now=clock.at)
    assert free([sku_id])[sku_id] == 19
    sign_up(world.chain, one, 1)
    assert chain_page(chain=world.chain, viewer=one, now=clock.at).signed[1].is_mine
    assert not Notice.objects.filter(kind__in=["order_cancelled", "order_refunded"]).exists()
    assert_deals_add_up()


def test_a_change_that_is_refused_leaves_the_old_wish(world: World, clock: Clock) -> None:
    order = sign_up(world.chain, world.people[0], 2)
    with pytest.raises(DomainError):
        sign_up(world.chain, world.people[0], 99)
    order.refresh_from_db()
    assert order.state == OrderState.PLACED
    assert SignUp.objects.get(ended_at=None).order_id == order.pk


def test_at_the_closing_it_is_too_late_to_sign_up_and_to_leave(world: World, clock: Clock) -> None:
    paid = sign_up(world.chain, world.people[0])
    pay(paid)
    waiting = sign_up(world.chain, world.people[1])
    clock.at = world.chain.closes_at
    with pytest.raises(errors.ChainClosed):
        sign_up(world.chain, world.people[2])
    with pytest.raises(errors.TooLateToLeave):
        chains.leave(chain=world.chain, member=world.people[0], now=clock.at)
    chains.leave(chain=world.chain, member=world.people[1], now=clock.at)  # nothing was paid
    waiting.refresh_from_db()
    assert waiting.state == OrderState.CANCELLED


def test_called_off_everybody_gets_all_of_it_back(world: World, clock: Clock) -> None:
    orders = [sign_up(world.chain, one) for one in world.people]
    pay(orders[0])
    late = start_payment(orders[1])
    with pytest.raises(errors.NotOfTheChain):
        chains.call_off(chain=world.chain, actor=world.people[0], reason="", now=clock.at)
    chains.call_off(chain=world.chain, actor=world.host, reason="没货了", now=clock.at)
    from quanzi.trade.payments.services import capture_offline

    assert capture_offline(payment_id=late.pk, reference="", actor="test", now=clock.at).surplus
    chains.end_due(clock.at)
    for order in orders:
        order.refresh_from_db()
        assert order.state in (OrderState.CANCELLED, OrderState.REFUNDED)
        assert order.refunded_minor == (order.amount_minor if order.paid_at else 0)
    assert Notice.objects.filter(kind="chain_called_off").count() == 2
    assert_deals_add_up()


def test_the_staff_calls_a_list_off_and_above_the_limit_with_a_second_person(world: World, clock: Clock) -> None:
    paid = sign_up(world.chain, world.people[0], 2)
    pay(paid)
    sign_up(world.chain, world.people[1])
    owner, other, moderator = make_staff("owner"), make_staff("operator"), make_staff("moderator")
    with pytest.raises(errors.NotOfTheChain):
        call_off_or_ask(chain_id=world.chain.pk, reason="x", staff=moderator, idempotency_key="m", now=clock.at)
    approvals.set_limit(name=limits.REFUND_ORDER, amount_minor=paid.amount_minor - 1, by=owner, now=clock.at)
    for _twice in range(2):
        asked = call_off_or_ask(chain_id=world.chain.pk, reason="没货", staff=other, idempotency_key="o", now=clock.at)
        assert asked is not None and asked.amount_minor == paid.amount_minor
    row = chain_row(chain_id=world.chain.pk)
    assert (row.people, row.paid, row.money.minor, row.back.minor) == (2, 1, paid.amount_minor, 0)

    approvals.approve(approval_id=asked.pk, by=owner, now=clock.at)
    chains.end_due(clock.at)
    row, signed = chain_row(chain_id=world.chain.pk), signed_rows(chain_id=world.chain.pk)
    assert (row.chain.state, row.chain.end_reason, row.people, row.back.minor) == (
        "called_off",
        "没货",
        0,
        paid.amount_minor,
    )
    assert sorted((one.number, one.state, one.back.minor) for one in signed) == [
        (None, "cancelled", 0), (None, "refunded", paid.amount_minor),
    ]  # fmt: skip
    assert_deals_add_up()


def test_only_people_of_the_circle_see_it_and_only_keepers_and_leaders_open_one(world: World, clock: Clock) -> None:
    stranger = make_buyer()
    assert find_chain(world.chain.code, viewer=None) is None
    assert find_chain(world.chain.code, viewer=stranger) is None
    with pytest.raises(errors.NoSuchChain):
        sign_up(world.chain, stranger)
    for who in (stranger, world.people[0]):
        with pytest.raises(errors.MayNotOpen):
            make_chain(circle=world.circle, opener=who)
    make_point(leader=world.people[0])
    assert make_chain(circle=world.circle, opener=world.people[0]).opener == world.people[0]
    with pytest.raises(errors.PriceIsSet):
        make_chain(circle=world.circle, opener=world.host, goods=[Good(make_sku().pk, 100)])


@pytest.mark.parametrize(
    "terms",
    [{"title": ""}, {"goods": []}, {"pay_hours": 0}, {"pay_hours": 73}, {"goods": [Good(999_999)]}, {"point_id": 0}],
)
def test_terms_that_make_no_sense_are_refused(world: World, terms: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        make_chain(circle=world.circle, opener=world.host, **terms)
    for days in (0, 15):
        with pytest.raises(DomainError):
            make_chain(
                circle=world.circle,
                opener=world.host,
                closes_at=world.chain.opened_at + timedelta(days=days, seconds=days),
            )


def test_the_reminder_asks_who_owes_and_tells_only_who_allows_it(world: World, clock: Clock) -> None:
    sign_up(world.chain, world.people[0])
    decide(
        member=world.people[1], purpose=Purpose.CIRCLE, channel=Channel.IN_APP, granted=True, where="me", now=clock.at
    )
    Notice.objects.all().delete()
    assert chains.remind(chain=world.chain, actor=world.host, now=clock.at) == 2
    told = set(Notice.objects.values_list("member_id", "kind"))
    assert told == {(world.people[0].pk, "chain_pay"), (world.people[1].pk, "chain_closes")}
    with pytest.raises(errors.RemindedBefore):
        chains.remind(chain=world.chain, actor=world.host, now=clock.at)


def test_a_long_list_costs_as_much_as_a_short_one(world: World, clock: Clock, django_assert_num_queries: Any) -> None:
    for person in world.people[:2]:
        sign_up(world.chain, person)
    chain = Chain.objects.select_related("circle", "opener", "point").get(pk=world.chain.pk)
    with django_assert_num_queries(6):
        chain_page(chain=chain, viewer=world.people[0], now=clock.at)
    with django_assert_num_queries(2):
        chains_of(circle_id=world.circle.pk, now=clock.at)
    with django_assert_num_queries(4):
        chain_rows(state="open")
        signed_rows(chain_id=chain.pk)


ATTACKS = {
    "make it longer": "UPDATE chains_chain SET closes_at = closes_at + interval '1 hour'",
    "close it early": "UPDATE chains_chain SET state = 'closed', ended_at = opened_at",
    "edit a price": "UPDATE chains_chaingood SET price_minor = 1",
    "put a name in": (
        "INSERT INTO chains_signup (chain_id, member_id, order_id, words, since, signed_at)"
        " SELECT chain_id, (SELECT max(id) FROM accounts_member), order_id, '', since, signed_at FROM chains_signup"
    ),
    "take a name out": "DELETE FROM chains_signup",
    "give the place to somebody else": "UPDATE chains_signup SET member_id = (SELECT max(id) FROM accounts_member)",
    "prepare goods before the closing": "UPDATE sales_order SET released_at = placed_at WHERE starts_with(waits_for, 'chain:')",
    "remove the chain": "DELETE FROM chains_chain",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_refuses_to(world: World, attack: str) -> None:
    pay(sign_up(world.chain, world.people[0]))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
