"""From the plan to who came: consent, one sample for each yes, nothing sold, people counted through whom they came."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.doctor import run
from quanzi.community.posts.models import Post, PostKind, PostProduct
from quanzi.community.posts.queries import feed
from quanzi.community.posts.services import write_post
from quanzi.goods.catalogue.models import Product
from quanzi.goods.stock.models import Stock
from quanzi.goods.stock.queries import free
from quanzi.growth.searching.titles import titled
from quanzi.growth.sources.models import Source, SourceKind
from quanzi.growth.sources.services import invitation_for, join_visitor, record_touch
from quanzi.growth.spread import counting, errors
from quanzi.growth.spread.counting import count_plan, estimate, foretell
from quanzi.growth.spread.models import Plan, PlanState, Reach, Seed, SeedState
from quanzi.growth.spread.queries import offers_of, plan_row, reach_of, seeds, tracked
from quanzi.growth.spread.rules import Came, followed, rounded, telling_bp, verdict
from quanzi.growth.spread.services import answer, ask_next, close, lapse, make_plan, send, take_out
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Channel, Consent, ConsentText, Notice, Purpose
from quanzi.people.contact.services import decide
from quanzi.people.trust.models import Tie
from tests.factories.goods import make_sku
from tests.factories.people import make_member, make_staff

NOW = clock.now()


def allow(member: Member, *purposes: str, granted: bool = True) -> None:
    for purpose in purposes:
        decide(member=member, purpose=purpose, channel=Channel.NONE, granted=granted, where="test", now=NOW)


@pytest.fixture
def village(monkeypatch: pytest.MonkeyPatch) -> list[Member]:
    """Two stars: twelve people listen to the first two, eight others to the third; these three may be asked. Family tells nearly everything."""
    people = [make_member(f"p{number}", now=NOW) for number in range(23)]
    texts = {text.purpose: text for text in ConsentText.objects.filter(purpose__in=["recommendation", "samples"])}
    said = [("recommendation", one) for one in people] + [("samples", one) for one in people[:3]]
    Consent.objects.bulk_create(
        [
            Consent(
                member=one, purpose=what, channel="none", granted=True, text=texts[what], decided_at=NOW, where="test"
            )
            for what, one in said
        ]
    )
    pairs = [
        (one, centre) for place, one in enumerate(people[3:], start=3) for centre in ((0, 1) if place < 15 else (2,))
    ]
    Tie.objects.bulk_create(
        [
            Tie(source=one, target=people[centre], kind="family", evidence=f"test:{centre}", made_at=NOW)
            for one, centre in pairs
        ]
    )
    monkeypatch.setattr(counting, "telling", lambda now: (9_000, 40))
    return people


def free_of(plan: Plan) -> int:
    return free([plan.sku_id])[plan.sku_id]


def plan_of(samples: int = 2, stock_of: int = 5, **more: object) -> Plan:
    sku = make_sku(stock_of=stock_of, now=NOW)
    asked: dict[str, object] = {"budget_minor": 10**6, "days": 30, "postage_minor": 500} | more
    return make_plan(name="新茶", product_id=sku.product_id, samples=samples, actor=make_staff(), now=NOW, **asked)  # type: ignore[arg-type]


def counted(**more: int) -> Plan:
    plan = plan_of(**more)
    count_plan(plan_id=plan.pk, now=NOW)
    plan.refresh_from_db()
    return plan


@pytest.mark.django_db
class TestPlanning:
    def test_all_that_is_wrong_is_told_at_once(self) -> None:
        with pytest.raises(Errors) as refused:
            make_plan(name=" ", product_id=0, samples=0, budget_minor=0, days=1, actor=make_staff(), now=NOW)
        assert set(refused.value.fields) == {"name", "product_id", "samples", "days"}

    def test_samples_fit_the_budget_and_the_database_says_so_too(self) -> None:
        with pytest.raises(errors.BeyondBudget):
            plan_of(samples=3, budget_minor=1_499, postage_minor=500)
        plan = plan_of()
        with pytest.raises(IntegrityError), transaction.atomic():
            Plan.objects.filter(pk=plan.pk).update(budget_minor=0)

    def test_one_of_each_star_is_chosen_where_most_listeners_would_ask_one_star_twice(
        self, village: list[Member]
    ) -> None:
        plan = counted()
        first = [one.member_id for one in seeds(plan.pk)][:2]
        assert plan.state == PlanState.READY and village[2].pk in first
        methods = plan.outcome["methods"]
        assert methods["chosen"][0] > methods["listeners"][0]
        assert plan.outcome["guarantee"] >= 0.53 and plan.outcome["willing"] == 3
        assert counting.telling(NOW) == (9_000, 40) and (plan.telling_bp, plan.telling_seen) == (9_000, 40)

    def test_without_consent_nobody_is_chosen_and_a_tie_that_one_end_left_out_does_not_count(
        self, village: list[Member]
    ) -> None:
        for member in village[:3]:
            allow(member, Purpose.SAMPLES, granted=False)
        assert not seeds(counted().pk)
        allow(village[0], Purpose.SAMPLES)
        for member in village[3:]:
            allow(member, Purpose.RECOMMENDATION, granted=False)
        assert not seeds(counted().pk)


@pytest.mark.django_db
class TestAsking:
    def test_from_the_question_to_the_parcel(self, village: list[Member]) -> None:
        plan, staff = counted(), make_staff()
        assert ask_next(plan_id=plan.pk, actor=staff, now=NOW) == 2
        assert free_of(plan) == 3
        one, other = Seed.objects.filter(plan=plan, state=SeedState.ASKED).order_by("place")
        assert Notice.objects.filter(member=one.member, kind="sample_offered").count() == 1
        answer(seed_id=one.pk, member=one.member, accept=True, now=NOW)
        answer(seed_id=other.pk, member=other.member, accept=False, now=NOW)
        assert free_of(plan) == 4
        send(seed_id=one.pk, actor=staff, now=NOW)
        assert (Stock.objects.get(sku=plan.sku).on_hand, free_of(plan)) == (4, 4)
        assert ask_next(plan_id=plan.pk, actor=staff, now=NOW) == 1  # the reserve
        assert Source.objects.get(owner=one.member).kind == SourceKind.SAMPLE
        assert [(row.state, bool(row.link)) for row in offers_of(one.member_id)] == [("sent", True)]
        close(plan_id=plan.pk, actor=staff, now=NOW)
        assert free_of(plan) == 4
        assert all(result.is_well for result in run(only=("SD1", "S1", "S1.sold", "S2.orders")))

    def test_never_more_than_there_are_samples_nor_the_same_person_within_thirty_days(
        self, village: list[Member]
    ) -> None:
        plan, staff = counted(samples=1), make_staff()
        ask_next(plan_id=plan.pk, actor=staff, now=NOW)
        with pytest.raises(errors.NobodyLeft):
            ask_next(plan_id=plan.pk, actor=staff, now=NOW)
        asked = Seed.objects.get(state=SeedState.ASKED)
        again = counted(samples=3)
        assert asked.member_id not in {one.member_id for one in seeds(again.pk)}
        with pytest.raises(IntegrityError, match="thirty days"), transaction.atomic():
            Seed.objects.create(plan=again, member=asked.member, place=9, adds=0, state="asked", asked_at=NOW)

    def test_raw_sql_cannot_ask_whoever_did_not_agree(self, village: list[Member]) -> None:
        plan = counted()
        with pytest.raises(IntegrityError, match="did not agree"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO spread_seed (plan_id, member_id, place, adds, state, asked_at) VALUES (%s, %s, 99, 0, 'asked', now())",
                [plan.pk, village[5].pk],
            )

    def test_a_withdrawn_consent_and_silence_free_the_sample(self, village: list[Member]) -> None:
        plan, staff = counted(), make_staff()
        ask_next(plan_id=plan.pk, actor=staff, now=NOW)
        one, _ = Seed.objects.filter(plan=plan, state=SeedState.ASKED).order_by("place")
        take_out(member_id=one.member_id, now=NOW)
        assert free_of(plan) == 4
        assert lapse(now=NOW + timedelta(days=8)) == 1
        assert free_of(plan) == 5
        with pytest.raises(errors.NotAsked):
            answer(seed_id=one.pk, member=one.member, accept=True, now=NOW)

    def test_somebody_elses_question_is_nobodys(self, village: list[Member]) -> None:
        plan = counted()
        ask_next(plan_id=plan.pk, actor=make_staff(), now=NOW)
        one, _ = Seed.objects.filter(plan=plan, state=SeedState.ASKED).order_by("place")
        with pytest.raises(errors.NotAsked):
            answer(seed_id=one.pk, member=village[9], accept=True, now=NOW)


def arrives(link: Source, at: datetime) -> Member:
    guest, key = make_member(now=at), f"guest-{link.pk}-{at.timestamp():.0f}"
    record_touch(visitor_key=key, source=link, path=link.target, now=at)
    join_visitor(visitor_key=key, member_id=guest.pk, is_new=True, now=at)
    return guest


@pytest.mark.django_db
def test_who_came_is_counted_by_step_beside_the_forecast_and_few_are_called_few(village: list[Member]) -> None:
    plan, staff = counted(samples=1), make_staff()
    ask_next(plan_id=plan.pk, actor=staff, now=NOW)
    seed = Seed.objects.get(state=SeedState.ASKED)
    answer(seed_id=seed.pk, member=seed.member, accept=True, now=NOW)
    send(seed_id=seed.pk, actor=staff, now=NOW)
    foretell(plan_id=plan.pk, now=NOW)
    link, at, hour = Source.objects.get(owner=seed.member), NOW, timedelta(hours=1)
    for _ in range(4):  # one hands it to the next; the fourth is nobody's any more
        at += hour
        guest = arrives(link, at)
        link = invitation_for(member=guest, target=link.target, kind=SourceKind.SHARE, now=at + hour / 2)
    row = plan_row(plan.pk)
    assert row is not None
    found = tracked(row, now=at + hour)
    assert (found.steps, found.by_seed, found.bought) == ((1, 1, 1), {seed.member_id: (1, 1, 1)}, 0)
    assert found.verdict == "few" and found.forecast[0][0] > 0


def note_of(author: Member, products: list[Product]) -> Post:
    return write_post(
        author=author,
        kind=PostKind.NOTE,
        circle=None,
        title="喝了三天",
        body="不苦，回甘。",
        products=products,
        now=NOW,
    )


@pytest.mark.django_db
def test_words_about_the_goods_say_that_a_sample_was_sent(village: list[Member]) -> None:
    plan, staff = counted(samples=1), make_staff()
    ask_next(plan_id=plan.pk, actor=staff, now=NOW)
    seed = Seed.objects.get(state=SeedState.ASKED)
    products = [plan.sku.product]
    mine, elsewhere = note_of(seed.member, products), note_of(seed.member, [])
    theirs, ids = note_of(village[9], products), Post.objects.order_by("pk").values_list("pk", flat=True)
    entry = [("note", one) for one in ids]

    def said() -> list[list[bool]]:
        of = Post.objects.order_by("pk").values_list("got_sample", flat=True)
        return [list(of), [one.got_sample for one in feed(ids=ids)][::-1], [one.got_sample for one in titled(entry)]]

    assert said() == [[False, False, False]] * 3
    answer(seed_id=seed.pk, member=seed.member, accept=True, now=NOW)
    send(seed_id=seed.pk, actor=staff, now=NOW)
    assert said() == [[True, False, False]] * 3
    PostProduct.objects.filter(post=mine).delete()
    PostProduct.objects.create(post=elsewhere, product=products[0])
    assert said() == [[False, True, False]] * 3
    assert not Post.objects.get(pk=theirs.pk).got_sample


@pytest.mark.django_db
def test_ones_reach_is_told_rounded_only_to_who_asked_and_goes_with_the_consent(village: list[Member]) -> None:
    assert not reach_of(village[0].pk).agreed
    allow(village[0], Purpose.REACH)
    allow(village[2], Purpose.REACH)
    assert estimate(now=NOW) == 2
    told = reach_of(village[0].pk)
    assert (told.low, told.high, told.is_thin) == (10, 20, False) and told.see_low <= told.see_high <= 20
    assert reach_of(village[2].pk).is_thin  # eight people: a number would tell of single ties
    allow(village[0], Purpose.REACH, granted=False)
    estimate(now=NOW)
    assert list(Reach.objects.values_list("member_id", flat=True)) == [village[2].pk]


@pytest.mark.parametrize(
    ("arrivals", "steps"),
    [
        ([(5, 1), (6, 5), (7, 6), (8, 7)], [(5, 1, 1), (6, 1, 2), (7, 1, 3)]),
        ([(6, 5), (5, 1)], [(5, 1, 1)]),  # whoever came before their host did, came by another way
        ([(5, 1), (5, 2), (1, 5), (2, 1)], [(5, 1, 1)]),  # once, by the first; who began is nobody's guest
    ],
)
def test_who_came_through_whom(arrivals: list[tuple[int, int]], steps: list[tuple[int, int, int]]) -> None:
    assert followed([1, 2], arrivals) == [Came(*one) for one in steps]


@pytest.mark.django_db
def test_too_little_seen_is_assumed() -> None:
    assert counting.telling(NOW) == (1_000, 0)


def test_what_may_be_said() -> None:
    assert telling_bp(arrivals=50, strengths=99) == (1_000, 0) and telling_bp(arrivals=20, strengths=400) == (500, 20)
    assert [verdict(sent=5, seen=seen, low=12, high=20) for seen in (3, 11, 15, 30)] == [
        "few",
        "below",
        "within",
        "above",
    ]
    assert [rounded(one) for one in (0, 37, 412, 3_210)] == [(0, 10), (30, 40), (400, 450), (3_000, 3_500)]
