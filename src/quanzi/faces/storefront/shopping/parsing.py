"""Reading what a form or an address says, so that bad input becomes a clear refusal."""

from __future__ import annotations

from collections.abc import Sequence

from quanzi.faces.storefront.viewing import id_in
from quanzi.trade.sales.errors import BadKey, BadQuantity, NoSuchGoods, TooManyLines
from quanzi.trade.sales.rules import MOST_LINES, MOST_OF_ONE


def quantity_in(text: str | None, *, least: int = 1, field: str = "quantity") -> int:
    """A whole number from `least` to the most of one order line. Raises BadQuantity for everything else."""
    found = id_in((text or "").strip())
    if found is None or not least <= found <= MOST_OF_ONE:
        raise BadQuantity(field=field, least=least, most=MOST_OF_ONE)
    return found


def lines_in(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Lines of a checkout as its address says them: "12:2" is two of SKU 12. Raises NoSuchGoods, BadQuantity, TooManyLines."""
    if len(texts) > MOST_LINES:
        raise TooManyLines(field="lines", most=MOST_LINES)
    return [_line(text) for text in texts]


def _line(text: str) -> tuple[int, int]:
    sku, _, quantity = text.partition(":")
    sku_id = id_in(sku)
    if sku_id is None:
        raise NoSuchGoods
    return sku_id, quantity_in(quantity)


def amount_in(text: str | None) -> int:
    """The amount that a page had shown, in minor units. Raises BadKey: only a broken form lacks it."""
    found = id_in(text)
    if found is None:
        raise BadKey(field="expected")
    return found
