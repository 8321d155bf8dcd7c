"""A station has a page of its own: its leader arranges it, stands by what they kept, and is told who came."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client

from quanzi.growth.fronts import services
from quanzi.growth.fronts.centres import Centre, centre, of_member
from quanzi.growth.fronts.policies import may_keep
from quanzi.growth.fronts.queries.fronts import front_page
from quanzi.growth.fronts.queries.report import report_of
from quanzi.growth.fronts.updating import write_update
from quanzi.growth.sources.models import SourceKind
from quanzi.growth.sources.services import invitation_for, record_touch
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.trust.services import follow
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.stations.models import Station
from tests.faces.api.conftest import Caller
from tests.factories.goods import make_maker, make_product, make_sku
from tests.factories.people import log_in, make_member
from tests.factories.stations import make_station
from tests.factories.trade import make_received_order

pytestmark = pytest.mark.django_db

NOW = clock.now() - timedelta(days=3)


def page_of(station: Station) -> Centre:
    return centre("s", station.code)


def kept_by(member: object) -> OrderLine:
    line: OrderLine = make_received_order(now=NOW, member=member).lines.get()
    OrderLine.objects.filter(pk=line.pk).update(kept_at=NOW)
    return line


def test_a_leader_arranges_the_page_of_the_station_and_nobody_else() -> None:
    station, stranger = make_station(now=NOW), make_member()
    leader = station.point.leader
    mine, theirs = log_in(Client(), leader), log_in(Client(), stranger)
    for name in ("front", "report"):
        assert mine.get(f"/station/{station.code}/{name}").status_code == 200
        assert theirs.get(f"/station/{station.code}/{name}").status_code == 404
        assert Client().get(f"/station/{station.code}/{name}").status_code == 302
    sku = make_sku()
    mine.post(f"/station/{station.code}/front", {"act": "arrange", "intro": "下午四点开门", "place_pins": "1"})
    mine.post(f"/station/{station.code}/front", {"act": "link", "link": f"/p/{sku.product.slug}", "note": "先看这个"})
    page = theirs.get(f"/station/{station.code}").text
    assert "下午四点开门" in page and "先看这个" in page and "/report" not in page
    assert f"/station/{station.code}/report" in mine.get(f"/station/{station.code}").text
    with pytest.raises(NotFound):
        centre("s", "nowhere")


def test_only_what_its_leader_kept_is_stood_by_at_a_station_and_goes_with_the_leader() -> None:
    station, other = make_station(now=NOW), make_member()
    leader, here = station.point.leader, page_of(station)
    services.pin(member=leader, centre=here, line_id=kept_by(leader).pk, now=NOW)
    assert [pin.by_id for pin in front_page(here).pins] == [leader.pk]
    front_id = station.front.pk
    with pytest.raises(IntegrityError, match="kept goods"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fronts_pin (front_id, position, line_id, note, pinned_at) VALUES (%s, 1, %s, '', now())",
            [front_id, kept_by(other).pk],
        )
    station.point.leader = other
    station.point.save(update_fields=["leader"])
    assert front_page(here).pins == ()
    assert not may_keep(leader, page_of(station)) and may_keep(other, page_of(station))


def test_a_report_of_a_station_counts_whoever_came_to_its_page_and_whoever_collected_there() -> None:
    station, neighbour, now = make_station(now=NOW), make_member(), clock.now()
    leader, here = station.point.leader, page_of(station)
    for owner, kind, target in (
        (leader, SourceKind.STATION, here.path),
        (neighbour, SourceKind.SHARE, here.path),
        (leader, SourceKind.SHARE, "/discover"),
        (neighbour, SourceKind.SHARE, f"{here.path}x"),
    ):
        source = invitation_for(member=owner, target=target, kind=kind, now=NOW)
        record_touch(source=source, visitor_key=f"{owner.pk}{target}", path=target, now=NOW)
    found = report_of(here, days=7, now=now)
    assert found.visits == 2 and {one.kind for one in found.sources} == {"station", "share"}
    assert found.fans == 0 and found.guests == ()
    buyer = make_received_order(now=NOW, point=station.point).member
    make_received_order(now=NOW, point=station.point, member=leader)
    make_received_order(now=NOW)
    follow(member=neighbour, target=leader, now=NOW)
    found = report_of(here, days=7, now=now)
    assert (found.fans, found.gained) == (1, 1), f"{buyer.pk} collected here; the leader and who follows them did not"


def test_goods_of_ones_own_making_are_said_to_be_and_others_are_not() -> None:
    maker = make_maker(member=make_member("石皮"))
    own, other = make_sku(product=make_product(maker=maker)).product, make_sku().product
    here = of_member(maker.member)
    for product in (own, other):
        product.state = "on_sale"
        product.save(update_fields=["state"])
        services.pin(member=maker.member, centre=here, product_id=product.pk, now=NOW)
    assert [(pin.product_id, pin.is_made) for pin in front_page(here).pins] == [(own.pk, True), (other.pk, False)]


def test_a_program_reads_and_arranges_it_and_news_stay_the_leaders() -> None:
    station = make_station(now=NOW)
    leader, where = station.point.leader, f"/fronts/s/{station.code}"
    caller = Caller(leader)
    assert caller.send("PUT", where, {"intro": "你好", "sections": ["kept"]})["intro"] == "你好"
    assert caller.send("GET", where)["followers"] == 0
    assert caller.send("GET", f"{where}/report")["fans"] == 0
    Caller(make_member()).send("GET", f"{where}/report", status=404)
    caller.send("GET", f"{where}/news", status=422)
    with pytest.raises(NotAllowed):
        write_update(member=leader, centre=page_of(station), words="看", now=NOW)
