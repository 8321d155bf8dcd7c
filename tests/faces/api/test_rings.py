"""A moderator decides about a ring by the API as on the page; nobody else does."""

from __future__ import annotations

import pytest

from quanzi.kernel import clock
from quanzi.people.trust.models import RingMember
from quanzi.people.trust.rings import FoundRing, keep_rings
from tests.faces.api.conftest import Caller
from tests.factories.people import make_member, make_staff

pytestmark = pytest.mark.django_db


def test_a_ring_is_read_with_its_signs_and_decided_for_a_reason() -> None:
    people = [make_member(name) for name in ("甲", "乙", "丙")]
    ids = tuple(sorted(one.pk for one in people))
    keep_rings([FoundRing(ids, [{"one": ids[0], "other": ids[1], "device": 1, "teams": 4}])], now=clock.now())
    moderator = Caller(make_staff("moderator"))
    ring = moderator.get("/staff/rings")[0]
    assert [one["name"] for one in ring["people"]] == ["甲", "乙", "丙"]
    assert ring["signs"] == [{"one": "甲", "other": "乙", "signs": {"device": 1, "teams": 4}}]
    path = f"/staff/rings/{ring['id']}/decision"
    assert moderator.problem("POST", path, {"state": "left_out", "reason": " "}) == (422, "ring_reason_needed")
    assert Caller(people[0]).problem("POST", path, {"state": "left_out", "reason": "x"})[0] == 403
    moderator.send("POST", path, {"state": "left_out", "reason": "同一个人"}, status=204)
    assert RingMember.objects.filter(left_out=True).count() == 3
