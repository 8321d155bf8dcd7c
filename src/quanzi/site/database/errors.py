"""What can be wrong with the database, said so that a person can act."""

from __future__ import annotations


class DatabaseRefused(Exception):
    """The database cannot be used; the message says why and what to do."""
