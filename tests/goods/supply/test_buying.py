"""From what is needed to what was received."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from quanzi.base.doctor import run
from quanzi.base.events.services import deliver_pending
from quanzi.goods.stock import queries as stock
from quanzi.goods.supply import errors, policies, ports, queries, services
from quanzi.goods.supply.models import LotOrigin, Purchase
from quanzi.goods.supply.ports import DemandHead, Wanted
from quanzi.goods.supply.rules import in_packs
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, IllegalMove
from tests.factories.goods import make_lot, make_sku
from tests.factories.people import make_member
from tests.factories.supply import arrive, line_of, make_goods, make_offer, make_person, make_purchase, make_supplier

pytestmark = pytest.mark.django_db
NOW = clock.now()


def test_whole_packs_hold_what_is_wanted_and_no_pack_more() -> None:
    assert [in_packs(wanted, 6) for wanted in (1, 6, 7, 12)] == [6, 6, 12, 12]


def test_a_purchase_goes_from_the_shop_to_the_supplier_and_back_onto_the_shelf() -> None:
    goods = make_goods()
    person = make_person(goods.supplier)
    purchase = make_purchase(goods, quantity=10, due_at=NOW + timedelta(days=1))
    while deliver_pending(now=clock.now()):
        continue
    assert person.notices.get(kind="purchase_sent").link == f"/supplier/orders/{purchase.number}"

    services.confirm(purchase_id=purchase.pk, promised_at=NOW + timedelta(hours=20), now=NOW)
    services.ship(purchase_id=purchase.pk, tracking="车牌 沪A", now=NOW)
    receipt = arrive(line_of(purchase), 9, damaged=1, lot_code="L2611", temperature_tenths=38)

    purchase.refresh_from_db()
    assert purchase.state == "received"
    assert stock.free([goods.sku_id]) == {goods.sku_id: 9}
    assert queries.suppliers_of_lots([receipt.lot_id])[receipt.lot_id].supplier_id == goods.supplier_id
    record = queries.record_of(goods.supplier_id)
    assert (record.ordered, record.received, record.damaged, record.on_time) == (10, 9, 1, 1)
    assert (record.filled_bp, record.damaged_bp, record.on_time_bp) == (9_000, 1_000, 10_000)
    assert [result for result in run(only={"B1", "B2", "S1", "A1"}) if not result.is_well] == []


def test_goods_may_come_in_parts_and_a_lot_of_the_same_supplier_grows() -> None:
    line = line_of(make_purchase(quantity=10))
    first = arrive(line, 4, lot_code="L1")
    again = arrive(line, 6, lot_code="L1")
    assert first.lot_id == again.lot_id
    assert [row.on_hand for row in stock.lots(line.sku_id, now=NOW)] == [10]


def test_the_same_key_receives_once_and_other_values_under_it_are_refused() -> None:
    line = line_of(make_purchase(quantity=10))
    first = arrive(line, 4, lot_code="L1", key="k")
    assert arrive(line, 4, lot_code="L1", key="k") == first
    assert stock.free([line.sku_id]) == {line.sku_id: 4}
    with pytest.raises(errors.KeyReused):
        arrive(line, 5, lot_code="L1", key="k")


def test_no_more_arrives_than_was_ordered() -> None:
    line = line_of(make_purchase(quantity=10))
    arrive(line, 8)
    with pytest.raises(errors.ReceivedTooMany) as refused:
        arrive(line, 2, damaged=1)
    assert refused.value.params["most"] == 2
    assert stock.free([line.sku_id]) == {line.sku_id: 8}


def test_the_purchase_is_over_when_what_the_supplier_promised_has_come() -> None:
    purchase = make_purchase(quantity=10)
    line = line_of(purchase)
    services.confirm(purchase_id=purchase.pk, quantities={line.pk: 7}, answer="只有七件", now=NOW)
    arrive(line, 7)
    purchase.refresh_from_db()
    assert purchase.state == "received"
    with pytest.raises(IllegalMove):
        arrive(line, 1)
    assert queries.record_of(purchase.supplier_id).filled_bp == 7_000


def test_a_lot_of_somebody_else_is_not_received_into() -> None:
    line = line_of(make_purchase())
    make_lot(sku=line.sku, code="OURS")
    arrive(line_of(make_purchase(make_goods(sku=line.sku))), 1, lot_code="THEIRS")
    for code in ("OURS", "THEIRS"):
        with pytest.raises(errors.LotOfAnotherSupplier):
            arrive(line, 1, lot_code=code)
    with pytest.raises(errors.LotNameNeeded):
        arrive(line, 1, lot_code=" ")


def test_goods_that_were_all_broken_need_no_lot_and_reach_no_shelf() -> None:
    line = line_of(make_purchase(quantity=3))
    receipt = arrive(line, 0, damaged=3)
    assert (receipt.lot_id, stock.free([line.sku_id])) == (None, {line.sku_id: 0})


@pytest.mark.parametrize(
    "wrong",
    [{"quantity": 0}, {"quantity": -1}, {"quantity": 1, "damaged": -1}, {"quantity": 1, "temperature_tenths": 999}],
)
def test_numbers_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    line = line_of(make_purchase())
    with pytest.raises(errors.BadUnits):
        arrive(line, **wrong)


def test_an_empty_purchase_is_not_sent_and_a_sent_one_is_not_edited() -> None:
    goods = make_goods()
    purchase = make_purchase(goods, sent=False)
    services.set_line(purchase_id=purchase.pk, sku_id=goods.sku_id, quantity=0, now=NOW)
    with pytest.raises(errors.EmptyPurchase):
        services.send(purchase_id=purchase.pk, actor="test", now=NOW)
    services.set_line(purchase_id=purchase.pk, sku_id=goods.sku_id, quantity=3, now=NOW)
    services.send(purchase_id=purchase.pk, actor="test", now=NOW)
    with pytest.raises(IllegalMove):
        services.set_line(purchase_id=purchase.pk, sku_id=goods.sku_id, quantity=4, now=NOW)


def test_what_a_supplier_does_not_send_is_not_ordered_of_them() -> None:
    purchase, other = make_purchase(sent=False), make_goods()
    with pytest.raises(errors.NotSupplied):
        services.set_line(purchase_id=purchase.pk, sku_id=other.sku_id, quantity=1, now=NOW)
    with pytest.raises(errors.NotSupplied):
        services.set_line(
            purchase_id=purchase.pk, sku_id=line_of(purchase).sku_id, quantity=1, offer_id=make_offer(other).pk, now=NOW
        )


def test_who_can_not_say_so_and_the_lot_is_free_again() -> None:
    offer = make_offer(quantity=20)
    purchase = make_purchase(offer=offer, quantity=12)
    offer.refresh_from_db()
    assert offer.free == 8
    services.decline(purchase_id=purchase.pk, answer="下雨", now=NOW)
    offer.refresh_from_db()
    assert offer.free == 20
    with pytest.raises(IllegalMove):
        services.confirm(purchase_id=purchase.pk, now=NOW)


def test_what_arrived_in_part_is_not_called_off_but_closed() -> None:
    purchase = make_purchase(quantity=10)
    arrive(line_of(purchase), 1)
    with pytest.raises(IllegalMove):
        services.call_off(purchase_id=purchase.pk, reason="too late", actor="test", now=NOW)
    services.close(purchase_id=purchase.pk, actor="test", now=NOW)
    purchase.refresh_from_db()
    assert purchase.state == "received"


def test_an_offered_lot_brings_its_name_and_its_dates_to_our_shelf() -> None:
    expires = NOW + timedelta(days=9)
    line = line_of(make_purchase(offer=make_offer(code="GH-7", expires_at=expires, cost_minor=1_500), quantity=5))
    receipt = arrive(line, 5, lot_code="")
    assert receipt.lot is not None
    assert (receipt.lot.code, receipt.lot.expires_at, line.cost_minor) == ("GH-7", expires, 1_500)
    assert LotOrigin.objects.get(lot=receipt.lot).cost_minor == 1_500


def test_more_than_is_offered_is_not_sent_and_nothing_of_it_is_taken() -> None:
    goods = make_goods()
    offer = make_offer(goods, quantity=5)
    purchase = make_purchase(offer=offer, quantity=6, sent=False)
    with pytest.raises(errors.TooFewOffered):
        services.send(purchase_id=purchase.pk, actor="test", now=NOW)
    offer.refresh_from_db()
    assert offer.taken == 0
    services.withdraw_offer(offer_id=offer.pk, actor="test", now=NOW)
    services.set_line(purchase_id=purchase.pk, sku_id=goods.sku_id, quantity=1, offer_id=offer.pk, now=NOW)
    with pytest.raises(errors.OfferOver):
        services.send(purchase_id=purchase.pk, actor="test", now=NOW)


def test_a_supplier_is_named_once_and_every_mistake_is_told_at_once() -> None:
    made = make_supplier("青禾")
    with pytest.raises(errors.NameTaken):
        make_supplier("青禾")
    with pytest.raises(Errors) as refused:
        services.set_goods(supplier=made, sku=make_sku(), cost_minor=-1, pack_of=0, lead_days=-1, actor="test", now=NOW)
    assert set(refused.value.fields) == {"cost_minor", "pack_of", "lead_days"}


def test_one_supplier_is_first_for_a_variant_and_the_next_takes_that_place() -> None:
    sku = make_sku()
    first, second = make_goods(sku=sku, is_first=True), make_goods(sku=sku, is_first=True)
    first.refresh_from_db()
    assert (first.is_first, second.is_first) == (False, True)


def test_who_acts_for_a_supplier_is_let_in_and_out_at_once() -> None:
    supplier, member = make_supplier(), make_member()
    services.add_person(supplier=supplier, member=member, actor="test", now=NOW)
    services.add_person(supplier=supplier, member=member, actor="test", now=NOW)
    assert policies.suppliers_of(member) == [supplier]
    services.end_person(supplier=supplier, member_id=member.pk, actor="test", now=NOW)
    assert not policies.acts_for(member, supplier.pk)


class Round:
    """A demand of three variants in two places."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self.needs = list(wanted)

    def open_demands(self, now: datetime, /) -> Sequence[DemandHead]:
        return [DemandHead("test:1", "周三团期", True, NOW + timedelta(days=2))]

    def wanted(self, key: str, /) -> Sequence[Wanted]:
        return self.needs if key == "1" else []


@pytest.fixture
def round_() -> Iterator[Round]:
    source = Round([])
    ports.register_demand("test", source)
    yield source
    ports.forget_demand("test")


def test_a_demand_becomes_one_purchase_for_each_supplier_in_whole_packs_once(round_: Round) -> None:
    cheap, dear = make_goods(pack_of=6, cost_minor=100), make_goods(cost_minor=900)
    make_goods(dear.supplier, sku=cheap.sku, cost_minor=200)  # can send it too, for more
    nobody = make_sku()
    round_.needs = [
        Wanted(cheap.sku_id, 5, "锦绣"),
        Wanted(cheap.sku_id, 3, "东湖"),
        Wanted(dear.sku_id, 2, "锦绣"),
        Wanted(nobody.pk, 1),
    ]

    made, missing = services.from_demand(ref="test:1", actor="test", now=NOW)
    again, _ = services.from_demand(ref="test:1", actor="test", now=NOW)

    assert [one.pk for one in made] == [one.pk for one in again]
    assert missing == [nobody.pk]
    lines = {one.supplier_id: line_of(one) for one in made}
    assert (lines[cheap.supplier_id].quantity, lines[cheap.supplier_id].wanted) == (12, 8)
    assert lines[dear.supplier_id].quantity == 2
    head, rows = queries.demand_sheet("test:1", now=NOW)
    assert head.title == "周三团期"
    assert {row.sku_id: (row.wanted, row.buy) for row in rows} == {
        cheap.sku_id: (8, 12),
        dear.sku_id: (2, 2),
        nobody.pk: (1, 0),
    }
    assert next(row.places for row in rows if row.sku_id == cheap.sku_id) == (("东湖", 3), ("锦绣", 5))


def test_a_draft_follows_its_demand_and_what_was_sent_does_not(round_: Round) -> None:
    goods = make_goods()
    round_.needs = [Wanted(goods.sku_id, 5)]
    (purchase,), _ = services.from_demand(ref="test:1", actor="test", now=NOW)
    round_.needs = [Wanted(goods.sku_id, 9)]
    services.from_demand(ref="test:1", actor="test", now=NOW)
    assert line_of(purchase).quantity == 9
    services.send(purchase_id=purchase.pk, actor="test", now=NOW)
    round_.needs = [Wanted(goods.sku_id, 11)]
    services.from_demand(ref="test:1", actor="test", now=NOW)
    assert (line_of(purchase).quantity, Purchase.objects.count()) == (9, 1)


def test_an_unknown_demand_buys_nothing() -> None:
    with pytest.raises(errors.NoSuchDemand):
        services.from_demand(ref="round:404", actor="test", now=NOW)
    with pytest.raises(errors.NoSuchDemand):
        queries.demand_sheet("round:404", now=NOW)


def test_a_supplier_reads_their_own_purchases_and_no_drafts(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    mine, theirs = make_purchase(), make_purchase()
    make_purchase(make_goods(mine.supplier), sent=False)
    with django_assert_num_queries(3):
        rows = queries.purchase_rows(supplier_id=mine.supplier_id, with_drafts=False)
    assert [row.number for row in rows] == [mine.number]
    with pytest.raises(errors.NoSuchPurchase):
        queries.purchase_page(theirs.number, supplier_ids=[mine.supplier_id])
    for _ in range(19):
        make_purchase(make_goods(mine.supplier))
    with django_assert_num_queries(3):
        assert len(queries.purchase_rows(supplier_id=mine.supplier_id, with_drafts=False)) == 20
