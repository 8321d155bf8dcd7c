"""Products in lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.base.media.queries import NAMES, columns, picture_of
from quanzi.goods.catalogue.models import ProductState
from quanzi.kernel.money import Money

MOST = 100


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product in a list.

    price_from, price_to: over the active variants, None without one; skus: how many those are; sku_id: the only one,
    when there is just one.
    """

    id: int
    slug: str
    name: str
    summary: str
    picture: Picture | None
    price_from: Money | None
    price_to: Money | None
    maker_name: str
    maker_slug: str
    origin: str
    category_slug: str
    skus: int
    sku_id: int | None
    state: str
    is_demo: bool
    created_at: datetime


def product_cards(
    *,
    category: str | None = None,
    maker: str | None = None,
    words: str = "",
    ids: Collection[int] | None = None,
    states: Sequence[str] = (ProductState.ON_SALE,),
    before: int | None = None,
    limit: int = 20,
) -> list[ProductCard]:
    """Products, newest first; `before` is the id of the last card already seen.

    category, maker: slugs; words: literally in name, summary or origin; ids: only these, in the given order;
    states: for members what is on sale, the console may ask for drafts too.
    """
    conditions: dict[str, object] = {
        "category": category, "maker": maker, "ids": list(ids) if ids is not None else None, "before": before,
    }  # fmt: skip
    terms = words.replace("\x00", " ").split()[:5]
    asked = {name: value for name, value in conditions.items() if value is not None}
    # Small fixed numbers and states stand in the text, so that the planner sees how short the page is and which index fits.
    narrowed = f"p.state IN ({', '.join(f"'{ProductState(state).value}'" for state in states)})"
    narrowed = " ".join([narrowed, *(CLAUSES[name] for name in asked)])
    asked |= {name: value for number, term in enumerate(terms)
              for name, value in ((f"word{number}", _literally(term)), (f"said{number}", term))}  # fmt: skip
    limit = MOST if ids is not None else max(1, min(limit, MOST))
    has_index = tuple(states) == (ProductState.ON_SALE,) and maker is None and ids is None
    sql = CARDS.format(found=_found(terms, narrowed, limit, has_index=has_index))
    found = [_card(row) for row in planned.rows(sql, asked)]
    if ids is None:
        return found
    order = {one: place for place, one in enumerate(ids)}
    return sorted(found, key=lambda card: order[card.id])


LEADING = f"""SELECT {columns("a")} FROM catalogue_productpicture pp JOIN media_picture a ON a.id = pp.picture_id
    WHERE pp.product_id = {{product}} ORDER BY pp.position, pp.id LIMIT 1"""
"""The picture that stands first for {product}, for a lateral join; `picture_of` reads it."""

# One statement for a page; tests/goods/catalogue/test_queries.py holds it against its plain twin.
CARDS = f"""
SELECT p.id, p.slug, p.name, p.summary, pic.*, k.least, k.most, k.active, k.first_sku, k.currency, coalesce(m.name, ''), coalesce(m.slug, ''),
       p.origin, coalesce(c.slug, ''), p.state, p.is_demo, p.created_at
FROM ({{found}}) p
LEFT JOIN catalogue_maker m ON m.id = p.maker_id LEFT JOIN catalogue_category c ON c.id = p.category_id
LEFT JOIN LATERAL (SELECT min(price_minor) AS least, max(price_minor) AS most, count(*) AS active, min(id) AS first_sku, min(currency) AS currency
    FROM catalogue_sku WHERE product_id = p.id AND is_active) k ON true
LEFT JOIN LATERAL ({LEADING.format(product="p.id")}) pic ON true
ORDER BY p.created_at DESC, p.id DESC
"""
CLAUSES = {
    "category": "AND p.category_id = (SELECT c.id FROM catalogue_category c WHERE c.slug = %(category)s)",
    "maker": "AND p.maker_id = (SELECT m.id FROM catalogue_maker m WHERE m.slug = %(maker)s)",
    "ids": "AND p.id = ANY(%(ids)s::bigint[])",
    "before": "AND (p.created_at, p.id) < (SELECT b.created_at, b.id FROM catalogue_product b WHERE b.id = %(before)s)",
}
NEWEST = "SELECT * FROM {goods} p WHERE {narrowed} ORDER BY p.created_at DESC, p.id DESC LIMIT {limit}"

WORD = "(p.name ILIKE %(word{number})s OR p.summary ILIKE %(word{number})s OR p.origin ILIKE %(word{number})s)"
PAIRS = "text_bigrams(p.name || ' ' || p.summary || ' ' || p.origin) @@ text_bigram_query(%(said{number})s)"
"""Finds what may hold the word, of two characters and more; WORD has the last one."""
HOLDING = "(SELECT * FROM catalogue_product p WHERE {pairs} OFFSET 0)"
"""From the index of pairs, whatever the planner takes words for."""

WINDOW = 200
FIRST_NEWEST = """SELECT * FROM (
    (SELECT * FROM ({newest}) p WHERE {words} ORDER BY p.created_at DESC, p.id DESC LIMIT {limit}) UNION ALL ({older})) p LIMIT {limit}"""
OLDER = """AND (p.created_at, p.id) < (SELECT p.created_at, p.id FROM catalogue_product p WHERE {narrowed}
    ORDER BY p.created_at DESC, p.id DESC OFFSET {last} LIMIT 1)"""
"""Words are looked for among the newest goods, and only where these have too few of them in the index: reading all that hold a common word
to find the newest of them takes longer than going through a few newest. So one plan is for all words, and it is made once."""


def _found(terms: Sequence[str], narrowed: str, limit: int, *, has_index: bool) -> str:
    """SQL: the newest goods that are narrowed down like this and hold all the words. has_index: of the newest goods narrowed down like this."""
    if not terms:
        return NEWEST.format(goods="catalogue_product", narrowed=narrowed, limit=limit)
    words = {number: WORD.format(number=number) for number, _ in enumerate(terms)}
    pairs = " AND ".join(PAIRS.format(number=number) for number, term in enumerate(terms) if len(term) > 1)
    rechecked = [words[number] for number, term in enumerate(terms) if not _is_pair(term)]
    goods = HOLDING.format(pairs=pairs) if pairs else "catalogue_product"
    if not has_index or not pairs:
        return NEWEST.format(goods=goods, narrowed=" AND ".join([narrowed, *rechecked]), limit=limit)
    older = " AND ".join([narrowed, *rechecked]) + " " + OLDER.format(narrowed=narrowed, last=WINDOW - 1)
    return FIRST_NEWEST.format(
        newest=NEWEST.format(goods="catalogue_product", narrowed=narrowed, limit=WINDOW),
        words=" AND ".join(words.values()), older=NEWEST.format(goods=goods, narrowed=older, limit=limit), limit=limit,
    )  # fmt: skip


def _is_pair(word: str) -> bool:
    """Two letters without a case: the index knows them as they are, and no pair of it goes over a space between two texts."""
    return len(word) == 2 and word.lower() == word.upper()


def _literally(word: str) -> str:
    """A pattern that finds the word itself, also when it holds % or _."""
    for sign in "\\%_":
        word = word.replace(sign, f"\\{sign}")
    return f"%{word}%"


def _card(row: tuple[Any, ...]) -> ProductCard:
    product_id, slug, name, summary, *rest = row
    picture, rest = rest[: len(NAMES)], rest[len(NAMES) :]
    (
        least,
        most,
        active,
        first_sku,
        currency,
        maker_name,
        maker_slug,
        origin,
        category_slug,
        state,
        is_demo,
        created_at,
    ) = rest
    return ProductCard(
        id=product_id,
        slug=slug,
        name=name,
        summary=summary,
        picture=picture_of(picture),
        price_from=None if least is None else Money(least, currency),
        price_to=None if most is None else Money(most, currency),
        maker_name=maker_name,
        maker_slug=maker_slug,
        origin=origin,
        category_slug=category_slug,
        skus=active,
        sku_id=first_sku if active == 1 else None,
        state=state,
        is_demo=is_demo,
        created_at=created_at,
    )


FIRST = f"""SELECT p.id, a.* FROM unnest(%(products)s::bigint[]) AS p(id) CROSS JOIN LATERAL ({LEADING.format(product="p.id")}) a"""


def first_pictures(product_ids: Collection[int]) -> dict[int, Picture]:
    """The leading picture of each product that has one, in one statement."""
    rows = planned.rows(FIRST, {"products": list(product_ids)}) if product_ids else []
    return {product_id: picture for product_id, *row in rows if (picture := picture_of(row))}
