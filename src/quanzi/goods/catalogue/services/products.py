"""Products and their pictures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from quanzi.base import planned
from quanzi.base.audit import services as audit
from quanzi.base.audit.models import AuditEntry
from quanzi.base.events import services as events
from quanzi.base.media.models import Picture
from quanzi.base.rows import Select
from quanzi.goods.catalogue import rules
from quanzi.goods.catalogue.errors import NothingToSell, SlugTaken
from quanzi.goods.catalogue.events import ProductPaused, ProductPublished
from quanzi.goods.catalogue.models import Category, Maker, Product, ProductPicture, ProductState, ReturnRule
from quanzi.goods.catalogue.services.changes import facts, refuse_unknown
from quanzi.goods.catalogue.states import PRODUCT
from quanzi.kernel.errors import DomainError, Errors

LIMITS = {"name": 80, "summary": 200, "story": 20_000, "origin": 80}
MOST_DAYS = 365
MOST_HOURS = 24 * 30

SOLD = "SELECT DISTINCT product_id FROM catalogue_sku WHERE is_active AND product_id = ANY (%s::bigint[])"
MOVE = "UPDATE catalogue_product SET state = %s WHERE id = ANY (%s::bigint[]) RETURNING id"

_locked_all = Select(Product, "WHERE t.id = ANY (%s::bigint[]) ORDER BY t.id FOR UPDATE")

EDITABLE = (
    "name",
    "slug",
    "summary",
    "story",
    "maker",
    "category",
    "origin",
    "return_rule",
    "return_days",
    "claim_hours",
)


@transaction.atomic
def create_product(
    *,
    name: str,
    slug: str,
    summary: str = "",
    story: str = "",
    maker: Maker | None = None,
    category: Category | None = None,
    origin: str = "",
    return_rule: str = ReturnRule.SEVEN_DAYS,
    return_days: int = 7,
    claim_hours: int = 48,
    is_demo: bool = False,
    actor: str,
    now: datetime,
) -> Product:
    """A new product, as a draft. Raises Errors, or the one refusal, with the fields to repair."""
    product = Product(
        name=name.strip(),
        slug=slug,
        summary=summary,
        story=story,
        maker=maker,
        category=category,
        origin=origin,
        return_rule=return_rule,
        return_days=return_days,
        claim_hours=claim_hours,
        is_demo=is_demo,
        created_at=now,
    )
    Errors.raise_any(_problems(product))
    product.save(force_insert=True)
    audit.write(
        actor=actor,
        action="catalogue.create_product",
        target=f"product:{product.id}",
        after=facts(product, EDITABLE),
        now=now,
    )
    return product


@transaction.atomic
def update_product(*, product: Product, actor: str, now: datetime, **changes: Any) -> Product:
    """Change some of EDITABLE. Orders keep the words they were placed with. Raises as create_product does."""
    refuse_unknown(changes, EDITABLE)
    product = Product.objects.select_for_update(of=("self",)).get(id=product.id)
    before = facts(product, tuple(changes))
    for field, value in changes.items():
        setattr(product, field, value)
    Errors.raise_any(_problems(product))
    product.save(update_fields=list(changes) or None)
    audit.write(
        actor=actor,
        action="catalogue.update_product",
        target=f"product:{product.id}",
        before=before,
        after=facts(product, tuple(changes)),
        now=now,
    )
    return product


@transaction.atomic
def publish(*, product: Product, actor: str, now: datetime) -> Product:
    """Put a draft or paused product on sale; raises NothingToSell without an active variant. On sale already: nothing happens."""
    product = _locked(product)
    if product.state == ProductState.ON_SALE:
        return product
    if not product.skus.filter(is_active=True).exists():
        raise NothingToSell()
    _move(product, ProductState.ON_SALE, actor=actor, now=now)
    events.record(ProductPublished(product.id), now=now)
    return product


@transaction.atomic
def keep_apart(*, product: Product, actor: str, now: datetime) -> Product:
    """Sell a draft by arrangement only: it stands on no shelf and in no search. Raises IllegalMove for anything else."""
    product = _locked(product)
    _move(product, ProductState.APART, actor=actor, now=now)
    return product


@transaction.atomic
def pause(*, product: Product, actor: str, now: datetime) -> Product:
    """Take a product off sale for now; raises IllegalMove for a draft. Paused already: nothing happens."""
    product = _locked(product)
    if product.state == ProductState.PAUSED:
        return product
    _move(product, ProductState.PAUSED, actor=actor, now=now)
    events.record(ProductPaused(product.id), now=now)
    return product


@transaction.atomic
def publish_all(*, product_ids: Collection[int], actor: str, now: datetime) -> None:
    """`publish` for several, all or none."""
    products = [one for one in _locked_all([list(product_ids)]) if one.state != ProductState.ON_SALE]
    sold = {product_id for (product_id,) in planned.rows(SOLD, [[one.pk for one in products]])}
    if any(one.pk not in sold for one in products):
        raise NothingToSell()
    _move_all(products, ProductState.ON_SALE, actor=actor, now=now)
    events.record_history([(ProductPublished(one.pk), now) for one in products])


@transaction.atomic
def pause_all(*, product_ids: Collection[int], actor: str, now: datetime) -> None:
    """`pause` for several, all or none."""
    products = [one for one in _locked_all([list(product_ids)]) if one.state != ProductState.PAUSED]
    _move_all(products, ProductState.PAUSED, actor=actor, now=now)
    events.record_history([(ProductPaused(one.pk), now) for one in products])


@transaction.atomic
def add_picture(
    *, product: Product, picture: Picture, position: int | None = None, actor: str, now: datetime
) -> ProductPicture:
    """Show a picture with the product, at the end unless a position is given. Twice the same: the first stays."""
    _locked(product)
    last = product.product_pictures.aggregate(last=Max("position"))["last"]
    place = position if position is not None else (0 if last is None else last + 1)
    Errors.raise_any(rules.number_problems(place, "position", 1_000))
    shown, is_new = ProductPicture.objects.get_or_create(product=product, picture=picture, defaults={"position": place})
    if is_new:
        audit.write(
            actor=actor,
            action="catalogue.add_picture",
            target=f"product:{product.id}",
            after={"picture": picture.id},
            now=now,
        )
    return shown


@transaction.atomic
def remove_picture(*, product: Product, picture: Picture, actor: str, now: datetime) -> None:
    """Stop showing a picture with the product; the picture itself stays stored."""
    removed, _ = ProductPicture.objects.filter(product=product, picture=picture).delete()
    if removed:
        audit.write(
            actor=actor,
            action="catalogue.remove_picture",
            target=f"product:{product.id}",
            before={"picture": picture.id},
            now=now,
        )


def _locked(product: Product) -> Product:
    return Product.objects.select_for_update(of=("self",)).get(id=product.id)


def _move(product: Product, state: str, *, actor: str, now: datetime) -> None:
    PRODUCT.check(product.state, state)
    before, product.state = product.state, state
    product.save(update_fields=["state"])
    audit.write_all([_moved(product.pk, before, state, actor, now)])


def _move_all(products: Sequence[Product], state: str, *, actor: str, now: datetime) -> None:
    for product in products:
        PRODUCT.check(product.state, state)
    planned.rows(MOVE, [str(state), [one.pk for one in products]])
    audit.write_all([_moved(one.pk, one.state, state, actor, now) for one in products])


def _moved(product_id: int, before: str, after: str, actor: str, now: datetime) -> AuditEntry:
    return audit.as_entry(
        actor=actor,
        action="catalogue.move_product",
        target=f"product:{product_id}",
        before={"state": before},
        after={"state": after},
        now=now,
    )


def _problems(product: Product) -> list[DomainError]:
    texts = {field: getattr(product, field) for field in LIMITS}
    problems = [
        *rules.text_problems(texts, LIMITS, ("name",)),
        *rules.slug_problems(product.slug, 80),
        *rules.choice_problems(product.return_rule, ReturnRule.values, "return_rule"),
        *rules.number_problems(product.return_days, "return_days", MOST_DAYS),
        *rules.number_problems(product.claim_hours, "claim_hours", MOST_HOURS),
        *rules.return_problems(product.return_rule, product.return_days),
    ]
    if Product.objects.filter(slug=product.slug).exclude(id=product.id).exists():
        problems.append(SlugTaken(field="slug", slug=product.slug))
    return problems
