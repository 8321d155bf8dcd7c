"""Takes the pictures of the README from a running demo shop: python tools/screenshots.py [http://127.0.0.1:8000]"""

from __future__ import annotations

import io
import os
import runpy
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "images"
MOST_BYTES = 120_000
PASSWORD = "demo-quanzi-2026"
PHONE, DESK = 390, 1280

# name, who looks, language, width, address, link to follow from there
PICTURES = [
    ("feed-zh-390", "xiaoyu", "zh-CN", PHONE, "/feed", ""),
    ("product-zh-390", "xiaoyu", "zh-CN", PHONE, "/p/yam", ""),
    ("team-zh-390", "xiaoyu", "zh-CN", PHONE, "/p/yam", 'main a[href*="/t/"]'),
    ("checkout-zh-390", "xiaoyu", "zh-CN", PHONE, "/p/yam", 'a[href*="/checkout?deal="]'),
    ("discover-zh-1280", "xiaoyu", "zh-CN", DESK, "/discover", ""),
    ("console-today-zh-1280", "zhoumin", "zh-CN", DESK, "/console/", ""),
    ("relation-ledger-zh-1280", "zhoumin", "zh-CN", DESK, "/console/sources", ""),
    ("discover-en-390", "xiaoyu", "en", PHONE, "/discover", ""),
]


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    find = runpy.run_path(str(ROOT / "tools" / "find_browser.py"))["find"]
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=sandbox)
        for name, who, language, width, path, link in PICTURES:
            page = _page_of(browser, address, who, language, width)
            page.goto(path)
            if link:
                page.goto(page.locator(link).first.get_attribute("href") or path)
            page.wait_for_load_state("networkidle")
            _save(name, page.screenshot())
            page.context.close()
        browser.close()


def _page_of(browser: Browser, address: str, who: str, language: str, width: int) -> Page:
    """A page in a browser of its own, logged in."""
    phone = width == PHONE
    context = browser.new_context(
        base_url=address, locale=language, viewport={"width": width, "height": 844 if phone else 800},
        device_scale_factor=2 if phone else 1, color_scheme="light", reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.goto("/account/login/")
    page.fill("main [name=login]", f"{who}@demo.example")
    page.fill("main [name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def _save(name: str, png: bytes) -> None:
    """As WebP, as good as fits."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in range(88, 20, -6):
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() < MOST_BYTES:
            break
    (FOLDER / f"{name}.webp").write_bytes(out.getvalue())
    print(f"{name}.webp  {picture.width} x {picture.height}  {out.tell() // 1000} kB  quality {quality}")


if __name__ == "__main__":
    main()
