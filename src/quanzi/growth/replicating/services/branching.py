"""From a pattern and a sheet to branches: each row whole or not at all, and the same row twice makes one branch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.media.services import store_picture
from quanzi.community.circles.models import Circle
from quanzi.community.circles.services import create_circle
from quanzi.goods.catalogue.models import Sku
from quanzi.growth.replicating import content
from quanzi.growth.replicating.archive import unpack
from quanzi.growth.replicating.errors import BranchTaken, BranchTwice, NoSuchGoods
from quanzi.growth.replicating.models import Branch, Pattern, StarterText
from quanzi.growth.replicating.sheet import Plan
from quanzi.kernel.errors import DomainError, Errors
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.sales.services import open_pickup_point
from quanzi.trade.stations.models import Station
from quanzi.trade.stations.services import GoodPlan, open_round, open_station
from quanzi.trade.stores.services import open_store


@dataclass(frozen=True)
class Outcome:
    """What became of a row. state: made, known (it stood there before), refused, or fits (a preview). problems: by column."""

    row: int
    key: str
    area: str
    state: str
    circle_slug: str = ""
    problems: tuple[tuple[str, DomainError], ...] = field(default=())


class _OnlyLooked(Exception):
    """Takes back everything that a preview did."""


def preview(*, pattern: Pattern, plans: Sequence[Plan], actor: str, now: datetime) -> list[Outcome]:
    """What `open_branches` would do: done for each row, and taken back."""
    return _each(pattern, plans, actor, now, is_preview=True)


def open_branches(*, pattern: Pattern, plans: Sequence[Plan], actor: str, now: datetime) -> list[Outcome]:
    """Make the branches. A row that is refused leaves nothing behind and holds up no other. Call it outside a transaction."""
    return _each(pattern, plans, actor, now, is_preview=False)


def _each(pattern: Pattern, plans: Sequence[Plan], actor: str, now: datetime, *, is_preview: bool) -> list[Outcome]:
    _, files = unpack(bytes(pattern.archive))
    done: list[Outcome] = []
    for plan in plans:
        if plan.key and any(one.key == plan.key for one in done):
            done.append(_refused(plan, BranchTwice(field="branch")))
            continue
        done.append(_one(pattern, files, plan, actor, now, is_preview))
    return done


def _one(pattern: Pattern, files: dict[str, bytes], plan: Plan, actor: str, now: datetime, is_preview: bool) -> Outcome:
    if plan.problems:
        return Outcome(plan.row, plan.key, plan.area, "refused", problems=tuple(plan.problems))
    slug = ""
    try:
        with transaction.atomic():
            branch, is_new = _open(pattern, files, plan, actor, now)
            slug = branch.circle.slug
            if is_preview:
                raise _OnlyLooked
    except _OnlyLooked:
        return Outcome(plan.row, plan.key, plan.area, "fits" if is_new else "known", "" if is_new else slug)
    except DomainError as refused:
        return _refused(plan, refused)
    return Outcome(plan.row, plan.key, plan.area, "made" if is_new else "known", slug)


def _refused(plan: Plan, refused: DomainError) -> Outcome:
    each = refused.errors if isinstance(refused, Errors) else (refused,)
    problems = tuple((getattr(one, "field", ""), one) for one in each)
    return Outcome(plan.row, plan.key, plan.area, "refused", problems=problems)


def _open(pattern: Pattern, files: dict[str, bytes], plan: Plan, actor: str, now: datetime) -> tuple[Branch, bool]:
    """Everything of one branch, in the caller's transaction."""
    asked = row_hash(pattern, plan)
    known = Branch.objects.select_related("circle").filter(key=plan.key).first()
    if known is not None:
        if known.row_hash != asked:
            raise BranchTaken(field="branch")
        return known, False
    assert plan.leader is not None
    told = content.with_area(content.checked(pattern.content), plan.area)
    circle = _found(told["circle"], files, plan, now)
    pictures = {str(circle.cover_id): told["circle"]["cover"]} if circle.cover_id else {}
    branch = Branch.objects.create(
        pattern=pattern, key=plan.key, row_hash=asked, area=plan.area, circle=circle, pictures=pictures, made_at=now, made_by=actor
    )  # fmt: skip
    stations = _points(told["points"], circle, plan, actor, now)
    if plan.first_round is not None:
        for one in told["rounds"]:
            _round(one, stations, plan, actor, now)
    StarterText.objects.bulk_create(
        StarterText(branch=branch, position=number, **text) for number, text in enumerate(told["texts"], start=1)
    )
    audit.write(
        actor=actor, action="replicating.open_branch", target=f"branch:{branch.pk}",
        after={"pattern": pattern.pk, "key": plan.key, "circle": circle.pk}, now=now,
    )  # fmt: skip
    return branch, True


def row_hash(pattern: Pattern, plan: Plan) -> str:
    """What a row asks for, so that the same key cannot ask for something else."""
    asked = [
        pattern.digest,
        plan.key,
        plan.area,
        plan.leader.pk if plan.leader else 0,
        *plan.addresses,
        plan.percent,
        plan.first_round,
    ]
    return hashlib.sha256(json.dumps(asked, default=str).encode()).hexdigest()


def _found(told: dict[str, Any], files: dict[str, bytes], plan: Plan, now: datetime) -> Circle:
    leader: Member = plan.leader  # type: ignore[assignment]  # a plan without problems has one
    words = {name: told[name] for name in ("name", "summary", "charter", "place", "admission", "question")}
    cover = None
    if told["cover"]:
        cover = store_picture(data=files[told["cover"]], purpose="cover", owner_id=leader.pk, alt="", now=now)
    return create_circle(founder=leader, slug=plan.key, cover=cover, now=now, **words)


def _points(told: Sequence[dict[str, Any]], circle: Circle, plan: Plan, actor: str, now: datetime) -> list[Station]:
    """The pickup points of the branch with their stations and stores; returns the stations."""
    leader: Member = plan.leader  # type: ignore[assignment]
    stations = []
    for one, where in zip(told, plan.addresses, strict=True):
        point: PickupPoint = open_pickup_point(
            leader=leader, name=one["name"], address=where.address, hours=one["hours"], hours_en=one["hours_en"], circle=circle,
            latitude=where.latitude, longitude=where.longitude, actor=actor, now=now,
        )  # fmt: skip
        if one["station"]:
            stations.append(open_station(point=point, actor=actor, now=now, **one["station"]))
        if one["store"]:
            open_store(point=point, actor=actor, now=now, **one["store"])
    return stations


def _round(told: dict[str, Any], stations: Sequence[Station], plan: Plan, actor: str, now: datetime) -> None:
    opens_at = plan.first_round
    assert opens_at is not None
    cut_off_at = opens_at + timedelta(minutes=told["order_minutes"])
    pickup_from = cut_off_at + timedelta(minutes=told["wait_minutes"])
    open_round(
        title=told["title"], opens_at=opens_at, cut_off_at=cut_off_at, pickup_from=pickup_from,
        pickup_until=pickup_from + timedelta(minutes=told["pickup_minutes"]), goods=[_good(one, plan.percent) for one in told["goods"]],
        station_ids=[one.pk for one in stations], actor=actor, now=now,
    )  # fmt: skip


def _good(told: dict[str, Any], percent: int) -> GoodPlan:
    """The price of the pattern in percent, rounded down to the minor unit, at least one."""
    sku = Sku.objects.filter(code=told["sku"], currency=told["currency"]).first()
    if sku is None:
        raise NoSuchGoods(field="first_round", code=told["sku"])
    return GoodPlan(
        sku.pk, max(1, told["price_minor"] * percent // 100), told["most"], told["minimum"], told["leader_bp"], told["comes_later"]
    )  # fmt: skip
