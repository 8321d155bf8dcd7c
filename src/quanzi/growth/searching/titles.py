"""Names and addresses of what was found, for programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quanzi.base import planned
from quanzi.growth.searching.models import POSTS


@dataclass(frozen=True, slots=True)
class Titled:
    """kind, id: as it was found; address: the path of its page; got_sample: of a post, the shop gave its author goods that it names."""

    kind: str
    id: int
    title: str
    address: str
    got_sample: bool = False


_GROUPS = {
    "product": (
        "SELECT id, name, slug FROM catalogue_product WHERE state = 'on_sale' AND id = ANY(%(ids)s::bigint[])",
        "/p/{}",
    ),
    "maker": ("SELECT id, name, slug FROM catalogue_maker WHERE id = ANY(%(ids)s::bigint[])", "/m/{}"),
    "circle": (
        "SELECT id, name, slug FROM circles_circle WHERE closed_at IS NULL AND id = ANY(%(ids)s::bigint[])",
        "/c/{}",
    ),
    "member": (
        """SELECT m.id, m.name, m.id FROM accounts_member m JOIN searching_choice c ON c.member_id = m.id AND c.is_findable
           WHERE m.is_active AND m.erased_at IS NULL AND m.id = ANY(%(ids)s::bigint[])""",
        "/u/{}",
    ),
    "post": (
        "SELECT id, title, id, got_sample FROM posts_post WHERE hidden_at IS NULL AND removed_at IS NULL AND id = ANY(%(ids)s::bigint[])",
        "/n/{}",
    ),
}


def titled(hits: Sequence[tuple[str, int]]) -> list[Titled]:
    """In the given order; what is gone meanwhile is left out. hits: what a search found, which knows who may find it."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for kind, one in hits:
        wanted["post" if kind in POSTS else kind].append(one)
    found: dict[tuple[str, int], tuple[Any, ...]] = {}
    for group, ids in wanted.items():
        sql, address = _GROUPS[group]
        for one, name, key, *more in planned.rows(sql, {"ids": ids}):
            found[group, one] = name, address.format(key), *more
    rows = ((kind, one, found.get(("post" if kind in POSTS else kind, one))) for kind, one in hits)
    return [Titled(kind, one, *known) for kind, one, known in rows if known is not None]
