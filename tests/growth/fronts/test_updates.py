"""News of a page go to who follows, agreed and is free to hear them; the sender learns how many, never who."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base import doctor
from quanzi.community.circles.models import Membership
from quanzi.growth.fronts import errors, updating
from quanzi.growth.fronts.centres import Centre, of_circle, of_member
from quanzi.growth.fronts.models import Receipt, Update
from quanzi.growth.fronts.queries.updates import muted_by, news_behind, news_of, reach_of
from quanzi.growth.fronts.rules import AGAIN, LASTS, UNDO, Reach, goes_at
from quanzi.growth.leads.models import Approach, Attention
from quanzi.growth.leads.services import approaching
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Notice
from quanzi.people.contact.services import decide
from quanzi.people.safety.services import block
from quanzi.people.trust.services import follow
from tests.factories.community import make_circle, make_post
from tests.factories.goods import make_sku
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-02T02:00:00+00:00")
"""Ten in the morning."""


def follower(of: Member, *, agrees: bool = True) -> Member:
    fan = make_member()
    follow(member=fan, target=of, now=NOW - timedelta(days=30))
    if agrees:
        decide(member=fan, purpose="deals", channel="in_app", granted=True, where="test", now=NOW - timedelta(days=30))
    return fan


def write(me: Member, *, now: datetime = NOW, words: str = "今天到了新米", **what: int) -> Update:
    return updating.write_update(member=me, centre=of_member(me), words=words, now=now, **what)


def got(update: Update) -> set[int]:
    return set(Receipt.objects.filter(update=update).values_list("member_id", flat=True))


def test_news_wait_ten_minutes_and_reach_who_follows_and_agreed() -> None:
    me = make_member("王姐")
    fans, silent, blocked, spent, shut = (
        [follower(me) for _ in range(2)], follower(me, agrees=False), follower(me), follower(me), follower(me)
    )  # fmt: skip
    block(member=blocked, other=me, now=NOW)
    Attention.objects.create(member=shut, per_week=0)
    for at in (5, 4):  # somebody else took this week's attention
        other = make_member()
        follow(member=spent, target=other, now=NOW - timedelta(days=9))
        approaching.send_news(sender=other, recipient_id=spent.pk, of="别人", words="看", now=NOW - timedelta(days=at))
    sku = make_sku(stock_of=3)
    assert reach_of(of_member(me), sender_id=me.pk, now=NOW) == Reach(
        at_once=2, later=1, never=2 + (blocked_follows(blocked, me))
    )
    update = write(me, product_id=sku.product_id)
    assert updating.send_due(NOW + UNDO / 2) == 0
    assert updating.send_due(NOW + UNDO) == 2
    assert got(update) == {one.pk for one in fans} and silent.pk not in got(update)
    told = Notice.objects.get(member=fans[0], kind="update_came")
    assert told.params["name"] == "王姐"
    assert updating.send_due(NOW + UNDO + timedelta(minutes=1)) == 0  # asked again some hours later
    later = NOW + timedelta(days=4)
    assert updating.send_due(later) == 1 and spent.pk in got(update)
    assert updating.send_due(NOW + UNDO + LASTS + AGAIN) == 0
    assert Update.objects.get().next_at is None
    behind = news_behind(list(Approach.objects.filter(recipient=fans[0]).values_list("pk", flat=True)))
    assert [one.centre.name for one in behind.values()] == ["王姐"]
    assert not [one.sample for one in doctor.run(only=("FN1", "LE2")) if not one.is_well]


def blocked_follows(blocked: Member, me: Member) -> int:
    """A block may end the following; whoever still follows is one of those it never reaches."""
    sql = "SELECT count(*) FROM trust_tie WHERE source_id = %s AND target_id = %s AND kind = 'follow' AND withdrawn_at IS NULL"
    with connection.cursor() as cursor:
        cursor.execute(sql, [blocked.pk, me.pk])
        return int(cursor.fetchone()[0])


def test_news_are_undone_until_they_go_and_written_seldom() -> None:
    me = make_member()
    fan = follower(me)
    first = write(me)
    updating.undo_update(member=me, centre=of_member(me), update_id=first.pk, now=NOW + timedelta(minutes=1))
    assert updating.send_due(NOW + UNDO) == 0
    second, _ = write(me, now=NOW + timedelta(hours=1)), write(me, now=NOW + timedelta(hours=2))
    with pytest.raises(errors.NewsTooOften):
        write(me, now=NOW + timedelta(days=2))
    updating.send_due(NOW + timedelta(hours=1) + UNDO)
    assert got(second) == {fan.pk}
    with pytest.raises(errors.GoneAlready):
        updating.undo_update(member=me, centre=of_member(me), update_id=second.pk, now=NOW + timedelta(hours=3))
    for wrong, error in (
        ({"words": ""}, errors.NewsToSay),
        ({"words": "好" * 301}, errors.NewsToSay),
        ({"post_id": 0}, errors.NotToSend),
    ):
        with pytest.raises(error):
            write(me, now=NOW + timedelta(days=8), **wrong)  # type: ignore[arg-type]


def test_a_muted_page_is_not_heard_and_following_stays() -> None:
    me = make_member()
    fan = follower(me)
    with pytest.raises(NotFound):
        updating.mute(member=fan, centre=of_member(me), muted=True, now=NOW)
    update = write(me)
    updating.mute(member=fan, centre=of_member(me), muted=True, now=NOW)
    assert updating.send_due(NOW + UNDO) == 0 and [one.key for one in muted_by(fan.pk)] == [str(me.pk)]
    updating.mute(member=fan, centre=of_member(me), muted=False, now=NOW)
    assert updating.send_due(NOW + UNDO + AGAIN) == 1 and got(update) == {fan.pk}


def test_news_wait_for_the_hours_in_which_their_reader_hears_them() -> None:
    me = make_member()
    fan = follower(me)
    Attention.objects.create(member=fan, per_week=2, begins=18, ends=20)
    update = write(me)
    assert reach_of(of_member(me), sender_id=me.pk, now=NOW) == Reach(at_once=0, later=1, never=0)
    assert updating.send_due(NOW + UNDO) == 0
    assert updating.send_due(NOW + timedelta(hours=8)) == 1 and got(update) == {fan.pk}


def test_news_of_a_circle_come_from_who_looks_after_it_and_go_to_who_hears_of_circles() -> None:
    host, member, guest = make_member(), make_member(), make_member()
    circle = make_circle(founder=host)
    for one in (member, guest):
        Membership.objects.create(circle=circle, member=one, state="joined", role="member", asked_at=NOW, joined_at=NOW)
    decide(member=member, purpose="circle", channel="in_app", granted=True, where="test", now=NOW)
    inside = make_post(author=host, circle=circle)
    with pytest.raises(NotAllowed):
        updating.write_update(member=member, centre=of_circle(circle), words="我来说", now=NOW)
    update = updating.write_update(
        member=host, centre=of_circle(circle), words="周六包饺子", post_id=inside.pk, now=NOW
    )
    updating.send_due(NOW + UNDO)
    assert got(update) == {member.pk}


def test_numbers_of_few_people_are_not_told() -> None:
    assert Reach(4, 0, 0).shown is None
    shown = Reach(7, 1, 0).shown
    assert shown is not None and (shown.at_once, shown.later, shown.never) == (5, -1, 0)
    me = make_member()
    follower(me)
    update = write(me)
    updating.send_due(NOW + UNDO)
    [row] = news_of(of_member(me), now=NOW + UNDO)
    assert row.id == update.pk and row.is_hidden and row.goes_on
    evening = datetime.fromisoformat("2026-11-02T13:30:00+00:00")
    assert goes_at(evening) == datetime.fromisoformat("2026-11-03T01:00:00+00:00")


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE fronts_update SET words = '换了'",
        "UPDATE fronts_update SET undone_at = written_at, next_at = NULL",
        "INSERT INTO fronts_update (front_id, sender_id, words, written_at, goes_at) SELECT front_id, %(fan)s, 'x', written_at, goes_at FROM "
        "fronts_update",
        "UPDATE fronts_receipt SET member_id = %(me)s",
    ],
)
def test_the_database_refuses_what_the_room_would_never_write(attack: str) -> None:
    me = make_member()
    fan = follower(me)
    write(me)
    updating.send_due(NOW + UNDO)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack, {"fan": fan.pk, "me": me.pk})


def test_centres_of_other_people_are_not_written_for() -> None:
    me, other = make_member(), make_member()
    centre: Centre = of_member(other)
    with pytest.raises(NotAllowed):
        updating.write_update(member=me, centre=centre, words="看", now=NOW)
    mine = write(other)
    with pytest.raises(NotAllowed):
        updating.undo_update(member=me, centre=centre, update_id=mine.pk, now=NOW)
