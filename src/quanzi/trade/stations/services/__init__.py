"""Writing stations: applying, planning rounds, ordering in them, cutting off, arrivals, hand-over."""

from quanzi.trade.stations.services.applying import apply_for_station, approve, change_station, decline, open_station
from quanzi.trade.stations.services.arriving import count_arrival, serve
from quanzi.trade.stations.services.closing import call_off, close_due
from quanzi.trade.stations.services.earning import carry_on, earn, settle_leader
from quanzi.trade.stations.services.entering import order_in_round
from quanzi.trade.stations.services.fresh import keep_fresh, let_fresh_go
from quanzi.trade.stations.services.handing import hand_over, note_missed, remind
from quanzi.trade.stations.services.missing import end_missed
from quanzi.trade.stations.services.planning import GoodPlan, open_round
from quanzi.trade.stations.services.scoring import show_score
from quanzi.trade.stations.services.shortening import end_wait

__all__ = [
    "GoodPlan",
    "apply_for_station",
    "approve",
    "call_off",
    "carry_on",
    "change_station",
    "close_due",
    "count_arrival",
    "decline",
    "earn",
    "end_missed",
    "end_wait",
    "hand_over",
    "keep_fresh",
    "let_fresh_go",
    "note_missed",
    "open_round",
    "open_station",
    "order_in_round",
    "remind",
    "serve",
    "settle_leader",
    "show_score",
]
