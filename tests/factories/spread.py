"""Plans of samples, and members who were asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quanzi.goods.catalogue.models import Sku
from quanzi.goods.stock import services as stock
from quanzi.growth.spread import services
from quanzi.growth.spread.models import Call, Plan, PlanState, Seed, SeedState
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import decide
from tests.factories.goods import make_sku
from tests.factories.people import make_staff


def make_plan(*, sku: Sku | None = None, now: datetime | None = None) -> Plan:
    """One sample, whom to ask still being counted."""
    now = now or clock.now()
    sku = sku or make_sku(stock_of=2, now=now)
    terms: dict[str, Any] = {
        "name": "新茶试用",
        "product_id": sku.product_id,
        "samples": 1,
        "budget_minor": 10**7,
        "days": 30,
    }
    return services.make_plan(actor=make_staff("operator"), now=now, **terms)


def make_asked_seed(*, member: Member, now: datetime | None = None) -> Seed:
    """Somebody who was asked whether they would try a sample."""
    now, plan = now or clock.now(), make_plan(now=now)
    agree(member, Purpose.SAMPLES, now=now)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.ASKING)
    seed: Seed = Seed.objects.create(plan=plan, member=member, place=1, adds=1.5, state=SeedState.ASKED, asked_at=now)
    stock.reserve(lines=[(plan.sku_id, 1, f"sample:{seed.pk}")], expires_at=None, now=now)
    return seed


def make_call(*, member: Member, now: datetime | None = None) -> Call:
    """Somebody who was asked to look after a station."""
    now = now or clock.now()
    agree(member, Purpose.LEADING, now=now)
    made: Call = Call.objects.create(
        member=member, area="西湖区", reasons={"helped": 2}, asked_by=make_staff("operator"), asked_at=now
    )
    return made


def agree(member: Member, *purposes: str, granted: bool = True, now: datetime) -> None:
    """The member's own decision about purposes that are no messages."""
    for purpose in purposes:
        decide(member=member, purpose=purpose, channel=Channel.NONE, granted=granted, where="test", now=now)
