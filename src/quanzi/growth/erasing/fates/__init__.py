"""What becomes of every table when a member is erased, one file for each floor.

A new table, or a new column with words or with a member in it, is declared here; `tests/growth/erasing/test_fates.py` says which
are missing, and `growth/exporting/own.py` beside it tells members what the shop holds about them.
"""

from quanzi.growth.erasing.fates import base, community, faces, goods, growth, people, trade
from quanzi.growth.erasing.fates.vocabulary import Empty, Erase, Fate, Gone, Keep, Later

FLOORS = (faces, growth, trade, community, goods, people, base)
"""From the top down: what points at other rows goes first."""

FATES: tuple[Fate, ...] = tuple(fate for floor in FLOORS for fate in floor.FATES)
LATER: tuple[Later, ...] = growth.LATER + trade.LATER + people.LATER
SHOPS: dict[str, str] = {table: why for floor in FLOORS for table, why in floor.SHOPS.items()}

__all__ = ["FATES", "LATER", "SHOPS", "Empty", "Erase", "Fate", "Gone", "Keep", "Later"]
