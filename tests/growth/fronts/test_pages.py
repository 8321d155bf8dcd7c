"""What people see of a page of one's own, and what its owner does there; the same through the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quanzi.growth.fronts import services
from quanzi.growth.fronts.centres import of_circle, of_member
from quanzi.growth.fronts.models import Pin, Update
from quanzi.growth.fronts.queries.updates import muted_by
from quanzi.growth.fronts.updating import send_due
from quanzi.kernel import clock
from quanzi.people.contact.services import decide
from quanzi.people.trust.services import follow
from tests.faces.api.conftest import Caller
from tests.factories.community import make_circle, make_post
from tests.factories.goods import make_maker, make_sku
from tests.factories.people import log_in, make_member

pytestmark = pytest.mark.django_db


def test_an_owner_arranges_the_page_and_others_read_it() -> None:
    me = make_member("陈念")
    post = make_post(author=me, title="蒸了二十分钟")
    mine, other = log_in(Client(), me), log_in(Client(), make_member())
    assert mine.get("/me/front").status_code == 200
    mine.post(
        "/me/front", {"act": "arrange", "intro": "住在三楼", "place_pins": "1", "place_kept": "2", "place_goods": "0"}
    )
    mine.post("/me/front", {"act": "link", "link": f"http://testserver/n/{post.pk}?s=x", "note": "先看这篇"})
    page = other.get(f"/u/{me.pk}").content.decode()
    assert "住在三楼" in page and "先看这篇" in page
    pin = Pin.objects.get()
    for wrong in ("/p/nothing", "http://[", "//", "/c/x"):
        assert mine.post("/me/front", {"act": "link", "link": wrong}).status_code == 422
    assert mine.post("/me/front", {"act": "arrange", "intro": "好" * 301}).status_code == 422
    assert mine.post("/me/front", {"act": "dance"}).status_code == 404
    mine.post("/me/front", {"act": "off", "pin": pin.pk})
    assert not Pin.objects.exists()


def test_pages_of_circles_and_makers_are_arranged_by_who_looks_after_them(client: Client) -> None:
    circle, maker = make_circle(), make_maker(member=make_member())
    post = make_post(circle=circle, author=circle.founder, title="圈里的第一篇")
    services.pin(member=circle.founder, centre=of_circle(circle), post_id=post.pk, note="从这里看起", now=clock.now())
    assert "从这里看起" in client.get(f"/c/{circle.slug}").content.decode()
    assert "从这里看起" not in client.get(f"/c/{circle.slug}?only=question").content.decode()
    stranger = log_in(Client(), make_member())
    for address in (f"/c/{circle.slug}/front", f"/m/{maker.slug}/front", f"/m/{maker.slug}/report"):
        assert stranger.get(address).status_code == 404
    assert log_in(Client(), maker.member).get(f"/m/{maker.slug}/front").status_code == 200
    assert log_in(Client(), maker.member).get(f"/m/{maker.slug}/report").status_code == 200
    assert log_in(Client(), circle.founder).get(f"/c/{circle.slug}/front").status_code == 200
    assert client.get(f"/m/{maker.slug}").status_code == 200


def test_a_note_behind_a_door_is_pinned_for_those_inside_only(client: Client) -> None:
    closed = make_circle(admission="invitation")
    post = make_post(circle=closed, author=closed.founder, title="只给自己人看")
    make_post(author=closed.founder)
    mine = of_member(closed.founder)
    services.pin(member=closed.founder, centre=mine, post_id=post.pk, note="秘密", now=clock.now())
    page = client.get(f"/u/{closed.founder_id}").content.decode()
    assert "只给自己人看" not in page and "秘密" not in page
    assert client.get(f"/api/v1/fronts/u/{closed.founder_id}").json()["pins"] == []
    assert client.get(f"/api/v1/fronts/c/{closed.slug}").status_code == 404
    assert "秘密" in log_in(Client(), closed.founder).get(f"/u/{closed.founder_id}").content.decode()


def test_a_page_has_a_feed_and_a_card_for_those_who_write_for_everybody(client: Client) -> None:
    writer, quiet = make_member("陈念"), make_member()
    make_post(author=writer, title="蒸了二十分钟")
    assert "蒸了二十分钟" in client.get(f"/u/{writer.pk}/feed.atom").content.decode()
    assert client.get(f"/card/u/{writer.pk}.png")["Content-Type"] == "image/png"
    for path in (f"/u/{quiet.pk}/feed.atom", f"/card/u/{quiet.pk}.png"):
        assert client.get(path).status_code == 404


def test_a_program_does_what_the_page_does() -> None:
    me = make_member()
    caller, post = Caller(me), make_post(author=me)
    where = f"/fronts/u/{me.pk}"
    assert caller.send("PUT", where, {"intro": "你好", "sections": ["kept"]})["sections"] == ["kept"]
    first = caller.send("POST", f"{where}/pins", {"post_id": post.pk, "note": "读"}, status=201)["pins"][0]
    assert caller.send("POST", f"{where}/pins", {"post_id": post.pk, "product_id": 1}, status=422)
    caller.send("POST", f"{where}/pins/{first['id']}/move", {"up": True})
    caller.send("DELETE", f"{where}/pins/{first['id']}", status=204)
    assert caller.send("GET", f"{where}/report")["steps"]["arrived"] == 0
    other = Caller(make_member())
    other.send("GET", f"{where}/report", status=404)
    other.send("PUT", where, {}, status=404)
    other.send("GET", f"/members/{me.pk}/record", status=404)
    caller.send("PUT", "/me/record", {"is_shown": True}, status=204)
    assert other.send("GET", f"/members/{me.pk}/record")["facts"][0]["key"] == "answers"
    assert other.send("GET", f"/members/{me.pk}/record/answers") == []
    other.send("GET", f"/members/{me.pk}/record/wealth", status=404)


@pytest.mark.parametrize("pins", [1, 8])
def test_a_page_costs_the_same_for_one_pin_and_for_many(pins, django_assert_max_num_queries) -> None:
    me = make_member()
    for _ in range(pins):
        services.pin(member=me, centre=of_member(me), post_id=make_post(author=me).pk, now=clock.now())
    client = Client()
    client.get(f"/u/{me.pk}")
    with django_assert_max_num_queries(20):
        assert client.get(f"/u/{me.pk}").status_code == 200


def test_news_are_written_undone_and_muted_on_pages_and_by_programs(django_assert_max_num_queries: Any) -> None:
    with clock.frozen(datetime.fromisoformat("2026-11-02T02:00:00+00:00")) as watch:
        me, fan = make_member("王姐"), make_member()
        mine, theirs = log_in(Client(), me), log_in(Client(), fan)
        follow(member=fan, target=me, now=watch.at)
        decide(member=fan, purpose="deals", channel="in_app", granted=True, where="test", now=watch.at)
        sku, caller = make_sku(), Caller(me)
        assert mine.post("/me/front/news", {"words": "看", "link": "/c/x"}).status_code == 422
        assert mine.post("/me/front/news", {"words": ""}).status_code == 422
        mine.post("/me/front/news", {"words": "今天到了新米", "link": f"http://testserver/p/{sku.product.slug}"})
        update = Update.objects.get()
        assert sku.product.name in mine.get("/me/front/news").text
        mine.post("/me/front/news", {"act": "undo", "id": update.pk})
        assert mine.post(f"/c/{make_circle().slug}/news", {"words": "看"}).status_code == 404
        address = f"/fronts/u/{me.pk}/news"
        made = caller.send("POST", address, {"words": "明天有新米"}, status=201)
        assert made["reach"] is None and made["news"][0]["is_waiting"]
        watch.move(timedelta(minutes=11))
        assert send_due(watch.at) == 1
        with django_assert_max_num_queries(40):
            page = theirs.get("/me/offers").text
        assert "明天有新米" in page and "今天到了新米" not in page and 'value="mute"' in page
        theirs.post("/me/offers", {"do": "mute", "kind": "u", "key": me.pk})
        assert [one.key for one in muted_by(fan.pk)] == [str(me.pk)]
        assert 'value="unmute"' in theirs.get("/me/offers").text
        Caller(fan).send("PUT", f"/fronts/u/{me.pk}/mute", {"is_muted": False}, status=204)
        assert not muted_by(fan.pk)
        assert caller.problem("DELETE", f"{address}/{made['news'][0]['id']}") == (409, "front_news_gone")
        assert caller.get(address)["news"][0]["goes_on"]
