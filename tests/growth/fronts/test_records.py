"""The record of somebody who sells or leads: made of facts, open to them, without names; the report: sums, without anybody in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quanzi.goods.catalogue.services import publish
from quanzi.growth.fronts.centres import of_circle, of_member
from quanzi.growth.fronts.queries.record import Record, cases_of, record_of, standing_of
from quanzi.growth.fronts.queries.report import report_of
from quanzi.growth.fronts.rules import HIDDEN
from quanzi.growth.fronts.services import publish_record
from quanzi.growth.insight.queries import relation_ledger
from quanzi.growth.sources.services import invitation_for, join_visitor, record_touch
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.trust.models import Ring, RingMember
from quanzi.people.trust.rings import decide_ring
from quanzi.people.trust.services import follow
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.queries import evidence
from tests.factories.community import make_circle, make_post
from tests.factories.goods import make_maker, make_product, make_sku
from tests.factories.people import log_in, make_member, make_staff
from tests.factories.trade import make_point, make_received_order

pytestmark = pytest.mark.django_db

NOW = clock.now() - timedelta(days=3)


def leave_out(member: Member) -> None:
    """A moderator leaves somebody out of counts."""
    ring = Ring.objects.create(key="r", signs=[], found_at=NOW)
    RingMember.objects.create(ring=ring, member=member)
    decide_ring(ring_id=ring.pk, state="left_out", reason="互相下单", actor=make_staff("moderator"), now=NOW)


def made_by(maker: Any) -> Any:
    product = make_product(maker=maker)
    sku = make_sku(product=product, stock_of=100)
    publish(product=product, actor="test", now=NOW)
    return sku


def sold(sku: Any, *, kept: bool = True, **fields: Any) -> OrderLine:
    line: OrderLine = make_received_order(now=NOW, sku=sku, **fields).lines.get()
    change = {"kept_at": NOW} if kept else {"returned_at": NOW}
    OrderLine.objects.filter(pk=line.pk).update(**change)
    return line


def fact(record: Record | None, key: str) -> tuple[int, int]:
    assert record is not None
    (found,) = [one for one in record.facts if one.key == key]
    return found.rate.count, found.rate.of


def test_a_record_counts_facts_of_others_and_each_number_opens_to_them() -> None:
    maker = make_maker(member=make_member("做皮具的"))
    sku = made_by(maker)
    kept, back = sold(sku), sold(sku, kept=False)
    sold(sku, member=maker.member)  # what one buys of oneself says nothing
    assert fact(record_of(maker.member_id, now=clock.now()), "maker_kept") == (1, 2)
    rows = cases_of(maker.member_id, "maker_kept", now=clock.now())
    assert [(row.id, row.speaks) for row in rows] == [(back.pk, False), (kept.pk, True)]
    marks = {row.line_id: row.pseudonym for row in evidence(sku.product_id)}
    assert [row.mark for row in rows] == [marks[back.pk], marks[kept.pk]], "the same mark as on the page of the goods"
    assert cases_of(maker.member_id, "maker_kept", now=clock.now(), before_id=back.pk) == rows[1:]
    with pytest.raises(KeyError):
        cases_of(maker.member_id, "wealth", now=clock.now())


def test_people_of_a_ring_do_not_count_and_moderators_are_told_how_many() -> None:
    maker = make_maker(member=make_member())
    line = sold(made_by(maker))
    leave_out(line.member)
    found = record_of(maker.member_id, now=clock.now(), for_moderator=True)
    assert fact(found, "maker_kept") == (0, 0) and found is not None and found.left_out == 1
    assert cases_of(maker.member_id, "maker_kept", now=clock.now()) == []


def test_whoever_sells_or_leads_has_a_public_record_and_a_member_by_their_own_word(client: Client) -> None:
    leader, plain = make_member(), make_member("小满")
    make_point(leader=leader)
    assert standing_of(leader.pk).is_public and not standing_of(plain.pk).is_public
    assert client.get(f"/u/{leader.pk}/record").status_code == 200
    assert client.get(f"/u/{plain.pk}/record").status_code == 404
    assert log_in(Client(), plain).get(f"/u/{plain.pk}/record").status_code == 200, "one's own is read by oneself"
    publish_record(member=plain, centre=of_member(plain), shown=True, now=NOW)
    page = client.get(f"/u/{plain.pk}/record").content.decode()
    assert "小满" in page and client.get(f"/u/{plain.pk}/record/answers").status_code == 200
    assert client.get(f"/u/{plain.pk}/record/maker_kept").status_code == 404
    publish_record(member=plain, centre=of_member(plain), shown=False, now=NOW)
    assert client.get(f"/u/{plain.pk}/record").status_code == 404


def test_too_few_cases_are_words_and_ten_are_a_share_with_its_interval(client: Client) -> None:
    maker = make_maker(member=make_member())
    sku = made_by(maker)
    buyer = make_member()
    lines = [sold(sku, member=buyer).pk for _ in range(2)]
    address = f"/u/{maker.member_id}/record"
    page = client.get(address).content.decode()
    assert "2/2" not in page and "100%" not in page
    assert client.get(f"{address}/maker_kept").content.decode().count('class="row') >= len(lines)


def came(owner: Member, number: int, *, at: datetime) -> list[Member]:
    """So many people who came by a member's link and signed up."""
    source, found = invitation_for(member=owner, now=at), []
    for n in range(number):
        key = f"browser-{owner.pk}-{number}-{n:04d}"
        record_touch(visitor_key=key, source=source, path="/", now=at)
        person = make_member(now=at + timedelta(minutes=5))
        join_visitor(visitor_key=key, member_id=person.pk, is_new=True, now=at + timedelta(minutes=5))
        found.append(person)
    return found


def test_a_report_is_the_relation_ledger_of_ones_own_links_and_tells_nothing_of_few() -> None:
    now = clock.now()
    owner, other = make_member(), make_member()
    came(owner, 3, at=now - timedelta(days=2))
    came(other, 6, at=now - timedelta(days=2))
    mine, theirs = (report_of(of_member(one), days=7, now=now) for one in (owner, other))
    assert (mine.visits, mine.steps.arrived, mine.steps.members) == (3, 3, HIDDEN)
    assert (theirs.visits, theirs.steps.arrived, theirs.steps.members) == (6, 6, 5)
    assert (theirs.before.arrived, theirs.visits_before, sum(count for _, count in theirs.by_day)) == (0, 0, 6)
    starts_at = now - timedelta(days=7)
    whole = relation_ledger(starts_at=starts_at, ends_at=now, now=now)
    own = [row for row in whole.rows if row.owner_name == other.name]
    ids = [row.source_id for row in own]
    assert relation_ledger(starts_at=starts_at, ends_at=now, now=now, source_ids=ids).rows == own


def test_who_stays_is_counted_by_what_people_do_and_told_from_ten_on() -> None:
    now = clock.now()
    star, fans = make_member(), [make_member() for _ in range(10)]
    for fan in fans:
        follow(member=fan, target=star, now=now - timedelta(days=40))
    make_post(author=fans[0])
    found = report_of(of_member(star), days=30, now=now)
    month, quarter = found.loyalty
    assert (month.back.count, month.back.of, month.back.is_told) == (1, 10, True)
    assert (quarter.back.of, quarter.back.is_told) == (0, False)
    assert month.again.count == 0 and found.fans == 10


def test_only_the_owner_reads_a_report(client: Client) -> None:
    circle = make_circle()
    other = log_in(Client(), make_staff())
    assert client.get(f"/c/{circle.slug}/report").status_code == 302
    assert other.get(f"/c/{circle.slug}/report").status_code == 404
    mine = log_in(Client(), circle.founder)
    assert mine.get(f"/c/{circle.slug}/report?days=7").status_code == 200
    sheet = mine.get(f"/c/{circle.slug}/report?as=csv")
    assert sheet["Content-Type"].startswith("text/csv") and sheet.content.startswith("\ufeff".encode())
    assert report_of(of_circle(circle), days=30, now=clock.now()).fans == 0, (
        "those who look after it are no guests of it"
    )
