"""Arrivals: what counts, what does not, and that a link never leads away from the shop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from quanzi.base.ledger.queries import balance, settle_deferred
from quanzi.growth.sources import errors
from quanzi.growth.sources.middleware import COOKIE
from quanzi.growth.sources.models import SourceKind, Spend, Touch, Visitor
from quanzi.growth.sources.rules import is_path, utm_key
from quanzi.growth.sources.services import (
    create_source,
    enter_spend,
    invitation_for,
    join_visitor,
    record_touch,
    retire_source,
)
from quanzi.kernel import clock
from quanzi.kernel.clock import today
from quanzi.people.trust.models import Tie
from tests.factories.people import make_member

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0"


def phone() -> Client:
    return Client(headers={"user-agent": PHONE})


@pytest.mark.django_db
class TestArriving:
    def test_a_link_is_counted_once_at_the_page_it_leads_to(self) -> None:
        source = create_source(kind=SourceKind.PARCEL, name="包裹", target="/circles", now=clock.now())
        client = phone()
        response = client.get(f"/i/{source.token}", follow=True)
        assert response.redirect_chain[0][0] == f"/circles?s={source.token}"
        touch = Touch.objects.get()
        assert (touch.source, touch.path) == (source, "/circles")
        client.get(f"/i/{source.token}", follow=True)
        assert Touch.objects.count() == 1

    def test_a_visit_without_a_source_is_direct_and_later_pages_are_no_arrivals(self) -> None:
        client = phone()
        for _ in range(3):
            client.get("/circles")
        assert [touch.source.token for touch in Touch.objects.all()] == ["direct"]

    @pytest.mark.parametrize("token", ["forged", "x" * 300, "'; DROP TABLE sources_touch; --", "\u0000"])
    def test_a_forged_token_is_harmless(self, token: str) -> None:
        response = phone().get("/circles", {"s": token})
        assert response.status_code == 200
        assert [touch.source.token for touch in Touch.objects.all()] == ["direct"]

    def test_an_unknown_or_retired_short_link_still_opens_a_page(self) -> None:
        source = create_source(kind=SourceKind.AD, name="旧广告", target="/circles", now=clock.now())
        retire_source(source=source, actor=make_member(), now=clock.now())
        assert phone().get(f"/i/{source.token}", follow=True).status_code == 200
        assert phone().get("/i/nothing").url == "/"
        assert not Touch.objects.filter(source=source).exists()

    def test_campaign_words_find_a_source_that_stands_and_never_make_one(self) -> None:
        source = create_source(kind=SourceKind.NOTE, name="笔记", utm="xhs/note/tote", now=clock.now())
        phone().get("/circles", {"utm_source": "XHS", "utm_medium": "note", "utm_campaign": "tote"})
        phone().get("/circles", {"utm_source": "flood", "utm_campaign": "x" * 5000})
        assert sorted(touch.source.token for touch in Touch.objects.all()) == sorted([source.token, "direct"])

    @pytest.mark.parametrize("agent", ["", "Googlebot/2.1", "curl/8.5", "facebookexternalhit/1.1", "python-requests/2"])
    def test_programs_are_no_visitors(self, agent: str) -> None:
        Client(headers={"user-agent": agent}).get("/circles")
        assert not Visitor.objects.exists()

    def test_asking_for_the_head_or_for_parts_is_no_arrival(self) -> None:
        phone().head("/circles")
        phone().get("/circles", headers={"HX-Request": "true"})
        phone().get("/circles", headers={"Sec-Purpose": "prefetch"})
        assert not Touch.objects.exists()

    def test_a_known_browser_costs_no_query(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        client = phone()
        client.get("/nothing-here")
        client.cookies[COOKIE] = "a" * 24
        with django_assert_num_queries(0):
            client.get("/nothing-here")

    def test_a_made_up_cookie_is_replaced(self) -> None:
        client = phone()
        client.cookies[COOKIE] = "<script>"
        client.get("/circles")
        assert Visitor.objects.get().key != "<script>"


@pytest.mark.django_db
class TestJoining:
    def test_earlier_touches_become_the_newcomers_and_the_inviter_is_tied(self) -> None:
        host, now = make_member("小雨"), clock.now()
        invitation = invitation_for(member=host, now=now)
        record_touch(visitor_key="v" * 20, source=invitation, path="/", now=now - timedelta(hours=3))
        newcomer = make_member(now=now)
        join_visitor(visitor_key="v" * 20, member_id=newcomer.pk, is_new=True, now=now)
        assert Touch.objects.get().member == newcomer
        assert Tie.objects.filter(source=host, target=newcomer, kind="invited").count() == 1

    def test_a_shared_browser_leaves_the_firsts_touches_with_the_first(self) -> None:
        host, now = make_member(), clock.now()
        source = create_source(kind=SourceKind.AD, name="广告", now=now)
        record_touch(visitor_key="v" * 20, source=source, path="/", now=now)
        first, second = make_member(), make_member()
        for member in (first, second):
            join_visitor(visitor_key="v" * 20, member_id=member.pk, is_new=True, now=now)
        assert Touch.objects.get().member == first
        assert host.ties_out.count() == 0

    def test_nobody_invites_themselves(self) -> None:
        member, now = make_member(), clock.now()
        record_touch(visitor_key="v" * 20, source=invitation_for(member=member, now=now), path="/", now=now)
        join_visitor(visitor_key="v" * 20, member_id=member.pk, is_new=True, now=now)
        assert not Tie.objects.exists()

    def test_the_same_page_gives_the_same_invitation(self) -> None:
        member, now = make_member(), clock.now()
        assert invitation_for(member=member, now=now) == invitation_for(member=member, now=now)
        assert invitation_for(member=member, target="/deals", now=now) != invitation_for(member=member, now=now)


@pytest.mark.django_db
class TestSpending:
    def test_spend_is_written_once_and_posted_to_the_books(self) -> None:
        source, now = create_source(kind=SourceKind.AD, name="广告", now=clock.now()), clock.now()
        for _ in range(2):
            enter_spend(
                source=source,
                amount_minor=12_345,
                spent_on=today(now),
                what="投放",
                key="k",
                actor=make_member(),
                now=now,
            )
        settle_deferred()
        assert Spend.objects.count() == 1
        assert balance("spend.marketing").minor == 12_345

    @pytest.mark.parametrize(
        ("amount", "days", "refusal"),
        [(0, 0, errors.AmountNotPositive), (-1, 0, errors.AmountNotPositive), (1, 2, errors.SpentInTheFuture)],
    )
    def test_nonsense_is_refused_beside_its_field(self, amount: int, days: int, refusal: type[Exception]) -> None:
        source, now = create_source(kind=SourceKind.AD, name="广告", now=clock.now()), clock.now()
        with pytest.raises(refusal):
            enter_spend(
                source=source,
                amount_minor=amount,
                spent_on=today(now) + timedelta(days=days),
                what="",
                key="k",
                actor=None,
                now=now,
            )

    @pytest.mark.parametrize(
        "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb"]
    )
    def test_a_source_never_leads_away(self, target: str) -> None:
        with pytest.raises(errors.TargetNotAPath):
            create_source(kind=SourceKind.AD, name="广告", target=target, now=clock.now())


@given(st.text(max_size=30))
def test_a_path_stays_on_this_shop(text: str) -> None:
    assert not is_path("//" + text)
    assert not is_path("https://" + text)


@given(st.dictionaries(st.sampled_from(["utm_source", "utm_medium", "utm_campaign"]), st.text(max_size=80)))
def test_campaign_words_are_short_and_printable(query: dict[str, str]) -> None:
    key = utm_key(query)
    assert len(key) <= 160
    assert key.isprintable()
