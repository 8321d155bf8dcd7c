"""Opening stores, taking patterns of communities, making branches from them: for the staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.community.circles.models import Circle
from quanzi.community.posts.models import Post
from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Id
from quanzi.faces.api.schemas.stores import (
    BranchesIn,
    BranchOutcomeOut,
    PatternGoodOut,
    PatternGoodsIn,
    PatternIn,
    PatternOut,
    StoreOpenIn,
    StoreOut,
)
from quanzi.faces.api.security import staff_of
from quanzi.faces.ui.environment import problem
from quanzi.growth.replicating import errors, queries, services, sheet
from quanzi.growth.replicating.services import Outcome
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, NotAllowed, NotFound
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.stores import services as stores
from quanzi.trade.stores.errors import StoreTaken
from quanzi.trade.stores.queries import StoreCard, store_by_code

router = Router(tags=["staff"])


@router.post(
    "/staff/stores",
    response={201: StoreOut},
    summary="Open a store at a pickup point",
    openapi_extra=refuses(NotFound, StoreTaken, Errors),
)
def open_store(request: HttpRequest, body: StoreOpenIn) -> StoreCard:
    """The leader of the point keeps it. Needs shop.edit."""
    me = staff_of(request, "shop.edit")
    point = PickupPoint.objects.filter(pk=body.pickup_point_id, is_open=True).first()
    if point is None:
        raise NotFound
    values = body.model_dump(exclude={"pickup_point_id"})
    return store_by_code(stores.open_store(point=point, actor=f"staff:{me.pk}", now=clock.now(), **values).code)


@router.get("/staff/patterns", response=list[PatternOut], summary="Patterns of communities")
def list_patterns(request: HttpRequest) -> list[queries.PatternRow]:
    """The newest first. Needs shop.edit."""
    staff_of(request, "shop.edit")
    return queries.patterns()


@router.post(
    "/staff/patterns",
    response={201: PatternOut},
    summary="Take the pattern of a circle",
    openapi_extra=refuses(NotFound, errors.AreaNeeded, errors.PatternTooLarge, errors.Personal, Errors),
)
def make_pattern(request: HttpRequest, body: PatternIn) -> queries.PatternRow:
    """Settings, plan and texts without any person in them; the same content is one pattern. Needs shop.edit."""
    me = staff_of(request, "shop.edit")
    circle = Circle.objects.filter(pk=body.circle_id).first()
    if circle is None:
        raise NotFound
    made = services.make_pattern(
        circle=circle, areas=body.areas, posts=list(Post.objects.filter(pk__in=body.post_ids)), kept_words=body.kept_words,
        with_pictures=body.with_pictures,
        actor=f"staff:{me.pk}", now=clock.now(),
    )  # fmt: skip
    return queries.pattern_row(made.pk)


@router.post(
    "/staff/patterns/{pattern_id}/goods",
    response=list[PatternGoodOut],
    summary="Make drafts of the goods of a pattern that are missing here",
    openapi_extra=refuses(errors.NoSuchPattern, NotAllowed, Errors),
)
def make_goods(request: HttpRequest, pattern_id: Id, body: PatternGoodsIn) -> list[queries.GoodRow]:
    """With words, variants, prices, pictures and traits, without stock and cost; again makes nothing. Needs shop.edit and goods.edit."""
    me = staff_of(request, "shop.edit")
    pattern = queries.pattern(pattern_id)
    if body.look:
        return queries.goods_of(pattern.content)
    return services.make_goods(pattern=pattern, actor=me, now=clock.now())


@router.post(
    "/staff/patterns/{pattern_id}/branches",
    response=list[BranchOutcomeOut],
    summary="Make branches of a pattern",
    openapi_extra=refuses(errors.NoSuchPattern, errors.TooManyBranches),
)
def open_branches(request: HttpRequest, pattern_id: Id, body: BranchesIn) -> list[dict[str, Any]]:
    """Each row whole or not at all; the same row again makes nothing. Needs shop.edit."""
    me, now = staff_of(request, "shop.edit"), clock.now()
    pattern = queries.pattern(pattern_id)
    rows = [(number, row.cells) for number, row in enumerate(body.rows, start=1)]
    plans = sheet.plans_from(rows, content=pattern.content, now=now)
    do = services.preview if body.look else services.open_branches
    return [_told(one) for one in do(pattern=pattern, plans=plans, actor=f"staff:{me.pk}", now=now)]


def _told(one: Outcome) -> dict[str, Any]:
    problems = [{"column": column, "code": why.code, "text": problem(why)} for column, why in one.problems]
    return {
        "row": one.row,
        "key": one.key,
        "area": one.area,
        "state": one.state,
        "circle_slug": one.circle_slug,
        "problems": problems,
    }
