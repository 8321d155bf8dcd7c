"""The life of a product: drafted, on sale, paused and back. Products are never deleted: orders point at them."""

from quanzi.goods.catalogue.models import ProductState
from quanzi.kernel.states import StateTable

PRODUCT: StateTable[str] = StateTable(
    {
        ProductState.DRAFT: {ProductState.ON_SALE},
        ProductState.ON_SALE: {ProductState.PAUSED},
        ProductState.PAUSED: {ProductState.ON_SALE},
    }
)
