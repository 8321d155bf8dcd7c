"""Claims, lots that are paused and recalled."""

from quanzi.trade.aftersales.models.claims import Claim, ClaimPicture, ClaimReason, ClaimState
from quanzi.trade.aftersales.models.lots import LotPause, Recall, RecalledLine

__all__ = ["Claim", "ClaimPicture", "ClaimReason", "ClaimState", "LotPause", "Recall", "RecalledLine"]
