"""The price of buying together, with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.goods.pricing.ports import Context, Draft
from quanzi.trade.deals.errors import NoSuchDeal
from quanzi.trade.deals.models import GroupDeal, Team
from quanzi.trade.deals.services.seats import Claim

ORDER = 100
"""First of all rules: other discounts are taken from the price together."""

KIND = "team"


@dataclass(frozen=True)
class _Terms:
    deal: GroupDeal
    price_minor: int


class TeamPrice:
    """Lowers one SKU to the price of the team ("team_id"), or of a team that could be opened ("deal_id").

    A quote shows it to anybody; an order gets it only with a seat, which a trigger demands when it commits.
    """

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        terms = _terms(context)
        if terms is None:
            return
        label_zh, label_en = labels(terms.deal)
        for line in draft.lines:
            if line.sku_id == terms.deal.sku_id:
                line.lower_unit_to(
                    terms.price_minor, kind=KIND, label_zh=label_zh, label_en=label_en, source=f"deal:{terms.deal.pk}"
                )


def labels(deal: GroupDeal) -> tuple[str, str]:
    """Why it costs less together, in Chinese and English."""
    return (
        deal.reason_zh or f"{deal.team_size} 人一起买",
        deal.reason_en or f"{deal.team_size} people buy together",
    )


def _terms(context: Context) -> _Terms | None:
    claim = context.get("claim")
    if isinstance(claim, Claim):
        return _Terms(claim.team.deal, claim.team.price_minor)
    if context.get("team_id") is not None:
        team = Team.objects.select_related("deal").filter(pk=context["team_id"]).first()
        if team is None:
            raise NoSuchDeal
        return _Terms(team.deal, team.price_minor)
    if context.get("deal_id") is not None:
        deal = GroupDeal.objects.filter(pk=context["deal_id"]).first()
        if deal is None:
            raise NoSuchDeal
        return _Terms(deal, deal.price_minor)
    return None


TEAM_PRICE = TeamPrice()
