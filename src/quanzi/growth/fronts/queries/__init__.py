"""Reads of the room: fronts, records of facts, reports of who came."""
