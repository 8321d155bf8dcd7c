"""Launches: many people, few goods, and an order among them that nobody can hurry."""

from quanzi.trade.launches.models.days import BrandDay, DayGood, Reminder
from quanzi.trade.launches.models.launch import Launch, LaunchState, Place, PlaceState, Seal

__all__ = ["BrandDay", "DayGood", "Launch", "LaunchState", "Place", "PlaceState", "Reminder", "Seal"]
