"""When people are a ring. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

SAME_HAND = frozenset({"device", "address", "payer"})
MUTUAL = frozenset({"teams", "advice", "commission"})
HANDS_NEEDED = 2
LEAST_PEOPLE = 3

Pair = tuple[int, int]


def is_bound(signs: Mapping[str, int]) -> bool:
    """Whether what two people share looks like one hand that orders from itself.

    A household shares a door and perhaps a tablet and a wallet, and buys together: who both say that they are family are bound
    only when commission flows between them.
    """
    kinds = set(signs)
    if "family" in kinds and "commission" not in kinds:
        return False
    return len(kinds & SAME_HAND) >= HANDS_NEEDED and bool(kinds & MUTUAL)


def rings(signs: Mapping[Pair, Mapping[str, int]]) -> list[tuple[int, ...]]:
    """Everybody who is connected by bound pairs, in groups of at least three, each sorted; the groups in the order of their first."""
    groups = connected(pair for pair, kinds in signs.items() if is_bound(kinds))
    return sorted(group for group in groups if len(group) >= LEAST_PEOPLE)


def connected(pairs: Iterable[Pair]) -> list[tuple[int, ...]]:
    """Groups of people between whom pairs lead; whoever is in no pair is in no group."""
    head: dict[int, int] = {}

    def find(one: int) -> int:
        while head.setdefault(one, one) != one:
            head[one] = one = head[head[one]]
        return one

    for one, other in pairs:
        head[find(one)] = find(other)
    groups: dict[int, list[int]] = {}
    for one in head:
        groups.setdefault(find(one), []).append(one)
    return [tuple(sorted(group)) for group in groups.values()]


def independent(people: Iterable[int], pairs: Iterable[Pair]) -> int:
    """How many voices some people are, when everybody connected by a pair speaks as one."""
    everybody = set(people)
    groups = connected(pair for pair in pairs if everybody.issuperset(pair))
    return len(everybody) - sum(len(group) - 1 for group in groups)
