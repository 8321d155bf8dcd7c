"""What the database refuses of launches, however the row is written."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.kernel.clock import Clock
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.models import Place
from tests.factories.launches import MINUTE, enter, make_launch
from tests.factories.trade import make_buyer
from tests.trade.launches.conftest import NOW

pytestmark = pytest.mark.django_db


def refused(sql: str, *params: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_terms_and_places_are_never_edited_and_the_lot_is_the_sealed_one(clock: Clock) -> None:
    launch = make_launch(units=1, limit_each=1)
    places = [enter(launch) for _ in range(4)]
    refused("UPDATE launches_launch SET price_minor = 1")
    refused("UPDATE launches_launch SET units = 9")
    refused("DELETE FROM launches_place")
    refused("UPDATE launches_launch SET seed = repeat('a', 64), drawn_at = starts_at, state = 'selling'")
    seed = launch.seal.seed
    refused("UPDATE launches_launch SET seed = %s, drawn_at = %s, state = 'selling'", seed, NOW)  # before the start
    refused(  # the right seed, with the lot turned round
        "UPDATE launches_place p SET position = (SELECT count(*) FROM launches_place q"
        " WHERE launches_ticket(%s, q.code) >= launches_ticket(%s, p.code));"
        "UPDATE launches_launch SET seed = %s, drawn_at = starts_at, state = 'selling'",
        seed, seed, seed,
    )  # fmt: skip
    clock.at = launch.starts_at
    launches.run(launch_id=launch.pk, now=clock.at)
    second = Place.objects.get(position=2)
    refused("UPDATE launches_place SET position = 9 WHERE id = %s", second.pk)
    # A turn out of order, and one unit more than there is.
    third = Place.objects.get(position=3)
    until = clock.at + 5 * MINUTE
    give = "UPDATE launches_place SET state = 'turn', granted = 1, turn_from = %s, turn_until = %s WHERE id = %s"
    for place in (third, second):
        refused(give, clock.at, until, place.pk)
    # A turn taken away early, an order that is nobody's.
    refused("UPDATE launches_place SET state = 'passed', ended_at = %s WHERE position = 1", clock.at)
    refused("UPDATE launches_place SET state = 'ordered' WHERE position = 1")
    # A second place, a place ahead of others, more than one may have.
    for position, wanted, member in ((5, 1, places[0].member_id), (1, 1, None), (5, 2, None)):
        refused(
            "INSERT INTO launches_place (launch_id, member_id, code, wanted, entered_at, position, state, granted)"
            " VALUES (%s, %s, 'X', %s, %s, %s, 'waiting', 0)",
            launch.pk, member or make_buyer().pk, wanted, clock.at, position,
        )  # fmt: skip
