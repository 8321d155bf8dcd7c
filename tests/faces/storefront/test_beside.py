"""Proof by people one knows stands on the pages of deals and in notes, for members alone, in as many queries for five goods as for one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quanzi.community.posts.models import PostKind
from quanzi.community.posts.services import write_post
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.factories.deals import make_deal, open_team
from tests.factories.goods import make_sku
from tests.factories.launches import make_launch
from tests.factories.people import befriend, log_in, make_member
from tests.factories.preorders import make_preorder
from tests.factories.stations import make_round, make_station
from tests.growth.discovery.test_proof import agree, kept_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def known() -> tuple[Member, list[Any]]:
    """I, and five goods that my friend bought, kept, and lets be said."""
    me, friend = make_member("我"), make_member("小雨")
    befriend(me, friend)
    skus = [make_sku(price_minor=59_900, stock_of=20) for _ in range(5)]
    for sku in skus:
        kept_by(friend, sku)
    agree(friend)
    return me, skus


def test_the_block_stands_beside_teams_launches_batches_and_notes_for_members_alone(
    known: tuple[Member, list[Any]],
) -> None:
    me, skus = known
    post = write_post(
        author=make_member(), circle=None, kind=PostKind.NOTE, title="好吃", products=[skus[0].product], now=clock.now()
    )
    team, _ = open_team(make_deal(sku=skus[1]), make_member())
    addresses = [
        f"/n/{post.pk}", f"/t/{team.code}", f"/launch/{make_launch(sku=skus[2]).code}",
        f"/preorder/{make_preorder(sku=skus[3]).pk}",
    ]  # fmt: skip
    client = log_in(Client(), me)
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200, address
        assert "人买过，" in page.text, address
        assert "人买过，" not in Client().get(address).text, address


def test_goods_of_a_round_say_who_kept_them(known: tuple[Member, list[Any]]) -> None:
    me, skus = known
    station = make_station()
    make_round(station=station, sku=skus[0])
    address = f"/station/{station.code}"
    assert "小雨" in log_in(Client(), me).get(address).text
    assert "小雨" not in Client().get(address).text


def test_a_note_about_five_goods_costs_as_many_queries_as_about_one(known: tuple[Member, list[Any]]) -> None:
    me, skus = known
    client, counts = log_in(Client(), me), []
    for some in (skus[:1], skus):
        post = write_post(
            author=make_member(), circle=None, kind=PostKind.NOTE, title="好吃", products=[one.product for one in some],
            now=clock.now(),
        )  # fmt: skip
        client.get(f"/n/{post.pk}")
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/n/{post.pk}").text.count("人买过，") == len(some)
        counts.append(len(found))
    assert counts[0] == counts[1]
