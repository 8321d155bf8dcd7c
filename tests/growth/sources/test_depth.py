"""How many hands a link went through: told by the database, cut at nine, and beyond two nobody's word."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from quanzi.growth.insight.queries import facts, relation_ledger
from quanzi.growth.insight.rules import WHOLE, Model
from quanzi.growth.sources.models import Source, SourceKind, Touch
from quanzi.growth.sources.queries import depth_of, owner_of
from quanzi.growth.sources.services import create_source, invitation_for, join_visitor, record_touch
from quanzi.growth.sources.ties import KEPT_ADVICE
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.trust.models import Tie
from quanzi.trade.sales.services import say_kept
from tests.factories.goods import make_sku
from tests.factories.people import make_member
from tests.factories.trade import make_paid_order, make_received_order

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def link_of(member: Member, target: str, now: datetime) -> Source:
    return invitation_for(member=member, target=target, kind=SourceKind.SHARE, now=now)


def comes(link: Source, now: datetime, member: Member | None = None) -> Member:
    """A newcomer, or somebody known, arrives by a link and logs in."""
    key = f"visitor-{link.pk:06d}-{now.timestamp():.0f}"
    record_touch(visitor_key=key, source=link, path=link.target, now=now)
    person = member or make_member(now=now)
    join_visitor(visitor_key=key, member_id=person.pk, is_new=member is None, now=now)
    return person


def chain(length: int, target: str, now: datetime) -> list[Member]:
    """One hands a link to the next, who never bought anything."""
    people = [make_member(now=now)]
    for step in range(length):
        people.append(comes(link_of(people[-1], target, now + step * HOUR), now + step * HOUR + HOUR / 2))
    return people


@pytest.mark.parametrize("target", ["/", "/discover", "/p/tea", "/n/7", "/t/abc", "/c/mothers"])
def test_each_hand_of_a_chain_is_counted_and_the_count_is_cut(target: str) -> None:
    people = chain(12, target, clock.now())
    depths = [Touch.objects.get(member=one).depth for one in people[1:]]
    assert depths == [min(9, step + 1) for step in range(12)]


def test_nobody_is_tied_at_the_end_of_a_chain() -> None:
    people = chain(4, "/p/tea", clock.now())
    tied = [Tie.objects.filter(source=one, target=other, kind="invited").exists() for one, other in pairwise(people)]
    assert tied == [True, True, False, False]


def test_whoever_bought_it_speaks_for_themselves() -> None:
    now = clock.now()
    sku = make_sku(stock_of=9, now=now)
    target = f"/p/{sku.product.slug}"
    *_, last = chain(3, target, now)
    link = link_of(last, target, now + 5 * HOUR)
    assert depth_of(link.pk, now + 5 * HOUR) == 4 and owner_of(link.token, now + 5 * HOUR) is None
    make_paid_order(member=last, sku=make_sku(stock_of=9, now=now), now=now + 5 * HOUR)
    assert depth_of(link.pk, now + 6 * HOUR) == 4  # other goods are no word on these
    make_paid_order(member=last, sku=sku, now=now + 6 * HOUR)
    assert depth_of(link.pk, now + 7 * HOUR) == 1 and owner_of(link.token, now + 7 * HOUR) == last.pk


def test_whoever_came_by_themselves_first_is_the_beginning_and_coming_again_changes_nothing() -> None:
    now = clock.now()
    people = chain(3, "/p/tea", now)
    early, late = make_member(now=now), people[3]
    own = link_of(early, "/p/tea", now)  # had the page before anybody sent it
    comes(link_of(late, "/p/tea", now + 5 * HOUR), now + 6 * HOUR, early)
    assert depth_of(own.pk, now + 7 * HOUR) == 1
    comes(own, now + 4 * HOUR, late)  # a shorter way, later
    assert depth_of(link_of(late, "/p/tea", now + 5 * HOUR).pk, now + 8 * HOUR) == 4


def test_links_that_lead_in_a_circle_end() -> None:
    now = clock.now()
    one = make_member(now=now)
    other = comes(link_of(one, "/p/tea", now), now + HOUR)
    back = link_of(other, "/p/tea", now + 2 * HOUR)
    comes(back, now + 3 * HOUR, one)
    assert depth_of(link_of(one, "/p/tea", now).pk, now + 4 * HOUR) == 1
    assert depth_of(back.pk, now + 4 * HOUR) == 2


def test_the_shops_own_ways_have_no_hands_and_a_forged_one_none_either() -> None:
    now = clock.now()
    ad = create_source(kind=SourceKind.AD, name="广告", now=now)
    assert depth_of(ad.pk, now) == 0 and depth_of(10**9, now) == 0 and owner_of("forged", now) is None


def test_raw_sql_cannot_tell_another_depth() -> None:
    *_, last = chain(3, "/p/tea", clock.now())
    touch = Touch.objects.get(member=last)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sources_touch (visitor_id, source_id, path, happened_at, depth) VALUES (%s, %s, '/p/tea', %s, 0) RETURNING depth",
            [touch.visitor_id, touch.source_id, touch.happened_at],
        )
        assert cursor.fetchone() == (3,)
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("UPDATE sources_touch SET depth = 1 WHERE id = %s", [touch.pk])


def test_goods_kept_through_a_chain_are_nobodys_advice() -> None:
    now = clock.now()
    sku = make_sku(stock_of=9, now=now)
    *_, before, last = chain(3, f"/p/{sku.product.slug}", now)
    for line in make_received_order(member=last, sku=sku, now=now + 5 * HOUR).lines.all():
        say_kept(line_id=line.pk, member=last, now=now + 6 * HOUR)
    with connection.cursor() as cursor:
        cursor.execute(KEPT_ADVICE.facts.format(only=""))
        assert cursor.fetchall() == []
    assert not Tie.objects.filter(source=last, target=before).exists()


def test_the_ledger_puts_chains_under_a_kind_of_their_own() -> None:
    now = clock.now()
    people = chain(4, "/p/tea", now - 20 * HOUR)
    span = {"starts_at": now - timedelta(days=2), "ends_at": now, "now": now}
    rows = {row.kind: row for row in relation_ledger(model=Model.INVITED, **span).rows}
    assert (rows["share"].visits, rows["chain"].visits) == (WHOLE, 2 * WHOLE)
    found = facts(column="visits", source_id=rows["chain"].source_id, model=Model.INVITED, **span)
    assert {fact.member_id for fact in found} == {one.pk for one in people[3:]}


def test_the_landing_says_that_it_is_advertising() -> None:
    now = clock.now() - 20 * HOUR
    people = chain(3, "/circles", now)
    words = "counts as advertising"
    for person, is_said in ((people[1], False), (people[3], True)):
        link = link_of(person, "/circles", clock.now())
        page = Client(headers={"user-agent": "Mozilla/5.0", "accept-language": "en"}).get(
            f"/i/{link.token}", follow=True
        )
        assert page.status_code == 200 and (words in page.content.decode()) is is_said
