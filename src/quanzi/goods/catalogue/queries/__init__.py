"""Reading the catalogue into plain rows, ready to draw."""

from quanzi.goods.catalogue.queries.cards import ProductCard, first_pictures, product_cards
from quanzi.goods.catalogue.queries.films import film_by_code, film_of_goods
from quanzi.goods.catalogue.queries.makers import CategoryCard, MakerCard, categories, maker_page, makers, makers_by_id
from quanzi.goods.catalogue.queries.pages import (
    LotNote,
    PricePoint,
    ProductPage,
    SkuChoice,
    price_history,
    product_page,
    product_page_by_id,
)

__all__ = [
    "CategoryCard",
    "LotNote",
    "MakerCard",
    "PricePoint",
    "ProductCard",
    "ProductPage",
    "SkuChoice",
    "categories",
    "film_by_code",
    "film_of_goods",
    "first_pictures",
    "maker_page",
    "makers",
    "makers_by_id",
    "price_history",
    "product_cards",
    "product_page",
    "product_page_by_id",
]
