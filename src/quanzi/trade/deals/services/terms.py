"""The terms of a deal: who may buy together, how many, at what price, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.community.circles.models import Circle
from quanzi.goods.catalogue.models import Sku
from quanzi.kernel.errors import DomainError, Errors
from quanzi.people.accounts.models import Member
from quanzi.trade.deals.errors import BadTerms, EndsTooEarly, NoSuchDeal, NotCheaper, StepNotCheaper, TooManySteps
from quanzi.trade.deals.models import DealGuest, GroupDeal, RefundRule

TEAM_SIZES = (2, 100)
WINDOWS = (1, 60 * 24 * 30)
LIMITS = (1, 10_000)
MOST_STEPS = 5
"""Of a ladder, the first one included."""


@transaction.atomic
def create_deal(
    *,
    sku: Sku,
    team_size: int,
    price_minor: int,
    window_minutes: int = 1440,
    per_member_limit: int = 1,
    max_per_seat: int = 1,
    steps: Sequence[tuple[int, int]] = (),
    newcomers_only: bool = False,
    most_people: int | None = None,
    guests: Sequence[int] | None = None,
    refund_rule: str = RefundRule.UNTIL_HANDOVER,
    reason_zh: str = "",
    reason_en: str = "",
    circle: Circle | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    is_demo: bool = False,
    actor: Member | str,
    now: datetime,
) -> GroupDeal:
    """Offer a SKU at `price_minor` each to teams of `team_size`; raises every unusable term at once.

    window_minutes: how long a team has; reason: why it is cheaper together, shown beside the price; steps: (people, price
    of one) beyond the first, each for more people at a lower price; newcomers_only: joiners have never bought before;
    most_people: more than team_size may join at the same price until the end; guests: members for whom it is made.
    """
    starts_at = starts_at or now
    errors: list[DomainError] = []
    for field, value, (least, most) in (
        ("team_size", team_size, TEAM_SIZES),
        ("window_minutes", window_minutes, WINDOWS),
        ("per_member_limit", per_member_limit, LIMITS),
        ("max_per_seat", max_per_seat, (1, 99)),
    ):
        if not least <= value <= most:
            errors.append(BadTerms(field=field, least=least, most=most))
    if not 0 < price_minor < sku.price_minor:
        errors.append(NotCheaper(field="price_minor"))
    errors += _step_errors(team_size, price_minor, steps)
    if ends_at is not None and ends_at <= starts_at:
        errors.append(EndsTooEarly(field="ends_at"))
    Errors.raise_any(errors)
    deal = GroupDeal.objects.create(
        sku=sku,
        circle=circle,
        team_size=team_size,
        price_minor=price_minor,
        steps=[list(step) for step in steps] or _room_for_more(team_size, price_minor, most_people),
        for_guests=guests is not None,
        newcomers_only=newcomers_only,
        currency=sku.currency,
        reason_zh=reason_zh,
        reason_en=reason_en,
        window_minutes=window_minutes,
        per_member_limit=per_member_limit,
        max_per_seat=max_per_seat,
        refund_rule=RefundRule(refund_rule),
        starts_at=starts_at,
        ends_at=ends_at,
        is_demo=is_demo,
    )
    DealGuest.objects.bulk_create([DealGuest(deal=deal, member_id=one) for one in guests or ()])
    terms: dict[str, Any] = {
        "sku": sku.code,
        "team_size": team_size,
        "price_minor": price_minor,
        "single_minor": sku.price_minor,
    }
    terms |= {"steps": deal.steps} if deal.steps else {}
    audit.write(actor=actor, action="deal.created", target=f"deal:{deal.pk}", after=terms, now=now)
    return deal


def _room_for_more(team_size: int, price_minor: int, most_people: int | None) -> list[list[int]]:
    """A last step at the same price: the team succeeds at its end with at least `team_size`, and may have more."""
    return [[most_people, price_minor]] if most_people is not None and most_people > team_size else []


def _step_errors(team_size: int, price_minor: int, steps: Sequence[tuple[int, int]]) -> list[DomainError]:
    errors: list[DomainError] = [TooManySteps(field="steps", most=MOST_STEPS)] if len(steps) >= MOST_STEPS else []
    before = (team_size, price_minor)
    for index, (people, price) in enumerate(steps):
        if not before[0] < people <= TEAM_SIZES[1]:
            errors.append(BadTerms(field=f"steps.{index}.people", least=before[0] + 1, most=TEAM_SIZES[1]))
        if not 0 < price < before[1]:
            errors.append(StepNotCheaper(field=f"steps.{index}.price_minor"))
        before = (people, price)
    return errors


@transaction.atomic
def stop_deal(*, deal_id: int, actor: Member | str, now: datetime) -> None:
    """Take no new teams from now on. Teams that are forming go on to their deadline: people gathered on our word."""
    deal = GroupDeal.objects.select_for_update().filter(pk=deal_id).first()
    if deal is None:
        raise NoSuchDeal
    if deal.stopped_at is None:
        deal.stopped_at = now
        deal.save(update_fields=["stopped_at"])
        audit.write(actor=actor, action="deal.stopped", target=f"deal:{deal.pk}", now=now)
