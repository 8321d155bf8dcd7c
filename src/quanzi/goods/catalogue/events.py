"""What the catalogue announces."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class ProductPublished(DomainEvent):
    product_id: int

    @property
    def key(self) -> str:
        return f"product:{self.product_id}"


@dataclass(frozen=True)
class ProductPaused(DomainEvent):
    product_id: int

    @property
    def key(self) -> str:
        return f"product:{self.product_id}"


@dataclass(frozen=True)
class PriceChanged(DomainEvent):
    """before_minor, after_minor: the price of one unit, in minor units of `currency`."""

    sku_id: int
    product_id: int
    before_minor: int
    after_minor: int
    currency: str

    @property
    def key(self) -> str:
        return f"sku:{self.sku_id}"


@dataclass(frozen=True)
class SkuActivated(DomainEvent):
    """A variant that was put aside can be bought again, when its product is on sale."""

    sku_id: int
    product_id: int

    @property
    def key(self) -> str:
        return f"sku:{self.sku_id}"


@dataclass(frozen=True)
class LotRecalled(DomainEvent):
    lot_id: int
    sku_id: int
    reason: str

    @property
    def key(self) -> str:
        return f"lot:{self.lot_id}"
