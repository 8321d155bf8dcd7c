"""Friends converge only when they come to the goods each by themselves; and whoever is left out counts for nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from quanzi.goods.catalogue.models import Sku
from quanzi.growth.discovery.queries import proof_lines, social_proof
from quanzi.growth.sources.models import Touch, Visitor
from quanzi.growth.sources.services import direct_source, invitation_for
from quanzi.kernel import clock
from quanzi.people.accounts.models import Address, Member
from quanzi.people.trust.models import Ring, RingMember
from quanzi.people.trust.services import TieFact, record_ties, set_used
from quanzi.trade.payments.models import Notification, Payment
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.queries import evidence
from tests.factories.goods import make_sku
from tests.factories.people import befriend, make_member
from tests.growth.discovery.test_proof import agree, kept_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> tuple[Member, list[Member], Sku]:
    """Three friends of mine who kept the goods, each at home, and say so."""
    me, sku = make_member("我"), make_sku(stock_of=50)
    friends = [make_member(name) for name in ("小雨", "老赵", "周姐")]
    for number, one in enumerate(friends):
        befriend(me, one)
        kept_by(one, sku)
        agree(one)
        Address.objects.filter(member=one).update(detail=f"{number} 号")
    return me, friends, sku


def names(me: Member, sku: Sku, *, later: timedelta = timedelta()) -> set[str]:
    found = social_proof(viewer_id=me.pk, product_id=sku.product_id, now=clock.now() + later)
    return {one.name for one in found.converging}


def shares_a_door(one: Member, other: Member, sku: Sku) -> None:
    Address.objects.filter(member__in=[one, other]).update(detail="同一个门")


def shares_a_browser(one: Member, other: Member, sku: Sku) -> None:
    now = clock.now()
    visitor = Visitor.objects.create(key="shared", first_seen_at=now)
    for number, member in enumerate((one, other)):
        at = now + timedelta(hours=number)
        Touch.objects.create(visitor=visitor, source=direct_source(now=now), member=member, path="/", happened_at=at)


def pays_by_the_same_account(one: Member, other: Member, sku: Sku) -> None:
    for number in Payment.objects.filter(member__in=[one, other]).values_list("number", flat=True):
        Notification.objects.create(
            provider="paysim", event_id=f"paid-{number}", raw=b"", headers={}, received_at=clock.now(), verdict="verified",
            event_type="TRANSACTION.SUCCESS", content={"out_trade_no": number, "payer": {"openid": "one-account"}},
        )  # fmt: skip


def kept_what_the_other_recommended(one: Member, other: Member, sku: Sku) -> None:
    line = OrderLine.objects.get(member=other, sku=sku)
    record_ties([TieFact(other.pk, one.pk, "kept_advice", f"line:{line.pk}")], now=clock.now())


def test_whoever_a_chain_of_links_led_to_the_goods_has_no_voice(stage: tuple[Member, list[Member], Sku]) -> None:
    me, friends, sku = stage
    owner, at = make_member(), clock.now() - timedelta(days=3)
    for number, guest in enumerate([make_member(), make_member(), friends[0]]):  # the third hand is a friend of mine
        link = invitation_for(
            member=owner, target=f"/p/{sku.product.slug}", kind="share", now=at + timedelta(hours=2 * number)
        )
        visitor = Visitor.objects.create(key=f"chain-{number}", first_seen_at=at)
        came = at + timedelta(hours=2 * number + 1)
        Touch.objects.create(visitor=visitor, source=link, member=guest, path=link.target, happened_at=came)
        owner = guest
    assert names(me, sku) == {"老赵", "周姐"}


def test_friends_who_came_each_by_themselves_converge(stage: tuple[Member, list[Member], Sku]) -> None:
    me, _, sku = stage
    assert names(me, sku) == {"小雨", "老赵", "周姐"}
    assert names(me, sku, later=timedelta(days=91)) == set()


@pytest.mark.parametrize(
    "bind", [shares_a_door, shares_a_browser, pays_by_the_same_account, kept_what_the_other_recommended]
)
def test_whoever_depends_on_another_speaks_with_the_same_voice(
    stage: tuple[Member, list[Member], Sku], bind: Callable[[Member, Member, Sku], None]
) -> None:
    me, friends, sku = stage
    bind(friends[0], friends[1], sku)
    assert "周姐" in names(me, sku) and len(names(me, sku)) == 2
    bind_all = friends[1], friends[2]
    if bind in (shares_a_door, kept_what_the_other_recommended):
        bind(*bind_all, sku)
        assert bind is shares_a_door or names(me, sku) == set()


def test_a_friend_who_is_left_out_of_recommending_is_no_voice_and_no_proof(
    stage: tuple[Member, list[Member], Sku],
) -> None:
    me, friends, sku = stage
    for one in friends[:2]:
        set_used(member=me, target=one, used=False, now=clock.now())
    found = social_proof(viewer_id=me.pk, product_id=sku.product_id, now=clock.now())
    assert (found.known_kept, found.kept, found.converging) == (1, 3, ())


def test_a_ring_that_is_left_out_counts_for_nobody_until_it_does_again(
    stage: tuple[Member, list[Member], Sku],
) -> None:
    me, friends, sku = stage
    staff = make_member()
    ring = Ring.objects.create(key="k", signs=[], found_at=clock.now())
    for one in friends[:2]:
        RingMember.objects.create(ring=ring, member=one)

    def seen() -> tuple[int, int, int, int]:
        proof = social_proof(viewer_id=me.pk, product_id=sku.product_id, now=clock.now())
        line = proof_lines(viewer_id=None, product_ids=[sku.product_id], now=clock.now())[sku.product_id]
        return proof.kept, line.kept, proof.known_kept, len(evidence(sku.product_id))

    assert seen() == (3, 3, 3, 3)
    for state, counts in (("left_out", (1, 1, 1, 1)), ("honest", (3, 3, 3, 3))):
        ring.state, ring.decided_at, ring.decided_by, ring.reason = state, clock.now(), staff, "看过了"
        ring.save()
        assert seen() == counts
