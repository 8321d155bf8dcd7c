"""Money never rests on the file that pages read: it may be behind, on another machine or after a full disk."""

from __future__ import annotations

import pytest

from quanzi.base.shop.models import Shop
from quanzi.goods.pricing.freight import tariff
from quanzi.goods.pricing.services import QuoteLine, quote
from quanzi.kernel import clock
from quanzi.trade.payments import providers
from quanzi.trade.payments.errors import NoSuchProvider
from tests.factories.goods import make_sku

pytestmark = pytest.mark.django_db


def test_the_freight_of_a_quote_is_that_of_the_row_in_the_statement_that_reads_the_goods() -> None:
    sku = make_sku(price_minor=1_000)
    told = tariff()
    Shop.objects.update_or_create(pk=1, defaults={"freight_minor": 1_234, "freight_free_from_minor": 5_000})
    assert tariff() == told, "pages still say what they said"

    def freight(quantity: int) -> int:
        made = quote(lines=[QuoteLine(sku.pk, quantity)], context={"method": "delivery"}, now=clock.now())
        return made.freight_minor

    assert (freight(1), freight(5)) == (1_234, 0)


def test_simulated_payment_is_refused_as_soon_as_the_row_says_so() -> None:
    Shop.objects.update_or_create(pk=1, defaults={"takes_simulated": False})
    assert "paysim" in providers.offered_names(), "pages still show it"
    with pytest.raises(NoSuchProvider):
        providers.offered("paysim")
