"""What people write becomes a lead only where they are open to it; nobody is pressed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quanzi.base import doctor
from quanzi.community.circles.models import Circle
from quanzi.community.posts.services import edit_post, hide_post, remove_post
from quanzi.growth.leads import errors, rules
from quanzi.growth.leads.models import Approach, Lead, Opening, Topic, Watch
from quanzi.growth.leads.queries import came_to, free_to_write, health, leads, seen_by
from quanzi.growth.leads.rules import Sent, free_from, load, may_send, pause_days
from quanzi.growth.leads.services import approaching, opening, watching
from quanzi.growth.leads.services.matching import catch_up
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import decide
from quanzi.people.safety.services import block
from tests.factories.community import make_circle, make_post
from tests.factories.goods import make_product
from tests.factories.people import befriend, make_member, make_staff

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
DAY = timedelta(days=1)

db = pytest.mark.django_db


def topic(name: str = "轻食减脂") -> Topic:
    return Topic.objects.get(name=name)


def make_leader(name: str = "") -> Member:
    found = make_member(name)
    Member.objects.filter(pk=found.pk).update(is_leader=True)
    found.is_leader = True
    return found


def open_to(
    member: Member, scope: str = "any", *, name: str = "轻食减脂", now: datetime = NOON, **more: bool
) -> Opening:
    return opening.open_topic(
        member=member, topic_id=topic(name).pk, scope=scope, days=90, where="test", now=now, **more
    )


def watch(owner: Member, *, words: str = "", now: datetime = NOON, **more: bool) -> Watch:
    return watching.watch(owner=owner, topic_id=topic().pk, words=words, now=now, **more)


def shown(owner: Member | None, now: datetime = NOON) -> list[str]:
    """What the watcher sees; it is told to the authors."""
    catch_up(now=now)
    rows = leads(owner, now=now)
    watching.note_shown(lead_ids=[row.id for row in rows], now=now)
    return [row.title for row in rows]


def ready(title: str = "减脂第一周") -> tuple[Member, Member, int]:
    """Author, leader, and a lead that the leader was shown."""
    author, leader = make_member(), make_leader()
    open_to(author)
    watch(leader)
    make_post(author=author, title=title, now=NOON)
    assert title in shown(leader)
    return author, leader, Lead.objects.get(post__title=title, owner=leader).pk


@db
def test_only_posts_of_people_who_are_open_become_leads_of_whom_they_named() -> None:
    stranger, friend, shy, closed = make_leader(), make_leader(), make_member(), make_member()
    befriend(shy, friend, now=NOON - DAY)
    open_to(shy, "known")
    for leader in (stranger, friend):
        watch(leader)
    watch(make_staff(), for_shop=True)
    make_post(author=shy, title="开始减脂了", now=NOON)
    make_post(author=closed, title="我也减脂", now=NOON)
    assert shown(stranger) == []
    assert shown(friend) == ["开始减脂了"]
    assert shown(None) == ["开始减脂了"]
    assert {row.watcher.id if row.watcher else None for row in seen_by(shy)} == {friend.pk, None}
    assert [one.violations for one in doctor.run(only=["LE1", "LE2"])] == [0, 0]


@db
def test_a_watch_looks_back_thirty_days_and_its_words_narrow_it() -> None:
    author, leader = make_member(), make_leader()
    for title, age in (("减脂餐吃蜜薯", 3), ("减脂餐吃鸡胸", 2), ("减脂也吃蜜薯", 40)):
        make_post(author=author, title=title, now=NOON - age * DAY)
    open_to(author)
    watch(leader, words="蜜薯")
    assert shown(leader) == ["减脂餐吃蜜薯"]


@db
def test_a_lead_is_gone_at_once_when_what_it_rests_on_is_gone() -> None:
    author, leader, _ = ready()
    post = Lead.objects.get().post
    gone: list[tuple[str, object]] = [
        ("closed", lambda: opening.close_topic(member=author, topic_id=topic().pk, now=NOON)),
        ("withdrawn", lambda: decide(member=author, purpose="offers", channel="none", granted=False, where="t", now=NOON)),
        ("edited", lambda: edit_post(post=post, member=author, title="早", body="好", now=NOON)),
        ("removed", lambda: remove_post(post=post, member=author, now=NOON)),
        ("hidden", lambda: hide_post(post=post, moderator=make_staff("moderator"), reason="广告", now=NOON)),
        ("blocked", lambda: block(member=author, other=leader, now=NOON)),
        ("no leader", lambda: Member.objects.filter(pk=leader.pk).update(is_leader=False)),
        ("forbidden", lambda: Topic.objects.update(is_off=True)),
    ]  # fmt: skip
    for what, act in gone:
        with transaction.atomic():
            act()  # type: ignore[operator]
            assert leads(leader, now=NOON) == [], what
            transaction.set_rollback(True)
    assert len(leads(leader, now=NOON)) == 1
    assert leads(leader, now=NOON + 90 * DAY) == [], "the time is over"


@db
def test_what_stands_behind_a_door_is_a_lead_only_of_people_inside_and_never_of_the_shop() -> None:
    author, leader = make_member(), make_leader()
    circle = make_circle(founder=author, admission="open")
    open_to(author)
    watch(leader)
    watch(make_staff(), for_shop=True)
    make_post(author=author, circle=circle, title="圈里说减脂", now=NOON)
    assert shown(leader) == shown(None) == ["圈里说减脂"]
    Circle.objects.filter(pk=circle.pk).update(admission="invitation")
    assert leads(leader, now=NOON) == leads(None, now=NOON) == []


@db
def test_an_edited_post_is_read_again() -> None:
    author, leader, _ = ready()
    post = Lead.objects.get().post
    edit_post(post=post, member=author, title="减脂第二周", body="", now=NOON)
    assert leads(leader, now=NOON) == [], "another text is no lead before it was read"
    assert shown(leader) == ["减脂第二周"]


@db
def test_a_sensitive_topic_needs_its_own_sentence_and_hides_posts_that_touch_it() -> None:
    author, leader = make_member(), make_leader()
    with pytest.raises(errors.SentenceNeeded):
        open_to(author, name="健康")
    with pytest.raises(errors.TopicForbidden):
        open_to(author, name="手头紧", agreed=True)
    open_to(author)
    watch(leader)
    make_post(author=author, title="糖尿病人怎么减脂", now=NOON)
    assert shown(leader) == [], "it speaks of health, too"
    assert "健康" in open_to(author, name="健康", agreed=True).sentence
    watch(leader, words="减脂")
    assert shown(leader) == ["糖尿病人怎么减脂"]


@db
def test_one_offer_for_each_lead_is_answered_once_and_a_no_keeps_its_sender_away() -> None:
    author, leader, lead_id = ready()
    goods = make_product(on_sale=True)
    sent = approaching.offer(sender=leader, lead_id=lead_id, words="蜜薯正好", product_id=goods.pk, now=NOON)
    with pytest.raises(errors.OfferedOnce):
        approaching.offer(sender=leader, lead_id=lead_id, words="再说一次", now=NOON)
    assert [row.words for row in came_to(author)] == ["蜜薯正好"]
    make_post(author=author, title="减脂第三周", now=NOON)
    assert shown(leader) == ["减脂第三周"]
    other = Lead.objects.get(post__title="减脂第三周").pk
    approaching.answer(member=author, approach_id=sent.pk, said="no", now=NOON)
    with pytest.raises(errors.AnsweredOnce):
        approaching.answer(member=author, approach_id=sent.pk, said="thanks", now=NOON)
    assert shown(leader) == []
    with pytest.raises(errors.NoConsent):
        approaching.offer(sender=leader, lead_id=other, words="还有", now=NOON + DAY)
    make_post(author=author, title="减脂第四周", now=NOON + DAY)
    assert shown(leader, NOON + DAY) == [], "after a no there are no leads for a while"


@db
def test_messages_of_the_evening_show_in_the_morning_and_not_when_the_consent_is_gone() -> None:
    author, leader, lead_id = ready()
    night = datetime(2026, 11, 20, 14, tzinfo=UTC)
    approaching.offer(sender=leader, lead_id=lead_id, words="蜜薯", now=night)
    assert came_to(author) == []
    approaching.tell(now=night + timedelta(hours=1))
    assert came_to(author) == []
    morning = night + timedelta(hours=11)
    with transaction.atomic():
        opening.close_all(member=author, where="t", now=night)
        assert approaching.tell(now=morning) == 0
        transaction.set_rollback(True)
    assert approaching.tell(now=morning) == 1 and len(came_to(author)) == 1


@db
def test_attention_holds_for_everybody_together() -> None:
    author, leader, lead_id = ready()
    opening.want_at_most(member=author, per_week=1)
    approaching.offer(sender=leader, lead_id=lead_id, words="蜜薯", now=NOON)
    other = make_leader()
    watch(other)
    shown(other)
    lead = Lead.objects.get(owner=other)
    with pytest.raises(errors.BeyondAttention):
        approaching.offer(sender=other, lead_id=lead.pk, words="鸡胸", now=NOON)
    approaching.offer(sender=other, lead_id=lead.pk, words="鸡胸", now=NOON + 8 * DAY)


@db
def test_a_message_waits_for_the_hours_of_its_reader_and_the_database_holds_to_them() -> None:
    author, leader, lead_id = ready()
    for wrong in ((8, 12), (12, 12), (18, 22)):
        with pytest.raises(errors.HoursNeeded):
            opening.want_at_most(member=author, per_week=3, hours=wrong)
    hour = NOON.astimezone(rules.SITE_ZONE).hour
    opening.want_at_most(member=author, per_week=3, hours=(hour + 1, hour + 3))
    made = approaching.offer(sender=leader, lead_id=lead_id, words="蜜薯", now=NOON)
    assert made.shows_at.astimezone(rules.SITE_ZONE).hour == hour + 1 and made.told_at is None
    opening.want_at_most(member=author, per_week=3)  # the hours stay
    made.pk, made.shows_at = None, NOON
    with pytest.raises(IntegrityError, match="outside the hours of its reader"), transaction.atomic():
        made.save(force_insert=True)


@db
def test_after_two_silent_messages_there_is_a_pause_that_a_welcome_ends_and_fewer_means_fewer() -> None:
    author, leader, _ = ready("减脂一")
    for number, title in enumerate(("减脂二", "减脂三", "减脂四")):
        make_post(author=author, title=title, now=NOON + number * timedelta(minutes=1))
    shown(leader)
    ids = list(Lead.objects.filter(owner=leader).order_by("pk").values_list("pk", flat=True))
    opening.want_at_most(member=author, per_week=7)
    first = approaching.offer(sender=leader, lead_id=ids[0], words="一", now=NOON)
    second = approaching.offer(sender=leader, lead_id=ids[1], words="二", now=NOON)
    with pytest.raises(errors.TooMuch):
        approaching.offer(sender=leader, lead_id=ids[2], words="三", now=NOON)
    pressed, until = free_to_write(leader, [author.pk], now=NOON)[author.pk]
    assert pressed == 2 and NOON + 9 * DAY < until < NOON + 10 * DAY
    assert (health(leader, NOON).sent, health(leader, NOON).paused) == (2, 1)
    with transaction.atomic():
        approaching.answer(member=author, approach_id=second.pk, said="thanks", now=NOON)
        approaching.offer(sender=leader, lead_id=ids[2], words="三", now=NOON)
        opening.want_fewer(member=author, other_id=leader.pk, now=NOON)
        with pytest.raises(errors.CoolsDown):
            approaching.offer(sender=leader, lead_id=ids[3], words="四", now=NOON + 30 * DAY)
        transaction.set_rollback(True)
    assert first.pk and approaching.offer(sender=leader, lead_id=ids[2], words="三", now=until).pk


def _write(**values: object) -> None:
    columns = ", ".join(values)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO leads_approach ({columns}) VALUES ({', '.join(['%s'] * len(values))})", list(values.values()))  # fmt: skip


@db
def test_the_database_refuses_by_itself_what_no_consent_covers() -> None:
    author, leader, lead_id = ready()
    plain = {
        "sender_id": leader.pk, "for_shop": False, "recipient_id": author.pk, "kind": "offer", "lead_id": lead_id, "words": "x",
        "sent_at": NOON, "shows_at": NOON, "answer": "",
    }  # fmt: skip
    stranger, goods = make_leader(), make_product()
    wrong: list[tuple[str, dict[str, object]]] = [
        ("another sender", {"sender_id": stranger.pk}),
        ("as if it were the shop's", {"for_shop": True}),
        ("another reader", {"recipient_id": stranger.pk}),
        ("by night", {"shows_at": datetime(2026, 11, 20, 15, tzinfo=UTC)}),
        ("after its time", {"sent_at": NOON + 100 * DAY, "shows_at": NOON + 100 * DAY}),
        ("before the yes", {"sent_at": NOON - DAY}),
        ("goods to a stranger", {"kind": "suggestion", "lead_id": None, "product_id": goods.pk}),
    ]
    for what, change in wrong:
        with pytest.raises(IntegrityError):
            _write(**{**plain, **change})
            raise AssertionError(what)
    with transaction.atomic():
        opening.want_at_most(member=author, per_week=0)
        with pytest.raises(IntegrityError, match="attention"):
            _write(**plain)
        transaction.set_rollback(True)
    with transaction.atomic():
        opening.close_all(member=author, where="t", now=NOON)
        with pytest.raises(IntegrityError, match="open to it"):
            _write(**plain)
        transaction.set_rollback(True)
    _write(**plain)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approach.objects.update(words="y")


@db
def test_the_database_refuses_openings_and_leads_that_nobody_agreed_to() -> None:
    author, leader, lead_id = ready()
    stands = Opening.objects.get()
    other = make_member()
    values = {
        "member": author, "topic": topic("茶"), "scope": "any", "consent": stands.consent, "opened_at": NOON, "until": NOON + DAY,
    }  # fmt: skip
    for change in (
        {"member": other},
        {"topic": topic("健康")},
        {"topic": topic("信仰"), "sentence": "x"},
        {"until": NOON + 400 * DAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Opening.objects.create(**{**values, **change})
    with pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.filter(pk=stands.pk).update(until=NOON + 300 * DAY)
    lead = Lead.objects.get(pk=lead_id)
    silent = make_post(author=other, title="减脂", now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.create(
            watch=lead.watch, owner=leader, post=silent, opening=stands, found="x", print="x", found_at=NOON
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.filter(pk=lead_id).update(shown_at=NOON + DAY)


@db
def test_only_leaders_watch_and_only_the_watcher_offers() -> None:
    author, _, lead_id = ready()
    with pytest.raises(errors.NotALeader):
        watch(make_member())
    with pytest.raises(NotFound):
        approaching.offer(sender=make_leader(), lead_id=lead_id, words="x", now=NOON)
    with pytest.raises(NotFound):
        opening.close_lead(member=make_member(), lead_id=lead_id)
    opening.close_lead(member=author, lead_id=lead_id)
    assert seen_by(author)[0].is_closed


STORY = st.lists(st.tuples(st.integers(0, 9_600), st.sampled_from(("", "welcome", "refused", "opened"))), max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STORY)
def test_the_rule_never_punishes_waiting_and_each_further_message_never_shortens_a_pause(
    story: list[tuple[int, str]],
) -> None:
    sent = [
        Sent(NOON - timedelta(hours=ago), how == "welcome", how == "refused", how == "opened") for ago, how in story
    ]
    pressed = load(sent, now=NOON)
    assert 0 <= load(sent, now=NOON + DAY) <= pressed
    assert load([*sent, Sent(NOON)], now=NOON) == pytest.approx(pressed + 1)
    assert pause_days(pressed + 1) >= pause_days(pressed)
    assert load([*sent, Sent(NOON, is_welcome=True)], now=NOON) == 0
    until = free_from(sent, now=NOON)
    assert may_send(sent, now=until) and may_send(sent, now=until + DAY)
    assert (until == NOON) == may_send(sent, now=NOON) and until <= NOON + 180 * DAY


@db
def test_the_database_has_the_same_rule() -> None:
    author, leader, _ = ready()
    stories = [
        [Sent(NOON - 3 * DAY)], [Sent(NOON - 70 * DAY), Sent(NOON - DAY, is_opened=True)],
        [Sent(NOON - 9 * DAY, is_refused=True), Sent(NOON - DAY)], [Sent(NOON - 9 * DAY), Sent(NOON - 5 * DAY, is_welcome=True), Sent(NOON)],
    ]  # fmt: skip
    goods = make_product(on_sale=True)
    for story in stories:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE leads_approach DISABLE TRIGGER leads_approach_guard")
            for one in story:
                said = "thanks" if one.is_welcome else "no" if one.is_refused else ""
                Approach.objects.create(
                    sender=leader, recipient=author, kind="suggestion", product=goods, words="x", sent_at=one.at, shows_at=one.at,
                    answer=said, answered_at=one.at if said else None, opened_at=one.at if one.is_opened else None,
                )  # fmt: skip
            sql = "SELECT leads_load(%s, false, %s, %s), extract(epoch FROM leads_pause(leads_load(%s, false, %s, %s)))"
            cursor.execute(sql, [leader.pk, author.pk, NOON] * 2)
            pressed, seconds = cursor.fetchone()
            assert pressed == pytest.approx(load(story, now=NOON))
            assert float(seconds) == pytest.approx(86400 * pause_days(load(story, now=NOON)), abs=1)
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("開始減脂了", ["减脂"], ["减脂"]),
        ("在茶几上", ["茶"], []),
        ("泡一杯茶", ["茶"], ["茶"]),
        ("Low diet plan", ["diet", "die"], ["diet"]),
        ("baby food 推荐", ["baby food"], ["baby food"]),
    ],
)
def test_words_are_found_as_the_search_folds_them(text: str, words: list[str], found: list[str]) -> None:
    assert rules.found_in(text, words) == found


def test_nothing_shows_by_night() -> None:
    for hour in range(24):
        at = datetime(2026, 11, 20, hour, 30, tzinfo=UTC)
        local = rules.shows_at(at).astimezone(rules.SITE_ZONE)
        assert 9 <= local.hour < 21 and local >= at and local - at < timedelta(hours=13)
