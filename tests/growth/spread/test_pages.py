"""What a person does with it: an operator asks, a member answers, the sample leaves, the words say so; and a leader for an area."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from quanzi.community.posts.models import PostKind
from quanzi.community.posts.services import write_post
from quanzi.growth.spread.models import Call, Plan, PlanState, Seed
from quanzi.growth.spread.queries import suggestions
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Purpose
from quanzi.people.trust.models import Tie
from quanzi.trade.sales.models import PickupPoint
from tests.factories.people import log_in, make_member, make_staff
from tests.factories.people import make_address as home_at
from tests.factories.spread import agree, make_asked_seed, make_plan
from tests.factories.stations import make_station
from tests.factories.trade import make_address

pytestmark = pytest.mark.django_db


def browser(member: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    log_in(client, member)
    return client


def test_from_the_question_to_the_label() -> None:
    member, now = make_member(now=clock.now()), clock.now()
    seed, desk = make_asked_seed(member=member), browser(make_staff("operator"))
    mine, goods = browser(member), seed.plan.sku.product
    assert f"Would you try “{goods.name}”?" in mine.get("/me/asked").content.decode()
    mine.post("/me/asked", {"act": "sample", "which": seed.pk, "say": "yes", "address": make_address(member).pk})
    page = desk.get(reverse("console:spread_plan", args=[seed.plan_id])).content.decode()
    assert "It has left" in page and "Would like to" in page
    desk.post(reverse("console:spread_send", args=[seed.plan_id, seed.pk]))
    seed.refresh_from_db()
    assert seed.state == "sent" and "Your link to it" in mine.get("/me/asked").content.decode()
    note = write_post(
        author=member, circle=None, kind=PostKind.NOTE, title="三天", body="回甘。", products=[goods], now=now
    )
    assert "Got a sample" in Client(headers={"accept-language": "en"}).get(f"/n/{note.pk}").content.decode()


def test_the_operator_plans_on_the_page_and_hears_all_that_is_wrong() -> None:
    desk, product = browser(make_staff("operator")), make_plan().sku.product
    wrong = desk.post(
        reverse("console:spread_new"), {"name": "", "goods": product.pk, "samples": "2", "budget": "1", "days": "30"}
    )
    assert wrong.status_code == 422
    desk.post(
        reverse("console:spread_new"),
        {"name": "春茶", "goods": product.pk, "samples": "2", "budget": "500", "days": "30"},
    )
    made = Plan.objects.get(name="春茶")
    assert (made.state, made.samples) == (PlanState.COUNTING, 2)
    assert "Counting" in desk.get(reverse("console:spread_plan", args=[made.pk])).content.decode()
    desk.post(reverse("console:spread_close", args=[made.pk]))
    made.refresh_from_db()
    assert made.state == PlanState.CLOSED


def test_somebody_else_answers_nothing() -> None:
    seed = make_asked_seed(member=make_member())
    browser(make_member()).post("/me/asked", {"act": "sample", "which": seed.pk, "say": "yes"})
    assert Seed.objects.get(pk=seed.pk).state == "asked"


def test_nobody_is_suggested_where_a_station_names_their_district_or_their_estate() -> None:
    now, near, here, far = clock.now(), make_member("近"), make_member("邻"), make_member("远")
    home_at(near, region_code="330106")
    home_at(here, region_code="330102", detail="翠苑三区 5 幢")
    home_at(far, region_code="330110")
    for member in (near, here, far):
        agree(member, Purpose.LEADING, now=now)
        Tie.objects.create(
            source=make_member(), target=member, kind="helped", evidence=f"comment:{member.pk}", made_at=now
        )
    assert {one.area for one in suggestions(now=now)} == {"西湖区", "上城区", "余杭区"}
    station = make_station(area="翠苑三区、翠苑四区")
    PickupPoint.objects.filter(pk=station.point_id).update(address="杭州市西湖区文二路 1 号")
    assert [(one.name, one.area) for one in suggestions(now=now)] == [("远", "余杭区")]


def test_whom_others_rely_on_is_suggested_where_no_station_is_near_and_reads_the_same_reasons() -> None:
    now, helper, quiet = clock.now(), make_member("阿霞"), make_member()
    for member in (helper, quiet):
        make_address(member)
    Tie.objects.bulk_create(
        [
            Tie(source=make_member(), target=helper, kind="helped", evidence=f"comment:{n}", made_at=now)
            for n in range(2)
        ]
    )
    assert suggestions(now=now) == []  # nobody agreed to be asked
    agree(helper, Purpose.LEADING, now=now)
    agree(quiet, Purpose.LEADING, now=now)
    [found] = suggestions(now=now)
    assert (found.member_id, found.standing.helped, found.standing.neighbours) == (helper.pk, 2, 2)
    desk = browser(make_staff("operator"))
    assert "helped 2 people" in desk.get(reverse("console:spread_leaders")).content.decode()
    desk.post(reverse("console:spread_call", args=[helper.pk]))
    desk.post(reverse("console:spread_call", args=[helper.pk]))  # not twice
    call, mine = Call.objects.get(), browser(helper)
    assert "you helped 2 people" in mine.get("/me/asked").content.decode()
    led = mine.post("/me/asked", {"act": "station", "which": call.pk, "say": "yes"}, follow=True)
    assert led.redirect_chain[-1][0].startswith("/leader/apply?area=") and found.area in led.content.decode()
    assert suggestions(now=now) == []
