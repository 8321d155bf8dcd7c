"""Friends are asked before buying; goods and price wait a day, and nobody else learns of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.stock.errors import SoldOut
from quanzi.goods.stock.queries import free
from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import DomainError
from quanzi.people.contact.models import Notice
from quanzi.people.safety.services import block
from quanzi.people.trust.models import Tie
from quanzi.people.trust.services import rebuild
from quanzi.trade.experiences.models import Experience
from quanzi.trade.polls import errors, queries, rules, services
from quanzi.trade.polls.models import Good, Poll
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Adjustment, Order
from tests.factories.goods import make_sku
from tests.factories.people import befriend
from tests.factories.polls import ask, assert_polls_add_up, make_friends, order_held
from tests.factories.trade import make_buyer, make_point, make_received_order, make_staff, pay, picked_up

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refused(error: type[DomainError], **asked: Any) -> None:
    with pytest.raises(DomainError) as found:
        ask(**asked)
    assert isinstance(found.value, error) or any(isinstance(one, error) for one in found.value.fields.values())


def test_goods_and_price_wait_while_friends_answer_and_the_asker_buys_at_what_was_held(clock: Clock) -> None:
    me, (near, far) = make_friends()
    one, other = (make_sku(price_minor=price, stock_of=1) for price in (3_990, 5_000))
    poll = ask(me, [near, far], sku_ids=[one.pk, other.pk], words="送给妈妈，哪个好")
    assert free([one.pk, other.pk]) == {one.pk: 0, other.pk: 0}
    with pytest.raises(SoldOut):
        sales.place_order(
            member=near, lines=[(one.pk, 1)], method="pickup", pickup_point_id=make_point().pk, idempotency_key="k", now=clock.at,
        )  # fmt: skip

    first, second = Good.objects.filter(poll=poll).order_by("position")
    services.answer(poll=poll, member=near, good_id=second.pk, now=clock.at)
    services.answer(poll=poll, member=near, good_id=first.pk, words="这个甜", has_it=True, now=clock.at)
    services.answer(poll=poll, member=far, good_id=None, now=clock.at)
    page = queries.poll_page(poll=poll, viewer_id=me.pk, now=clock.at)
    assert [(one.face.id, one.words, one.has_it, one.kept) for one in page.for_good(first.pk)] == [
        (near.pk, "这个甜", True, False)
    ]
    assert [one.face.id for one in page.for_good(None)] == [far.pk]

    catalogue.change_price(sku=one, price_minor=4_500, actor="staff:0", now=clock.at)
    clock.move(timedelta(hours=23))
    order = order_held(poll)
    assert (order.amount_minor, order.lines.get().unit_minor) == (3_990, 3_990)
    assert Adjustment.objects.get(order=order, kind="poll").amount_minor == -510
    assert order_held(poll).pk == order.pk
    with pytest.raises(errors.BoughtAlready):
        order_held(poll, key="twice")
    pay(order)
    assert_polls_add_up()
    poll.refresh_from_db()
    assert (poll.end_reason, free([other.pk])[other.pk]) == ("bought", 1)

    services.decide(poll=poll, asker=me, decision="takes", words="谢谢", thanked=[near.pk], now=clock.at)
    assert set(Notice.objects.filter(kind__in=["poll_thanked", "poll_decided"]).values_list("member_id", "kind")) == {
        (near.pk, "poll_thanked"), (far.pk, "poll_decided"),
    }  # fmt: skip
    picked_up(order, staff=make_staff())
    sales.say_kept(line_id=order.lines.get().pk, member=me, now=clock.at)
    assert_polls_add_up()
    found = {(one.source_id, one.target_id, one.kind) for one in Tie.objects.filter(evidence__startswith="asked")}
    assert found == {
        (near.pk, me.pk, "replied"), (far.pk, me.pk, "replied"), (me.pk, near.pk, "helped"), (me.pk, near.pk, "kept_advice"),
    }  # fmt: skip
    rebuild()
    assert Tie.objects.filter(evidence__startswith="asked").count() == 4
    with pytest.raises(errors.NotOver):
        services.decide(poll=poll, asker=me, decision="not", now=clock.at)


def test_nobody_but_the_asker_and_the_asked_finds_it_and_the_asked_read_their_own_answer_only(clock: Clock) -> None:
    me, (near, far) = make_friends()
    stranger, poll = make_buyer(), ask(me, [near, far])
    services.answer(poll=poll, member=near, good_id=None, words="别买", now=clock.at)
    with pytest.raises(errors.NoSuchPoll):
        queries.find_poll(poll.code, viewer_id=stranger.pk)
    assert queries.polls_of(viewer_id=stranger.pk, now=clock.at) == []
    assert [one.words for one in queries.poll_page(poll=poll, viewer_id=far.pk, now=clock.at).voices] == [""]
    for act in (
        lambda: services.answer(poll=poll, member=stranger, good_id=None, now=clock.at),
        lambda: services.decide(poll=poll, asker=near, decision="not", now=clock.at),
        lambda: services.withdraw(poll=poll, asker=far, now=clock.at),
        lambda: queries.poll_page(poll=poll, viewer_id=stranger.pk, now=clock.at),
    ):
        with pytest.raises(errors.NoSuchPoll):
            act()
    block(member=near, other=me, now=clock.at)
    with pytest.raises(errors.NoSuchPoll):
        queries.find_poll(poll.code, viewer_id=near.pk)
    assert [one.face.id for one in queries.poll_page(poll=poll, viewer_id=me.pk, now=clock.at).voices] == [far.pk]


def test_a_question_ends_after_a_day_and_what_it_held_is_free(clock: Clock) -> None:
    me, friends = make_friends()
    poll = ask(me, friends)
    sku = poll.goods.get().sku_id
    assert services.end_due(clock.at + DAY - timedelta(seconds=1)) == 0
    clock.move(timedelta(hours=24))
    with pytest.raises(errors.PollOver):
        services.answer(poll=poll, member=friends[0], good_id=None, now=clock.at)
    with pytest.raises(errors.PollOver):
        order_held(poll)
    assert (services.end_due(clock.at), services.end_due(clock.at), free([sku])[sku]) == (1, 0, 5)
    assert Notice.objects.filter(member=me, kind="poll_ended").count() == 1
    assert_polls_add_up()


def test_an_order_that_ends_unpaid_gives_the_unit_back_to_its_question(clock: Clock) -> None:
    me, friends = make_friends()
    poll = ask(me, friends)
    order = order_held(poll)
    sales.cancel_order(order_id=order.pk, actor="test", reason="anders", now=clock.at)
    assert_polls_add_up()
    assert (poll.goods.get().order_id, free([poll.goods.get().sku_id])) == (None, {poll.goods.get().sku_id: 4})
    assert order_held(poll, key="again").pk != order.pk
    assert_polls_add_up()


def test_only_own_people_are_asked_who_let_themselves_be_asked_and_not_too_often(clock: Clock) -> None:
    me, friends = make_friends(3)
    stranger, (deaf, enemy, busy) = make_buyer(), friends
    services.set_open(member=deaf, may_be_asked=False, now=clock.at)
    block(member=enemy, other=me, now=clock.at)
    for _ in range(3):
        other = make_buyer()
        befriend(other, busy)
        ask(other, [busy])
    for one in (stranger, *friends):
        refused(errors.CannotBeAsked, asker=me, friends=[one])
    assert (queries.askable(member_id=me.pk, now=clock.at), Poll.objects.filter(asker=me).count()) == ([], 0)
    clock.move(timedelta(hours=25))
    assert [face.id for face, _ in queries.askable(member_id=me.pk, now=clock.at)] == [busy.pk]


def test_a_member_holds_little_and_the_same_goods_once_a_week(clock: Clock) -> None:
    me, friends = make_friends()
    sku, rare = make_sku(stock_of=5), make_sku(stock_of=0)
    refused(errors.BadGoods, asker=me, friends=friends, sku_ids=[make_sku(stock_of=2).pk for _ in range(5)])
    refused(errors.BadPeople, asker=me, friends=[])
    refused(SoldOut, asker=me, friends=friends, sku_ids=[sku.pk, rare.pk])
    assert (free([sku.pk])[sku.pk], Poll.objects.count()) == (5, 0)
    poll = ask(me, friends, sku_ids=[sku.pk])
    services.withdraw(poll=poll, asker=me, now=clock.at)
    refused(errors.HeldLately, asker=me, friends=friends, sku_ids=[sku.pk])
    for _ in range(2):
        ask(me, friends)
    refused(errors.TooManyOpen, asker=me, friends=friends)
    assert_polls_add_up()


ATTACKS = [
    "UPDATE polls_good SET price_minor = 1",
    "UPDATE polls_poll SET closes_at = closes_at + interval '1 hour'",
    "UPDATE polls_poll SET ended_at = asked_at, end_reason = 'time'",
    "UPDATE stock_reservation SET state = 'released', ended_at = made_at WHERE starts_with(ref, 'poll:');"
    "UPDATE polls_good SET position = position",
    "INSERT INTO polls_asked (poll_id, member_id, asked_at, says, words, has_it)"
    " SELECT id, (SELECT max(id) FROM accounts_member), asked_at, '', '', false FROM polls_poll",
    "UPDATE polls_asked SET member_id = (SELECT max(id) FROM accounts_member)",
    "INSERT INTO sales_adjustment (order_id, line_id, kind, label_zh, label_en, amount_minor, source)"
    " SELECT order_id, id, 'poll', 'x', 'x', -1, 'poll:' || (SELECT max(id) FROM polls_good) FROM sales_orderline",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses_what_the_room_would_never_write(attack: str, clock: Clock) -> None:
    me, friends = make_friends(1)
    poll = ask(me, friends)
    sales.place_order(
        member=me, lines=[(poll.goods.get().sku_id, 1)], method="pickup", pickup_point_id=order_held(poll).pickup_point_id,
        idempotency_key="plain", now=clock.at,
    )  # fmt: skip
    sales.cancel_order(order_id=Order.objects.get(idempotency_key="held").pk, actor="test", reason="x", now=clock.at)
    assert_polls_add_up()
    make_buyer()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_who_kept_the_goods_may_let_others_read_the_answer_and_take_it_back(clock: Clock) -> None:
    me, (near, far) = make_friends()
    sku, other = make_sku(stock_of=5), make_sku(stock_of=5)
    kept = make_received_order(member=near, sku=sku)
    sales.say_kept(line_id=kept.lines.get().pk, member=near, now=clock.at)
    poll = ask(me, [near, far], sku_ids=[sku.pk, other.pk])
    first, second = poll.goods.order_by("position")
    said = {"poll": poll, "words": "甜，孩子一天就吃完了", "now": clock.at}
    for member, good in ((far, first), (near, second)):
        with pytest.raises(errors.NotKeptToTell):
            services.answer(member=member, good_id=None, tells=good.pk, **said)
    with pytest.raises(errors.WordsToTell):
        services.answer(poll=poll, member=near, good_id=None, tells=first.pk, now=clock.at)
    assert not Experience.objects.exists()

    services.answer(member=near, good_id=first.pk, tells=first.pk, **said)
    told = Experience.objects.select_related("post").get()
    assert (told.member, told.line, told.post.title) == (near, kept.lines.get(), "甜，孩子一天就吃完了")
    assert queries.poll_page(poll=poll, viewer_id=me.pk, now=clock.at).for_good(first.pk)[0].told_id == told.pk
    assert queries.tellable(poll_id=poll.pk, member_id=near.pk) == []
    with pytest.raises(IntegrityError, match="answer"), transaction.atomic():
        poll.asked.filter(member=far).update(experience=told)

    services.take_back(poll=poll, member=near, now=clock.at)
    services.take_back(poll=poll, member=near, now=clock.at)
    told.post.refresh_from_db()
    assert told.post.removed_at == clock.at and poll.asked.get(member=near).experience is None
    assert_polls_add_up()


def test_a_long_answer_is_told_whole_under_a_short_title() -> None:
    assert rules.as_experience("甜") == ("甜", "")
    title, body = rules.as_experience("甜" * 61)
    assert (len(title), title[-1], body) == (60, "…", "甜" * 61)
