"""Some days of a small shop, lived through its services: `./dev simulate` is the same at full size."""

from __future__ import annotations

from typing import Any

import pytest

from quanzi.base import doctor
from quanzi.kernel import clock
from quanzi.trade.payments import providers
from simulation import figures, world
from simulation.__main__ import BEGINS
from simulation.days import Month


@pytest.mark.django_db(transaction=True)
def test_some_days_of_a_shop_end_with_nothing_wrong(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(providers, "_providers", dict(providers._providers))
    with clock.frozen(BEGINS) as time:
        shop = world.build(stations_wanted=2, members_wanted=40, seed=11, now=BEGINS)
        month = Month(shop, time, tell=lambda words: None)
        month.live(3)
        month.come_to_rest(9)
        ill = [(one.id, one.error, one.sample) for one in doctor.run() if not one.is_well]
        happened = {one.name: one.value for one in figures.read()}
    assert ill == []
    assert shop.bank.balance_minor == figures.cash_minor(f"cash.{shop.bank.name}") > 0
    for what in (
        "ship",
        "put ready",
        "collect",
        "receive a purchase",
        "join a batch",
        "queue up",
        "sign up",
        "order a piece",
    ):
        assert month.doing.done[what], what
    for name in (
        "orders paid",
        "rounds",
        "lots counted at stations",
        "lines kept",
        "money sent back",
        "batches made",
        "launches",
    ):
        assert happened[name] > 0, name
