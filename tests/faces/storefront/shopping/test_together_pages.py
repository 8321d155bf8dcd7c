"""Ladders, a circle's lists, prices asked for, and the page that compares."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quanzi.community.circles.models import Circle
from quanzi.goods.catalogue.models import Product
from quanzi.goods.pricing.building import set_build_up
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.contact.queries import reason_in_words
from quanzi.trade.bargains.models import Bargain
from quanzi.trade.chains.models import Chain, SignUp
from quanzi.trade.deals.services import level_due
from quanzi.trade.sales.reactions import REASONS_TOLD_ELSEWHERE
from tests.faces.storefront.browsing import browser, page
from tests.factories.chains import make_chain
from tests.factories.community import make_circle
from tests.factories.deals import join_team, make_deal, open_team, pay
from tests.factories.goods import make_sku
from tests.factories.people import make_member, make_staff
from tests.factories.trade import make_point

pytestmark = pytest.mark.django_db


def post(client: Client, name: str, *args: object, **fields: str) -> str:
    response = client.post(reverse(f"storefront:{name}", args=args), fields, follow=True)
    assert response.status_code in (200, 409, 422), response.status_code
    return str(response.content.decode())


def circle_with(host: Member, *people: Member) -> Circle:
    circle = make_circle(founder=host)
    for one in people:
        circle.memberships.create(member=one, state="joined", asked_at=clock.now(), joined_at=clock.now())
    return circle


def test_a_ladder_says_what_is_reached_and_what_the_next_paid_seat_makes() -> None:
    deal = make_deal(team_size=2, steps=[(3, 3_200)])
    team, first = open_team(deal, make_member("小雨"))
    pay(first)
    pay(join_team(team, make_member("陈念"))[1])
    html = page(browser(), "team", team.code)
    assert "人数够了，人再多还会更便宜" in html and "再有 1 人付款，所有人都是 32.00" in html and "现在到这档" in html
    assert "已成团，再来 1 人 32.00" in page(browser(), "deals"), "its free seats are not what it lacks"
    assert "满 3 人 32.00" in page(browser(), "deals") or "满 3 人" in page(browser(), "deals")
    drawn = page(browser(), "product", deal.sku.product.slug)
    assert "还差" not in drawn.split('class="ladder"')[1].split("</ol>")[0], "nobody's team is counted there"


def test_a_member_signs_up_changes_the_line_and_leaves_and_the_host_prints_the_list() -> None:
    host, member = make_member("王阿姨"), make_member("小雨")
    circle = circle_with(host, member)
    chain = make_chain(circle=circle, opener=host)
    sku = chain.goods.get().sku_id
    client = browser(member)

    html = post(client, "chain", chain.code, key="one", words="早点拿", **{f"n{sku}": "2"})
    assert "你是第 1 位" in html and "早点拿" in html
    html = post(client, "chain", chain.code, key="two", words="改三份", **{f"n{sku}": "3"})
    assert "改好了" in html
    assert SignUp.objects.filter(ended_at=None).get().order.lines.get().quantity == 3
    assert chain.title in page(client, "together", circle.slug)

    boss = browser(host)
    paper = boss.get(reverse("storefront:chain_sheet", args=[chain.code, "pdf"]))
    assert paper.content[:4] == b"%PDF"
    table = boss.get(reverse("storefront:chain_sheet", args=[chain.code, "csv"])).content.decode("utf-8-sig")
    assert "小雨" in table and "改三份" in table
    assert client.get(reverse("storefront:chain_sheet", args=[chain.code, "csv"])).status_code == 403
    assert "已通知 1 人" in post(boss, "chain_act", chain.code, do="remind")

    assert "已退出，没有扣钱" in post(client, "chain_act", chain.code, do="leave")
    post(client, "chain", chain.code, key="three", words="", **{f"n{sku}": "1"})
    assert "已取消" in post(boss, "chain_act", chain.code, do="call_off", reason="没货")
    html = page(client, "chain", chain.code)
    assert "你的这份不收钱" in html and "去付款" not in html, "until the job has given it back"


def test_a_list_is_for_people_of_the_circle_only() -> None:
    host = make_member()
    chain = make_chain(circle=circle_with(host), opener=host)
    stranger = browser(make_member())
    for name, args in (("chain", [chain.code]), ("together", [chain.circle.slug]), ("chain_new", [chain.circle.slug])):
        assert stranger.get(reverse(f"storefront:{name}", args=args)).status_code == 404, name
        assert browser().get(reverse(f"storefront:{name}", args=args)).status_code == 302, name


def test_a_host_opens_a_list_and_staff_may_set_a_price() -> None:
    host, boss = make_member(), make_staff("operator")
    circle = circle_with(host, boss)
    boss.memberships.update(role="moderator")
    sku, point = make_sku(price_minor=3_990), make_point()
    closes = (clock.now() + timedelta(days=1)).astimezone(clock.SITE_ZONE).strftime("%Y-%m-%dT%H:%M")
    form = {"title": "周五拿", f"g{sku.pk}": "on", "point": str(point.pk), "closes_at": closes, "pay_hours": "24"}
    post(browser(host), "chain_new", circle.slug, **form, **{f"p{sku.pk}": "1"})
    post(browser(boss), "chain_new", circle.slug, **form, **{f"p{sku.pk}": "35.00"})
    assert [chain.goods.get().price_minor for chain in Chain.objects.order_by("id")] == [3_990, 3_500]
    assert "标题" in post(browser(host), "chain_new", circle.slug, **{**form, "title": ""})


def test_people_ask_for_a_price_and_the_console_answers() -> None:
    opener, friend, staff = make_member(), make_member(), make_staff("operator")
    sku = make_sku(price_minor=3_990, stock_of=20)
    html = post(
        browser(opener), "ask", sku.product.slug, sku=str(sku.pk), wish_minor="30.00", quantity="2", words="常年要"
    )
    bargain = Bargain.objects.get()
    assert "1 人想要" in html and "常年要" in html
    assert "算上你了" in post(browser(friend), "bargain", bargain.code, quantity="3")
    assert browser().post(reverse("storefront:bargain", args=[bargain.code]), {"quantity": "1"}).status_code == 302

    desk = browser(staff)
    seen = desk.get(reverse("console:bargain", args=[bargain.pk])).content.decode()
    assert "2 人想要 5 份" in seen
    tomorrow = (clock.now() + timedelta(days=2)).astimezone(clock.SITE_ZONE).date().isoformat()
    answer = {"do": "agree", "price_minor": "32.00", "minimum": "2", "ends_on": tomorrow, "answer": "可以"}
    desk.post(reverse("console:bargain_answer", args=[bargain.pk]), answer)
    bargain.refresh_from_db()
    assert bargain.state == "agreed"
    html = page(browser(friend), "bargain", bargain.code)
    assert "满 2 人" in html and f"deal={bargain.deal_id}" in html
    assert bargain.code in page(browser(), "compare", sku.product.slug) or "正在议的价" not in page(
        browser(), "compare", sku.product.slug
    )


def test_the_page_that_compares_strikes_only_what_was_charged_and_sums_exactly() -> None:
    sku = make_sku(price_minor=3_990, cost_minor=2_000, stock_of=20)
    deal = make_deal(sku=sku, team_size=2, price_minor=3_490)
    html = page(browser(), "compare", sku.product.slug)
    assert "34.90" in html and "<s>" not in html, "nobody has paid anything yet"

    team, first = open_team(deal, make_member())
    pay(first)
    pay(join_team(team, make_member())[1])
    html = page(browser(), "compare", sku.product.slug)
    assert "近七天最低成交价" in html and "<s>" not in html, "nothing dearer was ever charged before the deal"

    set_build_up(
        sku_id=sku.pk,
        goods_minor=2_000,
        delivery_minor=600,
        leader_minor=200,
        is_shown=True,
        actor="test",
        now=clock.now(),
    )
    html = page(browser(), "compare", sku.product.slug)
    rows = re.search(r'<dl class="sums roomy">(.*?)</dl>', html, re.DOTALL)
    assert rows is not None
    amounts = [int(one.replace(".", "").replace(",", "")) for one in re.findall(r">([\d,]+\.\d\d)<", rows.group(1))]
    assert sum(amounts) in (3_990, 2 * 3_990)
    assert "价格构成" in page(browser(), "product", sku.product.slug)


def test_a_return_is_given_up_for_one_purchase_by_a_tick_in_the_list_too() -> None:
    host, member = make_member("王阿姨"), make_member("小雨")
    chain = make_chain(circle=circle_with(host, member), opener=host)
    sku = chain.goods.get().sku
    client = browser(member)
    assert 'name="gives_up"' not in page(client, "chain", chain.code)

    Product.objects.filter(pk=sku.product_id).update(return_rule="opened", return_days=7)
    box = re.search(r'<input class="check"[^>]*name="gives_up"[^>]*>', page(client, "chain", chain.code))
    assert box and "checked" not in box[0]
    for key, ticked in (("one", False), ("two", True)):
        post(
            client,
            "chain",
            chain.code,
            key=key,
            words="",
            **{f"n{sku.pk}": "1"},
            **({"gives_up": str(sku.pk)} if ticked else {}),
        )
        assert SignUp.objects.get(ended_at=None).order.lines.get().gave_up_return is ticked


def test_the_order_says_why_money_came_back() -> None:
    team, first = open_team(make_deal(team_size=2, steps=[(3, 3_200)]), make_member("小雨"))
    for order in (first, *(join_team(team, make_member())[1] for _ in range(2))):
        pay(order)
    level_due(clock.now())
    assert "按最终档位退差价" in page(browser(first.member), "order", first.number)
    assert {reason for reason in REASONS_TOLD_ELSEWHERE if reason_in_words(reason) == reason} == set()


def test_a_team_of_a_circle_says_whom_it_is_for_before_anybody_invites() -> None:
    opener = make_member("小雨")
    circle = circle_with(opener)
    deal = make_deal(circle=circle)
    team, first = open_team(deal, opener)
    pay(first)
    said = f"“{circle.name}”"
    assert said in page(browser(opener), "team", team.code).split("share")[0]
    assert said in page(browser(opener), "product", deal.sku.product.slug)
