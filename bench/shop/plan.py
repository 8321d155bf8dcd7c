"""The statements that fill the shop, in order. Each writes the rows of numbers %(first)s to %(last)s.

bench.r(n, salt, most) is chance: the same number from 0 to most-1 for the same n, salt and seed. A member's id is their
number, so are the ids of products, circles and posts; SKU k of product p is 4 * (p - 1) + k. Orders above %(orders)s are
those of open teams, two for each of the first teams and one for the others.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.shop import community, goods, people, trade


@dataclass(frozen=True)
class Step:
    """What is written, how many numbers there are (a key of the sizes, times `times`), and the statement."""

    title: str
    per: str
    sql: str
    times: int = 1


STEPS = (
    Step("members", "members", people.MEMBERS),
    Step("pictures", "pictures", goods.PICTURES),
    Step("makers and shelves", "one", goods.SHELVES),
    Step("products", "products", goods.PRODUCTS),
    Step("pictures of products", "products", goods.PRODUCT_PICTURES),
    Step("variants", "products", goods.SKUS, times=4),
    Step("prices", "products", goods.PRICES, times=4),
    Step("lots", "products", goods.LOTS, times=4),
    Step("circles", "circles", people.CIRCLES),
    Step("memberships", "members", people.MEMBERSHIPS),
    Step("pairs of people", "members", people.PAIRS),
    Step("ties", "pairs", people.TIES),
    Step("strength of ties", "members", people.EDGES),
    Step("consents", "members", people.CONSENTS),
    Step("points", "one", trade.POINTS),
    Step("deals", "deals", trade.DEALS),
    Step("lines", "orders", trade.LINES),
    Step("lines of teams", "teams", trade.TEAM_LINES),
    Step("orders", "all_orders", trade.ORDERS),
    Step("price steps", "all_orders", trade.ADJUSTMENTS),
    Step("moves", "all_orders", trade.MOVES),
    Step("payments", "all_orders", trade.PAYMENTS),
    Step("hand-overs", "all_orders", trade.FULFILMENTS),
    Step("lots handed over", "all_orders", trade.LINE_LOTS),
    Step("teams", "teams", trade.TEAMS),
    Step("seats", "teams", trade.SEATS),
    Step("reservations", "all_orders", trade.RESERVATIONS),
    Step("goods received", "products", trade.RECEIVED, times=4),
    Step("goods sold", "all_orders", trade.SOLD),
    Step("stock", "products", trade.STOCK, times=4),
    Step("captures in the books", "all_orders", trade.CAPTURES),
    Step("releases in the books", "all_orders", trade.RELEASES),
    Step("hash chain of the books", "transactions", trade.CHAIN),
    Step("hash chain of the audit log", "audit_rows", trade.AUDIT_CHAIN),
    Step("posts", "posts", community.POSTS),
    Step("goods named", "posts", community.POST_PRODUCTS),
    Step("pictures of posts", "posts", community.POST_PICTURES),
    Step("experiences", "posts", community.EXPERIENCES),
    Step("comments", "posts", community.COMMENTS),
    Step("reactions", "posts", community.REACTIONS, times=2),
)
