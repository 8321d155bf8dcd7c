"""Origin, import and papers of goods: filed, checked, withdrawn, never edited; goods by where they come from."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from quanzi.goods.supply import services
from quanzi.goods.supply.errors import BadDuty, BadPaperDates, PaperKnown
from quanzi.goods.supply.models import Paper
from quanzi.goods.supply.queries.papers import import_facts, papers_of, products_from, regions
from quanzi.kernel import clock
from tests.faces.console.desk import staff_client
from tests.factories.goods import make_sku

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 1)


def file(product, **fields):  # type: ignore[no-untyped-def]
    return services.add_paper(
        product=product,
        **{
            "kind": "origin",
            "number": "CO-1",
            "issuer": "海关总署",
            "issued_on": DAY,
            "actor": "staff:0",
            "actor_word": "staff:0",
            **fields,
        },
        now=clock.now(),
    )


def test_a_paper_is_filed_checked_and_withdrawn_and_never_edited() -> None:
    product = make_sku().product
    made = file(product, valid_until=date(2026, 10, 31))
    with pytest.raises(PaperKnown):
        file(product)
    services.check_paper(paper_id=made.pk, actor="staff:0", actor_word="staff:0", now=clock.now())
    [row] = papers_of(product.pk, today=date(2026, 11, 1))
    assert row.checked_at is not None and row.is_over
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.update(number="CO-2")
    services.withdraw_paper(paper_id=made.pk, actor="staff:0", now=clock.now())
    assert papers_of(product.pk, today=DAY) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.update(withdrawn_at=None)
    file(product)


def test_a_paper_says_what_is_wrong_with_it() -> None:
    product = make_sku().product
    with pytest.raises(BadPaperDates):
        file(product, valid_until=date(2026, 9, 1))
    with pytest.raises(BadPaperDates):
        file(product, kind="rumour")
    for wrong in ({"duty_bp": 10_001}, {"hs_code": "12"}, {"hs_code": "12345a"}):
        with pytest.raises(BadDuty):
            services.set_import_facts(product=product, country="日本", actor="staff:0", now=clock.now(), **wrong)  # type: ignore[arg-type]


def test_the_staff_files_papers_and_members_read_them_with_the_duty() -> None:
    client, product = staff_client("operator"), make_sku(price_minor=10_910).product
    where = reverse("console:product_papers", args=[product.pk])
    client.post(
        where, {"part": "facts", "country": "日本", "hs_code": "2106.90.90", "duty": "9.1", "must_declare": "on"}
    )
    facts = import_facts(product.pk)
    assert facts is not None and (facts.duty_bp, facts.hs_code) == (910, "21069090")
    sent = {"part": "add", "kind": "authenticity", "number": "A-7", "issuer": "厂家", "issued_on": "2026-10-01"}
    assert client.post(where, sent).status_code == 302
    assert client.post(where, sent).status_code == 422
    client.post(where, {"part": "check", "paper": Paper.objects.get().pk})
    drawn = Client().get(reverse("storefront:papers", args=[product.slug])).content.decode()
    assert "A-7" in drawn and "日本" in drawn and "9.10" in drawn


def test_goods_are_found_by_where_they_come_from() -> None:
    product = make_sku().product
    product.origin = "浙江温州"
    product.save(update_fields=["origin"])
    [region] = regions()
    assert (region.place, region.goods) == (product.origin, 1)
    assert products_from(product.origin) == [product.pk]
    client = Client()
    assert product.origin in client.get(reverse("storefront:origins")).content.decode()
    assert product.name in client.get(reverse("storefront:region", args=[product.origin])).content.decode()
    assert client.get(reverse("storefront:region", args=["月亮"])).status_code == 404
