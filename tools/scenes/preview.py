"""Look at pages of the design system without a shop: render, photograph at 390 and 1280 px, light and dark.

    python tools/scenes/preview.py OUT_FOLDER [TEMPLATE ...]

Needs Playwright and a Chromium (`/usr/bin/chromium` or the one in QUANZI_CHROMIUM). Reads no database.
"""

from __future__ import annotations

import os
import sys
import tempfile
from functools import partial
from pathlib import Path

os.environ.setdefault("QUANZI_HOME", tempfile.mkdtemp(prefix="quanzi-preview-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanzi.site.settings")

import django
import django_htmx

django.setup()

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation
from playwright.sync_api import Route, sync_playwright

from quanzi.faces.ui.samples import samples

HTMX = Path(django_htmx.__file__).parent / "static"
STATIC = Path(__file__).parents[2] / "src/quanzi/faces/ui/static"
PICTURES = Path(__file__).parents[2] / "src/quanzi/site/demo/pictures"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".webp": "image/webp"}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'"
VIEWS = [(390, "zh-hans", "light"), (390, "en", "dark"), (1280, "zh-hans", "light"), (1280, "en", "dark")]


def page(template: str, language: str) -> str:
    request = RequestFactory().get("/styleguide")
    request.user = AnonymousUser()
    request._messages = []  # the flash storage of a request without a session
    with translation.override(language), override_settings(ROOT_URLCONF="preview_urls", QUANZI_SHOP_NAME="禾间"):
        return render_to_string(template, samples(), request)


def serve(html: str, route: Route) -> None:
    path = route.request.url.split("/", 3)[3].split("?")[0]
    if path.startswith("static/"):
        name = path.removeprefix("static/")
        file = STATIC / name if (STATIC / name).exists() else HTMX / name
    elif path.startswith("pictures/"):
        file = PICTURES / path.removeprefix("pictures/")
    else:
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})
        return
    if file.exists():
        route.fulfill(body=file.read_bytes(), content_type=TYPES.get(file.suffix, "application/octet-stream"))
    else:
        route.fulfill(status=404, body="")


def main(out: Path, templates: list[str]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("QUANZI_CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        for template in templates:
            for width, language, scheme in VIEWS:
                html = page(template, language)
                context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
                tab = context.new_page()
                tab.on("console", lambda message: print(message.type, message.text))
                tab.route("**/*", partial(serve, html))
                tab.goto("http://shop.test/")
                tab.evaluate("document.querySelectorAll('img').forEach((each) => { each.loading = 'eager'; })")
                tab.wait_for_timeout(500)
                wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
                if wide > 0:
                    print(f"{template} at {width}: {wide} px too wide")
                name = f"{Path(template).stem}-{width}-{language}-{scheme}.png"
                tab.screenshot(path=str(out / name), full_page=True)
                context.close()
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2:] or ["ui/styleguide.html"])
