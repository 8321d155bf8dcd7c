"""Goods that lie at the supplier's are sold by us: one counter of scarcity, whoever sends them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.base.doctor import run
from quanzi.goods.stock import queries as stock
from quanzi.goods.supply import errors, queries, services
from quanzi.kernel import clock
from tests.factories.goods import make_lot
from tests.factories.supply import make_goods, make_offer, make_purchase, make_supplier

pytestmark = pytest.mark.django_db
NOW = clock.now()


def direct_offer(quantity: int = 20, **fields: object):  # type: ignore[no-untyped-def]
    return make_offer(make_goods(make_supplier(sends_direct=True)), quantity=quantity, **fields)


def sell(offer, quantity: int, key: str = "a"):  # type: ignore[no-untyped-def]
    return services.sell_from_offer(
        offer_id=offer.pk, quantity=quantity, key=key, actor="test", actor_word="staff:0", now=NOW
    )


def test_units_of_an_offer_stand_on_our_shelf_as_a_lot_that_lies_there() -> None:
    offer = direct_offer(code="GH-1", expires_at=NOW + timedelta(days=3))
    lot = sell(offer, 5)
    assert sell(offer, 5) == lot  # the same key
    assert sell(offer, 2, key="b") == lot
    offer.refresh_from_db()
    assert (offer.taken, stock.free([offer.goods.sku_id])) == (7, {offer.goods.sku_id: 7})
    origin = queries.suppliers_of_lots([lot.pk])[lot.pk]
    assert (origin.supplier_id, origin.at_supplier, lot.expires_at) == (offer.goods.supplier_id, True, offer.expires_at)
    assert [result for result in run(only={"B1", "B2", "S1", "A1"}) if not result.is_well] == []


def test_what_is_ordered_of_a_lot_and_what_is_sold_from_it_share_one_number() -> None:
    offer = direct_offer(10)
    sell(offer, 4)
    make_purchase(offer=offer, quantity=5)
    with pytest.raises(errors.TooFewOffered) as refused:
        sell(offer, 2, key="b")
    assert refused.value.params["free"] == 1


def test_only_suppliers_who_send_single_parcels_are_sold_from() -> None:
    with pytest.raises(errors.NotSendingDirect):
        sell(make_offer(), 1)


def test_a_lot_name_that_we_use_already_gets_a_tail() -> None:
    offer = direct_offer(code="L1")
    make_lot(sku=offer.goods.sku, code="L1")
    assert sell(offer, 1).code == f"L1-{offer.pk}"


def test_the_same_offer_again_is_the_same_and_another_under_its_name_is_refused() -> None:
    offer = make_offer(code="X", quantity=5)
    assert make_offer(offer.goods, code="X", quantity=5) == offer
    with pytest.raises(errors.OfferCodeTaken):
        make_offer(offer.goods, code="X", quantity=6)


def test_an_offer_past_its_expiry_is_neither_shown_as_open_nor_sold() -> None:
    offer = direct_offer(expires_at=NOW + timedelta(hours=1))
    assert queries.offer_rows(now=NOW, only_open=True)[0].id == offer.pk
    assert queries.offer_rows(now=NOW + timedelta(hours=1), only_open=True) == []
    with pytest.raises(errors.OfferOver):
        services.sell_from_offer(
            offer_id=offer.pk, quantity=1, key="k", actor="test", actor_word="staff:0", now=NOW + timedelta(hours=1)
        )
