"""The last piece on a shelf, the last use of a link and a confirmation, fought for; with a control that does race."""

from __future__ import annotations

import pytest

from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import IllegalMove
from quanzi.trade.stores import errors
from quanzi.trade.stores import services as stores
from quanzi.trade.stores.models import CounterSale, LinkState, PayLink
from tests.factories.stations import assert_rounds_add_up as assert_all_is_well
from tests.factories.stores import make_link, make_store, order_here, order_through, put_on_shelf
from tests.factories.trade import make_buyer, make_point
from tests.races.conftest import NOW, Race, let_in_carelessly

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

CALLERS = 16


def test_the_last_piece_and_the_last_use_go_to_exactly_one(race: Race) -> None:
    store = make_store()
    sku, link, point = put_on_shelf(store, units=1), make_link(), make_point()
    people = [make_buyer() for _ in range(CALLERS)]

    shelf = race(lambda n: order_here(store, sku, member=people[n]), CALLERS).only(errors.NotOnShelf)
    through = race(lambda n: order_through(link, member=people[n], pickup_point_id=point.pk), CALLERS).only(
        errors.LinkUsedUp
    )

    assert (len(shelf.results), len(through.results)) == (1, 1)
    assert CounterSale.objects.filter(ended_at=None).count() == 2
    assert_all_is_well()


def test_control_a_shelf_that_is_read_before_it_is_written_lets_several_in(race: Race) -> None:
    assert let_in_carelessly(race, CALLERS) > 1, "the harness does not race"


def test_a_typed_amount_is_confirmed_or_declined_never_both(race: Race, clock: Clock) -> None:
    store = make_store()
    link = stores.ask_amount(
        store_code=store.code, member=make_buyer(), what="茶", amount_minor=800, idempotency_key="a", now=clock.at
    )
    keeper = store.point.leader

    outcome = race(lambda n: stores.answer_amount(link_id=link.pk, confirm=n % 2 == 0, by=keeper, now=NOW), 8).only(
        IllegalMove
    )

    final = PayLink.objects.get(pk=link.pk).state
    assert final in (LinkState.OPEN, LinkState.DECLINED)
    assert {made.state for made in outcome.results} == {final}
