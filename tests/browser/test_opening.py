"""From an empty shop to its first paid order, as two new people live it: an owner without scripts, a buyer with a phone."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from PIL import Image
from playwright.sync_api import Browser

from tests.browser.shop import Shop, open_shop
from tests.browser.visitor import DESK, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AT_MOST_SECONDS = 300
PASSWORD = "a-quiet-harbour-2026"
GO_ON = "main form button.primary"


@pytest.fixture(scope="module")
def empty_shop() -> Iterator[Shop]:
    with open_shop(demo=False) as shop:
        yield shop


def test_from_nothing_to_a_paid_order_in_under_five_minutes(
    chromium: Browser, empty_shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    link = empty_shop.opening_path
    owner = Visitor(chromium, empty_shop.address, empty_shop.home, width=DESK, script=False)
    become_owner(owner, link)
    assert owner.path == "/console/setup", owner.words
    invitation = tell_everything(owner, tmp_path)
    opened = time.monotonic() - began

    owner.go("/console/")
    assert not is_done(owner, "第一笔付款订单")
    assert is_done(owner, "名称与联系方式") and is_done(owner, "第一件商品") and not is_done(owner, "邀请")

    buyer = Visitor(chromium, empty_shop.address, empty_shop.home)
    buyer.go(invitation)
    assert buyer.sees("青石巷邻居")
    buy_first(buyer)
    seconds = time.monotonic() - began

    owner.go("/console/")
    assert is_done(owner, "第一笔付款订单") and is_done(owner, "邀请")
    assert not is_done(owner, "条款、隐私、退换")
    assert owner.troubles + buyer.troubles == []
    with capsys.disabled():
        print(f"\nan empty shop was open after {opened:.0f} s, its first order paid after {seconds:.0f} s")
    assert seconds < AT_MOST_SECONDS

    # The link has done its work; nobody becomes an owner through it again.
    stranger = Visitor(chromium, empty_shop.address, empty_shop.home)
    stranger.go(link, status=404)
    for visitor in (owner, buyer, stranger):
        visitor.close()


def become_owner(owner: Visitor, link: str) -> None:
    """A login and its second step, which the staff needs before anything else."""
    owner.go(link)
    owner.fill(name="阿青", email="qing@example.org", password=PASSWORD)
    owner.press("main form button")
    owner.press('main a[href*="totp/activate"]')
    found = re.search(r"[A-Z2-7]{32}", owner.words)
    assert found, owner.words
    owner.fill(code=format_hotp_value(hotp_value(found[0], int(time.time()) // 30)))
    owner.press("main form button.primary")
    if owner.path != "/account/2fa/":
        owner.go("/account/2fa/")
    owner.press('main a[href*="/console"]')


def tell_everything(owner: Visitor, folder: Path) -> str:
    """The whole tour; returns the invitation's address."""
    owner.fill(name="青石小铺", phone="13800138000", about="巷口的一家小铺。")
    owner.press(GO_ON)
    owner.page.set_input_files("[name=logo]", picture(folder / "logo.png", "#20504f"))
    owner.find("main label", "靛青").click()
    owner.press(GO_ON)
    assert owner.find("html").get_attribute("data-accent") == "indigo"
    owner.fill(circle_name="青石巷邻居", charter="说真话，不刷屏。")
    owner.press(GO_ON)
    owner.fill(product_name="巷口的米糕", price="18.5", unit="一盒六块", stock="20")
    owner.page.set_input_files("[name=picture]", picture(folder / "cake.png", "#e8d9b8"))
    owner.press(GO_ON)
    owner.fill(point_name="青石巷口", address="青石巷 1 号", open_hours="每天 9:00–20:00", freight="5", free_from="60")
    owner.press(GO_ON)
    assert owner.sees("测试支付")
    owner.press(GO_ON)
    code = owner.find("main code").inner_text()
    assert "/i/" in code
    return code[code.index("/i/") :]


def buy_first(buyer: Visitor) -> None:
    """A newcomer joins, and pays for one at the pickup point."""
    buyer.go("/discover")
    buyer.press('main a[href^="/p/"]', "巷口的米糕")
    assert buyer.sees("七天无理由退货：支持")
    buyer.press('.only-phone a[href*="/checkout"]')
    buyer.press('main a[href*="/account/signup/"]')
    buyer.sign_up("邻居小满", "xiaoman@example.org")
    assert buyer.path == "/checkout" and buyer.sees("青石巷口")
    buyer.press("button[form=order]")
    buyer.pay()
    assert re.fullmatch(r"/o/[\w-]+", buyer.path), buyer.words
    assert buyer.sees("18.50")


def is_done(owner: Visitor, title: str) -> bool:
    """What the checklist on today's page says of one of its lines."""
    return "done" in (owner.find(".opening-list li", title).get_attribute("class") or "")


def picture(path: Path, colour: str) -> Path:
    out = io.BytesIO()
    Image.new("RGB", (640, 640), colour).save(out, "PNG")
    path.write_bytes(out.getvalue())
    return path
