"""A score is made of facts, is as wide as they are few, and opens to each of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from quanzi.kernel import clock
from quanzi.people.trust.models import Ring, RingMember
from quanzi.people.trust.rings import decide_ring
from quanzi.trade.aftersales import scoring, services
from quanzi.trade.aftersales.queries import supplier_evidence, supplier_score
from quanzi.trade.aftersales.queries.scores import CASES as OF_SUPPLIER
from quanzi.trade.aftersales.scoring import COMPLAINTS, LATE, RECALLS, RETURNS, fact, score
from quanzi.trade.sales.models import Order
from quanzi.trade.stations.queries import leader_evidence, leader_score
from quanzi.trade.stations.queries.scores import CASES as OF_LEADER
from quanzi.trade.stations.services import show_score
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.stations import make_station
from tests.factories.supply import make_supplier
from tests.factories.trade import make_paid_order, make_staff, picked_up
from tests.trade.aftersales.test_lots import hand_over


def test_too_few_cases_make_no_score() -> None:
    found = score([fact(COMPLAINTS, 0, 9), fact(LATE, 1, 1)])
    assert (found.points, found.low, found.high) == (None, 0, 100)


def test_the_mean_is_by_weight_and_facts_that_are_not_told_count_for_nothing() -> None:
    found = score([fact(COMPLAINTS, 5, 100), fact(RETURNS, 0, 100), fact(RECALLS, 3, 3)])
    assert [one.points for one in found.facts] == [50, 100, 0]
    assert found.points == 60  # (4 × 50 + 1 × 100) ÷ 5
    assert found.low < 60 < found.high


@pytest.mark.parametrize(
    "cases",
    [
        [(0, 10)],
        [(50, 0)],
        [(1, 30), (0, 12)],
        [(3, 40), (2, 9), (0, 400)],
        [(7, 7), (1, 100), (5, 5), (0, 11), (2, 60)],
    ],
)
def test_points_lie_within_their_interval_and_more_of_the_same_makes_it_narrower(cases: list[tuple[int, int]]) -> None:
    measures = [COMPLAINTS, RECALLS, LATE, scoring.SHORT, RETURNS]
    found = score([fact(one, bad, bad + good) for one, (bad, good) in zip(measures, cases, strict=False)])
    more = score([fact(one, 10 * bad, 10 * (bad + good)) for one, (bad, good) in zip(measures, cases, strict=False)])
    assert 0 <= found.low <= found.high <= 100
    assert found.points is None or found.low <= found.points <= found.high
    assert (found.points is None) is (found.high - found.low > scoring.WIDEST)
    assert more.high - more.low <= found.high - found.low


@pytest.mark.django_db
def test_facts_of_a_supplier_open_to_their_cases() -> None:
    sku, supplier = make_sku(price_minor=3_000), make_supplier()
    lot = make_lot(sku=sku, expires_at=clock.now() + timedelta(days=30))
    bring_in(sku, 9, lot=lot)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO supply_lotorigin (lot_id, supplier_id, cost_minor, at_supplier) VALUES (%s, %s, 100, false)",
            [lot.pk, supplier.pk],
        )
    order = make_paid_order(sku=sku)
    hand_over(order)
    line = order.lines.get()
    services.ask(line_id=line.pk, member=order.member, reason="spoiled", note="碎了", now=clock.now())
    since, now = clock.now() - timedelta(days=1), clock.now() + timedelta(minutes=1)
    found = supplier_score(supplier.pk, since=since, now=now)
    assert [(one.measure.name, one.rate.count, one.rate.of) for one in found.facts][:2] == [
        ("complaints", 1, 1),
        ("recalls", 0, 1),
    ]
    assert found.points is None
    [case] = supplier_evidence(supplier.pk, "complaints", since=since, now=now)
    assert (case.ref, case.second) == (f"order:{order.number}", "碎了")
    for measure in OF_SUPPLIER:
        supplier_evidence(supplier.pk, measure, since=since, now=now)
    assert set(OF_SUPPLIER) == {one.measure.name for one in found.facts}


@pytest.mark.django_db
def test_facts_of_a_leader_are_shown_in_the_shop_when_the_merchant_chooses() -> None:
    station, boss, now = make_station(), make_staff("operator"), clock.now()
    since = now - timedelta(days=90)
    found = leader_score(station.pk, since=since, now=now)
    assert set(OF_LEADER) == {one.measure.name for one in found.facts}
    assert [leader_evidence(station.pk, measure, since=since, now=now) for measure in OF_LEADER] == [[], [], [], []]
    assert not station.shows_score
    assert show_score(station_id=station.pk, is_shown=True, actor=boss, now=now).shows_score


@pytest.mark.django_db
def test_what_a_ring_did_speaks_neither_for_nor_against_a_leader_or_a_supplier_from_the_decision_on() -> None:
    station, sku, supplier, now = make_station(), make_sku(), make_supplier(), clock.now()
    lot, boss = make_lot(sku=sku, expires_at=now + timedelta(days=30)), make_staff("owner")
    bring_in(sku, 9, lot=lot)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO supply_lotorigin (lot_id, supplier_id, cost_minor, at_supplier) VALUES (%s, %s, 1, false)",
            [lot.pk, supplier.pk],
        )
    _, false = (make_paid_order(sku=sku, point=station.point) for _ in range(2))
    for order in Order.objects.all():
        picked_up(order, staff=boss)
    claimed = {"line_id": false.lines.get().pk, "member": false.member, "note": "碎了", "now": now}
    services.ask(reason="spoiled", **claimed)
    span = {"since": now - timedelta(days=1), "now": now + timedelta(minutes=1)}
    ring = Ring.objects.create(key="planted", signs=[], found_at=now)
    RingMember.objects.create(ring=ring, member=false.member)

    def told() -> list[tuple[int, int]]:
        found = [
            supplier_score(supplier.pk, **span).facts[0].rate,
            next(one.rate for one in leader_score(station.pk, **span).facts if one.measure is RETURNS),
        ]
        return [(one.count, one.of) for one in found]

    assert told() == [(1, 2), (0, 2)]  # found, and not decided
    decide_ring(ring_id=ring.pk, state="left_out", reason="一个人", actor=boss, now=now)
    assert told() == [(0, 1), (0, 1)]
    assert supplier_evidence(supplier.pk, "complaints", **span) == []
    decide_ring(ring_id=ring.pk, state="honest", reason="一家人", actor=boss, now=now)
    assert told() == [(1, 2), (0, 2)]
