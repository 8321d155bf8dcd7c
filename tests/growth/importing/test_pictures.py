"""Pictures of a sheet: fetched by a job from public addresses, shown once, each failure named."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from quanzi.base.fetching import Limits
from quanzi.growth.importing.models import WantedPicture
from quanzi.growth.importing.sheets.pictures import fetch_waiting
from quanzi.kernel import clock
from tests.factories.goods import make_product

pytestmark = pytest.mark.django_db


class Shelf(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        out = io.BytesIO()
        Image.new("RGB", (400, 300), "peru").save(out, "PNG")
        body = out.getvalue() if self.path.startswith("/pic") else b"<html>not a picture</html>"
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def shelf() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def test_pictures_are_fetched_shown_once_and_failures_named(shelf: int, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path
    product = make_product()
    paths = ("pic1", "pic2", "gone", "page")
    urls = [f"http://cdn.test:{shelf}/{path}" for path in paths] + ["http://127.0.0.1/pic"]
    for url in urls:
        WantedPicture.objects.create(product=product, url=url, asked_at=clock.now())

    def here(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    assert fetch_waiting(resolve=here, limits=Limits(ports=(shelf,))) == 5
    told = dict(WantedPicture.objects.values_list("url", "trouble"))
    assert [told[url] for url in urls] == ["", "", "status 404", "not_a_picture", "forbidden_address"]
    assert product.product_pictures.count() == 1  # the same bytes at two addresses
    assert fetch_waiting(resolve=here) == 0


def test_an_inner_address_in_a_sheet_is_never_asked() -> None:
    WantedPicture.objects.create(product=make_product(), url="http://169.254.169.254/pic", asked_at=clock.now())
    fetch_waiting()
    assert WantedPicture.objects.get().trouble == "forbidden_address"
