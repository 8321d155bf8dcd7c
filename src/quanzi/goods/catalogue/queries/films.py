"""The film of goods."""

from __future__ import annotations

from quanzi.base import planned
from quanzi.goods.catalogue.models import ProductFilm


def film_of_goods(product_id: int) -> ProductFilm | None:
    """With its poster, in whatever state it is. Most goods have none, which a planned statement says at a tenth of the cost."""
    if not planned.rows("SELECT FROM catalogue_productfilm WHERE product_id = %s", [product_id]):
        return None
    return ProductFilm.objects.select_related("film__poster").filter(product_id=product_id).first()


def film_by_code(code: str) -> ProductFilm | None:
    """With the goods that it stands beside; whether a reader may see them is the reader's question."""
    return ProductFilm.objects.select_related("film", "product").filter(film__code=code).first()
