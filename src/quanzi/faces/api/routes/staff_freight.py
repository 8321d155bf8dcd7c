"""Freight templates for the staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Id, Key
from quanzi.faces.api.schemas.freight import FreightGoodsIn, FreightTemplateIn, FreightTemplateOut
from quanzi.faces.api.security import staff_of
from quanzi.goods.catalogue.models import Product
from quanzi.goods.pricing import errors, templates
from quanzi.goods.pricing.areas import area_of
from quanzi.goods.pricing.models import ProductFreight
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, NotFound

router = Router(tags=["staff"])
WRONG = (Errors, errors.TemplateNeedsName, errors.TemplateNameTaken, errors.BadArea, errors.AreaTwice)


@router.get("/staff/freight-templates", response=list[FreightTemplateOut], summary="Freight templates")
def list_freight_templates(request: HttpRequest) -> list[dict[str, Any]]:
    """All of them, the one for all other goods first. Needs shop.edit."""
    staff_of(request, "shop.edit")
    return _drawn()


@router.post(
    "/staff/freight-templates",
    response={201: FreightTemplateOut},
    summary="Write a freight template",
    openapi_extra=refuses(*WRONG),
)
def add_freight_template(request: HttpRequest, body: FreightTemplateIn, idempotency_key: Key) -> Status[dict[str, Any]]:
    """New orders pay by it. Needs shop.edit."""
    return Status(201, _save(request, None, body))


@router.put(
    "/staff/freight-templates/{template_id}",
    response=FreightTemplateOut,
    summary="Rewrite a freight template",
    openapi_extra=refuses(errors.NoSuchTemplate, *WRONG),
)
def change_freight_template(request: HttpRequest, template_id: Id, body: FreightTemplateIn) -> dict[str, Any]:
    """As a whole; orders that stand keep their freight. Needs shop.edit."""
    return _save(request, template_id, body)


@router.post(
    "/staff/freight-templates/{template_id}/goods",
    response={204: None},
    summary="Send goods by a freight template",
    openapi_extra=refuses(errors.NoSuchTemplate),
)
def set_freight_of_goods(request: HttpRequest, template_id: Id, body: FreightGoodsIn) -> None:
    """Besides those that are already; away: these go by the one for all other goods again. Needs shop.edit."""
    me, now = staff_of(request, "shop.edit"), clock.now()
    wanted = {*body.product_ids, *body.away}
    if Product.objects.filter(pk__in=wanted).count() != len(wanted):
        raise NotFound
    templates.assign_template(product_ids=body.product_ids, template_id=template_id, actor=me, now=now)
    mine = ProductFreight.objects.filter(template_id=template_id, product_id__in=set(body.away) - set(body.product_ids))
    leaving = list(mine.values_list("product_id", flat=True))
    if leaving:
        templates.assign_template(product_ids=leaving, template_id=None, actor=me, now=now)


def _save(request: HttpRequest, template_id: int | None, body: FreightTemplateIn) -> dict[str, Any]:
    me = staff_of(request, "shop.edit")
    saved = templates.save_template(
        template_id=template_id, name=body.name, areas=[area_of(one.model_dump()) for one in body.areas], is_default=body.is_default,
        actor=me, now=clock.now(),
    )  # fmt: skip
    return next(row for row in _drawn() if row["id"] == saved.pk)


def _drawn() -> list[dict[str, Any]]:
    return [
        {"id": row.pk, "name": row.name, "is_default": row.is_default, "areas": areas,
         "product_ids": list(ProductFreight.objects.filter(template=row).order_by("product_id").values_list("product_id", flat=True))}
        for row, areas in templates.templates()
    ]  # fmt: skip
