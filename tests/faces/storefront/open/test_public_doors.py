"""Feeds, the map of pages, share cards, the manifest and the worker: public things only, the same for everybody."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from quanzi.community.circles.models import Admission
from quanzi.community.posts.queries import feed
from quanzi.community.posts.services import edit_post
from quanzi.faces.storefront.telling import cards
from quanzi.goods.catalogue.queries import product_cards
from quanzi.growth.discovery.queries import public
from tests.faces.storefront.browsing import browser
from tests.factories.community import make_circle, make_post
from tests.factories.goods import make_picture, make_product, make_sku
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def fetch(name: str, *args: object, status: int = 200) -> bytes:
    answer = browser().get(reverse(f"storefront:{name}", args=args))
    assert answer.status_code == status, (name, answer.status_code)
    return answer.content


def entries(name: str, *args: object) -> list[str]:
    root = ElementTree.fromstring(fetch(name, *args))
    return [str(entry.findtext(f"{ATOM}title")) for entry in root.iter(f"{ATOM}entry")]


def places(kind: str) -> list[str]:
    root = ElementTree.fromstring(fetch("sitemap_part", kind, 1))
    return [str(one.text) for one in root.iter(f"{MAP}loc")]


def test_the_map_names_what_a_visitor_may_read_and_nothing_else() -> None:
    sku, draft = make_sku(stock_of=1), make_product()
    opened, closed = make_circle(admission=Admission.OPEN), make_circle(admission=Admission.QUESTION, question="?")
    said, inside = make_post(circle=opened, author=opened.founder), make_post(circle=closed, author=closed.founder)
    assert any(place.endswith(f"/p/{sku.product.slug}") for place in places("goods"))
    assert not any(draft.slug in place for place in places("goods"))
    assert [place.rsplit("/", 1)[-1] for place in places("circles")] == [opened.slug]
    assert [place.rsplit("/", 1)[-1] for place in places("posts")] == [str(said.pk)]
    assert str(inside.pk) not in {place.rsplit("/", 1)[-1] for place in places("posts")}


def test_the_map_agrees_with_the_shelves_and_the_feed() -> None:
    for _ in range(3):
        make_sku()
    circles = [make_circle(admission=kind, question="?") for kind in Admission.values]
    for circle in circles:
        make_post(circle=circle, author=circle.founder)
    make_post()
    assert set(public.public_pages("goods", 1)) == {card.slug for card in product_cards(limit=50)}
    assert set(public.public_pages("posts", 1)) == {str(item.id) for item in feed(limit=50)}


def test_the_index_has_a_file_for_each_window(monkeypatch: pytest.MonkeyPatch) -> None:
    slugs = {make_sku().product.slug for _ in range(3)}
    monkeypatch.setattr(public, "PER_FILE", 2)
    newest = public.newest_ids()["goods"]
    found = [slug for part in range(1, newest // 2 + 2) for slug in public.public_pages("goods", part)]
    assert slugs <= set(found) and len(found) == len(set(found))


def test_robots_are_told_where_the_map_is_and_what_is_private() -> None:
    text = fetch("robots").decode()
    assert (
        "Disallow: /me/" in text
        and "Disallow: /console/" in text
        and re.search(r"^Sitemap: http.*/sitemap\.xml$", text, re.M)
    )
    assert "Disallow: /p/" not in text
    shut = [line.removeprefix("Disallow: ") for line in text.splitlines() if line.startswith("Disallow: ")]
    assert not any("/media/goods.jpg".startswith(beginning) for beginning in shut)  # /me is not a beginning of /media


def test_feeds_hold_public_words_as_text() -> None:
    make_sku(product=None)
    circle = make_circle(admission=Admission.OPEN)
    make_post(circle=circle, author=circle.founder, title="红薯到了", body="<script>alert(1)</script>")
    assert entries("goods_feed")
    assert entries("circle_feed", circle.slug) == ["红薯到了"]
    # A reader takes the summary for HTML: the words come escaped once more.
    root = ElementTree.fromstring(fetch("circle_feed", circle.slug))
    assert root.find(f"{ATOM}entry").findtext(f"{ATOM}summary") == "&lt;script&gt;alert(1)&lt;/script&gt;"  # type: ignore[union-attr]
    assert entries("experiences_feed") == []


def test_a_feed_says_when_a_note_was_edited() -> None:
    author = make_member()
    circle = make_circle(founder=author)
    post = make_post(author=author, circle=circle, title="红薯到了")

    def moments() -> list[str]:
        entry = ElementTree.fromstring(fetch("circle_feed", circle.slug)).find(f"{ATOM}entry")
        return [str(entry.findtext(f"{ATOM}{name}")) for name in ("published", "updated")]  # type: ignore[union-attr]

    published, updated = moments()
    assert published == updated
    edit_post(post=post, member=author, title="红薯到齐了", body="", now=post.created_at + timedelta(hours=3))
    assert moments()[0] == published < moments()[1]


def test_a_closed_circle_has_no_feed_and_its_notes_no_card() -> None:
    closed = make_circle(admission=Admission.QUESTION, question="?")
    fetch("circle_feed", closed.slug, status=404)
    fetch("card", "n", str(make_post(circle=closed, author=closed.founder).pk), status=404)
    fetch("card", "c", make_circle(admission=Admission.INVITATION).slug, status=404)
    fetch("card", "p", make_product().slug, status=404)
    fetch("card", "x", "y", status=404)


def test_a_card_is_of_the_right_size_and_the_same_facts_give_the_same_bytes() -> None:
    sku = make_sku(stock_of=1)
    first = fetch("card", "p", sku.product.slug)
    assert Image.open(io.BytesIO(first)).size == (1200, 630)
    assert fetch("card", "p", sku.product.slug) == first
    shown = cards.Card("五常大米 5 斤 " * 8, "长" * 300, "¥39.90", "留下 3，退 0", "禾间", None)
    assert cards.draw(shown) == cards.draw(shown)
    assert cards.draw(shown) != cards.draw(
        cards.Card("五常大米 5 斤 " * 8, "长" * 300, "¥39.80", "留下 3，退 0", "禾间", None)
    )


def test_a_card_survives_a_picture_whose_file_is_away() -> None:
    gone = make_picture()
    shown = cards.Card("名字", foot="禾间", picture=("0" * 64, gone.width))
    assert Image.open(io.BytesIO(cards.draw(shown))).size == (1200, 630)


def test_the_manifest_makes_the_shop_an_app() -> None:
    told = json.loads(fetch("manifest"))
    assert (
        told["name"] and told["display"] == "standalone" and told["scope"] == "/" and told["start_url"].startswith("/")
    )
    sizes = {(one["sizes"], one["purpose"]) for one in told["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
    for one in told["icons"]:
        answer = browser().get(one["src"])
        drawn = Image.open(io.BytesIO(answer.content))
        assert f"{drawn.width}x{drawn.height}" == one["sizes"]
    assert browser().get("/icon-77.png").status_code == 404


def test_the_worker_keeps_no_page_of_the_shop_and_asks_the_network_first() -> None:
    text = fetch("worker").decode()
    kept = json.loads(re.search(r"const PAGES = (\[.*?\]);", text)[1])  # type: ignore[index]
    assert [address.split("?")[0] for address in kept] == ["/offline", "/offline"]
    assert text.index("fetch(request).catch") > 0 and "cache.put" not in text
    assert browser().get("/worker.js").headers["Cache-Control"] == "no-cache"


def test_public_doors_know_nobody_and_ask_little() -> None:
    member = browser(make_member())
    for name in ("manifest", "worker", "offline", "robots", "push_key", "favicon"):
        with CaptureQueriesContext(connection) as caught:
            answer = member.get(reverse(f"storefront:{name}"))
        assert answer.status_code == 200 and len(caught) == 0, (name, [one["sql"] for one in caught])
        assert "Set-Cookie" not in answer.headers
