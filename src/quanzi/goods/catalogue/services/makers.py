"""Makers and categories."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue import rules
from quanzi.goods.catalogue.errors import SlugTaken
from quanzi.goods.catalogue.models import Category, Maker
from quanzi.goods.catalogue.services.changes import facts, refuse_unknown
from quanzi.kernel.errors import DomainError, Errors
from quanzi.people.accounts.models import Member

MAKER_LIMITS = {"name": 60, "place": 60, "story": 20_000}
CATEGORY_LIMITS = {"name": 30, "name_en": 40}
MAKER_EDITABLE = ("name", "slug", "place", "story", "portrait", "member")
PERSONAL = ("name", "place", "story")
"""A maker is often one person; the audit log, which is never erased, keeps only that these changed."""


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
    maker = Maker(
        name=name.strip(), slug=slug, place=place, story=story, portrait=portrait, member=member, is_demo=is_demo
    )
    Errors.raise_any(_maker_problems(maker))
    maker.save(force_insert=True)
    audit.write(
        actor=actor,
        action="catalogue.create_maker",
        target=f"maker:{maker.id}",
        after=facts(maker, MAKER_EDITABLE, PERSONAL),
        now=now,
    )
    return maker


@transaction.atomic
def update_maker(*, maker: Maker, actor: str, now: datetime, **changes: Any) -> Maker:
    """Change some of MAKER_EDITABLE. Raises as create_maker does."""
    refuse_unknown(changes, MAKER_EDITABLE)
    maker = Maker.objects.select_for_update(of=("self",)).get(id=maker.id)
    before = facts(maker, changes, PERSONAL)
    for field, value in changes.items():
        setattr(maker, field, value)
    Errors.raise_any(_maker_problems(maker))
    maker.save(update_fields=list(changes) or None)
    audit.write(
        actor=actor,
        action="catalogue.update_maker",
        target=f"maker:{maker.id}",
        before=before,
        after=facts(maker, changes, PERSONAL),
        now=now,
    )
    return maker


@transaction.atomic
def create_category(
    *,
    name: str,
    slug: str,
    name_en: str = "",
    position: int = 0,
    icon: Picture | None = None,
    actor: str,
    now: datetime,
) -> Category:
    """A shelf of the shop. Raises Errors, or the one refusal, with the fields to repair."""
    texts = {"name": name, "name_en": name_en}
    problems = [
        *rules.text_problems(texts, CATEGORY_LIMITS, ("name",)),
        *rules.slug_problems(slug, 50),
        *rules.number_problems(position, "position", 10_000),
    ]
    if Category.objects.filter(slug=slug).exists():
        problems.append(SlugTaken(field="slug", slug=slug))
    Errors.raise_any(problems)
    category = Category.objects.create(name=name.strip(), name_en=name_en, slug=slug, position=position, icon=icon)
    audit.write(
        actor=actor, action="catalogue.create_category", target=f"category:{category.id}", after={"name": name}, now=now
    )
    return category


def _maker_problems(maker: Maker) -> list[DomainError]:
    texts = {field: getattr(maker, field) for field in MAKER_LIMITS}
    problems = [*rules.text_problems(texts, MAKER_LIMITS, ("name",)), *rules.slug_problems(maker.slug, 50)]
    if Maker.objects.filter(slug=maker.slug).exclude(id=maker.id).exists():
        problems.append(SlugTaken(field="slug", slug=maker.slug))
    return problems
