"""What people see of a circle that falls apart, and do there: pages and their twins for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from quanzi.community.circles.models import Circle
from quanzi.community.posts.models import Post
from quanzi.faces.ui.cuts import cut_map
from quanzi.growth.splitting.activity import activity
from quanzi.growth.splitting.models import Look, Setting, Split
from quanzi.kernel import clock
from tests.factories.community import make_person
from tests.factories.people import log_in, make_staff
from tests.growth.splitting.conftest import Town, propose, split_town

pytestmark = pytest.mark.django_db


def test_the_host_reads_the_cut_and_splits_after_reading_twice(client: Client, town: Town) -> None:
    split, address = propose(town), f"/c/{town.circle.slug}/split"
    log_in(client, town.host)
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "This circle has grown into several" in page and "乌龙" in page and 'class="split-map"' in page
    one, other = split.parts.all()
    sent = {
        "act": "split",
        "split": split.pk,
        f"name-{one.pk}": "茶社",
        f"leader-{one.pk}": "",
        f"name-{other.pk}": "酒社",
    }
    page = client.post(address, sent, headers={"accept-language": "en"}).content.decode()
    assert "Please read once more" in page and "茶社" in page and Circle.objects.count() == 1
    assert client.post(address, sent | {"sure": "yes"}).status_code == 302
    assert set(Circle.objects.values_list("name", flat=True)) == {"云栖", "茶社", "酒社"}
    page = client.get(address).content.decode()
    assert client.post(address, {"act": "undo", "split": split.pk}).status_code == 200, "asked once more"
    assert client.post(address, {"act": "undo", "split": split.pk, "sure": "yes"}).status_code == 302
    assert Split.objects.get().state == "undone"


def test_members_choose_on_the_page_and_others_do_not_see_it(client: Client, town: Town) -> None:
    address = f"/c/{town.circle.slug}/split"
    log_in(client, town.groups[1][2])
    assert client.get(address).status_code == 404, "a proposal is the host's"
    split = split_town(town)
    page = client.get(address).content.decode()
    assert "你想待在哪里" in page
    first, second = split.parts.all()
    client.post(address, {"act": "choose", "split": split.pk, "part": [first.pk, second.pk]})
    assert first.daughter is not None and second.daughter is not None
    member = town.groups[1][2]
    assert {c for c in (first.daughter, second.daughter) if c.memberships.filter(member=member, state="joined")} == {
        first.daughter, second.daughter,
    }  # fmt: skip
    assert "split" in client.get(f"/c/{town.circle.slug}/about").content.decode()
    client.logout()
    assert log_in(Client(), make_person()).get(address).status_code == 404


def test_programs_do_the_same(client: Client, town: Town) -> None:
    address = f"/api/v1/circles/{town.circle.slug}"
    log_in(client, town.host)
    assert client.get(f"{address}/split").json() == {"least_members": 80, "look": None, "split": None}
    assert client.post(f"{address}/split/look", content_type="application/json").json()["code"] == "circle_too_small"
    Setting.objects.create(least_members=20, changed_at=clock.now())
    assert client.post(f"{address}/split/look", content_type="application/json").status_code == 202
    split = propose(town)
    told = client.get(f"{address}/split").json()
    assert told["look"]["outcome"] == "cut" and told["split"]["inside"] > 90 and told["split"]["may_decide"]

    def send(verb: str, path: str, body: dict[str, Any], by: Client = client) -> Any:
        return by.generic(verb, f"{address}/splits/{split.pk}{path}", _json(body), content_type="application/json")

    parts = [{"id": one["id"], "name": one["name"], "leader_id": None} for one in told["split"]["parts"]]
    assert send("POST", "", {"parts": parts, "sure": False}).json()["code"] == "split_sure_needed"
    assert send("POST", "", {"parts": parts, "sure": True}).json()["split"]["state"] == "done"
    member = log_in(Client(), town.silent)
    chosen = send("PUT", "/choice", {"part_ids": [parts[0]["id"]]}, member).json()
    assert [one["is_in"] for one in chosen["split"]["parts"]] == [True, False] and chosen["look"] is None
    assert send("POST", "/undo", {"sure": True}, member).status_code == 403
    assert send("POST", "/undo", {"sure": True}).json()["split"]["state"] == "undone"
    other = Split.objects.create(circle=town.circle, found_at=clock.now())
    assert client.post(f"{address}/splits/{other.pk}/decline").json()["split"]["state"] == "declined"


def test_the_staff_see_it_and_choose_the_size_but_the_host_decides(client: Client, town: Town) -> None:
    split = propose(town)
    log_in(client, make_staff("owner"))
    address = f"/console/circles/{town.circle.pk}/split"
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert 'class="split-map"' in page and "decides" in page
    client.post(f"{address}/act", {"act": "split", "split": split.pk, "sure": "on"})
    assert Split.objects.get().state == "open"
    client.post(f"{address}/setting", {"least_members": "35"})
    assert Setting.objects.get().least_members == 35
    Look.objects.update(looked_at=clock.now() - timedelta(days=2))
    client.post(f"{address}/act", {"act": "look"})


def test_before_and_after_are_compared_only_when_there_is_enough(town: Town) -> None:
    split, now = split_town(town), clock.now()
    rows = activity(split, now=now + timedelta(days=3))
    assert [row.words for row in rows] == [None, None], "less than a week"
    rows = activity(split, now=now + timedelta(days=20))
    assert [row.words for row in rows] == [None, None], "too few people"
    daughter = split.parts.all()[0].daughter
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("quanzi.growth.splitting.activity.LEAST_TO_COMPARE", 5)
        here = [place.member_id for place in split.parts.all()[0].places.all()]
        Post.objects.bulk_create(
            Post(circle=daughter, author_id=one, kind="note", title="新", created_at=now + timedelta(days=1))
            for one in here * 4
        )
        first, second = activity(split, now=now + timedelta(days=14))
    assert first.words is not None and (first.words.before, first.words.after) == pytest.approx((1.25, 2.0), abs=0.1)
    assert first.words.low <= first.words.after - first.words.before <= first.words.high and first.words.is_clear
    assert second.words is not None and second.words.after == 0 and second.orders is not None


def test_a_picture_has_a_dot_for_everybody_or_for_every_few_inside_their_part() -> None:
    small, large = cut_map([20, 9], [[50, 4], [4, 20]]), cut_map([700, 350, 300, 200], [[9] * 4] * 4)
    assert [len(group.dots) for group in small.groups] == [20, 9] and small.each == 1 and len(small.ways) == 1
    assert large.each == 10 and [len(group.dots) for group in large.groups] == [70, 35, 30, 20]
    for group in small.groups + large.groups:
        assert all((x - group.x) ** 2 + (y - group.y) ** 2 < group.r**2 for x, y in group.dots)


def _json(body: dict[str, Any]) -> str:
    import json

    return json.dumps(body)
