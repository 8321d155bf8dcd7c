"""Writing stock: goods come and go (`movements`), goods are held for somebody (`holds`), goods are promised (`promises`)."""

from quanzi.goods.stock.services.holds import FromLot, Hold, confirm, consume, refuse, release, reserve, reserve_all
from quanzi.goods.stock.services.movements import count, put_back, receive, scrap, scrap_left, warn_at
from quanzi.goods.stock.services.promises import close_promises, promise

__all__ = [
    "FromLot",
    "Hold",
    "close_promises",
    "confirm",
    "consume",
    "count",
    "promise",
    "put_back",
    "receive",
    "refuse",
    "release",
    "reserve",
    "reserve_all",
    "scrap",
    "scrap_left",
    "warn_at",
]
