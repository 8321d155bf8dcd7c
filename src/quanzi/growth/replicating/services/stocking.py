"""Goods of a pattern that this shop does not have are made as drafts; what it has is left as it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from quanzi.base.audit import services as audit
from quanzi.base.media.services import store_picture
from quanzi.goods.catalogue.models import Product
from quanzi.goods.catalogue.services import add_picture, add_sku, create_product
from quanzi.growth.replicating import content
from quanzi.growth.replicating.archive import unpack
from quanzi.growth.replicating.models import Pattern
from quanzi.growth.replicating.queries import MISSING, GoodRow, goods_of
from quanzi.growth.tastes.models import Taste
from quanzi.growth.tastes.services import describe
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can


@transaction.atomic
def make_goods(*, pattern: Pattern, actor: Member, now: datetime) -> list[GoodRow]:
    """All missing goods as drafts, or none: with words, variants, prices, pictures and traits, without stock and cost. Again makes nothing.

    Returns the goods as they stand then. Raises NotAllowed, and what the catalogue and pictures refuse.
    """
    if not can(actor, "goods.edit"):
        raise NotAllowed()
    told = content.checked(pattern.content)["goods"]
    _, files = unpack(bytes(pattern.archive))
    made = [
        _make(one, files, actor, now)
        for one, row in zip(told, goods_of(pattern.content), strict=True)
        if row.state == MISSING
    ]
    if made:
        audit.write(
            actor=actor, action="replicating.make_goods", target=f"pattern:{pattern.pk}", after={"products": made}, now=now
        )  # fmt: skip
    return goods_of(pattern.content)


def _make(told: dict[str, Any], files: dict[str, bytes], actor: Member, now: datetime) -> int:
    who = f"staff:{actor.pk}"
    words = {
        name: told[name] for name in ("name", "summary", "story", "origin", "return_rule", "return_days", "claim_hours")
    }
    product = create_product(slug=_slug(told), actor=who, now=now, **words)
    for position, one in enumerate(told["variants"]):
        options = {option["name"]: option["value"] for option in one["options"]}
        add_sku(product=product, actor=who, now=now, position=position, **{**one, "options": options})
    for position, name in enumerate(told["pictures"]):
        picture = store_picture(data=files[name], purpose="product", owner_id=None, alt=told["name"], now=now)
        add_picture(product=product, picture=picture, position=position, actor=who, now=now)
    describe(product=product, tastes=[one for one in told["traits"] if one in Taste], actor=actor, now=now)
    return product.pk


def _slug(told: dict[str, Any]) -> str:
    """Of the first code, which is nobody else's; numbered where another product took it."""
    base = slugify(told["variants"][0]["code"])[:60] or "goods"
    taken = set(Product.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug for number in range(len(taken) + 1) if (slug := f"{base}-{number}" if number else base) not in taken
    )
