"""Whoever keeps a feed or a card asks again, and is told in a word that nothing changed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quanzi.goods.catalogue.services import change_price
from quanzi.kernel import clock
from tests.faces.storefront.browsing import browser
from tests.factories.goods import make_sku

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["feed", "card"])
def test_a_price_is_never_an_old_one_and_nothing_is_sent_twice(kind: str) -> None:
    sku, client = make_sku(stock_of=3, price_minor=3_990), browser()
    address = (
        reverse("storefront:goods_feed") if kind == "feed" else reverse("storefront:card", args=["p", sku.product.slug])
    )
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    change_price(sku=sku, price_minor=2_990, actor="test", now=clock.now())
    changed = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert changed.status_code == 200 and changed.headers["ETag"] != first.headers["ETag"]


def test_a_card_whose_address_names_its_version_may_be_kept() -> None:
    sku = make_sku(stock_of=3)
    answer = browser().get(reverse("storefront:card", args=["p", sku.product.slug]), {"v": "1"})
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
