"""A circle is proposed to be split, split, chosen in, and put together again."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q

from quanzi.base import doctor
from quanzi.community.circles import policies as circle_policies
from quanzi.community.circles.models import Circle, Membership
from quanzi.community.circles.services import ask_to_join, leave, remove_member
from quanzi.community.posts.models import Post
from quanzi.community.posts.policies import may_read
from quanzi.growth.splitting import errors, rules, services
from quanzi.growth.splitting.models import Look, Place, Setting, Split
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, InvalidInput, NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Notice
from tests.factories.community import make_person, make_post
from tests.factories.people import make_staff
from tests.growth.splitting.conftest import Town, make_town, propose, split_town

pytestmark = pytest.mark.django_db


def places(circle: Circle | None = None) -> set[tuple[int, int, str]]:
    found = Membership.objects.filter(state="joined", circle__closed_at=None)
    found = found.filter(circle=circle) if circle is not None else found
    return set(found.values_list("circle_id", "member_id", "role"))


def readable(town: Town) -> set[tuple[int, int]]:
    """Which posts people of every kind may read: host, both groups, somebody silent, a stranger, staff."""
    posts = Post.objects.select_related("circle", "author").order_by("-pk")[:6]
    stranger, _ = Member.objects.get_or_create(
        email="s@town.example", defaults={"name": "路人", "joined_at": clock.now()}
    )
    readers = [town.host, town.groups[0][2], town.groups[1][0], town.groups[1][3], town.silent, stranger]
    return {(one.pk, post.pk) for one in readers for post in posts if may_read(one, post)}


def test_a_circle_of_two_groups_is_proposed_with_its_words_and_the_silent_have_no_part(town: Town) -> None:
    split = propose(town)
    parts = [set(part.places.values_list("member_id", flat=True)) for part in split.parts.all()]
    assert sorted(map(sorted, parts)) == sorted(sorted(one.pk for one in group) for group in town.groups)
    assert split.places.get(member=town.silent).part is None
    assert rules.kept_inside(split.flows) > 95
    assert Look.objects.get().outcome == "cut" and Notice.objects.get().kind == "split_found"
    again = propose(town)
    assert Split.objects.get(state="open") == again, "a newer look takes the place of the older"
    assert Notice.objects.count() == 1


def test_words_and_names_come_from_what_each_part_writes() -> None:
    words = rules.telling_words({0: [{"乌龙", "蒸", "怎么"}] * 3, 1: [{"杨梅", "蒸"}] * 3 + [{"秘密"}]})
    assert words == {0: ["乌龙"], 1: ["杨梅"]}, "what one person says, and what everybody says, tells nothing"
    assert rules.name_of("云栖", ["乌龙"], 0, []) == "云栖·乌龙"
    assert rules.name_of("云栖", ["乌龙"], 1, ["云栖·乌龙"]) == "云栖·2"
    assert len(rules.name_of("长" * 40, ["乌龙"], 0, [])) == 40


def test_the_host_decides_twice_and_nobody_else_does(town: Town) -> None:
    split, now = propose(town), clock.now()
    for stranger in (town.groups[1][0], make_staff()):
        with pytest.raises(NotAllowed):
            services.split_circle(split_id=split.pk, by=stranger, names={}, leaders={}, sure=True, now=now)
    with pytest.raises(errors.SureNeeded):
        services.split_circle(split_id=split.pk, by=town.host, names={}, leaders={}, sure=False, now=now)
    one, other = split.parts.all()
    with pytest.raises(errors.PartNameNeeded):
        services.split_circle(
            split_id=split.pk, by=town.host, names={one.pk: "茶", other.pk: "茶"}, leaders={}, sure=True, now=now
        )
    with pytest.raises(errors.NotOfThisPart):
        services.split_circle(
            split_id=split.pk, by=town.host, names={}, leaders={one.pk: town.silent.pk}, sure=True, now=now
        )
    assert Circle.objects.count() == 1
    Member.objects.filter(pk=town.host.pk).update(is_active=False)
    services.split_circle(split_id=split.pk, by=make_staff(), names={}, leaders={}, sure=True, now=now)
    assert Circle.objects.count() == 3, "without a host, the merchant's moderators decide"


def test_a_split_keeps_everything_of_the_old_circle_and_everybody_hears_of_it(town: Town) -> None:
    now = clock.now()
    Membership.objects.filter(circle=town.circle, member=town.groups[1][0]).update(role="moderator")
    before, read = places(town.circle), readable(town)
    split = split_town(town)
    assert places(town.circle) == before and readable(town) == read
    for part in split.parts.all():
        assert part.daughter is not None and part.daughter.charter == town.circle.charter
        here = set(part.daughter.memberships.filter(state="joined").values_list("member_id", flat=True))
        assert here == set(part.places.values_list("member_id", flat=True)) | {town.host.pk}
    assert Membership.objects.get(circle__split_part__isnull=False, member=town.groups[1][0]).role == "moderator"
    services.tell(split_id=split.pk, now=now)
    services.tell(split_id=split.pk, now=now)
    told = Notice.objects.filter(kind__in=("split_placed", "split_unclear"))
    assert told.count() == len(before) and Notice.objects.get(kind="split_unclear").member_id == town.silent.pk
    assert all(one.is_well for one in doctor.run(only=["MT1", "MT2", "A1"]))
    with pytest.raises(errors.NothingToDecide):
        services.decline(split_id=split.pk, by=town.host, now=now)
    assert services.look(circle_id=town.circle.pk, now=now) is None, "not before the days are over"


def test_members_choose_a_part_several_or_none_until_the_days_are_over(town: Town) -> None:
    split, now, one = split_town(town), clock.now(), town.groups[1][3]
    first, second = split.parts.all()
    for chosen in ([first.pk, second.pk], [], [first.pk], [second.pk]):
        services.choose(split_id=split.pk, member=one, part_ids=chosen, now=now)
        daughters = {part.daughter_id for part in (first, second) if part.pk in chosen}
        assert {circle for circle, member, _ in places() if member == one.pk} == daughters | {town.circle.pk}
    with pytest.raises(errors.NotPlaced):
        services.choose(split_id=split.pk, member=make_person(), part_ids=[], now=now)
    assert first.daughter is not None
    services.choose(split_id=split.pk, member=one, part_ids=[first.pk], now=now)
    remove_member(circle=first.daughter, member=one, moderator=town.host, reason="吵", now=now)
    with pytest.raises(DomainError, match="taken out"):
        services.choose(split_id=split.pk, member=one, part_ids=[first.pk], now=now)
    with pytest.raises(errors.WindowOver):
        services.choose(split_id=split.pk, member=one, part_ids=[], now=now + timedelta(days=14))
    with pytest.raises(errors.WindowOver):
        services.undo(split_id=split.pk, by=town.host, sure=True, now=now + timedelta(days=14))


def test_a_leader_takes_the_circle_over_only_by_their_own_word(town: Town) -> None:
    split = propose(town)
    part = next(one for one in split.parts.all() if one.places.filter(member=town.groups[1][0]).exists())
    leader, now = town.groups[1][2], clock.now()
    services.split_circle(
        split_id=split.pk, by=town.host, names={part.pk: "杨梅社"}, leaders={part.pk: leader.pk}, sure=True, now=now
    )
    services.tell(split_id=split.pk, now=now)
    assert Notice.objects.get(kind="split_lead").member_id == leader.pk
    services.answer_leading(part_id=part.pk, member=leader, agrees=True, now=now)
    daughter = Circle.objects.get(name="杨梅社")
    assert daughter.founder == leader
    assert daughter.memberships.get(member=town.host).role == "moderator"
    with pytest.raises(errors.NothingToDecide):
        services.answer_leading(part_id=part.pk, member=leader, agrees=False, now=now)


@pytest.mark.parametrize("admission", ["open", "question", "invitation"])
def test_a_split_that_is_undone_leaves_no_trace_and_nobody_reads_more(admission: str) -> None:
    town, now = make_town(admission=admission), clock.now()
    before, read = places(), readable(town)
    split = split_town(town)
    first, second = (part.daughter for part in split.parts.all())
    assert first is not None and second is not None
    parts, chance = [one.pk for one in split.parts.all()], Random(7)
    for one in [*town.groups[0][1:5], *town.groups[1][:4], town.silent] * 2:
        services.choose(split_id=split.pk, member=one, part_ids=chance.sample(parts, chance.randint(0, 2)), now=now)
    gone = Membership.objects.filter(circle=first, state="joined", role="member").select_related("member")[0]
    leave(circle=first, member=gone.member, now=now)
    host_writes = make_post(author=town.host, circle=second, title="新圈的第一句")
    meanwhile = readable(town)
    services.undo(split_id=split.pk, by=town.host, sure=True, now=now)
    assert places() == before
    assert readable(town) == meanwhile, "what was written in between is read by exactly those who could read it"
    assert {pair for pair in readable(town) if pair[1] != host_writes.pk} <= read
    host_writes.refresh_from_db()
    assert (host_writes.circle == town.circle) == (admission == "open")
    services.tell_undone(split_id=split.pk, now=now)
    assert Notice.objects.filter(kind="split_undone").count() == Place.objects.filter(split=split).count()
    assert all(one.is_well for one in doctor.run(only=["MT1", "MT2", "A1", "SE1"]))


@pytest.mark.parametrize("admission", ["open", "question"])
def test_whoever_came_newly_into_a_new_circle_finds_the_old_one_after_an_undo(admission: str) -> None:
    town, now, guest = make_town(admission=admission), clock.now(), make_person()
    split = split_town(town)
    daughter = split.parts.all()[0].daughter
    assert daughter is not None
    place = ask_to_join(circle=daughter, member=guest, answer="喝茶", now=now)
    Membership.objects.filter(pk=place.pk).update(state="joined", joined_at=now)
    services.undo(split_id=split.pk, by=town.host, sure=True, now=now)
    state = Membership.objects.get(circle=town.circle, member=guest).state
    assert state == ("joined" if admission == "open" else "asked"), (
        "nobody walks in through a door that was closed to them"
    )


def test_a_declined_proposal_is_left_alone_and_small_circles_are_not_looked_at(town: Town) -> None:
    now, split = clock.now(), propose(town)
    services.decline(split_id=split.pk, by=town.host, now=now)
    with pytest.raises(errors.CircleTooSmall):
        services.ask_to_look(circle=town.circle, by=town.host, now=now)
    services.set_least(least_members=20, by=make_staff("owner"), now=now)
    with pytest.raises(errors.LookedLately):
        services.ask_to_look(circle=town.circle, by=town.host, now=now)
    with pytest.raises(NotAllowed):
        services.ask_to_look(circle=town.circle, by=town.silent, now=now)
    with pytest.raises(InvalidInput):
        services.set_least(least_members=3, by=make_staff("owner"), now=now)
    assert services.least_members() == 20


def test_the_database_refuses_an_undo_after_its_days_and_two_proposals(town: Town) -> None:
    split = split_town(town)
    for wrong in ({"state": "undone", "undone_at": split.undo_until}, {"state": "undone"}, {"undo_until": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Split.objects.filter(pk=split.pk).update(**wrong)
    Split.objects.create(circle=town.circle, found_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Split.objects.create(circle=town.circle, found_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Setting.objects.create(least_members=2, changed_at=clock.now())


def test_the_doctor_sees_who_lost_their_place(town: Town) -> None:
    split_town(town)
    Membership.objects.filter(Q(member=town.silent) | Q(member=town.groups[0][4])).delete()
    assert doctor.run(only=["MT1"])[0].violations == 2
    assert circle_policies.is_in(town.host, town.circle)
