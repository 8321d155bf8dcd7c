"""A planted ring is left out of everything that is counted: stars, hearts, the search, goods for whoever is new, the board of needs."""

from __future__ import annotations

import pytest

from quanzi.community.posts.models import Reaction
from quanzi.community.posts.queries import feed, useful_count
from quanzi.goods.catalogue.services import publish
from quanzi.growth.discovery.queries.front import front_page
from quanzi.growth.needs.models import Need, Support
from quanzi.growth.needs.queries import board
from quanzi.growth.recommending.queries import offers_for
from quanzi.growth.searching.indexing import catch_up
from quanzi.growth.searching.models import Entry
from quanzi.growth.searching.queries import reader_of
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.trust.models import Ring, RingMember
from quanzi.trade.experiences.queries import of_product, summary
from quanzi.trade.experiences.services import write_experience
from quanzi.trade.experiences.told import told
from quanzi.trade.sales.queries import evidence, product_counts
from quanzi.trade.sales.services import say_kept
from tests.factories.community import make_post
from tests.factories.goods import make_sku
from tests.factories.people import befriend, make_member, make_staff
from tests.factories.trade import make_received_order

pytestmark = pytest.mark.django_db


def plant(people: list[Member]) -> Ring:
    ring = Ring.objects.create(key="planted", signs=[], found_at=clock.now())
    RingMember.objects.bulk_create([RingMember(ring=ring, member=one) for one in people])
    return ring


def decide(ring: Ring, state: str) -> None:
    ring.state, ring.decided_at, ring.decided_by, ring.reason = state, clock.now(), make_staff("owner"), "一个人"
    ring.save()


def test_a_ring_moves_no_number_from_the_moment_it_is_left_out_and_does_again_when_it_was_honest() -> None:
    now, honest, false = clock.now(), make_member(), [make_member() for _ in range(3)]
    sku, other = make_sku(stock_of=30), make_sku(stock_of=30)
    for one in (sku, other):
        publish(product=one.product, actor="test", now=now)
    for member, stars in ((honest, 2), *((one, 5) for one in false)):
        line = make_received_order(member=member, sku=sku).lines.get()
        say_kept(line_id=line.pk, member=member, now=now)
        write_experience(member=member, line_id=line.pk, title="好", body="真的", stars=stars, circle=None, now=now)
    for member in (honest, make_member()):
        say_kept(line_id=make_received_order(member=member, sku=other).lines.get().pk, member=member, now=now)
    post, reader, need = make_post(author=honest), make_member(), Need.objects.create(words="海带", opened_at=now)
    befriend(reader, false[0])
    Reaction.objects.bulk_create([Reaction(post=post, member=one, created_at=now) for one in false])
    Support.objects.bulk_create([Support(need=need, member=one, said_at=now) for one in false])
    product = sku.product

    def counted() -> tuple[object, ...]:
        catch_up()
        stars, entries = summary(product.pk), Entry.objects
        front = front_page(viewer_id=None, is_personal=False, only="all", go=None, limit=20, now=now)
        by_id = {item.id: item for item in feed(ids=[post.pk])}
        return (
            str(stars.average), stars.experiences, product_counts([product.pk])[product.pk].kept, len(evidence(product.pk)),
            entries.get(kind="product", object_id=product.pk).kept, entries.get(kind="note", object_id=post.pk).useful,
            entries.filter(is_proof=True).count(), useful_count(post), by_id[post.pk].useful, front.because[post.pk].number,
            next(row.card.id for row in offers_for(None, now=now).rows) == product.pk, board(limit=5)[0].wanted,
            set(reader_of(reader, clock.now()).trust) >= {false[0].pk},
        )  # fmt: skip

    everybody = ("4.3", 4, 4, 4, 4, 3, 4, 3, 3, 3, True, 3, True)
    without = ("2.0", 1, 1, 1, 1, 0, 1, 0, 0, 0, False, 0, False)
    ring = plant(false)
    assert counted() == everybody  # found, and not decided: nothing follows
    decide(ring, "left_out")
    assert counted() == without
    assert len(told(product.pk)) == len(of_product(product.pk)) == 4  # their words stay
    decide(ring, "honest")
    assert counted() == everybody
