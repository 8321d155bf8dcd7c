"""Reads of the room."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from quanzi.base import planned
from quanzi.growth.tastes.models import Pick, TakenAway, Taste, Trait
from quanzi.growth.tastes.policies import spoken_for_by

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


def said_by_makers(product_id: int) -> set[str]:
    """Traits that the maker, or a supplier, ticked themselves."""
    return set(
        Trait.objects.filter(product_id=product_id, said_by__startswith="maker:").values_list("taste", flat=True)
    )


def taken_away(product_id: int) -> set[str]:
    """What the shop took away again, and the maker does not tick anew."""
    return set(TakenAway.objects.filter(product_id=product_id).values_list("taste", flat=True))


@dataclass(frozen=True)
class OwnGoods:
    """Goods of which somebody says what they are like. traits: as they stand; taken_away: what only the shop can tick again."""

    id: int
    name: str
    slug: str
    traits: frozenset[str]
    taken_away: frozenset[str]


def own_goods(member_id: int, *, before: int | None = None, limit: int = 50) -> list[OwnGoods]:
    """Those of a maker or supplier, the newest first, keyset by id; empty for everybody else."""
    goods = list(spoken_for_by(member_id).filter(pk__lt=before or LARGEST).order_by("-pk")[:limit])
    traits: dict[int, set[str]] = defaultdict(set)
    away: dict[int, set[str]] = defaultdict(set)
    for found, model in ((traits, Trait), (away, TakenAway)):
        for product_id, taste in model.objects.filter(product__in=goods).values_list("product_id", "taste"):
            found[product_id].add(taste)
    return [OwnGoods(one.pk, one.name, one.slug, frozenset(traits[one.pk]), frozenset(away[one.pk])) for one in goods]


def speaks_for_goods(member_id: int) -> bool:
    """Whether there are any."""
    return spoken_for_by(member_id).exists()


def tastes(member_id: int | None = None) -> list[TasteRow]:
    """The whole list."""
    counts, mine = dict(planned.rows(COUNTS)), picked(member_id) if member_id is not None else set()
    return [TasteRow(one.value, str(one.label), counts.get(one.value, 0), one.value in mine) for one in Taste]


def goods_with(taste: str, *, before: int | None = None, limit: int = 24) -> list[int]:
    """Goods on sale that have it, the newest first, keyset by id."""
    return [row[0] for row in planned.rows(GOODS.format(limit=limit), {"taste": taste, "before": before or LARGEST})]
