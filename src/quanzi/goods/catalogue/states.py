"""The life of a product: drafted, on sale, paused and back. Products are never deleted: orders point at them.

What is sold apart stands on no shelf: only a room that arranges its sale lets it be priced."""

from quanzi.goods.catalogue.models import ProductState
from quanzi.kernel.states import StateTable

PRODUCT: StateTable[str] = StateTable(
    {
        ProductState.DRAFT: {ProductState.ON_SALE, ProductState.APART},
        ProductState.ON_SALE: {ProductState.PAUSED},
        ProductState.PAUSED: {ProductState.ON_SALE},
    }
)
