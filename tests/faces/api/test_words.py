"""The reference says operations in the reader's language; the document stays English."""

from __future__ import annotations

import pytest
from django.test import Client

from quanzi.faces.api.words import parts
from quanzi.site import translations


def test_a_description_is_told_apart_from_the_permission_that_it_names() -> None:
    assert parts("Newest first.\n\nNeeds money.view.") == ("Newest first.", "money.view")
    assert parts("Again changes nothing. Needs goods.edit. It stays.") == (
        "Again changes nothing. It stays.",
        "goods.edit",
    )
    assert parts("At once.") == ("At once.", "")


def test_what_operations_say_is_collected_for_translation() -> None:
    known = {message.id for message in translations.collect()}
    assert {"Put goods into the cart", "Newest first.", "On top of what is there."} <= known


@pytest.mark.django_db
def test_the_reference_speaks_the_readers_language() -> None:
    chinese = Client(headers={"accept-language": "zh-Hans"}).get("/api/docs/cart").content.decode()
    assert "加入购物车" in chinese and "加在已有数量上。" in chinese
    orders = Client(headers={"accept-language": "zh-Hans"}).get("/api/docs/orders").content.decode()
    assert "把这些商品从购物车里拿走" in orders
    english = Client(headers={"accept-language": "en"}).get("/api/docs/cart").content.decode()
    assert "Put goods into the cart" in english


@pytest.mark.django_db
def test_the_reference_tells_every_field_of_an_answer_and_of_the_parts_within() -> None:
    drawn = Client(headers={"accept-language": "zh-Hans"}).get("/api/docs/deals").content.decode()
    assert "<code>team.paid</code>" in drawn or "<code>items.paid</code>" in drawn
    assert "paid：有效已付位子" in drawn
