"""The loop: a friend's link, a circle, a note, a team of two, the goods, an experience, and proof for the friend."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import pytest

from tests.browser.shop import Shop
from tests.browser.visitor import DESK, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NEWCOMER = f"夏天{secrets.randbelow(1000):03d}"
FRIEND = "小雨"
TITLE = "用了一天，卡位正好放身份证"
QUESTION = "长夹放得下护照吗"


def test_two_friends_live_the_whole_loop(visit: Callable[..., Visitor], shop: Shop) -> None:
    friend = visit("xiaoyu")
    newcomer = visit()
    link = _invitation_of(friend)

    # The link leads to sign-up, by a code that arrives by e-mail.
    newcomer.go(link)
    newcomer.go("/account/signup/")
    newcomer.sign_up(NEWCOMER, f"xiatian-{secrets.token_hex(3)}@example.org")
    assert not newcomer.path.startswith("/account"), newcomer.words

    # A circle, its feed, a note about goods in it.
    newcomer.go("/c/jinxiu/join")
    newcomer.press("main form[data-once] button")
    newcomer.go("/feed")
    assert newcomer.sees("早上六点收的菠菜")
    newcomer.go("/write?kind=question&product=wallet&circle=jinxiu")
    newcomer.fill(title=QUESTION)
    newcomer.press("main form[data-once] button[type=submit]")
    assert re.fullmatch(r"/n/\d+", newcomer.path), newcomer.words
    friend.go("/feed")
    assert friend.sees(QUESTION)

    # A team of two: opened and paid, then joined by the link and paid.
    team = _open_team(newcomer, "wallet")
    friend.go(team)
    assert friend.sees(NEWCOMER)
    friend.press('a.btn.primary[href*="/checkout"]')
    friend.press("button[form=order]")
    friend.pay()
    newcomer.go(team)
    newcomer.await_words("拼成了")

    # The station prepares both, and hands over by the code.
    order = _order_of(newcomer)
    leader = visit("wang")
    _prepare(leader, [NEWCOMER, FRIEND])
    newcomer.go(order)
    code = _pickup_code(newcomer)
    leader.go(f"/leader?code={code}")
    assert leader.sees(NEWCOMER)
    leader.press("form:has(input[value=hand_over]) button.huge")

    # Kept, and told.
    newcomer.go(order)
    newcomer.press("form:has(input[value=kept]) button")
    newcomer.press('a[href*="/experience/"]')
    newcomer.fill(title=TITLE)
    newcomer.press("main form[data-once] button[type=submit]")
    assert newcomer.sees(TITLE)

    # The friend finds out from the goods themselves.
    friend.go("/p/wallet")
    known = friend.find("#known").inner_text()
    assert "买过" in known and "留下" in known
    assert NEWCOMER in known and TITLE in known

    # The operator sees what the link brought, down to the person.
    operator = visit("zhoumin", width=DESK)
    row = operator.page.get_by_role("row").filter(has_text=FRIEND).filter(has_text="朋友邀请")
    for column in ("members", "first_orders"):
        operator.go("/console/sources?all=1")
        with operator.page.expect_navigation():
            row.locator(f'a[href*="column={column}"]').click()
        assert operator.sees(NEWCOMER), operator.words

    answer = shop.quanzi("doctor")
    assert answer.returncode == 0, answer.stdout + answer.stderr


def _invitation_of(member: Visitor) -> str:
    member.go("/me/invite")
    link = member.find("input[name=address]").input_value()
    assert "/i/" in link
    return link


def _open_team(member: Visitor, slug: str) -> str:
    """Opens a team for goods, pays, and returns the team's address."""
    member.go(f"/p/{slug}")
    member.press('.sticky a[href*="/checkout?deal="]')
    member.press("button[form=order]")
    member.pay()
    member.press('a[href*="/t/"]')
    return member.path


def _order_of(member: Visitor) -> str:
    member.go("/me/orders")
    member.press('a[href*="/o/"]')
    return member.path


def _prepare(leader: Visitor, buyers: list[str]) -> None:
    leader.go("/leader")
    for buyer in buyers:
        for ordered in leader.page.locator("label.choice").filter(has_text=buyer).all():
            ordered.locator("input").check()
    leader.press("form:has(input[value=ready]) button[type=submit]")


def _pickup_code(buyer: Visitor) -> str:
    found = re.search(r"(\d{3}) (\d{3})", buyer.words)
    assert found, buyer.words
    return found[1] + found[2]
