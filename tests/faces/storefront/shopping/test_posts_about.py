"""From goods to what people wrote about them, and back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quanzi.community.posts.models import Post
from quanzi.goods.catalogue.services import publish
from quanzi.kernel import clock
from tests.faces.storefront.browsing import browser, page
from tests.factories.community import make_circle, make_post
from tests.factories.goods import make_sku
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


def test_goods_lead_to_the_notes_and_questions_about_them_page_by_page_and_closed_circles_stay_closed() -> None:
    product = make_sku(stock_of=3).product
    publish(product=product, actor="test", now=clock.now())
    closed = make_circle(admission="invitation")
    note = make_post(author=make_member(), title="蒸着最香", products=[product])
    question = make_post(author=make_member(), title="放几天", kind="question", products=[product])
    make_post(author=closed.founder, circle=closed, title="门里的话", products=[product])
    make_post(author=make_member(), title="别的东西")
    assert reverse("storefront:product_posts", args=[product.slug]) in page(browser(), "product", product.slug)
    drawn = page(browser(), "product_posts", product.slug)
    assert drawn.index("放几天") < drawn.index("蒸着最香")
    assert "门里的话" not in drawn and "别的东西" not in drawn
    assert "门里的话" in page(browser(closed.founder), "product_posts", product.slug)
    assert "放几天" in page(browser(), "product_posts_short", product.slug)
    only = browser().get(reverse("storefront:product_posts", args=[product.slug]) + "?only=question").content.decode()
    assert "放几天" in only and "蒸着最香" not in only
    assert product.name in page(browser(), "post", note.pk)
    answer = browser().get(f"/api/v1/products/{product.slug}/posts?limit=1").json()
    assert [one["item"]["id"] for one in answer["items"]] == [question.pk]
    further = browser().get(f"/api/v1/products/{product.slug}/posts?limit=1&cursor={answer['next']}").json()
    assert [one["item"]["id"] for one in further["items"]] == [note.pk]
    assert browser().get("/p/nothing/posts").status_code == 404
    Post.objects.filter(pk=question.pk).update(removed_at=clock.now())
    assert "放几天" not in page(browser(), "product_posts", product.slug)
