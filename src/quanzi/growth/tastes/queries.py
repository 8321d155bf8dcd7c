"""Reads of the room."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.base import planned
from quanzi.growth.tastes.models import Pick, Taste, Trait

GOODS = """SELECT t.product_id FROM tastes_trait t JOIN catalogue_product p ON p.id = t.product_id AND p.state = 'on_sale'
    WHERE t.taste = %(taste)s AND t.product_id < %(before)s ORDER BY t.product_id DESC LIMIT {limit}"""
COUNTS = """SELECT t.taste, count(*)::int FROM tastes_trait t JOIN catalogue_product p ON p.id = t.product_id AND p.state = 'on_sale' GROUP BY 1"""
LARGEST = 2**62


@dataclass(frozen=True)
class TasteRow:
    """A taste with its name in the reader's language, and how many goods on sale have it."""

    key: str
    name: str
    goods: int
    is_mine: bool = False


def picked(member_id: int) -> set[str]:
    """What a member cares for."""
    return set(Pick.objects.filter(member_id=member_id).values_list("taste", flat=True))


def traits(product_id: int) -> set[str]:
    """What goods are like."""
    return set(Trait.objects.filter(product_id=product_id).values_list("taste", flat=True))


def tastes(member_id: int | None = None) -> list[TasteRow]:
    """The whole list."""
    counts, mine = dict(planned.rows(COUNTS)), picked(member_id) if member_id is not None else set()
    return [TasteRow(one.value, str(one.label), counts.get(one.value, 0), one.value in mine) for one in Taste]


def goods_with(taste: str, *, before: int | None = None, limit: int = 24) -> list[int]:
    """Goods on sale that have it, the newest first, keyset by id."""
    return [row[0] for row in planned.rows(GOODS.format(limit=limit), {"taste": taste, "before": before or LARGEST})]
