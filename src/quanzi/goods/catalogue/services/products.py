"""Products, their pictures, makers and categories."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from quanzi.base.audit import services as audit
from quanzi.base.events import services as events
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue import rules
from quanzi.goods.catalogue.errors import NothingToSell, SlugTaken
from quanzi.goods.catalogue.events import ProductPaused, ProductPublished
from quanzi.goods.catalogue.models import Category, Maker, Product, ProductPicture, ProductState, ReturnRule
from quanzi.goods.catalogue.states import PRODUCT
from quanzi.kernel.errors import DomainError, Errors
from quanzi.people.accounts.models import Member

LIMITS = {"name": 80, "summary": 200, "story": 20_000, "origin": 80}
MAKER_LIMITS = {"name": 60, "place": 60, "story": 20_000}
CATEGORY_LIMITS = {"name": 30, "name_en": 40}
MOST_DAYS = 365
MOST_HOURS = 24 * 30

EDITABLE = ("name", "slug", "summary", "story", "maker", "category", "origin", "return_rule", "return_days", "claim_hours")
MAKER_EDITABLE = ("name", "slug", "place", "story", "portrait", "member")
PERSONAL = ("name", "place", "story")
"""A maker is often one person; the audit log, which is never erased, keeps only that these changed."""


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
    audit.write(actor=actor, action="catalogue.create_product", target=f"product:{product.id}", after=_facts(product, EDITABLE), now=now)
    return product


@transaction.atomic
def update_product(*, product: Product, actor: str, now: datetime, **changes: Any) -> Product:
    """Change some of EDITABLE. Orders keep the words they were placed with. Raises as create_product does."""
    _refuse_unknown(changes, EDITABLE)
    product = Product.objects.select_for_update(of=("self",)).get(id=product.id)
    before = _facts(product, tuple(changes))
    for field, value in changes.items():
        setattr(product, field, value)
    Errors.raise_any(_problems(product))
    product.save(update_fields=list(changes) or None)
    audit.write(
        actor=actor, action="catalogue.update_product", target=f"product:{product.id}", before=before, after=_facts(product, tuple(changes)), now=now
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
def pause(*, product: Product, actor: str, now: datetime) -> Product:
    """Take a product off sale for now; raises IllegalMove for a draft. Paused already: nothing happens."""
    product = _locked(product)
    if product.state == ProductState.PAUSED:
        return product
    _move(product, ProductState.PAUSED, actor=actor, now=now)
    events.record(ProductPaused(product.id), now=now)
    return product


@transaction.atomic
def add_picture(*, product: Product, picture: Picture, position: int | None = None, actor: str, now: datetime) -> ProductPicture:
    """Show a picture with the product, at the end unless a position is given. Twice the same: the first stays."""
    _locked(product)
    last = product.product_pictures.aggregate(last=Max("position"))["last"]
    place = position if position is not None else (0 if last is None else last + 1)
    Errors.raise_any(rules.number_problems(place, "position", 1_000))
    shown, is_new = ProductPicture.objects.get_or_create(product=product, picture=picture, defaults={"position": place})
    if is_new:
        audit.write(actor=actor, action="catalogue.add_picture", target=f"product:{product.id}", after={"picture": picture.id}, now=now)
    return shown


@transaction.atomic
def remove_picture(*, product: Product, picture: Picture, actor: str, now: datetime) -> None:
    """Stop showing a picture with the product; the picture itself stays stored."""
    removed, _ = ProductPicture.objects.filter(product=product, picture=picture).delete()
    if removed:
        audit.write(actor=actor, action="catalogue.remove_picture", target=f"product:{product.id}", before={"picture": picture.id}, now=now)


@transaction.atomic
def create_maker(
    *,
    name: str,
    slug: str,
    place: str = "",
    story: str = "",
    portrait: Picture | None = None,
    member: Member | None = None,
    is_demo: bool = False,
    actor: str,
    now: datetime,
) -> Maker:
    """Introduce a grower or workshop. Raises Errors, or the one refusal, with the fields to repair."""
    maker = Maker(name=name.strip(), slug=slug, place=place, story=story, portrait=portrait, member=member, is_demo=is_demo)
    Errors.raise_any(_maker_problems(maker))
    maker.save(force_insert=True)
    audit.write(actor=actor, action="catalogue.create_maker", target=f"maker:{maker.id}", after=_facts(maker, MAKER_EDITABLE), now=now)
    return maker


@transaction.atomic
def update_maker(*, maker: Maker, actor: str, now: datetime, **changes: Any) -> Maker:
    """Change some of MAKER_EDITABLE. Raises as create_maker does."""
    _refuse_unknown(changes, MAKER_EDITABLE)
    maker = Maker.objects.select_for_update(of=("self",)).get(id=maker.id)
    before = _facts(maker, tuple(changes))
    for field, value in changes.items():
        setattr(maker, field, value)
    Errors.raise_any(_maker_problems(maker))
    maker.save(update_fields=list(changes) or None)
    audit.write(actor=actor, action="catalogue.update_maker", target=f"maker:{maker.id}", before=before, after=_facts(maker, tuple(changes)), now=now)
    return maker


@transaction.atomic
def create_category(
    *, name: str, slug: str, name_en: str = "", position: int = 0, icon: Picture | None = None, actor: str, now: datetime
) -> Category:
    """A shelf of the shop. Raises Errors, or the one refusal, with the fields to repair."""
    texts = {"name": name, "name_en": name_en}
    problems = [*rules.text_problems(texts, CATEGORY_LIMITS, ("name",)), *rules.slug_problems(slug, 50), *rules.number_problems(position, "position", 10_000)]
    if Category.objects.filter(slug=slug).exists():
        problems.append(SlugTaken(field="slug", slug=slug))
    Errors.raise_any(problems)
    category = Category.objects.create(name=name.strip(), name_en=name_en, slug=slug, position=position, icon=icon)
    audit.write(actor=actor, action="catalogue.create_category", target=f"category:{category.id}", after={"name": name}, now=now)
    return category


def _locked(product: Product) -> Product:
    return Product.objects.select_for_update(of=("self",)).get(id=product.id)


def _move(product: Product, state: str, *, actor: str, now: datetime) -> None:
    PRODUCT.check(product.state, state)
    before, product.state = product.state, state
    product.save(update_fields=["state"])
    audit.write(actor=actor, action="catalogue.move_product", target=f"product:{product.id}", before={"state": before}, after={"state": state}, now=now)


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


def _maker_problems(maker: Maker) -> list[DomainError]:
    texts = {field: getattr(maker, field) for field in MAKER_LIMITS}
    problems = [*rules.text_problems(texts, MAKER_LIMITS, ("name",)), *rules.slug_problems(maker.slug, 50)]
    if Maker.objects.filter(slug=maker.slug).exclude(id=maker.id).exists():
        problems.append(SlugTaken(field="slug", slug=maker.slug))
    return problems


def _refuse_unknown(changes: dict[str, Any], editable: tuple[str, ...]) -> None:
    unknown = set(changes) - set(editable)
    if unknown:
        raise TypeError(f"not editable here: {', '.join(sorted(unknown))}")


def _facts(row: Product | Maker, fields: tuple[str, ...]) -> dict[str, Any]:
    """Values as the audit log keeps them: rows by their id."""
    values = {field: getattr(row, field) for field in fields}
    if isinstance(row, Maker):
        values |= {field: "…" for field in PERSONAL if field in values}
    return {field: getattr(value, "pk", value) for field, value in values.items()}
