"""Pages of the console: lists ask a fixed number of questions, figures open to their facts, bad addresses find nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quanzi.base import doctor
from quanzi.base.ledger.queries import settle_deferred
from quanzi.community.circles.services import ask_to_join
from quanzi.faces.console.models import Checkup
from quanzi.faces.console.rules_in_words import RULES
from quanzi.faces.console.tasks import check_books, check_books_in_turn
from quanzi.growth.sources.services import create_source, enter_spend, record_touch
from quanzi.kernel import clock
from quanzi.people.safety.services import report
from quanzi.trade.aftersales.services import ask
from tests.faces.console.desk import client_of, page, small_shop, staff_client
from tests.factories import deals as deal_factory
from tests.factories.community import make_circle, make_post
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.people import make_member, make_staff
from tests.factories.trade import make_paid_order, make_point, make_received_order, open_fulfilment

pytestmark = pytest.mark.django_db


def more_sources() -> None:
    now = clock.now()
    source = create_source(kind="ad", name="广告", now=now)
    record_touch(visitor_key=f"key-{source.pk:012d}", source=source, path="/", now=now - timedelta(minutes=1))
    enter_spend(
        source=source,
        amount_minor=100,
        spent_on=clock.today(now),
        what="投放",
        key=f"spend-{source.pk}",
        actor=None,
        now=now,
    )


def more_orders() -> None:
    open_fulfilment(make_paid_order(point=make_point()))


def more_claims() -> None:
    order = make_received_order()
    ask(line_id=order.lines.get().pk, member=order.member, reason="spoiled", note="坏了", now=clock.now())


def more_teams() -> None:
    sku = make_sku(price_minor=3_990, stock_of=9)
    deal_factory.pay(deal_factory.open_team(deal_factory.make_deal(sku=sku), deal_factory.make_buyer())[1])


def more_goods() -> None:
    sku = make_sku(stock_of=3)
    bring_in(sku, 5, lot=make_lot(sku=sku, expires_at=clock.now() + timedelta(hours=5)))


def more_circles() -> None:
    circle = make_circle(name=f"圈子{clock.now().timestamp()}", admission="question", question="几号楼")
    newcomer = make_member()
    ask_to_join(circle=circle, member=newcomer, answer="3", now=clock.now())
    post = make_post(author=circle.founder, circle=circle, kind="question", now=clock.now() - timedelta(hours=9))
    report(member=newcomer, subject=f"post:{post.pk}", reason="spam", now=clock.now())


LISTS: list[tuple[str, str, Callable[[], object]]] = [
    ("today", "", more_orders), ("sources", "?all=1", more_sources), ("facts", "?column=visits", more_sources),
    ("facts", "?column=spend", more_sources), ("members", "", make_member), ("orders", "", more_orders),
    ("orders", "?show=prepare", more_orders), ("claims", "", more_claims), ("deals", "", more_teams), ("teams", "?show=all", more_teams),
    ("goods", "", more_goods), ("lots", "", more_goods), ("circles", "", more_circles), ("joins", "", more_circles),
    ("reports", "", more_circles), ("questions", "", more_circles), ("ledger", "", make_paid_order), ("audit", "", more_sources),
    ("staff", "", lambda: make_staff("support")), ("search", f"?q={clock.local(clock.now()):%y%m%d}", more_orders),
]  # fmt: skip


@pytest.mark.parametrize(("name", "query", "more"), LISTS, ids=[f"{name}{query}" for name, query, _ in LISTS])
def test_a_list_asks_as_many_questions_for_twenty_rows_as_for_one(
    name: str, query: str, more: Callable[[], object]
) -> None:
    client = staff_client()
    more()
    page(client, name, query=query)
    with CaptureQueriesContext(connection) as one:
        page(client, name, query=query)
    for _ in range(19):
        more()
    with CaptureQueriesContext(connection) as twenty:
        page(client, name, query=query)
    assert len(twenty) <= len(one), "\n".join(each["sql"][:200] for each in twenty.captured_queries)


def test_an_empty_shop_says_on_every_list_what_to_do_next() -> None:
    client = staff_client(language="en")
    for name in {name for name, _, _ in LISTS}:
        assert "None" not in re.sub(r"<option.*?</option>", "", page(client, name)), name


def test_every_figure_of_the_ledger_opens_to_facts_that_say_the_same() -> None:
    for _ in range(3):
        more_sources()
    client = staff_client(language="en")
    drawn = page(client, "sources", query="?all=1")
    cells = re.findall(r'class="open-fact[^"]*" href="([^"]+)" data-cell="[^"]*" data-value="([^"]*)"', drawn)
    assert len(cells) >= 4 * 8
    for href, value in cells:
        opened = client.get(href.replace("&amp;", "&"))
        assert opened.status_code == 200
        assert f"<h2>{value}</h2>" in opened.content.decode().replace("\n", ""), (href, value)


def test_names_behind_a_figure_are_shown_only_to_who_may_see_members() -> None:
    member = make_member("陈念")
    query = "?column=members"
    assert "陈念" in page(staff_client("operator"), "facts", query=query)
    drawn = page(staff_client("finance"), "facts", query=query)
    assert "陈念" not in drawn
    assert reverse("console:member", args=[member.pk]) not in drawn


def test_contacts_are_never_shown_whole() -> None:
    member = make_member("小雨")
    for name, args in (("members", ()), ("member", (member.pk,))):
        drawn = page(staff_client(), name, *args)
        assert str(member.phone) not in drawn
        assert str(member.email) not in drawn


def test_bad_addresses_find_nothing_and_break_nothing() -> None:
    client = staff_client()
    small_shop()
    for address in (
        "/console/sources/0", "/console/sources/99999999999999999999", "/console/orders/%00", "/console/orders/nothing-1",
        "/console/teams/none-here", "/console/members/987654321", "/console/goods/987654321", "/console/sources/facts?column=nothing",
        "/console/sources/facts?source=987654321", "/console/imports/987654321", "/console/circles/987654321",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    for address in (
        "/console/orders?before=x&words=%00%25_'", "/console/members?before=99999999999999999999&stage=king",
        "/console/ledger?account=%00&kind='&before=-1", "/console/sources?from=yesterday&to=2026-13-40&model=best&sort=x",
        "/console/search?q=%00%27%3B--", "/console/goods?words=%25&before=1", "/console/audit?actor=me&before=zero",
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address


def test_what_people_wrote_is_never_run_as_markup() -> None:
    evil = "<script>alert(1)</script>"
    make_member(evil[:38])
    make_post(title=evil, kind="question", now=clock.now() - timedelta(hours=9))
    client = staff_client()
    for name, query in (("members", ""), ("questions", ""), ("search", f"?q={evil}"), ("orders", f"?words={evil}")):
        assert "<script>alert" not in page(client, name, query=query)


def test_the_foot_of_the_rail_says_whether_books_and_facts_agree() -> None:
    client = client_of(make_staff("owner"), "en")
    assert "Books and facts" not in page(client, "today")
    settle_deferred()
    check_books(now=clock.now())
    assert "Books and facts agree" in page(client, "today")
    assert "Books and facts agree" not in page(client_of(make_staff("support"), "en"), "today")


def test_the_doctor_rests_sixty_times_as_long_as_he_looked() -> None:
    now = clock.now()
    check_books_in_turn(now=now)
    Checkup.objects.update(took_ms=30_000)
    for minutes, looks in ((15, 1), (29, 1), (30, 2)):
        check_books_in_turn(now=now + timedelta(minutes=minutes))
        assert Checkup.objects.count() == looks
    Checkup.objects.update(took_ms=900)
    check_books_in_turn(now=now + timedelta(minutes=45))
    assert Checkup.objects.count() == 3


def test_every_rule_of_the_doctor_has_its_words() -> None:
    """A new invariant is written into faces/console/rules_in_words.py, so that it is translated."""
    assert {one.title for one in doctor.registered()} - set(RULES) == set()


def test_the_members_page_tells_the_life_and_the_next_step() -> None:
    more_claims()
    order = make_received_order()
    ask(line_id=order.lines.get().pk, member=order.member, reason="missing", note="少一盒", now=clock.now())
    drawn = page(staff_client(language="en"), "member", order.member_id)
    assert order.number in drawn
    assert "Answer the refund request" in drawn
    assert "never agreed to" in drawn


def test_tasks_are_those_of_the_role() -> None:
    more_orders()
    more_circles()
    packer, moderator = page(staff_client("fulfilment", "en"), "today"), page(staff_client("moderator", "en"), "today")
    assert "order to prepare" in packer
    assert "report to look into" not in packer
    assert "report to look into" in moderator
    assert "order to prepare" not in moderator
    assert "In escrow" not in packer
