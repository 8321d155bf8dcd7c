"""Any history of stock ends where a plain model of it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quanzi.base.doctor import run
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.stock import queries, services
from quanzi.goods.stock.errors import (
    AlreadyReserved,
    NotHandedOver,
    NotHereYet,
    NotReserved,
    OutOfStock,
    PromiseHeld,
    ReturnedTooMany,
)
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from tests.factories.goods import make_sku

NOW = clock.now()
VERBS = (
    "receive",
    "scrap",
    "count",
    "reserve",
    "confirm",
    "consume",
    "release",
    "put_back",
    "promise",
    "order",
    "deliver",
)
ROUND = "round:1"
Deed = tuple[str, int, int]
deeds = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(1, 6), st.integers(0, 3)), max_size=25)


@dataclass
class Hold:
    quantity: int
    source: str = ""
    state: str = "live"
    back: int = 0


@dataclass
class Model:
    """What should be there, without a database. None from a deed: it succeeds; else the refusal that is due."""

    on_hand: int = 0
    coming: int = 0
    owed: int = 0
    holds: dict[str, Hold] = field(default_factory=dict)

    @property
    def reserved(self) -> int:
        return sum(hold.quantity for hold in self.holds.values() if hold.state == "live")

    def owed_without(self, hold: Hold) -> int:
        """Owed units when these were handed over: those who wait for goods wait on."""
        if not hold.source:
            return self.owed
        held = sum(one.quantity for one in self.holds.values() if one.state == "live" and one.source)
        return min(self.owed, held - hold.quantity)

    def apply(self, verb: str, quantity: int, ref: str) -> type[DomainError] | None:
        free, hold = self.on_hand + self.owed - self.reserved, self.holds.get(ref)
        match verb:
            case "receive":
                self.on_hand += quantity
            case "scrap" if quantity > free:
                return OutOfStock
            case "scrap":
                self.on_hand -= quantity
            case "count" if quantity < self.reserved - self.owed:
                return OutOfStock
            case "count":
                self.on_hand = quantity
            case "reserve" if quantity > free:
                return OutOfStock
            case "reserve" if hold is not None:
                return AlreadyReserved
            case "reserve":
                self.holds[ref] = Hold(quantity)
            case "promise" if self.owed - quantity > free:
                return PromiseHeld
            case "promise":
                self.coming, self.owed = quantity, min(self.owed, quantity)
            case "order" if quantity > free + self.coming - self.owed:
                return OutOfStock
            case "order" if hold is not None:
                return AlreadyReserved
            case "order":
                self.holds[ref] = Hold(quantity, ROUND)
                self.owed = min(self.coming, self.owed + quantity)
            case "deliver":
                self.on_hand += quantity
                self.coming, self.owed = max(self.coming - quantity, 0), max(self.owed - quantity, 0)
            case "confirm" | "consume" if hold is None:
                return NotReserved
            case "consume" if hold is not None and hold.state == "live":
                owed = self.owed_without(hold)
                if free < self.owed - owed:
                    return NotHereYet
                hold.state = "consumed"
                self.on_hand, self.owed = self.on_hand - hold.quantity, owed
            case "release" if hold is not None and hold.state == "live":
                self.owed = max(self.owed - hold.quantity, 0) if hold.source else self.owed
                del self.holds[ref]
            case "put_back" if hold is None or hold.state != "consumed":
                return NotHandedOver
            case "put_back" if hold is not None and quantity > hold.quantity - hold.back:
                return ReturnedTooMany
            case "put_back" if hold is not None:
                hold.back += quantity
                self.on_hand += quantity
        return None


def do(sku: Sku, verb: str, quantity: int, ref: str, key: str) -> None:
    by_hand: dict[str, Any] = {"key": key, "reason": "test", "actor": "staff:0"}
    match verb:
        case "receive":
            services.receive(sku_id=sku.id, quantity=quantity, **by_hand, now=NOW)
        case "scrap":
            services.scrap(sku_id=sku.id, quantity=quantity, **by_hand, now=NOW)
        case "count":
            services.count(sku_id=sku.id, counted=quantity, **by_hand, now=NOW)
        case "reserve":
            services.reserve(lines=[(sku.id, quantity, ref)], expires_at=NOW + timedelta(minutes=15), now=NOW)
        case "promise":
            services.promise(sku_id=sku.id, source=ROUND, coming=quantity, now=NOW)
        case "order":
            until = NOW + timedelta(minutes=15)
            services.reserve(lines=[(sku.id, quantity, ref)], expires_at=until, source=ROUND, now=NOW)
        case "deliver":
            services.receive(sku_id=sku.id, quantity=quantity, source=ROUND, **by_hand, now=NOW)
        case "confirm":
            services.confirm(refs=[ref], now=NOW)
        case "consume":
            services.consume(refs=[ref], now=NOW)
        case "release":
            services.release(refs=[ref], now=NOW)
        case "put_back":
            services.put_back(ref=ref, quantity=quantity, key=key, now=NOW)


class Undo(Exception):
    """Ends an example without leaving anything."""


@contextmanager
def nothing_stays() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        return


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=deeds)
def test_any_history_ends_where_the_model_ends(history: list[Deed]) -> None:
    with nothing_stays():
        sku, model = make_sku(), Model()
        for step, (verb, quantity, number) in enumerate(history):
            ref = f"order_line:{number}"
            due = model.apply(verb, quantity, ref)
            if due is None:
                do(sku, verb, quantity, ref, key=f"deed:{step}")
            else:
                with pytest.raises(due), transaction.atomic():
                    do(sku, verb, quantity, ref, key=f"deed:{step}")
            assert queries.levels([sku.id])[sku.id] == queries.StockRow(
                sku.id, model.on_hand, model.reserved, expected=model.owed
            )
        assert all(result.is_well for result in run(only={"S1", "S1.promised", "S1.sold", "A1"}))
