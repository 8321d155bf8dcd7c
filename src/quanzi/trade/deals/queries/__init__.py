"""Reading deals and teams into plain rows, ready to draw."""

from quanzi.trade.deals.queries.offers import (
    DealOffer,
    DealTotals,
    StepRow,
    deal_of_product,
    deal_page,
    offers,
    open_deals,
    open_deals_of,
    step_rows,
    team_prices,
    totals,
)
from quanzi.trade.deals.queries.teams import (
    Face,
    MySeat,
    TeamCard,
    TeamPage,
    faces_of,
    my_teams,
    open_teams,
    team_of_order,
    team_page,
)

__all__ = [
    "DealOffer",
    "DealTotals",
    "Face",
    "MySeat",
    "StepRow",
    "TeamCard",
    "TeamPage",
    "deal_of_product",
    "deal_page",
    "faces_of",
    "my_teams",
    "offers",
    "open_deals",
    "open_deals_of",
    "open_teams",
    "step_rows",
    "team_of_order",
    "team_page",
    "team_prices",
    "totals",
]
