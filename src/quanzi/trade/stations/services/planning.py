"""Opening a round: goods, prices, minimums, times, stations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.stock import services as stock
from quanzi.kernel.errors import DomainError, Errors, InvalidInput
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.rules import clean
from quanzi.trade.stations import errors
from quanzi.trade.stations.events import RoundOpened
from quanzi.trade.stations.models import Round, RoundGood, Station, Stop
from quanzi.trade.stations.rules import KIND

PAID_IN = "CNY"
"""What leaders are paid in. A part in another currency is refused when a round opens: a settlement is one sum, a leader's account one
currency, and no rate of exchange is true on the day of the order, of keeping and of the transfer. The database refuses it too."""


@dataclass(frozen=True)
class GoodPlan:
    """One SKU: its price in the round, the units that must be paid for it to come, the units there are, and what the
    leader gets of the money in basis points. comes_later: `most` units are promised, and bought after the cut-off."""

    sku_id: int
    price_minor: int
    most: int
    minimum: int = 0
    leader_bp: int = 0
    comes_later: bool = False


@transaction.atomic
def open_round(
    *,
    title: str,
    opens_at: datetime,
    cut_off_at: datetime,
    pickup_from: datetime,
    pickup_until: datetime,
    goods: Sequence[GoodPlan],
    station_ids: Sequence[int],
    is_demo: bool = False,
    actor: Member | str,
    now: datetime,
) -> Round:
    """Take orders in [opens_at, cut_off_at) at these stations; each with the capacity it has now.

    Raises EmptyRound, BadTimes, BadGood, LeaderPartCurrency, NoSuchStation: all that is wrong at once.
    """
    said = clean(title)
    skus = Sku.objects.in_bulk([plan.sku_id for plan in goods])
    stations = Station.objects.select_related("point").in_bulk(list(station_ids))
    wrong: list[DomainError] = []
    if not 1 <= len(said) <= 40:
        wrong.append(InvalidInput(field="title"))
    if not (opens_at < cut_off_at <= pickup_from < pickup_until and now < cut_off_at):
        wrong.append(errors.BadTimes(field="cut_off_at"))
    if not goods or not station_ids or len(skus) != len(goods):
        wrong.append(errors.EmptyRound(field="goods"))
    wrong += [
        errors.BadGood(field=f"goods.{i}") for i, plan in enumerate(goods) if not _is_sound(plan, skus.get(plan.sku_id))
    ]
    wrong += [
        errors.LeaderPartCurrency(field=f"goods.{i}")
        for i, plan in enumerate(goods)
        if plan.leader_bp and plan.sku_id in skus and skus[plan.sku_id].currency != PAID_IN
    ]
    if len(stations) != len(set(station_ids)) or not all(one.point.is_open for one in stations.values()):
        wrong.append(errors.NoSuchStation())
    Errors.raise_any(wrong)
    made: Round = Round.objects.create(
        title=said, opens_at=opens_at, cut_off_at=cut_off_at, pickup_from=pickup_from, pickup_until=pickup_until,
        is_demo=is_demo,
    )  # fmt: skip
    RoundGood.objects.bulk_create(
        RoundGood(round=made, currency=skus[plan.sku_id].currency, **vars(plan)) for plan in goods
    )
    for plan in goods:
        if plan.comes_later:
            stock.promise(sku_id=plan.sku_id, source=f"{KIND}:{made.pk}", coming=plan.most, now=now)
    Stop.objects.bulk_create(
        Stop(round=made, station=one, capacity=one.capacity) for _, one in sorted(stations.items())
    )
    after = {"goods": len(goods), "stations": len(stations), "cut_off_at": cut_off_at.isoformat()}
    audit.write(actor=actor, action="stations.open_round", target=f"round:{made.pk}", after=after, now=now)
    record(RoundOpened(made.pk), now=now)
    return made


def _is_sound(plan: GoodPlan, sku: Sku | None) -> bool:
    within_list = sku is None or plan.price_minor <= sku.price_minor
    return (
        plan.price_minor > 0
        and within_list
        and 0 <= plan.minimum <= plan.most
        and plan.most >= 1
        and 0 <= plan.leader_bp <= 5000
    )
