"""A batch made for those who ordered ahead: what was planned, who has a place, what was told and asked."""

from quanzi.trade.preorders.models.batches import Preorder, PreorderGood, PreorderState
from quanzi.trade.preorders.models.places import Place, PlaceState
from quanzi.trade.preorders.models.words import Answer, DateChange, News

__all__ = [
    "Answer",
    "DateChange",
    "News",
    "Place",
    "PlaceState",
    "Preorder",
    "PreorderGood",
    "PreorderState",
]
