"""Stations and their leaders; rounds, what is sold in them, and how goods arrive."""

from quanzi.trade.stations.models.arrivals import Arrival, LeaderAct
from quanzi.trade.stations.models.fresh import FreshWait
from quanzi.trade.stations.models.pay import Earning, Settlement, SettlementLine
from quanzi.trade.stations.models.places import ApplicationState, Station, StationApplication
from quanzi.trade.stations.models.rounds import Entry, Round, RoundGood, RoundState, Stop

__all__ = [
    "ApplicationState",
    "Arrival",
    "Earning",
    "Entry",
    "FreshWait",
    "LeaderAct",
    "Round",
    "RoundGood",
    "RoundState",
    "Settlement",
    "SettlementLine",
    "Station",
    "StationApplication",
    "Stop",
]
