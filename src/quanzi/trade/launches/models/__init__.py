"""Launches: many people, few goods, and an order among them that nobody can hurry."""

from quanzi.trade.launches.models.days import BrandDay, DayGood, Reminder
from quanzi.trade.launches.models.launch import Launch, LaunchState, Place, PlaceState, Seal
from quanzi.trade.launches.models.pieces import (
    Ask,
    AskState,
    Edition,
    Handing,
    Piece,
    PieceRecord,
    PieceState,
    RecordKind,
)

__all__ = [
    "Ask",
    "AskState",
    "BrandDay",
    "DayGood",
    "Edition",
    "Handing",
    "Launch",
    "LaunchState",
    "Piece",
    "PieceRecord",
    "PieceState",
    "Place",
    "PlaceState",
    "RecordKind",
    "Reminder",
    "Seal",
]
