"""Reading stations: places for members, work for leaders, demand for suppliers."""

from quanzi.trade.stations.queries.places import StationCard, nearest, station_by_code, station_of_point, stations_of
from quanzi.trade.stations.queries.rounds import GoodCard, RoundCard, demand, round_card, rounds_of_station
from quanzi.trade.stations.queries.work import (
    ArrivalSheet,
    ExpectedRow,
    LotRow,
    PickRow,
    arrival_sheet,
    baskets,
    expected,
    fit_units,
    lots_here,
    pick_rows,
)

__all__ = [
    "ArrivalSheet",
    "ExpectedRow",
    "GoodCard",
    "LotRow",
    "PickRow",
    "RoundCard",
    "StationCard",
    "arrival_sheet",
    "baskets",
    "demand",
    "expected",
    "fit_units",
    "lots_here",
    "nearest",
    "pick_rows",
    "round_card",
    "rounds_of_station",
    "station_by_code",
    "station_of_point",
    "stations_of",
]
