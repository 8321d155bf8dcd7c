"""Who is named beside goods, and who never is."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from pytest_django import DjangoAssertNumQueries

from quanzi.goods.catalogue.models import Product, Sku
from quanzi.growth.discovery.queries import discover_page, feed_page, proof_lines, social_proof
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import decide
from quanzi.people.safety.services import block
from quanzi.people.trust.services import set_hidden, withdraw_tie
from quanzi.trade.experiences.services import write_experience
from quanzi.trade.sales.models import Order
from quanzi.trade.sales.queries import evidence
from quanzi.trade.sales.services import refund_line, say_kept
from tests.factories.community import make_post
from tests.factories.goods import make_sku
from tests.factories.people import befriend, make_member
from tests.factories.trade import make_order, make_received_order, pay

pytestmark = pytest.mark.django_db


def kept_by(member: Member, sku: Sku) -> Order:
    order = make_received_order(member=member, sku=sku)
    for line in order.lines.all():
        say_kept(line_id=line.pk, member=member, now=clock.now())
    return order


def agree(member: Member, *, granted: bool = True) -> None:
    decide(
        member=member,
        purpose=Purpose.SOCIAL_PROOF,
        channel=Channel.NONE,
        granted=granted,
        where="test",
        now=clock.now(),
    )


@pytest.fixture
def chain() -> tuple[list[Member], Sku]:
    """Me, my sister, her friend, his friend, and one more: each tied to the next; the goods are in stock."""
    people = [make_member(name) for name in ("我", "小雨", "陈念", "老赵", "远人")]
    befriend(people[0], people[1], kind="family", label="妹妹")
    for one, other in pairwise(people[1:]):
        befriend(one, other)
    return people, make_sku(stock_of=50)


def proof_for(viewer: Member, product: Product):  # type: ignore[no-untyped-def]  # a Proof
    return social_proof(viewer_id=viewer.pk, product_id=product.pk, now=clock.now())


def test_a_friend_of_a_friend_is_shown_with_every_edge_named(chain: tuple[list[Member], Sku]) -> None:
    people, sku = chain
    order = kept_by(people[2], sku)
    line = order.lines.get()
    write_experience(member=people[2], line_id=line.pk, title="个头匀，没有一根烂的", now=clock.now())
    proof = proof_for(people[0], sku.product)
    assert [step.name for step in proof.path] == ["我", "小雨", "陈念"]
    assert proof.path[1].word == "妹妹"
    assert proof.path[2].word
    assert proof.quote is not None and proof.quote.title == "个头匀，没有一根烂的"
    assert (proof.kept, proof.returned, proof.known_kept) == (1, 0, 1)


def test_without_a_word_of_their_own_people_are_counted_and_not_named(chain: tuple[list[Member], Sku]) -> None:
    people, sku = chain
    kept_by(people[1], sku)
    proof = proof_for(people[0], sku.product)
    assert (proof.known_kept, proof.path, proof.others) == (1, (), ())
    agree(people[1])
    assert [step.name for step in proof_for(people[0], sku.product).path] == ["我", "小雨"]
    agree(people[1], granted=False)
    assert proof_for(people[0], sku.product).path == ()


def test_the_fourth_step_is_out_of_sight(chain: tuple[list[Member], Sku]) -> None:
    people, sku = chain
    for person in people[3:]:
        agree(person)
        kept_by(person, sku)
    proof = proof_for(people[0], sku.product)
    assert proof.kept == 2
    assert proof.known_kept == 1
    assert [step.name for step in proof.path] == ["我", "小雨", "陈念", "老赵"]


@pytest.mark.parametrize("cut", ["blocked", "withdrawn", "hidden"])
def test_a_cut_tie_removes_the_path_at_once(chain: tuple[list[Member], Sku], cut: str) -> None:
    people, sku = chain
    agree(people[2])
    kept_by(people[2], sku)
    assert proof_for(people[0], sku.product).path
    if cut == "blocked":
        block(member=people[2], other=people[0], now=clock.now())
    elif cut == "withdrawn":
        withdraw_tie(member=people[2], target=people[1], now=clock.now())
    else:
        set_hidden(member=people[2], target=people[1], hidden=True, now=clock.now())
    assert proof_for(people[0], sku.product).path == ()


def test_goods_that_went_back_are_counted_as_returned_and_nobody_is_named(chain: tuple[list[Member], Sku]) -> None:
    people, sku = chain
    agree(people[1])
    order = kept_by(people[1], sku)
    refund_line(
        line_id=order.lines.get().pk,
        reason="坏了",
        actor="test",
        goods_back=False,
        idempotency_key="r",
        now=clock.now() + timedelta(hours=1),
    )
    proof = proof_for(people[0], sku.product)
    assert (proof.kept, proof.returned, proof.known_returned, proof.path) == (0, 1, 1, ())


def test_paid_but_not_received_is_no_proof(chain: tuple[list[Member], Sku]) -> None:
    people, sku = chain
    agree(people[1])
    pay(make_order(member=people[1], sku=sku))
    proof = proof_for(people[0], sku.product)
    assert (proof.kept, proof.known_kept, proof.path) == (0, 0, ())


def test_a_visitor_sees_counts_that_open_to_as_many_lines(chain: tuple[list[Member], Sku]) -> None:
    people, sku = chain
    for person in people[:3]:
        kept_by(person, sku)
    proof = social_proof(viewer_id=None, product_id=sku.product_id, now=clock.now())
    lines = evidence(sku.product_id)
    assert proof.kept == 3 == sum(line.kept_at is not None for line in lines)
    assert proof.returned == sum(line.returned_at is not None for line in lines)
    assert (proof.path, proof.known_bought) == ((), 0)
    assert not any(person.name in str(lines) for person in people)


@pytest.mark.parametrize("products", [1, 12])
def test_lines_of_proof_cost_the_same_for_one_and_for_a_dozen(
    chain: tuple[list[Member], Sku], products: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people, _ = chain
    skus = [make_sku(stock_of=5) for _ in range(products)]
    agree(people[1])
    for sku in skus:
        kept_by(people[1], sku)
    with django_assert_max_num_queries(4):
        lines = proof_lines(viewer_id=people[0].pk, product_ids=[sku.product_id for sku in skus], now=clock.now())
    assert all(line.people[0].name == "小雨" for line in lines.values())


def test_discover_and_feed_stand_for_visitors_and_members(chain: tuple[list[Member], Sku]) -> None:
    people, sku = chain
    agree(people[1])
    kept_by(people[1], sku)
    make_post(author=people[1], products=[sku.product])
    page = discover_page(viewer=people[0], now=clock.now())
    assert [card.product.id for card in page.kept_by_known] == [sku.product_id]
    assert discover_page(viewer=None, now=clock.now()).kept_by_known == []
    card = feed_page(viewer=people[0], only="known", now=clock.now()).cards[0]
    assert card.tie is not None and card.tie.words
    assert card.product is not None and (card.product.kept, card.product.returned) == (1, 0)
    assert feed_page(viewer=make_member(), only="known", now=clock.now()).cards == []


def test_the_line_of_a_card_says_what_the_whole_proof_says(chain: tuple[list[Member], Sku]) -> None:
    people, sku = chain
    others = [make_sku(stock_of=20) for _ in range(3)]
    for person in people[1:3]:
        agree(person)
    for person in people:
        kept_by(person, sku)
    kept_by(people[1], sku)
    told = kept_by(people[3], others[0]).lines.get()
    write_experience(member=people[3], line_id=told.pk, title="又买了一次", now=clock.now())
    sent_back = pay(make_order(member=people[2], sku=others[1]))
    refund_line(line_id=sent_back.lines.get().pk, reason="bruised", actor="x", idempotency_key="back", now=clock.now())
    kept_by(people[4], others[2])
    asked = [one.product_id for one in (sku, *others)]
    lines = proof_lines(viewer_id=people[0].pk, product_ids=asked, now=clock.now())
    for product_id in asked:
        whole = social_proof(viewer_id=people[0].pk, product_id=product_id, now=clock.now())
        named = [*whole.path[-1:], *whole.others][:3] if whole.path else []
        line = lines[product_id]
        assert (line.kept, line.returned, line.known_kept) == (whole.kept, whole.returned, whole.known_kept)
        assert [one.member_id for one in line.people] == [one.member_id for one in named]
    assert [lines[one].known_kept for one in asked] == [3, 1, 0, 0]
