"""Open to offers, leads of a leader and of the shop, on their pages and for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from quanzi.growth.leads.models import Approach, Lead, Opening, Topic
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from tests.faces.storefront.browsing import browser, page, send
from tests.factories.community import make_post
from tests.factories.people import log_in, make_member, make_staff

pytestmark = pytest.mark.django_db


def _leader() -> Member:
    found = make_member("王阿姨")
    Member.objects.filter(pk=found.pk).update(is_leader=True)
    return Member.objects.get(pk=found.pk)


def test_from_a_topic_that_is_opened_to_an_offer_that_is_answered(client: Any) -> None:
    author, leader = make_member("小雨"), _leader()
    mine, theirs = browser(author), browser(leader)
    topic = Topic.objects.get(name="轻食减脂")
    health = Topic.objects.get(name="健康")
    send(mine, "offers", do="open", id=health.pk, scope="any", days="90")
    assert not Opening.objects.exists(), "a sensitive topic needs its sentence"
    send(mine, "offers", do="open", id=topic.pk, scope="any", days="90")
    make_post(author=author, title="减脂第二周", now=clock.now())
    send(theirs, "leads", do="watch", id=topic.pk, words="")
    drawn = page(theirs, "leads")
    assert "减脂第二周" in drawn and "小雨" in drawn
    lead = Lead.objects.get()
    assert "王阿姨" in page(mine, "offers"), "the author sees who was shown it"
    assert "offers#seen" in mine.get(reverse("storefront:post", args=[lead.post_id])).content.decode()
    send(theirs, "leads", do="offer", id=lead.pk, words="蜜薯正好")
    Approach.objects.update(told_at=clock.now())  # by night it would wait for the morning
    drawn = page(mine, "offers")
    assert "蜜薯正好" in drawn
    send(mine, "offers", do="answer", id=Approach.objects.get().pk, said="thanks")
    assert Approach.objects.get().answer == "thanks"
    send(mine, "offers", do="close_all")
    assert "减脂第二周" not in theirs.get(reverse("storefront:leads"), {"show": "answered"}).content.decode()
    assert browser(make_member()).get(reverse("storefront:leads")).status_code == 404


def test_the_shop_looks_out_and_keeps_the_topics(client: Any) -> None:
    author, boss = make_member(), make_staff()
    staff = log_in(client, boss)
    topic = Topic.objects.get(name="茶")
    Opening.objects.all().delete()
    send(browser(author), "offers", do="open", id=topic.pk, scope="shop", days="30")
    make_post(author=author, title="泡一杯红茶", now=clock.now() - timedelta(hours=1))
    staff.post(reverse("console:leads_act"), {"do": "watch", "id": topic.pk})
    assert "泡一杯红茶" in staff.get(reverse("console:leads")).content.decode()
    words = {"id": topic.pk, "name": "茶", "words": "红茶", "is_off": "on"}
    staff.post(reverse("console:leads_topic"), words)
    assert "泡一杯红茶" not in staff.get(reverse("console:leads")).content.decode()


def test_the_pages_ask_as_many_questions_for_twenty_leads_as_for_one(django_assert_max_num_queries: Any) -> None:
    author, leader = make_member(), _leader()
    mine, theirs = browser(author), browser(leader)
    topic = Topic.objects.get(name="轻食减脂")
    send(mine, "offers", do="open", id=topic.pk, scope="any", days="90")
    for number in range(12):
        make_post(author=author, title=f"减脂{number}", now=clock.now() - timedelta(days=1, minutes=10 * number))
    send(theirs, "leads", do="watch", id=topic.pk, words="")
    page(theirs, "leads")
    with django_assert_max_num_queries(26):
        assert page(theirs, "leads").count("减脂") >= 12
    with django_assert_max_num_queries(24):
        page(mine, "offers")


def test_programs_open_watch_and_close_too(client: Any) -> None:
    author, leader = make_member(), _leader()
    topic = Topic.objects.get(name="轻食减脂")
    mine, theirs = browser(author), browser(leader)
    said = {"to": "known", "days": 30}
    answer = mine.put(f"/api/v1/me/offers/topics/{topic.pk}", said, content_type="application/json")
    assert answer.status_code == 200 and answer.json()["to"] == "known"
    assert theirs.post("/api/v1/me/watches", {"topic_id": topic.pk}, content_type="application/json").status_code == 201
    make_post(author=author, title="减脂", now=clock.now())
    assert theirs.get("/api/v1/me/leads").json() == [], "they do not know each other"
    assert mine.delete("/api/v1/me/offers/topics").status_code == 204
    assert not Opening.objects.filter(ended_at=None).exists()
