"""A team as a page: faces, seats, joining by link, leaving, and what a link that came too late shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from quanzi.kernel import clock
from quanzi.trade.deals.models import Seat, Team
from quanzi.trade.sales.models import Order
from tests.faces.storefront.browsing import browser, page, send
from tests.faces.storefront.shopping.buying import checkout_form, order_by, queries_of
from tests.factories.community import make_circle
from tests.factories.deals import make_deal, open_team, pay
from tests.factories.people import make_member
from tests.factories.trade import make_point

pytestmark = pytest.mark.django_db


def paid_team(**terms: object) -> Team:
    deal = make_deal(**terms)
    team, order = open_team(deal, make_member("小雨"))
    pay(order)
    team.refresh_from_db()
    return team


def test_a_visitor_sees_faces_seats_and_the_time() -> None:
    team = paid_team()
    html = page(browser(), "team", team.code)
    assert "小雨" in html
    assert "还差 2 位" in html
    assert "自动退回 34.90 元" in html
    assert f"team={team.code}" in html


def test_seats_beyond_those_that_are_needed_are_told_and_not_drawn() -> None:
    html = page(browser(), "team", paid_team(team_size=2, steps=[(5, 3_190), (12, 2_990)]).code)
    assert html.count("空位") == 1 and "此外还能再进 10 位" in html


def test_a_stranger_reads_of_a_complete_team_how_many_bought_and_not_who() -> None:
    team = paid_team(team_size=2)
    friend = make_member("陈念")
    client = browser(friend)
    order_by(client, f"team={team.code}")
    pay(Order.objects.get(member=friend))
    html = page(browser(), "team", team.code)
    assert "2 个人一起买了" in html and "小雨" not in html and "陈念" not in html
    assert "小雨" in page(client, "team", team.code)


def test_a_friends_link_brings_a_friend_who_pays_and_is_known_as_their_guest() -> None:
    team = paid_team()
    host = browser(team.opener)
    html = page(host, "team", team.code)
    token = html.split("/i/")[1].split('"')[0]
    friend = make_member("陈念")
    guest = browser(friend)
    arrived = guest.get(f"/i/{token}", follow=True)
    assert arrived.status_code == 200
    assert f"s={token}" in arrived.content.decode()
    response = order_by(guest, f"team={team.code}&s={token}")
    assert response.status_code == 302
    seat = Seat.objects.get(member=friend)
    assert (seat.team_id, seat.invited_by_id, seat.state) == (team.pk, team.opener_id, "held")
    pay(Order.objects.get(member=friend))
    assert "还差 1 位" in page(guest, "team", team.code)


def test_opening_a_team_from_the_goods() -> None:
    me, deal = make_member(), make_deal()
    make_point()
    client = browser(me)
    assert order_by(client, f"deal={deal.pk}").status_code == 302
    team = Team.objects.get()
    assert team.opener_id == me.pk
    assert "位子给你留到" in page(client, "team", team.code)


def test_two_presses_take_one_seat() -> None:
    team, client = paid_team(), browser(make_member())
    form = checkout_form(client, f"team={team.code}")
    urls = {client.post(reverse("storefront:checkout"), form).url for _ in range(2)}
    assert len(urls) == 1
    assert Seat.objects.filter(team=team).count() == 2


def test_the_last_seat_goes_to_one_and_the_other_is_told() -> None:
    team = paid_team(team_size=2)
    first, second = browser(make_member()), browser(make_member())
    late = checkout_form(second, f"team={team.code}")
    assert order_by(first, f"team={team.code}").status_code == 302
    refused = second.post(reverse("storefront:checkout"), late)
    assert refused.status_code == 409
    assert Seat.objects.filter(team=team).count() == 2


def test_a_link_after_the_deadline_says_so_and_shows_the_way_on() -> None:
    team = paid_team()
    with clock.frozen(team.deadline + timedelta(minutes=1)):
        client = browser(make_member())
        html = page(client, "team", team.code)
        assert "时间到了" in html
        assert "自己开个团" in html
        response = client.get(f"{reverse('storefront:checkout')}?team={team.code}")
        assert response.url == reverse("storefront:team", args=[team.code])


def test_a_team_whose_goods_are_gone_offers_to_tell_when_they_are_back() -> None:
    team = paid_team(stock_of=1)
    client = browser(make_member())
    html = page(client, "team", team.code)
    assert "这件商品暂时卖完了" in html and "到货告诉我" in html
    assert f"team={team.code}" not in html and "自己开个团" not in html
    response = client.get(f"{reverse('storefront:checkout')}?team={team.code}")
    assert response.url == reverse("storefront:team", args=[team.code])
    assert "空位" not in html and "还差 2 位" in html
    inside = page(browser(team.opener), "team", team.code)
    assert "这件商品暂时卖完了" in inside and "邀请一位" not in inside and "看我的订单" in inside


def test_the_deal_of_a_circle_leads_whoever_is_outside_to_the_circle() -> None:
    circle = make_circle(name="河滨")
    deal, client = make_deal(circle=circle), browser(make_member())
    response = client.get(f"{reverse('storefront:checkout')}?deal={deal.pk}", follow=True)
    assert response.redirect_chain[0][0] == reverse("storefront:circle", args=[circle.slug])
    assert "这是圈子“河滨”成员的团购" in response.content.decode()


def test_leaving_before_it_is_full_gives_everything_back() -> None:
    team = paid_team()
    client = browser(team.opener)
    assert "全额退回 34.90 元" in page(client, "team", team.code)
    assert send(client, "team_leave", team.code).status_code == 302
    order = Order.objects.get(member=team.opener)
    assert (order.state, order.refunded_minor) == ("refunded", order.amount_minor)


def test_somebody_without_a_seat_cannot_leave() -> None:
    team = paid_team()
    assert send(browser(make_member()), "team_leave", team.code).status_code == 404


@pytest.mark.parametrize("code", ["NOTATEAM00", "x", "0"])
def test_codes_of_no_team_are_not_found(code: str) -> None:
    assert browser().get(reverse("storefront:team", args=[code])).status_code == 404
    assert browser(make_member()).get(f"{reverse('storefront:checkout')}?team={code}").status_code == 404


def test_the_team_page_needs_the_same_queries_for_one_face_and_for_three() -> None:
    team, client = paid_team(team_size=5), browser(make_member())
    one = queries_of(client, "team", team.code)
    for _ in range(2):
        order_by(browser(make_member()), f"team={team.code}")
        pay(Order.objects.latest("pk"))
    assert queries_of(client, "team", team.code) <= one <= 12
