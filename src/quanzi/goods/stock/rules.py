"""What a number of goods may be."""

from quanzi.goods.stock.errors import BadQuantity

MOST = 10_000_000
"""More units than this in one movement or hold is a slip of the finger."""


def checked(quantity: object, *, field: str = "quantity", least: int = 1) -> int:
    """A whole number from `least` to MOST, or BadQuantity; booleans, floats and text are refused."""
    if type(quantity) is not int or not least <= quantity <= MOST:
        raise BadQuantity(field=field, least=least, most=MOST)
    return quantity
