"""Passkeys in a real browser with a virtual authenticator: made once, a login of its own, a second step, and nothing elsewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.shop import Shop
from tests.browser.visitor import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
PASSKEY = "form[data-passkey] button"


def log_in(page: Page, who: str) -> None:
    page.goto("/account/login/")
    page.fill("main [name=login]", f"{who}@demo.example")
    page.fill("main [name=password]", PASSWORD)
    page.click("main form[data-once] button")
    page.wait_for_load_state()


def away(page: Page) -> None:
    page.wait_for_url(lambda url: "/account/" not in url)


def test_a_passkey_opens_the_shop_and_its_console_and_answers_to_no_other_origin(chromium: Browser, shop: Shop) -> None:
    context = chromium.new_context(
        base_url=f"http://localhost:{shop.port}", locale="en", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    violations: list[str] = []
    page.on("console", lambda message: violations.append(message.text) if "Content Security" in message.text else None)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    log_in(page, "caiwu")
    page.goto("/account/2fa/webauthn/add/")
    page.click(PASSKEY)
    page.wait_for_url("**/recovery-codes/**")

    context.clear_cookies()
    page.goto("/account/login/")
    page.click(PASSKEY)
    away(page)
    page.goto("/console/")
    assert page.url.endswith("/console/")

    context.clear_cookies()
    log_in(page, "caiwu")
    assert "/account/2fa/authenticate/" in page.url
    page.click(PASSKEY)
    away(page)

    context.clear_cookies()
    page.goto(f"http://127.0.0.1:{shop.port}/account/login/")
    page.click(PASSKEY)
    page.wait_for_selector("[data-says]:not([hidden])")
    assert "/account/login/" in page.url
    assert violations == []
    context.close()
