"""How upper rooms take part in a price: a deal, a coupon, a member's tier register a rule here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from quanzi.goods.pricing.draft import Draft, DraftLine
from quanzi.goods.pricing.quotes import Step

__all__ = [
    "Context",
    "Draft",
    "DraftLine",
    "PriceRule",
    "Step",
    "forget_price_rule",
    "price_rules",
    "register_price_rule",
]

Context = Mapping[str, Any]
"""What the buyer chose: "team_id", "deal_id", "method" ("delivery" or "pickup"), "address_id", "circle_id"; a missing key is not decided yet.
"apart": the SKU, sold by arrangement only, of the arrangement that the asking room has checked."""


class PriceRule(Protocol):
    """Looks at the draft and takes off what it grants, through the draft's methods, each with its reason.

    A rule reads only; it runs inside quotes that nobody pays, and again when the order is placed. It refuses with a
    DomainError what the context asks for and the rule cannot grant (a team that is full).
    """

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None: ...


_rules: list[tuple[int, PriceRule]] = []


def register_price_rule(rule: PriceRule, order: int) -> None:
    """Add a rule; lower orders go first (deals 100, tiers 200, coupons 300, freight 900). The same rule twice counts once."""
    if all(known is not rule for _, known in _rules):
        _rules.append((order, rule))
        _rules.sort(key=lambda pair: pair[0])


def forget_price_rule(rule: PriceRule) -> None:
    """Take a rule out again (a plugin that leaves, a test that ends)."""
    _rules[:] = [pair for pair in _rules if pair[1] is not rule]


def price_rules() -> list[PriceRule]:
    """Every rule, in the order in which they apply."""
    return [rule for _, rule in _rules]
