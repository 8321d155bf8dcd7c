"""What the room announces."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class BackInStock(DomainEvent):
    """A variant of which nothing was free can be bought again. Written by the counter's own trigger, whatever let goods go."""

    sku_id: int

    @property
    def key(self) -> str:
        return f"sku:{self.sku_id}"


@dataclass(frozen=True)
class StockLow(DomainEvent):
    """No more than `low_at` units are free, and a moment before there were more. Written by the counter's own trigger."""

    sku_id: int
    free: int
    low_at: int

    @property
    def key(self) -> str:
        return f"sku:{self.sku_id}"
