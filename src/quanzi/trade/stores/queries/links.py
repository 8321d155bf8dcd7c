"""What a pay link asks for, as its reader and its maker see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from quanzi.goods.catalogue.models import ProductState
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.stores.errors import NoSuchPayLink
from quanzi.trade.stores.models import LinkState, PayLink
from quanzi.trade.stores.rules import link_context, may_use


@dataclass(frozen=True)
class LinkCard:
    """price: of one unit today. is_usable: somebody may order through it now. is_apart: an amount in words, no article of the shop."""

    id: int
    code: str
    title: str
    sku_id: int
    product_id: int
    slug: str
    quantity: int
    price: Money
    return_rule: str
    return_days: int
    claim_hours: int
    state: str
    is_usable: bool
    is_apart: bool
    uses_left: int
    most: int
    taken: int
    expires_at: datetime
    created_at: datetime
    store_id: int | None
    store_code: str
    store_name: str
    store_address: str
    point_id: int | None
    only_for_id: int | None
    only_for_name: str
    made_by_id: int
    made_by_name: str

    @property
    def context(self) -> dict[str, Any]:
        """What a quote for it is told."""
        return link_context(link_id=self.id, sku_id=self.sku_id)

    @property
    def total(self) -> Money:
        return Money(self.price.minor * self.quantity, self.price.currency)


def link_card(code: str, *, viewer: Member | None, now: datetime) -> LinkCard:
    """Raises NoSuchPayLink, also for a link that is meant for somebody else."""
    found = _with_goods().filter(code=code.lower()[:16]).first()
    if found is None or (found.only_for_id is not None and (viewer is None or viewer.pk != found.only_for_id)):
        raise NoSuchPayLink()
    return _card(found, now)


def links_made(*, by: Member | None, after: int = 0, now: datetime, limit: int = 50) -> list[LinkCard]:
    """Links of one maker, or of everybody, the newest first, behind the one already seen; typed amounts are not among them."""
    rows = _with_goods().filter(only_for=None)
    rows = rows.filter(made_by=by) if by is not None else rows
    rows = rows.filter(pk__lt=after) if after else rows
    return [_card(one, now) for one in rows.order_by("-pk")[:limit]]


def links_of_store(*, store_id: int, now: datetime, limit: int = 20) -> list[LinkCard]:
    """Links of a store that can be used now, the newest first."""
    live = Q(state=LinkState.OPEN, expires_at__gt=now, only_for=None)
    return [_card(one, now) for one in _with_goods().filter(live, store_id=store_id).order_by("-pk")[:limit]]


def _with_goods() -> QuerySet[PayLink]:
    return PayLink.objects.select_related("sku__product", "store__point", "only_for", "made_by")


def _card(link: PayLink, now: datetime) -> LinkCard:
    sku, product, store = link.sku, link.sku.product, link.store
    is_sold = sku.is_active and product.state in (ProductState.ON_SALE, ProductState.APART)
    return LinkCard(
        id=link.pk, code=link.code, title=variant_title(product.name, sku.options), sku_id=sku.pk, product_id=product.pk,
        slug=product.slug, quantity=link.quantity, price=Money(sku.price_minor, sku.currency),
        return_rule=product.return_rule, return_days=product.return_days, claim_hours=product.claim_hours, state=link.state,
        is_usable=is_sold and link.taken < link.most and may_use(state=link.state, expires_at=link.expires_at, now=now),
        is_apart=product.state == ProductState.APART, uses_left=link.most - link.taken, most=link.most, taken=link.taken,
        expires_at=link.expires_at, created_at=link.created_at, store_id=store.pk if store else None,
        store_code=store.code if store else "", store_name=store.point.name if store else "",
        store_address=store.point.address if store else "", point_id=store.point_id if store else None,
        only_for_id=link.only_for_id, only_for_name=link.only_for.name if link.only_for else "",
        made_by_id=link.made_by_id, made_by_name=link.made_by.name,
    )  # fmt: skip
