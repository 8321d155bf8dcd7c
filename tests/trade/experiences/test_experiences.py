"""An experience needs goods that its author kept; the database knows no other way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.base.ledger.queries import settle_deferred
from quanzi.community.posts.models import Post
from quanzi.goods.catalogue.services import recall_lot
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Notice
from quanzi.trade.experiences import errors
from quanzi.trade.experiences.models import Experience
from quanzi.trade.experiences.queries import of_product, summary, writable_lines
from quanzi.trade.experiences.services import write_experience
from quanzi.trade.fulfilment.services import ship
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.services import refund_line, say_kept
from tests.factories.community import make_post
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.people import make_member
from tests.factories.trade import make_order, make_paid_order, make_received_order, make_staff, open_fulfilment

pytestmark = pytest.mark.django_db


def kept_line(member: Member | None = None) -> OrderLine:
    order = make_received_order(member=member or make_member())
    line = order.lines.get()
    say_kept(line_id=line.pk, member=order.member, now=clock.now())
    line.refresh_from_db()
    return line


def write(line: OrderLine, **fields: object) -> Experience:
    return write_experience(
        **{"member": line.member, "line_id": line.pk, "title": "好吃", "now": clock.now(), **fields}
    )  # type: ignore[arg-type]


def test_whoever_kept_goods_is_asked_once_and_writes_once() -> None:
    line = kept_line()
    for _ in range(2):
        deliver_pending(now=clock.now())
    assert Notice.objects.filter(member=line.member, kind="experience_invited").count() == 1
    assert writable_lines(line.member_id) == [line]
    experience = write(line, stars=5)
    assert (experience.post.kind, experience.product_id) == ("experience", line.product_id)
    assert writable_lines(line.member_id) == []
    with pytest.raises(errors.WrittenAlready):
        write(line)


def test_received_is_not_kept_and_paid_is_not_received() -> None:
    for order in (make_received_order(), make_paid_order(), make_order()):
        with pytest.raises(errors.NotKeptYet):
            write(order.lines.get())


def test_other_peoples_lines_do_not_exist() -> None:
    line = kept_line()
    with pytest.raises(NotFound):
        write(line, member=make_member())


@pytest.mark.parametrize("stars", [0, 6, -1, 10**9])
def test_stars_are_one_to_five(stars: int) -> None:
    with pytest.raises(errors.StarsOutOfRange):
        write(kept_line(), stars=stars)
    assert not Post.objects.exists()


def test_a_return_voids_the_stars_and_leaves_the_words() -> None:
    line = kept_line()
    write(line, stars=5)
    assert summary(line.product_id).average == 5
    refund_line(
        line_id=line.pk, reason="坏了", actor="test", idempotency_key="back", now=clock.now() + timedelta(hours=1)
    )
    deliver_pending(now=clock.now())
    assert summary(line.product_id).experiences == 0
    assert of_product(line.product_id) == []
    assert Post.objects.get().removed_at is None


def test_filters_tell_pictures_people_and_low_stars_apart() -> None:
    first, second = kept_line(), kept_line()
    write(first, stars=2)
    write(second, stars=5)
    assert [row.member_id for row in of_product(first.product_id, only="low")] == [first.member_id]
    assert of_product(first.product_id, authors=[make_member().pk]) == []
    assert of_product(first.product_id, only="pictures") == []
    assert of_product(first.product_id, unwanted={first.member_id}) == []


def test_the_database_refuses_a_review_without_kept_goods() -> None:
    line, post = make_received_order().lines.get(), make_post()
    sql = "INSERT INTO experiences_experience (post_id, line_id, product_id, member_id, stars, created_at) VALUES (%s, %s, %s, %s, %s, now())"
    for member_id, stars in [(line.member_id, 5), (post.author_id, 5)]:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [post.pk, line.pk, line.product_id, member_id, stars])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE posts_post SET kind = 'experience' WHERE id = {note}",
        "UPDATE experiences_experience SET stars = 6",
        "UPDATE experiences_experience SET member_id = {stranger}",
        "UPDATE experiences_experience SET line_id = {unkept}",
        "DELETE FROM experiences_experience",
        "INSERT INTO posts_post (author_id, kind, title, body, is_demo, created_at, hidden_reason)"
        " SELECT author_id, 'experience', title, body, false, now(), '' FROM posts_post WHERE id = {note}",
    ],
)
def test_the_database_refuses_to_bend_an_experience(statement: str) -> None:
    write(kept_line(), stars=4)
    words = {"note": make_post().pk, "stranger": make_member().pk, "unkept": make_received_order().lines.get().pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement.format(**words))
        settle_deferred()


def test_a_recall_tells_everybody_who_was_handed_the_lot() -> None:
    sku = make_sku()
    lot = make_lot(sku=sku)
    bring_in(sku=sku, quantity=5, lot=lot)
    order = make_paid_order(sku=sku)
    row = open_fulfilment(order)
    ship(fulfilment_id=row.pk, actor_member=make_staff("fulfilment"), carrier="顺丰", now=clock.now())
    recall_lot(lot=lot, reason="农残超标", actor="test", now=clock.now())
    for _ in range(2):
        deliver_pending(now=clock.now())
    notice = Notice.objects.get(kind="lot_recalled")
    assert (notice.member_id, notice.params["reason"]) == (order.member_id, "农残超标")
