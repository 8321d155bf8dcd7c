"""The doctor: every invariant of the shop as a query that must find nothing.

Rooms register theirs in `invariants.py`, imported by their AppConfig; `quanzi doctor` runs them all.
"""

from quanzi.base.doctor.invariants import (
    Result,
    Rows,
    invariant,
    registered,
    rows_of,
    run,
)

__all__ = ["Result", "Rows", "invariant", "registered", "rows_of", "run"]
