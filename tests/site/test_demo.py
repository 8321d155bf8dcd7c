"""The demo shop, loaded once into a database of its own: believable, marked as demo, and the doctor finds nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from quanzi.base import doctor
from quanzi.base.events.models import Delivery, Event
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.models import Product
from quanzi.growth.discovery.queries import social_proof
from quanzi.growth.insight.models import Reading
from quanzi.growth.insight.queries import relation_ledger
from quanzi.growth.recommending.queries import who_might_want
from quanzi.growth.searching.queries import misses
from quanzi.growth.sources.models import SourceKind
from quanzi.growth.splitting.models import Look, Split
from quanzi.growth.spread.queries import leaders
from quanzi.kernel.clock import now, today
from quanzi.people.accounts.models import Member
from quanzi.people.trust.rings import rings
from quanzi.site.demo.load import load, logins
from quanzi.trade.deals.queries import open_teams, team_page
from quanzi.trade.sales.models import Order, OrderLine, OrderOrigin

pytestmark = pytest.mark.xdist_group("demo")

NAME = f"quanzi_test_{os.getpid()}_demo"


@pytest.fixture(scope="module")
def told_at(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[datetime]:
    """The moment at which the demo was loaded. Tests of this module read its database, and leave it as it is."""
    home: Path = tmp_path_factory.mktemp("demo")
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), override_settings(QUANZI_HOME=home, MEDIA_ROOT=home / "media"):
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{NAME}" TEMPLATE "{connection.settings_dict["TEST"]["TEMPLATE"]}"')
        connection.settings_dict["NAME"] = NAME
        try:
            at = now()
            load(now=at, progress=lambda count=1, note="": None)
            yield at
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{NAME}" WITH (FORCE)')


def test_the_doctor_finds_nothing(told_at: datetime) -> None:
    assert [result for result in doctor.run() if not result.is_well] == []


def test_nothing_waits_or_failed(told_at: datetime) -> None:
    assert not Event.objects.filter(delivered_at=None).exists()
    assert not Delivery.objects.exclude(last_error="").exists()


def test_everything_is_marked_as_demo(told_at: datetime) -> None:
    unmarked = {
        model.__name__: list(model._default_manager.filter(is_demo=False))
        for model in apps.get_models()
        if any(field.name == "is_demo" for field in model._meta.get_fields())
    }
    # The ways in for people without a link, and for links passed on too far, belong to every shop.
    assert {source.kind for source in unmarked.pop("Source")} == {SourceKind.DIRECT, SourceKind.CHAIN}
    assert {name: rows for name, rows in unmarked.items() if rows} == {}
    assert set(Order.objects.values_list("origin", flat=True)) == {OrderOrigin.DEMO}
    assert (settings.QUANZI_HOME / "demo").read_text(encoding="utf-8") == "禾间"


def test_a_member_sees_the_whole_path_to_somebody_who_kept_the_yam(told_at: datetime) -> None:
    proof = social_proof(
        viewer_id=Member.objects.get(name="小雨").pk, product_id=Product.objects.get(slug="yam").pk, now=told_at
    )
    assert [person.name for person in proof.path] == ["小雨", "小满", "陈念"]
    assert [person.word for person in proof.path] == ["", "妹妹", "朋友"]
    assert proof.quote is not None and proof.quote.author == "陈念"
    assert proof.known_kept >= 3
    assert proof.kept > proof.returned


def test_a_team_has_a_free_seat_and_a_deadline_ahead(told_at: datetime) -> None:
    viewer = Member.objects.get(name="小雨")
    teams = open_teams(viewer=viewer, limit=10, now=told_at)
    assert len(teams) >= 3
    page = team_page(code=teams[0].code, viewer=viewer, now=told_at)
    assert page is not None
    assert min(team.free for team in teams) == 1
    assert all(team.deadline > told_at for team in teams)


def test_the_relation_ledger_compares_six_ways_in(told_at: datetime) -> None:
    ledger = relation_ledger(starts_at=told_at - timedelta(days=60), ends_at=told_at, now=told_at)
    brought = [row for row in ledger.rows if row.first_orders]
    assert len(brought) >= 6
    assert sum(row.repeat_buyers > 0 for row in brought) >= 4
    assert any(row.spend_minor and row.margin_minor < row.spend_minor for row in brought), "not every way in pays"


def test_goods_come_back_sometimes(told_at: datetime) -> None:
    kept = OrderLine.objects.exclude(kept_at=None).count()
    returned = OrderLine.objects.exclude(returned_at=None).count()
    assert kept > 40
    assert 0 < returned < kept / 5


def test_the_story_runs_forward_and_ends_now(told_at: datetime) -> None:
    placed = list(Order.objects.order_by("pk").values_list("placed_at", flat=True))
    assert max(placed) <= told_at
    assert Event.objects.filter(occurred_at__gt=told_at).count() == 0
    for order in Order.objects.exclude(paid_at=None).exclude(handed_over_at=None):
        moments = [order.placed_at, order.paid_at, order.handed_over_at]
        assert all(one <= other for one, other in pairwise(moments)), order.number


def test_every_picture_has_words_and_files(told_at: datetime) -> None:
    for picture in Picture.objects.all():
        assert picture.alt
        assert (Path(settings.MEDIA_ROOT) / picture.sha256[:2] / f"{picture.sha256}-{picture.width}.webp").is_file()


def test_the_logins_open_the_shop(told_at: datetime) -> None:
    offered = logins()
    assert [login.role for login in offered[:3]] == ["member", "leader", "operator"]
    for login in offered:
        browser = Client()
        answer = browser.post("/account/login/", {"login": login.name, "password": login.password})
        assert answer.status_code == 302, login.role
        assert browser.get("/").wsgi_request.user.is_authenticated, login.role


def test_no_logins_are_shown_without_the_mark(told_at: datetime, tmp_path: Path) -> None:
    with override_settings(QUANZI_HOME=tmp_path):
        assert logins() == []


def test_one_circle_is_one_and_another_has_become_two(told_at: datetime) -> None:
    """The host of both finds a proposal where she would look first, and a circle that no split would help."""
    assert Look.objects.get(circle__slug="jinxiu").outcome != "cut"
    split = Split.objects.get(circle__slug="after-work", state="open")
    parts = list(split.parts.all())
    assert len(parts) == 2
    assert all(part.leaders for part in parts)
    assert {word for part in parts for word in part.words} >= {"夜跑", "绘本"}


def test_pages_that_a_merchant_looks_at_first_have_something_to_say(told_at: datetime) -> None:
    assert [sorted(one.name for one in ring.people) for ring in rings(state="waiting")] == [["小北", "小鹿", "阿May"]]
    assert leaders.suggestions(now=told_at), "somebody lives where no station is near"
    assert {row.words for row in misses(since_day=today(told_at - timedelta(days=30)))} > {"手工饺子皮"}
    assert Reading.objects.filter(is_member=False).count() > 30
    wang = Member.objects.get(email="wang@demo.example")
    goods = Product.objects.filter(slug__in=("honey", "strawberry", "shrimp", "rice")).values_list("pk", flat=True)
    assert any(who_might_want(wang, one, now=told_at) for one in goods)
