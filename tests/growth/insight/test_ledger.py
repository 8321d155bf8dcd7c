"""The relation ledger beside a plain twin: the same credit from the same history, and every figure opens to its facts."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from quanzi.community.circles.services import ask_to_join
from quanzi.growth.insight.queries import COLUMNS, facts, member_timeline, money, relation_ledger, stages
from quanzi.growth.insight.rules import WHOLE, Arrival, Model, shares
from quanzi.growth.sources.models import Source, SourceKind, Visitor
from quanzi.growth.sources.services import create_source, direct_source, enter_spend, join_visitor, record_touch
from quanzi.kernel import clock
from quanzi.kernel.clock import today
from quanzi.people.accounts.models import Member
from quanzi.people.trust.services import invited
from quanzi.trade.sales.models import Order, OrderLine
from quanzi.trade.sales.services import say_kept
from tests.factories.community import make_circle
from tests.factories.goods import make_sku
from tests.factories.people import make_member
from tests.factories.trade import make_paid_order, make_received_order
from tests.staying import staying

pytestmark = pytest.mark.django_db
DAYS = 40


def make_village() -> dict[str, Any]:
    """Twenty-four people and a dozen passers-by, touched at random by four sources; some buy, once, twice or never."""
    chance, now = random.Random(11), clock.now()
    start = now - timedelta(days=DAYS)
    host = make_member("小雨", now=start - timedelta(days=1))
    sources = [
        direct_source(now=start),
        create_source(kind=SourceKind.AD, name="广告", now=start),
        create_source(kind=SourceKind.PARCEL, name="包裹", now=start),
        create_source(kind=SourceKind.INVITATION, name="小雨", owner=host, now=start),
    ]
    circle, sku = make_circle(founder=host, now=start), make_sku(stock_of=200, now=start)
    touches: dict[int, list[Arrival]] = {}
    for number in range(36):
        at = start + timedelta(hours=chance.uniform(0, 24 * 20))
        key, seen = f"visitor-{number:012d}", []
        for _ in range(chance.randint(1, 4)):
            source = chance.choice(sources)
            touch = record_touch(visitor_key=key, source=source, path="/", now=at)
            if touch is not None:
                seen.append(Arrival(source.pk, at, source.owner_id is not None))
            at += timedelta(hours=chance.uniform(0.1, 30))
        if number < 12:
            touches[-_visitor_id(key)] = seen
            continue
        member = make_member(now=at)
        join_visitor(visitor_key=key, member_id=member.pk, is_new=True, now=at)
        touches[member.pk] = seen
        _live(chance, member, circle, sku, at)
    for member in (host,):
        touches[member.pk] = [Arrival(sources[0].pk, member.joined_at, False)]
    enter_spend(
        source=sources[1], amount_minor=100_000, spent_on=today(start), what="投放", key="ad-1", actor=None, now=now
    )
    return {"now": now, "start": start - timedelta(days=2), "touches": touches, "sources": sources}


village, _django_db_helper = staying("village", make_village)


def _visitor_id(key: str) -> int:
    return Visitor.objects.get(key=key).pk


def _live(chance: random.Random, member: Member, circle: Any, sku: Any, at: datetime) -> None:
    if chance.random() < 0.6:
        ask_to_join(circle=circle, member=member, now=at)
    for _ in range(chance.choice([0, 0, 1, 2, 3])):
        order = make_received_order(member=member, sku=sku, now=at + timedelta(hours=1))
        if chance.random() < 0.8:
            for line in order.lines.all():
                say_kept(line_id=line.pk, member=member, now=at + timedelta(hours=2))


def plain_twin(village: dict[str, Any], model: Model) -> dict[int, dict[str, int]]:
    """Credit by source and column, counted one person after the other."""
    found: dict[int, dict[str, int]] = {}
    for person, seen in village["touches"].items():
        truth = _truth(person)
        for source_id, share in shares(seen, model).items():
            row = found.setdefault(source_id, dict.fromkeys(COLUMNS, 0))
            for column in COLUMNS:
                row[column] += share if truth[column] else 0
    return found


def _truth(person: int) -> dict[str, bool]:
    member = Member.objects.filter(pk=person).first()
    if member is None:
        return {column: column == "visits" for column in COLUMNS}
    kept = Order.objects.filter(member=member, lines__kept_at__isnull=False).distinct().count()
    return {
        "visits": True,
        "contacts": bool(member.email or member.phone),
        "members": bool(member.email_verified_at or member.phone_verified_at),
        "circle_joins": member.memberships.filter(joined_at__isnull=False).exists(),
        "first_orders": member.orders.filter(paid_at__isnull=False).exists(),
        "repeat_buyers": kept >= 2,
    }


@pytest.mark.parametrize("model", Model)
def test_the_ledger_equals_its_plain_twin(village: dict[str, Any], model: Model) -> None:
    ledger = relation_ledger(model=model, starts_at=village["start"], ends_at=village["now"], now=village["now"])
    by_source = {row.source_id: {column: getattr(row, column) for column in COLUMNS} for row in ledger.rows}
    expected = plain_twin(village, model)
    known = {source.pk for source in village["sources"]}
    circle_founder_row = {key: value for key, value in by_source.items() if key in known}
    assert {key: circle_founder_row[key] for key in expected} == expected


def test_changing_the_model_moves_credit_and_never_a_total(village: dict[str, Any]) -> None:
    totals = [
        relation_ledger(model=model, starts_at=village["start"], ends_at=village["now"], now=village["now"]).total
        for model in Model
    ]
    assert all(total == totals[0] for total in totals)
    lines = OrderLine.objects.filter(kept_at__isnull=False)
    assert totals[0].margin_minor == sum(line.paid_minor - line.refunded_minor - line.cost_minor for line in lines)
    assert totals[0].spend_minor == 100_000


@pytest.mark.parametrize("model", Model)
def test_every_figure_opens_to_exactly_its_facts(village: dict[str, Any], model: Model) -> None:
    span = {"starts_at": village["start"], "ends_at": village["now"], "now": village["now"]}
    ledger = relation_ledger(model=model, **span)
    for row in [*ledger.rows, ledger.total]:
        for column in COLUMNS:
            people = facts(column=column, source_id=row.source_id or None, model=model, **span)
            assert sum(fact.share for fact in people) == getattr(row, column), (row.name, column)
    for fact in facts(column="repeat_buyers", source_id=None, model=model, **span):
        assert fact.member_id is not None and fact.share == WHOLE


def test_touches_after_joining_take_no_credit() -> None:
    now = clock.now()
    late = create_source(kind=SourceKind.AD, name="后来的广告", now=now)
    member = make_member(now=now)
    record_touch(
        visitor_key="visitor-late-00001", source=direct_source(now=now), path="/", now=now - timedelta(hours=2)
    )
    join_visitor(visitor_key="visitor-late-00001", member_id=member.pk, is_new=True, now=now)
    record_touch(
        visitor_key="visitor-late-00001", source=late, path="/", member_id=member.pk, now=now + timedelta(hours=2)
    )
    span = {"starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=1), "now": now + timedelta(days=1)}
    rows = {row.source_id: row for row in relation_ledger(model=Model.LAST, **span).rows}
    assert late.pk not in rows
    assert rows[Source.objects.get(token="direct").pk].members == WHOLE


def test_the_ledger_is_one_statement(
    village: dict[str, Any], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        relation_ledger(starts_at=village["start"], ends_at=village["now"], now=village["now"])


def test_every_member_stands_at_exactly_one_stage(village: dict[str, Any]) -> None:
    found = {stage.name: stage.people for stage in stages(village["now"])}
    people = Member.objects.filter(is_staff=False, joined_at__lte=village["now"]).count()
    assert sum(count for name, count in found.items() if name != "visitor") == people
    recent = Visitor.objects.filter(member=None, touches__happened_at__gt=village["now"] - timedelta(days=30))
    assert found["visitor"] == recent.distinct().count() > 0


def test_who_was_brought_is_no_advocate_and_brought_nobody(village: dict[str, Any]) -> None:
    now = village["now"]
    host = make_member("host", now=now - timedelta(days=2))
    guest = make_member("guest", now=now - timedelta(days=1))
    invited(inviter_id=host.pk, newcomer_id=guest.pk, now=now - timedelta(days=1))
    before = {stage.name: stage.people for stage in stages(now)}
    make_paid_order(member=host, now=now)
    assert {stage.name: stage.people for stage in stages(now)}["advocate"] == before["advocate"]
    make_paid_order(member=guest, now=now)
    assert {stage.name: stage.people for stage in stages(now)}["advocate"] == before["advocate"] + 1
    assert [fact.title for fact in member_timeline(host.pk, now=now) if fact.kind == "invited"] == ["guest"]
    assert not [fact for fact in member_timeline(guest.pk, now=now) if fact.kind == "invited"]


def test_money_and_timeline_are_sums_and_lists_of_facts(village: dict[str, Any]) -> None:
    state = money(village["now"])
    assert state.margin_minor == sum(day.margin_minor for day in state.days)
    buyer = Order.objects.order_by("pk").values_list("member_id", flat=True).first()
    assert buyer is not None
    life = member_timeline(buyer, now=village["now"])
    assert [fact.at for fact in life] == sorted((fact.at for fact in life), reverse=True)
    assert sum(fact.kind == "ordered" for fact in life) == Order.objects.filter(member_id=buyer).count()
