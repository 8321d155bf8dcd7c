"""A page of one's own is arranged by its owner, and stands by kept goods only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quanzi.community.posts.services import hide_post
from quanzi.growth.fronts import errors, services
from quanzi.growth.fronts.centres import of_circle, of_maker, of_member
from quanzi.growth.fronts.models import Front, Pin
from quanzi.growth.fronts.policies import may_keep
from quanzi.growth.fronts.queries.fronts import followers, front_mark, front_page
from quanzi.growth.fronts.rules import HIDDEN, LEAST_PEOPLE, SECTIONS, Steps, arranged, moved, sections_of, told
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.trust.models import Ring, RingMember
from quanzi.people.trust.rings import decide_ring
from quanzi.people.trust.services import follow
from quanzi.trade.sales.models import OrderLine
from tests.factories.community import make_circle, make_post
from tests.factories.goods import make_maker
from tests.factories.people import make_member, make_staff
from tests.factories.trade import make_received_order

NOW = datetime.fromisoformat("2026-11-01T08:00:00+00:00")


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*SECTIONS, "ads"]), st.integers(-1, 4)))
def test_sections_are_those_with_a_place_in_the_order_of_their_places(places: dict[str, int]) -> None:
    shown = arranged(places)
    assert set(shown) == {name for name in SECTIONS if places.get(name, 0) > 0}
    assert [places[name] for name in shown] == sorted(places[name] for name in shown)
    assert sections_of(" ".join(shown)) == shown


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(1, 9), unique=True), st.integers(1, 9), st.booleans())
def test_moving_loses_nothing_and_moves_by_one(ids: list[int], one: int, up: bool) -> None:
    after = moved(ids, one, up=up)
    assert sorted(after) == sorted(ids)
    if one in ids:
        assert abs(after.index(one) - ids.index(one)) <= 1
        assert moved(after, one, up=not up) == ids or after == ids


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 400))
def test_what_few_people_did_is_not_told_and_one_more_person_changes_at_most_a_whole_step(count: int) -> None:
    assert (told(count) == HIDDEN) == (0 < count < LEAST_PEOPLE)
    assert told(count) <= count and told(count) in (HIDDEN, count // LEAST_PEOPLE * LEAST_PEOPLE)
    assert Steps(count, count, 0, count, count).shown == Steps(count, told(count), 0, told(count), told(count))


pytestmark = pytest.mark.django_db


def kept_line(**fields: Any) -> OrderLine:
    line: OrderLine = make_received_order(now=NOW, **fields).lines.get()
    OrderLine.objects.filter(pk=line.pk).update(kept_at=NOW)
    line.refresh_from_db()
    return line


def leave_out(member: Member) -> None:
    """A moderator leaves somebody out of counts."""
    ring = Ring.objects.create(key="r", signs=[], found_at=NOW)
    RingMember.objects.create(ring=ring, member=member)
    decide_ring(ring_id=ring.pk, state="left_out", reason="互相下单", actor=make_staff("moderator"), now=NOW)


def test_whoever_kept_goods_stands_by_them_until_they_go_back() -> None:
    line = kept_line()
    mine, of = of_member(line.member), {"member": line.member, "now": NOW}
    services.pin(centre=mine, line_id=line.pk, note="  甜，\x00  不柴 ", **of)
    services.pin(centre=mine, line_id=line.pk, note="甜", **of)
    (pin,) = front_page(mine).pins
    assert (pin.product_id, pin.note, pin.by_name, pin.kept_at) == (line.product_id, "甜", line.member.name, NOW)
    leave_out(line.member)
    assert front_page(mine).pins == (), "whoever does not count stands by nothing"
    RingMember.objects.all().delete()
    OrderLine.objects.filter(pk=line.pk).update(kept_at=None)
    assert front_page(mine).pins == ()


def test_nobody_stands_by_goods_of_others_or_not_kept_not_even_by_raw_sql() -> None:
    line, other = kept_line(), make_member()
    new = make_received_order(now=NOW, member=other).lines.get()
    for wrong in ({"line_id": line.pk}, {"line_id": new.pk}, {"line_id": 0}, {"post_id": 0}, {"product_id": 0}, {}):
        with pytest.raises(errors.NotToPin):
            services.pin(member=other, centre=of_member(other), now=NOW, **wrong)
    front = Front.objects.create(member=other, changed_at=NOW)
    for line_id in (line.pk, new.pk):
        with pytest.raises(IntegrityError, match="kept goods"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO fronts_pin (front_id, position, line_id, note, pinned_at) VALUES (%s, 0, %s, '', now())",
                [front.pk, line_id],
            )
    with pytest.raises(IntegrityError, match="pin_of_one"), transaction.atomic():
        Pin.objects.create(front=front, pinned_at=NOW)
    with pytest.raises(IntegrityError, match="front_of_one"), transaction.atomic():
        Front.objects.create(changed_at=NOW)


def test_in_a_circle_those_who_look_after_it_stand_by_what_they_kept_as_long_as_they_do() -> None:
    line = kept_line()
    circle = make_circle(founder=line.member, now=NOW)
    services.pin(member=line.member, centre=of_circle(circle), line_id=line.pk, now=NOW)
    assert len(front_page(of_circle(circle)).pins) == 1
    circle.memberships.update(role="member")
    assert front_page(of_circle(circle)).pins == ()
    assert not may_keep(line.member, of_circle(circle)) and not may_keep(make_staff(), of_circle(circle))


def test_the_mark_of_a_circles_front_follows_its_pins_and_what_became_of_them() -> None:
    line = kept_line()
    circle = make_circle(founder=line.member, now=NOW)
    seen = {front_mark(circle.slug)}
    assert seen == {""}, "what nobody arranged has no mark"
    pin = services.pin(member=line.member, centre=of_circle(circle), line_id=line.pk, now=NOW)
    seen.add(front_mark(circle.slug))
    services.pin(
        member=line.member, centre=of_circle(circle), post_id=make_post(circle=circle, author=line.member).pk, now=NOW
    )
    seen.add(front_mark(circle.slug))
    OrderLine.objects.filter(pk=line.pk).update(kept_at=None)
    seen.add(front_mark(circle.slug))
    services.unpin(member=line.member, centre=of_circle(circle), pin_id=pin.pk, now=NOW)
    assert len(seen | {front_mark(circle.slug)}) == 5


def test_only_the_owner_arranges_and_only_with_what_is_theirs() -> None:
    owner, other = make_member(), make_member()
    mine, foreign = make_post(author=owner), make_post(author=other)
    of = {"member": owner, "centre": of_member(owner), "now": NOW}
    with pytest.raises(NotAllowed):
        services.arrange(member=other, centre=of_member(owner), intro="", sections=[], now=NOW)
    with pytest.raises(errors.NotToPin):
        services.pin(post_id=foreign.pk, **of)
    with pytest.raises(errors.IntroTooLong):
        services.arrange(intro="好" * 301, sections=[], **of)
    with pytest.raises(errors.UnknownSection):
        services.arrange(intro="", sections=["pins", "pins"], **of)
    services.arrange(intro="我在三楼", sections=["kept", "pins"], **of)
    first, second = services.pin(post_id=mine.pk, **of), services.pin(post_id=make_post(author=owner).pk, **of)
    services.move(pin_id=second.pk, up=True, **of)
    page = front_page(of_member(owner))
    assert (page.intro, page.sections, [pin.id for pin in page.pins]) == (
        "我在三楼",
        ("kept", "pins"),
        [second.pk, first.pk],
    )
    services.unpin(pin_id=first.pk, **of)
    with pytest.raises(NotFound):
        services.unpin(pin_id=first.pk, **of)
    with pytest.raises(NotFound):
        services.move(pin_id=first.pk, up=True, **of)
    with pytest.raises(errors.NotToPin):
        hide_post(post=mine, moderator=make_staff("moderator"), reason="广告", now=clock.now())
        services.pin(post_id=mine.pk, **of)


def test_a_page_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_PINS", 1)
    owner = make_member()
    services.pin(member=owner, centre=of_member(owner), post_id=make_post(author=owner).pk, now=NOW)
    with pytest.raises(errors.TooManyPins):
        services.pin(member=owner, centre=of_member(owner), post_id=make_post(author=owner).pk, now=NOW)


def test_followers_are_ties_that_stand_of_people_who_count() -> None:
    star, fans = make_member(), [make_member() for _ in range(3)]
    for fan in fans:
        follow(member=fan, target=star, now=NOW)
    assert followers(star.pk) == 3
    leave_out(fans[0])
    fans[1].ties_out.update(withdrawn_at=NOW + timedelta(days=1))
    assert followers(star.pk) == 1


def test_a_maker_arranges_the_page_of_the_workshop() -> None:
    maker = make_maker(member=make_member())
    mine = of_maker(id=maker.pk, slug=maker.slug, name=maker.name, member_id=maker.member_id)
    services.arrange(member=maker.member, centre=mine, intro="手缝", sections=["notes"], now=NOW)
    assert front_page(mine).intro == "手缝" and front_page(mine).sections == ("notes",)
    assert front_page(of_member(maker.member)).intro == "", "a person's page is another one"
    with pytest.raises(NotAllowed):
        services.publish_record(member=maker.member, centre=mine, shown=True, now=NOW)
