"""Writing and reading freight templates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.audit.services import Person
from quanzi.goods.pricing.areas import COUNT, WEIGHT, Area, area_of
from quanzi.goods.pricing.errors import AreaTwice, BadArea, NoSuchTemplate, TemplateNameTaken, TemplateNeedsName
from quanzi.goods.pricing.models import FreightTemplate, ProductFreight
from quanzi.kernel.errors import DomainError, Errors
from quanzi.people.accounts.divisions import name_of

MOST_AREAS = 40
MOST_STEP = 1_000_000
MOST_MINOR = 10_000_000


@transaction.atomic
def save_template(
    *,
    template_id: int | None = None,
    name: str,
    areas: Sequence[Area],
    is_default: bool = False,
    actor: Person | str,
    now: datetime,
) -> FreightTemplate:
    """Write a template as a whole. The new default takes the place of the old one; orders keep the freight they agreed on.

    Raises Errors, or the one refusal, with the fields to repair ("areas.2.first"), and NoSuchTemplate.
    """
    name = name.strip()
    found = FreightTemplate(name="") if template_id is None else _found(template_id)
    before = {"areas": found.areas, "is_default": found.is_default} if template_id else None
    problems: list[DomainError] = [] if 1 <= len(name) <= 40 else [TemplateNeedsName(field="name", most=40)]
    if FreightTemplate.objects.filter(name=name).exclude(pk=found.pk or 0).exists():
        problems.append(TemplateNameTaken(field="name"))
    Errors.raise_any([*problems, *_area_problems(areas)])
    if is_default:
        FreightTemplate.objects.exclude(pk=found.pk or 0).filter(is_default=True).update(is_default=False)
    found.name, found.areas, found.is_default, found.changed_at = name, [asdict(one) for one in areas], is_default, now
    found.save()
    audit.write(
        actor=actor, action="pricing.freight", target=f"freight:{found.pk}", before=before,
        after={"areas": found.areas, "is_default": is_default}, now=now,
    )  # fmt: skip
    return found


def _area_problems(areas: Sequence[Area]) -> list[DomainError]:
    wrong: list[DomainError] = []
    if not 1 <= len(areas) <= MOST_AREAS:
        wrong.append(BadArea(field="areas"))
    seen: set[str] = set()
    for index, area in enumerate(areas):
        at = f"areas.{index}"
        for code in area.regions or ("",):
            if code in seen:
                wrong.append(AreaTwice(field=f"{at}.regions", region=name_of(code)))
            seen.add(code)
        numbers = [
            (area.first, 0, MOST_STEP),
            (area.step, 1, MOST_STEP),
            (area.first_minor, 0, MOST_MINOR),
            (area.step_minor, 0, MOST_MINOR),
        ]
        fine = all(type(number) is int and least <= number <= most for number, least, most in numbers)
        known = all(name_of(code) for code in area.regions)
        free = area.free_from_minor is None or (type(area.free_from_minor) is int and area.free_from_minor >= 0)
        if area.by not in (WEIGHT, COUNT) or not (fine and known and free):
            wrong.append(BadArea(field=at))
    return wrong


@transaction.atomic
def assign_template(
    *, product_ids: Collection[int], template_id: int | None, actor: Person | str, now: datetime
) -> None:
    """These goods are sent by this template from now on; None: by the default one. Raises NoSuchTemplate."""
    template = None if template_id is None else _found(template_id)
    ProductFreight.objects.filter(product_id__in=product_ids).delete()
    if template is not None:
        ProductFreight.objects.bulk_create(
            ProductFreight(product_id=key, template=template) for key in set(product_ids)
        )
    after = {"products": sorted(product_ids), "template": template_id}
    audit.write(actor=actor, action="pricing.assign_freight", target="freight", after=after, now=now)


def _found(template_id: int) -> FreightTemplate:
    found = FreightTemplate.objects.select_for_update().filter(pk=template_id).first()
    if found is None:
        raise NoSuchTemplate()
    return found


def templates() -> list[tuple[FreightTemplate, list[Area]]]:
    """Every template with its areas, the default one first."""
    rows = FreightTemplate.objects.order_by("-is_default", "name")
    return [(row, [area_of(one) for one in row.areas]) for row in rows]
