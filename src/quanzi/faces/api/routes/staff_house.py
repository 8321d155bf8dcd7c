"""The house for the staff: today, the staff itself, the audit log, imports."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.base.audit.queries import history
from quanzi.base.shop import errors as shop_errors
from quanzi.base.shop.models import Shop
from quanzi.base.shop.queries import shop as the_shop
from quanzi.base.shop.services import update_shop
from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, Word, page_of
from quanzi.faces.api.schemas.staff_house import AuditOut, ImportRunOut, StaffPersonOut, TodayOut
from quanzi.faces.api.schemas.staff_shop import ShopIn, ShopOut
from quanzi.faces.api.security import member_of, staff_of
from quanzi.faces.console.reading.desk import desk
from quanzi.faces.console.reading.members import hidden_contact
from quanzi.growth.importing.models import ImportRun
from quanzi.growth.insight.queries import money, stages
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can, may_use_console, permissions_of

router = Router(tags=["staff"])


@router.get("/staff/today", response=TodayOut, summary="What needs me now", openapi_extra=refuses(NotAllowed))
def get_today(request: HttpRequest) -> dict[str, Any]:
    """The caller's own tasks, the weightiest first; people by stage and this month's money for whoever may see them."""
    me, now = member_of(request), clock.now()
    if not may_use_console(me):
        raise NotAllowed
    return {
        "tasks": desk(now=now).tasks_for(permissions_of(me)),
        "stages": stages(now) if can(me, "sources.view") else None,
        "money": money(now) if can(me, "money.view") else None,
    }


@router.get("/staff/people", response=list[StaffPersonOut], summary="Who is of the staff")
def list_staff(request: HttpRequest) -> list[dict[str, Any]]:
    """By role. Roles are given on the console's page, by a person. Needs staff.manage."""
    staff_of(request, "staff.manage")
    people = Member.objects.filter(is_staff=True, erased_at=None).order_by("staff_role", "pk")
    return [
        {"id": one.pk, "name": one.name, "contact": hidden_contact(one), "staff_role": one.staff_role, "is_active": one.is_active}
        for one in people
    ]  # fmt: skip


@router.get("/staff/audit", response=Page[AuditOut], summary="The audit log")
def list_audit(
    request: HttpRequest,
    action: Word = "",
    target: Word = "",
    actor_id: Id | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Who changed what, newest first. Needs audit.view."""
    staff_of(request, "audit.view")
    rows = history(action=action, target=target, actor_id=actor_id, before_id=cursor, limit=limit)
    return page_of(rows, limit)


@router.get("/staff/imports", response=Page[ImportRunOut], summary="Imports and what they reported")
def list_imports(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first. Needs imports.run."""
    staff_of(request, "imports.run")
    found = ImportRun.objects.order_by("-pk")
    return page_of(list((found.filter(pk__lt=cursor) if cursor is not None else found)[:limit]), limit, "pk")


@router.get("/staff/shop", response=ShopOut, summary="What the shop tells of itself")
def get_shop(request: HttpRequest) -> Shop:
    """As its pages say it. Needs shop.edit."""
    staff_of(request, "shop.edit")
    return the_shop()


@router.patch(
    "/staff/shop",
    response=ShopOut,
    summary="Change what the shop tells of itself",
    openapi_extra=refuses(
        Errors, shop_errors.ShopTextNeeded, shop_errors.ShopTextTooLong, shop_errors.NotAnAddress, shop_errors.AmountNegative
    ),
)  # fmt: skip
def change_shop(request: HttpRequest, body: ShopIn) -> Shop:
    """All pages say so at once. Needs shop.edit."""
    me, sent = staff_of(request, "shop.edit"), body.model_dump(exclude_unset=True)
    update_shop(actor=me, now=clock.now(), **{name: value for name, value in sent.items() if value is not None})
    return the_shop()
