"""Reading preorders: what can be joined, how a batch stands, what a member has, what the shop watches."""

from quanzi.trade.preorders.queries.batches import (
    GoodRow,
    PreorderCard,
    PreorderPage,
    TimelineRow,
    card_of,
    for_product,
    open_cards,
    preorder_page,
    timeline,
)
from quanzi.trade.preorders.queries.mine import (
    PlaceCard,
    PlacePage,
    my_places,
    place_page,
    unsettled_count,
)
from quanzi.trade.preorders.queries.watching import (
    WatchRow,
    WatchSums,
    all_cards,
    deposit_sums,
    money_of,
    places_of,
    watch_sums,
)

__all__ = [
    "GoodRow",
    "PlaceCard",
    "PlacePage",
    "PreorderCard",
    "PreorderPage",
    "TimelineRow",
    "WatchRow",
    "WatchSums",
    "all_cards",
    "card_of",
    "deposit_sums",
    "for_product",
    "money_of",
    "my_places",
    "open_cards",
    "place_page",
    "places_of",
    "preorder_page",
    "timeline",
    "unsettled_count",
    "watch_sums",
]
