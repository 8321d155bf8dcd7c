"""A life as a table: which state may follow which."""

from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet

from quanzi.kernel.errors import IllegalMove


class StateTable[S: Hashable]:
    """The moves a thing may make. Rooms keep one per noun in `states.py`."""

    def __init__(self, moves: Mapping[S, AbstractSet[S]]) -> None:
        self._moves: dict[S, frozenset[S]] = {before: frozenset(after) for before, after in moves.items()}
        for after in [after for targets in moves.values() for after in targets]:
            self._moves.setdefault(after, frozenset())

    @property
    def states(self) -> frozenset[S]:
        return frozenset(self._moves)

    def after(self, state: S) -> frozenset[S]:
        """States that may follow directly; empty for a final or unknown state."""
        return self._moves.get(state, frozenset())

    def allows(self, before: S, after: S) -> bool:
        return after in self.after(before)

    def check(self, before: S, after: S) -> None:
        """Raise IllegalMove unless the table holds the move."""
        if not self.allows(before, after):
            raise IllegalMove(before, after)

    def is_final(self, state: S) -> bool:
        return state in self._moves and not self._moves[state]

    def reachable(self, state: S) -> frozenset[S]:
        """Every state that can still follow, directly or later."""
        found: set[S] = set()
        waiting = list(self.after(state))
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting.extend(self.after(one))
        return frozenset(found)

    def paths(self) -> frozenset[tuple[S, S]]:
        """Every allowed pair (before, after), for checking recorded histories."""
        return frozenset((before, after) for before, targets in self._moves.items() for after in targets)
