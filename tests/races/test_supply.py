"""One delivery is received once, and a supplier's lot is sold once, however many hands are at it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from quanzi.base.doctor import run
from quanzi.goods.stock import queries as stock
from quanzi.goods.supply import services
from quanzi.goods.supply.errors import ReceivedTooMany, TooFewOffered
from quanzi.goods.supply.models import Offer, OfferClaim
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from tests.factories.supply import arrive, line_of, make_goods, make_offer, make_purchase, make_supplier

pytestmark = pytest.mark.django_db(transaction=True)
NOW = clock.now()


def assert_supply_adds_up() -> None:
    for result in run(only={"B1", "B2", "S1"}):
        assert result.is_well, result


def test_two_people_who_scan_one_delivery_receive_it_once(race) -> None:  # type: ignore[no-untyped-def]
    line = line_of(make_purchase(quantity=10))

    def scan(number: int) -> int:
        return arrive(line, 10, lot_code="L1", key="delivery-1").pk

    outcome = race(scan, callers=12).only()

    assert len(set(outcome.results)) == 1
    assert stock.free([line.sku_id]) == {line.sku_id: 10}
    assert_supply_adds_up()


def test_no_more_arrives_than_was_ordered_when_everybody_counts_for_themselves(race) -> None:  # type: ignore[no-untyped-def]
    line = line_of(make_purchase(quantity=10))

    def scan(number: int) -> None:
        arrive(line, 3, lot_code="L1", key=f"hand-{number}")

    outcome = race(scan, callers=12).only(ReceivedTooMany, IllegalMove)

    assert len(outcome.results) == 3
    assert stock.free([line.sku_id]) == {line.sku_id: 9}
    assert_supply_adds_up()


def test_a_suppliers_lot_is_sold_once_whether_ordered_or_sold_from_there(race) -> None:  # type: ignore[no-untyped-def]
    offer = make_offer(make_goods(make_supplier(sends_direct=True)), quantity=10)
    drafts = [make_purchase(offer=offer, quantity=1, sent=False) for _ in range(10)]

    def take(number: int) -> None:
        if number % 2:
            services.send(purchase_id=drafts[number // 2].pk, actor="test", now=NOW)
        else:
            services.sell_from_offer(
                offer_id=offer.pk, quantity=1, key=f"{number}", actor="test", actor_word="staff:0", now=NOW
            )

    outcome = race(take, callers=20).only(TooFewOffered)

    offer.refresh_from_db()
    assert (len(outcome.results), offer.taken) == (10, 10)
    assert_supply_adds_up()


@pytest.fixture
def offers_without_guards() -> Iterator[None]:
    """The offer as it would be without triggers and constraint."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE supply_offer DISABLE TRIGGER USER, DROP CONSTRAINT offer_taken_within_quantity")
        cursor.execute("ALTER TABLE supply_offerclaim DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE supply_offer, supply_offerclaim CASCADE")
        cursor.execute(
            "ALTER TABLE supply_offer ENABLE TRIGGER USER, ADD CONSTRAINT offer_taken_within_quantity CHECK (taken <= quantity)"
        )
        cursor.execute("ALTER TABLE supply_offerclaim ENABLE TRIGGER USER")


def test_control_reading_and_then_claiming_sells_a_lot_twice(race, offers_without_guards: None) -> None:  # type: ignore[no-untyped-def]
    offer = make_offer(quantity=10)

    def take(number: int) -> bool:
        with transaction.atomic():
            found = Offer.objects.get(pk=offer.pk)
            if found.taken >= found.quantity:
                return False
            time.sleep(0.05)
            OfferClaim.objects.create(offer=offer, ref=f"hand:{number}", quantity=1, claimed_at=NOW)
            Offer.objects.filter(pk=offer.pk).update(taken=OfferClaim.objects.filter(offer=offer).count())
            return True

    assert race(take, callers=24).only().results.count(True) > 10
