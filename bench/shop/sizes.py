"""How large a shop is at a scale."""

from __future__ import annotations

from dataclasses import dataclass

CIRCLE_PEOPLE = 200


@dataclass(frozen=True)
class Sizes:
    """Counts of rows. Orders of a product, ties of a member and people of a circle are the same at every scale."""

    products: int
    members: int
    ties: int
    orders: int
    posts: int
    deals: int
    teams: int
    circles: int

    @property
    def pictures(self) -> int:
        return self.products // 4

    def params(self) -> dict[str, int]:
        """For the statements of the plan."""
        return {name: getattr(self, name) for name in (*self.__dataclass_fields__, "pictures")}


def at(scale: float) -> Sizes:
    """scale 1: 20,000 products, 100,000 members, a million ties, 300,000 orders. Raises ValueError outside 0.001 to 10."""
    if not 0.001 <= scale <= 10:
        raise ValueError("The scale is between 0.001 and 10.")
    members = round(100_000 * scale)
    return Sizes(
        products=round(20_000 * scale), members=members, ties=round(1_000_000 * scale), orders=round(300_000 * scale),
        posts=round(200_000 * scale), deals=round(1_000 * scale), teams=round(5_000 * scale),
        circles=max(1, members // CIRCLE_PEOPLE),
    )  # fmt: skip
