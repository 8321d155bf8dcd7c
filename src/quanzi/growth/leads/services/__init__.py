"""Writes of the room, a file for whoever acts: the author (opening), the watcher (watching), the worker (matching), who writes (approaching)."""
