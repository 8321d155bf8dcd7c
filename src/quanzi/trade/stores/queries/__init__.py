"""Reading stores: their pages, their tills, and links."""

from quanzi.trade.stores.queries.links import LinkCard, link_card, links_made, links_of_store
from quanzi.trade.stores.queries.stores import (
    EventCard,
    ShelfLine,
    StoreCard,
    coming_events,
    shelf,
    store_by_code,
    stores,
    stores_kept,
)
from quanzi.trade.stores.queries.till import Asked, Till, TillLine, TillSale, till

__all__ = [
    "Asked",
    "EventCard",
    "LinkCard",
    "ShelfLine",
    "StoreCard",
    "Till",
    "TillLine",
    "TillSale",
    "coming_events",
    "link_card",
    "links_made",
    "links_of_store",
    "shelf",
    "store_by_code",
    "stores",
    "stores_kept",
    "till",
]
