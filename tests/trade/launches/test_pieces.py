"""Numbered pieces: who bought which, who waits, what happened to each, and how it is handed on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.goods.pricing.errors import NotOnSale
from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import Errors
from quanzi.people.contact.models import Notice
from quanzi.trade.launches import errors, queries
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.models import Ask, Edition, Piece, PieceRecord, PieceState
from quanzi.trade.sales import services as sales
from tests.factories.goods import make_sku
from tests.factories.launches import assert_launches_add_up, make_edition, order_piece
from tests.factories.trade import capture, make_buyer, make_order, pay, start_payment
from tests.trade.launches.conftest import NOW

pytestmark = pytest.mark.django_db


def piece(edition: Edition, number: int) -> Piece:
    return Piece.objects.get(edition=edition, number=number)


def test_a_buyer_has_the_number_they_chose_and_the_next_one_has_the_next() -> None:
    edition = make_edition(size=3)
    chosen, other = pay(order_piece(edition, number=2)), pay(order_piece(edition))
    assert (piece(edition, 2).owner, piece(edition, 1).owner) == (chosen.member, other.member)
    assert chosen.released_at is not None
    assert PieceRecord.objects.filter(kind="sold").count() == 2
    with pytest.raises(errors.PieceTaken):
        order_piece(edition, number=2)
    assert_launches_add_up()


def test_numbered_goods_cannot_be_bought_past_their_numbers() -> None:
    edition = make_edition()
    with pytest.raises(NotOnSale):
        make_order(sku=edition.sku)
    with pytest.raises(Errors) as refused:
        launches.open_edition(sku_id=make_sku(stock_of=3).pk, size=9, actor="test", now=NOW)
    assert set(refused.value.fields) == {"sku_id", "size"}


def test_the_same_key_finds_the_same_piece_and_late_money_for_a_lost_one_goes_back(clock: Clock) -> None:
    from tests.factories.trade import make_point

    edition, member, point = make_edition(size=1), make_buyer(), make_point()
    first = order_piece(edition, member=member, point=point, idempotency_key="once")
    assert order_piece(edition, member=member, point=point, idempotency_key="once").pk == first.pk
    payment = start_payment(first)
    sales.cancel_order(order_id=first.pk, actor="system", reason="expired", now=NOW)
    second = pay(order_piece(edition))
    capture(payment)
    first.refresh_from_db()
    assert first.state == "cancelled"
    assert piece(edition, 1).owner == second.member
    assert_launches_add_up()


def test_who_waits_is_asked_in_order_has_a_day_and_then_it_passes_on(clock: Clock) -> None:
    edition = make_edition(size=1)
    order = order_piece(edition)
    one, two = make_buyer(), make_buyer()
    for member in (one, two):
        launches.ask_piece(edition_id=edition.pk, member=member, now=NOW)
    with pytest.raises(errors.AskedAlready):
        launches.ask_piece(edition_id=edition.pk, member=two, now=NOW)
    sales.cancel_order(order_id=order.pk, actor="system", reason="changed", now=NOW)
    assert (piece(edition, 1).state, Ask.objects.get(member=one).state) == (PieceState.OFFERED, "turn")
    with pytest.raises(errors.PieceTaken):
        order_piece(edition)
    deliver_pending()
    assert Notice.objects.get(kind="piece_offered").member == one

    clock.at = NOW + timedelta(hours=24)
    with pytest.raises(errors.PieceTaken):
        order_piece(edition, member=one)
    assert (launches.pass_on_due(clock.at), launches.pass_on_due(clock.at)) == (1, 0)
    bought = pay(order_piece(edition, member=two))

    assert piece(edition, 1).owner == bought.member == two
    assert sorted(Ask.objects.values_list("state", flat=True)) == ["bought", "passed"]
    assert_launches_add_up()


def test_a_piece_that_comes_back_goes_to_the_next_and_one_that_stays_with_its_buyer_does_not(clock: Clock) -> None:
    edition = make_edition(size=1)
    order = pay(order_piece(edition))
    waiting = make_buyer()
    launches.ask_piece(edition_id=edition.pk, member=waiting, now=NOW)
    sales.mark_handed_over(order_id=order.pk, now=NOW)
    sales.refund_order(
        order_id=order.pk, reason="came back", actor="system", idempotency_key="r", goods_back=True, now=NOW
    )
    assert piece(edition, 1).state == PieceState.OFFERED
    assert PieceRecord.objects.filter(kind="came_back").count() == 1
    assert_launches_add_up()

    other = make_edition(size=1)
    stays = pay(order_piece(other))
    sales.mark_handed_over(order_id=stays.pk, now=NOW)
    sales.refund_order(order_id=stays.pk, reason="kept by them", actor="system", idempotency_key="s", now=NOW)
    assert piece(other, 1).owner == stays.member
    assert_launches_add_up()


def test_both_sides_words_hand_a_piece_on_and_its_record_goes_along() -> None:
    edition = make_edition(size=1)
    order, friend, stranger = pay(order_piece(edition)), make_buyer(), make_buyer()
    owner, mine = order.member, piece(edition, 1)
    with pytest.raises(errors.NoSuchPiece):
        launches.hand_on(piece_id=mine.pk, member=stranger, now=NOW)
    with pytest.raises(errors.PieceOnItsWay):
        launches.hand_on(piece_id=mine.pk, member=owner, now=NOW)
    sales.mark_handed_over(order_id=order.pk, now=NOW)
    handing = launches.hand_on(piece_id=mine.pk, member=owner, now=NOW)
    with pytest.raises(errors.OwnPiece):
        launches.take_over(token=handing.token, member=owner, now=NOW)
    assert launches.keep_after_all(piece_id=mine.pk, member=owner, now=NOW)
    with pytest.raises(errors.NoSuchHanding):
        launches.take_over(token=handing.token, member=friend, now=NOW)
    again = launches.hand_on(piece_id=mine.pk, member=owner, now=NOW)
    launches.take_over(token=again.token, member=friend, now=NOW)

    assert piece(edition, 1).owner == friend
    page = queries.piece_page(code=mine.code, viewer=None)
    assert [one.kind for one in page.records] == ["sold", "handed_on"]
    with pytest.raises(errors.NoSuchHanding):
        launches.take_over(token=again.token, member=stranger, now=NOW)
    assert_launches_add_up()


def test_owner_and_maker_write_the_record_and_nobody_else() -> None:
    maker = make_buyer()
    edition = make_edition(size=1, maker=maker)
    owner, mine = pay(order_piece(edition)).member, piece(edition, 1)
    launches.write_record(piece_id=mine.pk, member=owner, kind="care", text="上了一遍油", now=NOW)
    launches.write_record(piece_id=mine.pk, member=maker, kind="repair", text="换了扣子", now=NOW)
    with pytest.raises(errors.NoSuchPiece):
        launches.write_record(piece_id=mine.pk, member=make_buyer(), kind="care", text="…", now=NOW)
    with pytest.raises(errors.BadRecord):
        launches.write_record(piece_id=mine.pk, member=owner, kind="sold", text="x", now=NOW)
    assert list(PieceRecord.objects.values_list("kind", "by_maker")) == [
        ("sold", True),
        ("care", False),
        ("repair", True),
    ]


def test_a_turn_that_went_with_its_member_goes_to_the_next(clock: Clock) -> None:
    edition = make_edition(size=1)
    order = order_piece(edition)
    gone, next_one = make_buyer(), make_buyer()
    for member in (gone, next_one):
        launches.ask_piece(edition_id=edition.pk, member=member, now=NOW)
    sales.cancel_order(order_id=order.pk, actor="system", reason="changed", now=NOW)
    Ask.objects.filter(member=gone).delete()
    assert launches.pass_on_due(NOW) == 0
    assert Ask.objects.get(state="turn").member == next_one
    assert_launches_add_up()


def test_the_database_refuses_other_numbers_owners_who_did_not_pay_and_edited_records() -> None:
    edition = make_edition(size=2)
    order = pay(order_piece(edition, number=1))
    stranger = make_buyer()
    for sql in (
        "UPDATE launches_piece SET number = 9 WHERE number = 1",
        "DELETE FROM launches_piece",
        "UPDATE launches_edition SET size = 3",
        f"UPDATE launches_piece SET owner_id = {stranger.pk} WHERE number = 1",
        f"UPDATE launches_piece SET state = 'ordered', order_id = {order.pk} WHERE number = 2",
        f"INSERT INTO launches_piece (edition_id, number, code, state) VALUES ({edition.pk}, 3, 'x', 'free')",
        "UPDATE launches_piecerecord SET text = 'never repaired'",
        "DELETE FROM launches_piecerecord",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
