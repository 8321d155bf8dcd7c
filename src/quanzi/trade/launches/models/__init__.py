"""Launches: many people, few goods, and an order among them that nobody can hurry."""

from quanzi.trade.launches.models.launch import Launch, LaunchState, Place, PlaceState, Seal

__all__ = ["Launch", "LaunchState", "Place", "PlaceState", "Seal"]
