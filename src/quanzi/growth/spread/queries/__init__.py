"""Reads of the room."""

from quanzi.growth.spread.queries.leaders import Suggestion, calls, suggestions
from quanzi.growth.spread.queries.own import CallRow, OfferRow, ReachWords, calls_of, offers_of, reach_of
from quanzi.growth.spread.queries.plans import PlanRow, SeedRow, Tracked, plan_row, plans, seeds, tracked

__all__ = [
    "CallRow", "OfferRow", "PlanRow", "ReachWords", "SeedRow", "Suggestion", "Tracked", "calls", "calls_of",
    "offers_of", "plan_row", "plans", "reach_of", "seeds", "suggestions", "tracked",
]  # fmt: skip
