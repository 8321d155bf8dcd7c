"""Writing stock: goods come and go (`movements`), goods are held for somebody (`holds`)."""

from quanzi.goods.stock.services.holds import Hold, confirm, consume, refuse, release, reserve, reserve_all
from quanzi.goods.stock.services.movements import count, put_back, receive, scrap, warn_at

__all__ = [
    "Hold",
    "confirm",
    "consume",
    "count",
    "put_back",
    "receive",
    "refuse",
    "release",
    "reserve",
    "reserve_all",
    "scrap",
    "warn_at",
]
