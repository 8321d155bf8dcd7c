"""Writing the catalogue: products and who makes them, variants and their prices, lots."""

from quanzi.goods.catalogue.services.films import drop_film, put_film
from quanzi.goods.catalogue.services.lots import add_lot, pause_lot, recall_lot, release_lot
from quanzi.goods.catalogue.services.makers import create_category, create_maker, update_maker
from quanzi.goods.catalogue.services.products import (
    add_picture,
    create_product,
    keep_apart,
    pause,
    pause_all,
    publish,
    publish_all,
    remove_picture,
    update_product,
)
from quanzi.goods.catalogue.services.variants import add_sku, change_price, update_sku

__all__ = [
    "add_lot",
    "add_picture",
    "add_sku",
    "change_price",
    "create_category",
    "create_maker",
    "create_product",
    "drop_film",
    "keep_apart",
    "pause",
    "pause_all",
    "pause_lot",
    "publish",
    "publish_all",
    "put_film",
    "recall_lot",
    "release_lot",
    "remove_picture",
    "update_maker",
    "update_product",
    "update_sku",
]
